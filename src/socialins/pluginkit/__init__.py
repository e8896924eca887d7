"""The plugin author's kit: a new plugin to begin with, and a check of one not yet installed."""

from socialins.pluginkit.check import CheckedDivision, CheckedPlugin, check_plugin
from socialins.pluginkit.scaffold import new_plugin

__all__ = ["CheckedDivision", "CheckedPlugin", "check_plugin", "new_plugin"]
