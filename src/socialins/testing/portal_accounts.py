"""A portal's accounts and what it does about passwords: part of the portal's double."""

from __future__ import annotations

import hashlib
import hmac
import string
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

import attrs

from socialins.faults import Fault
from socialins.testing.secret import Secret

__all__ = ["FirstPassword", "Message", "PasswordHabits", "PortalAccount", "ResetWay"]


class FirstPassword(StrEnum):
    """What the first password of an account is."""

    CHOSEN = "chosen"
    KNOWN = "known"
    LAST_SIX = "last-six-of-unit-number"
    UNIT_NUMBER = "unit-number"


class ResetWay(StrEnum):
    """How somebody who forgot the password comes to another one."""

    SMS = "sms"
    BUREAU = "bureau"
    QUESTION = "question"


def _any_number(_number: str) -> bool:
    return True


@attrs.frozen(kw_only=True)
class PasswordHabits:
    """What a portal does about passwords and logins. No region's; a test states what it rehearses.

    Arguments:
        first: what the first password is.
        known: the first password, where it is the same for everybody.
        must_change: the first password has to be changed before anything else.
        shortest: how many characters a password has at least.
        classes: of how many kinds they must be: small letters, capitals, digits, others.
        case_sensitive: capitals differ from small letters.
        slips: after how many wrong passwords the account is locked; None for never.
        locked_for: how long; None until the bureau unlocks it.
        idle: after how long without doing anything somebody is logged out.
        resets: ways to another password.
        writes_to: whether a phone number gets messages; all do if left out.
        code_for: how long a code that was sent holds.
        check_code: a picture with a check code is shown at login.
    """

    first: FirstPassword = FirstPassword.CHOSEN
    known: Secret | None = None
    must_change: bool = False
    shortest: int = 1
    classes: int = 1
    case_sensitive: bool = True
    slips: int | None = None
    locked_for: timedelta | None = None
    idle: timedelta | None = None
    resets: frozenset[ResetWay] = attrs.field(default=frozenset(ResetWay), converter=frozenset)
    writes_to: Callable[[str], bool] = attrs.field(default=_any_number, repr=False)
    code_for: timedelta = timedelta(minutes=5)
    check_code: bool = False


@attrs.frozen(kw_only=True)
class Message:
    """短信: what a phone got.

    Arguments:
        phone: the phone.
        code: the code in it.
        until: when it stops to hold.
    """

    phone: str = attrs.field(repr=False)
    code: Secret
    until: datetime


@attrs.define
class PortalAccount:
    """An account of a portal, with its password as a portal keeps it.

    Arguments:
        habits: what the portal does about passwords.
        chance: what salts are drawn from.
        units: its unit numbers; the first password may rest on the first of them.
        phone: where codes are sent.
        question: what is asked of whoever forgets the password.
    """

    habits: PasswordHabits = attrs.field(repr=False)
    chance: Random = attrs.field(repr=False)
    units: tuple[str, ...] = ()
    phone: str = attrs.field(default="", repr=False)
    question: str = ""
    must_change: bool = False
    slips: int = 0
    locked_at: datetime | None = None
    sent: Message | None = None
    _salt: bytes = attrs.field(default=b"", init=False, repr=False)
    _password: bytes = attrs.field(default=b"", init=False, repr=False)
    _answer_salt: bytes = attrs.field(default=b"", init=False, repr=False)
    _answer: bytes | None = attrs.field(default=None, init=False, repr=False)

    def begin(self, chosen: Secret | None) -> None:
        """Put the password that accounts begin with, and unlock.

        Arguments:
            chosen: the password, where the unit chooses it.

        Raises:
            ValueError: if the password can't be told.
        """
        first = self.habits.first
        if first is FirstPassword.KNOWN:
            chosen = self.habits.known
        elif first is not FirstPassword.CHOSEN and self.units:
            number = self.units[0]
            chosen = Secret(number[-6:] if first is FirstPassword.LAST_SIX else number)
        if chosen is None:
            raise ValueError(f"the first password can't be told: {first.value}")
        self._set(chosen)
        self.must_change = self.habits.must_change

    def ask(self, answer: Secret) -> None:
        """Keep the answer to the question."""
        self._answer_salt = self.chance.randbytes(16)
        self._answer = self._hash(answer, self._answer_salt)

    def try_password(self, password: Secret, at: datetime) -> Fault | None:
        """What comes of a password that was typed; None if it is right."""
        if locked := self._locked(at):
            return locked
        if hmac.compare_digest(self._hash(password, self._salt), self._password):
            self.slips = 0
            return None
        self.slips += 1
        if self.habits.slips is not None and self.slips >= self.habits.slips:
            self.locked_at = at
            return Fault("access.locked", {"slips": str(self.habits.slips)})
        return Fault("access.wrong-password")

    def renew(self, new: Secret) -> Fault | None:
        """Set another password; why it can't be, or None."""
        if hmac.compare_digest(self._hash(new, self._salt), self._password):
            return Fault("access.password-same")
        text = new.reveal()
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        used = {next((i for i, kind in enumerate(kinds) if one in kind), 3) for one in text}
        if len(text) < self.habits.shortest or len(used) < self.habits.classes:
            wanted = {"shortest": str(self.habits.shortest), "classes": str(self.habits.classes)}
            return Fault("access.password-weak", wanted)
        self._set(new)
        self.must_change = False
        return None

    def knows(self, answer: Secret) -> bool:
        """Whether an answer is the one that was kept."""
        given = self._hash(answer, self._answer_salt)
        return self._answer is not None and hmac.compare_digest(given, self._answer)

    def _locked(self, at: datetime) -> Fault | None:
        since, wait = self.locked_at, self.habits.locked_for
        if since is None:
            return None
        if wait is not None and at >= since + wait:
            self.slips, self.locked_at = 0, None
            return None
        return Fault("access.locked", {"slips": str(self.habits.slips)})

    def _set(self, secret: Secret) -> None:
        self._salt = self.chance.randbytes(16)
        self._password = self._hash(secret, self._salt)
        self.slips, self.locked_at = 0, None

    def _hash(self, secret: Secret, salt: bytes) -> bytes:
        text = secret.reveal()
        if not self.habits.case_sensitive:
            text = text.casefold()
        # A double is asked thousands of times; a real portal would take its time.
        return hashlib.scrypt(text.encode(), salt=salt, n=2**8, r=8, p=1)
