"""The one time zone of bureaus."""

from __future__ import annotations

from zoneinfo import ZoneInfo

__all__ = ["SHANGHAI"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every moment of the library is aware and in this zone."""
