"""The guard of the PIN: every driver shows a PIN to its token through here, and in no other way.

One call asks once, checks the length locally, shows the PIN once and wipes it. It never tries
again, and it refuses to spend the last try unless it was told to. What a driver raises on the way
is replaced by a new error, made after the PIN was wiped: an exception keeps the frames that it came
through, and with them whatever their variables hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from socialins.faults import Fault, FaultError
from socialins.signing.errors import error_of
from socialins.signing.pin import Pin, PinProvider, PinRequest, PinStatus

__all__ = ["PinOutcome", "show_pin"]


@attrs.frozen
class PinOutcome:
    """What a token said to a PIN.

    Arguments:
        accepted: it was right.
        tries_left: how many tries are left, if the token said so.
        blocked: no PIN is taken any more.
    """

    accepted: bool
    tries_left: int | None = None
    blocked: bool = False

    def fault(self) -> Fault | None:
        """What to tell; None if the PIN was right."""
        if self.accepted:
            return None
        if self.blocked or self.tries_left == 0:
            return Fault("signing.pin-blocked")
        if self.tries_left is None:
            return Fault("signing.pin-incorrect")
        return Fault("signing.pin-incorrect-left", {"left": str(self.tries_left)})


def show_pin(
    provider: PinProvider,
    requests: Sequence[PinRequest],
    show: Callable[..., PinOutcome],
    *,
    status: PinStatus,
    allow_last_try: bool = False,
) -> None:
    """Ask for a PIN and show it to a token, once.

    Arguments:
        provider: what asks.
        requests: what to ask for: one PIN, or two to change or unblock it.
        show: takes as many PINs, shows them in one command, and says what the token answered.
        status: what the token tells of the PIN that may be wrong.
        allow_last_try: spend the last try, too.

    Raises:
        PinBlocked, LastTry: before anybody is asked.
        PinRequired: if nobody gave a PIN.
        PinUnfit: if it can't be right; it was not sent.
        PinIncorrect: if it was wrong.
        SigningError: if the token failed meanwhile; nobody knows then whether a try was spent.
    """
    if status.blocked:
        raise error_of(Fault("signing.pin-blocked"))
    if status.is_last_try and not allow_last_try:
        raise error_of(Fault("signing.pin-last-try"))
    fault = _asked_and_shown(provider, requests, show)
    if fault is not None:
        refused = getattr(provider, "refused", None)
        if refused is not None:
            refused()
        raise error_of(fault)


def _asked_and_shown(
    provider: PinProvider, requests: Sequence[PinRequest], show: Callable[..., PinOutcome]
) -> Fault | None:
    """What went wrong; no exception leaves here but the provider's own."""
    pins: list[Pin] = []
    try:
        for request in requests:
            pin = provider(request)
            if pin is None:
                return Fault("signing.pin-required")
            if not isinstance(pin, Pin):
                raise TypeError("a provider of PINs returns a Pin, or None")
            pins.append(pin)
            if problem := request.policy.problem(pin):
                return problem
        return _shown(pins, show)
    finally:
        for pin in pins:
            pin.wipe()


def _shown(pins: Sequence[Pin], show: Callable[..., PinOutcome]) -> Fault | None:
    try:
        return show(*pins).fault()
    except FaultError as error:
        return error.fault
    except Exception as error:  # noqa: BLE001 - its text may have the PIN in it
        return Fault("signing.card-error", {"reason": type(error).__name__})
