"""FilingRules: what `decide` asks of a region's rules; nothing of it is remembered by the state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from socialins.calendar import CalendarUnknown, Window, window_of
from socialins.faults import Text
from socialins.filing.prerequisites import CHECKS, Check
from socialins.rules import Cascade, RuleUnknown
from socialins.rules.business import Business, Channel, ClosingRules
from socialins.rules.signing import SigningRules
from socialins.values import Month

__all__ = ["FilingRules"]


@attrs.frozen(eq=False)
class FilingRules:
    """The rules of filing in a region; `Region.filing` makes one.

    Arguments:
        cascade: the region's rules, with an overlay if there is one.
        checks: prerequisites by name: the library's, and those that plugins add.
        signing: what has to be signed, and with whose certificates.
    """

    cascade: Cascade = attrs.field(repr=False)
    checks: Mapping[str, Check] = attrs.field(default=CHECKS, repr=False)
    _businesses: Mapping[str, Business] = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.cascade.businesses(), takes_self=True),
    )
    _closing: ClosingRules = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.cascade.closing(), takes_self=True),
    )
    signing: SigningRules = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.cascade.signing(), takes_self=True),
    )
    _windows: dict[tuple[str, Month], Window | None] = attrs.field(
        init=False, repr=False, factory=dict
    )

    @property
    def division(self) -> str:
        """The region's code."""
        return self.cascade.nearest.division

    @property
    def businesses(self) -> Mapping[str, Business]:
        """The catalogue of businesses by id."""
        return self._businesses

    def title(self, business: str) -> Text:
        """The name of a business; its id where the catalogue has none."""
        known = self.businesses.get(business)
        return known.name if known else Text(business, business)

    @property
    def closing(self) -> ClosingRules:
        """How a month is closed."""
        return self._closing

    def wants_signature(self, business: str, channel: Channel, day: date) -> bool:
        """Whether what is submitted has to be signed by the unit.

        Arguments:
            business: the business; one that closes a month counts as filed online.
            channel: how it is filed.
            day: the day of submission, in China.
        """
        return self.signing.requires(business, channel, day)

    def window(self, business: str, month: Month) -> Window | None:
        """When a business may be submitted for a month; None where no rule states it."""
        key = business, month
        if key not in self._windows:
            try:
                self._windows[key] = window_of(self.cascade, business, month)
            except (RuleUnknown, CalendarUnknown):
                self._windows[key] = None
        return self._windows[key]
