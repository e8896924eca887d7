"""The portal as a double (网上服务平台): passwords and logins as bureaus have them, with a clock.

The library keeps no password and sends none. An application that talks to a portal has to live with
what it does, though: a first password that must be changed, a lock after too many slips, a logout
for doing nothing, a code by SMS that never arrives. All of it can be rehearsed here, at moments
that the caller states; what is left to chance follows from a seed.
"""

from __future__ import annotations

import hashlib
import hmac
import string
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

import attrs

from socialins.access import AccessRules
from socialins.faults import Fault
from socialins.testing.secret import Secret

__all__ = ["FirstPassword", "Message", "PasswordHabits", "Portal", "ResetWay", "Secret", "Visit"]


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


@attrs.frozen(kw_only=True)
class Visit:
    """登录状态: somebody who is logged in.

    Arguments:
        id: its number.
        login_id: what was typed for the name.
        user: the user below it, where an account has several.
        units: the unit numbers to choose from at entry.
        must_change: the password has to be changed before anything else.
    """

    id: int
    login_id: str
    user: str = ""
    units: tuple[str, ...] = ()
    must_change: bool = False


@attrs.define
class _Account:
    units: tuple[str, ...]
    phone: str = attrs.field(repr=False)
    question: str
    salt: bytes = attrs.field(repr=False)
    answer: bytes | None = attrs.field(repr=False)
    password: bytes = attrs.field(default=b"", repr=False)
    must_change: bool = False
    slips: int = 0
    locked_at: datetime | None = None
    sent: Message | None = None


class Portal:
    """A portal's logins.

    Arguments:
        rules: the region's rules of access; its hours are the portal's.
        habits: what it does about passwords.
        seed: what everything that is left to chance follows from.

    >>> from socialins.calendar import SHANGHAI
    >>> from socialins.testing.middle import middle
    >>> portal = Portal(middle().access(), PasswordHabits(slips=2))
    >>> portal.open("0000000001", password=Secret("abc-123"))
    >>> at = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
    >>> portal.log_in("0000000001", Secret("ABC-123"), at).code
    'access.wrong-password'
    >>> portal.log_in("0000000001", Secret("abc-123"), at)
    Visit(id=1, login_id='0000000001', user='', units=(), must_change=False)
    """

    def __init__(
        self, rules: AccessRules, habits: PasswordHabits | None = None, *, seed: int = 0
    ) -> None:
        self.rules = rules
        self.habits = habits or PasswordHabits()
        self.chance = Random(seed)  # noqa: S311  # chance that can be repeated is what is wanted
        self.messages: list[Message] = []
        self._accounts: dict[tuple[str, str], _Account] = {}
        self._visits: dict[int, tuple[tuple[str, str], datetime]] = {}
        self._picture = self._digits(4)
        self._count = 0

    def open(
        self,
        login_id: str,
        user: str = "",
        *,
        units: Iterable[str] = (),
        phone: str = "",
        question: str = "",
        answer: Secret | None = None,
        password: Secret | None = None,
    ) -> None:
        """Open an account, with the password that accounts here begin with.

        Arguments:
            login_id: what is typed for the name.
            user: the user below it, where an account has several.
            units: unit numbers; the first password may rest on the first of them.
            phone: where codes are sent.
            question: what is asked of whoever forgets the password.
            answer: the answer to it.
            password: the first password, where the unit chooses it.

        Raises:
            ValueError: if the account is there, or its first password can't be told.
        """
        key = login_id, user
        if key in self._accounts:
            raise ValueError(f"the account {login_id} is open already")
        salt = self.chance.randbytes(16)
        made = _Account(
            units=tuple(units),
            phone=phone,
            question=question,
            salt=salt,
            answer=None if answer is None else self._hash(answer, salt),
        )
        self._set(made, self._first(made, password))
        made.must_change = self.habits.must_change
        self._accounts[key] = made

    def picture(self) -> str:
        """The check code in the picture that is shown now; each login takes another."""
        return self._picture

    def log_in(
        self,
        login_id: str,
        password: Secret,
        at: datetime,
        user: str = "",
        *,
        check_code: str = "",
    ) -> Visit | Fault:
        """Log in, or be told why not."""
        shown, self._picture = self._picture, self._digits(4)
        problem = self.rules.in_service(at)
        if problem is not None:
            return problem
        if not login_id:
            return Fault("access.login-id-blank")
        if not password:
            return Fault("access.password-blank")
        if self.habits.check_code and check_code != shown:
            return Fault("access.check-code")
        account = self._accounts.get((login_id, user))
        if account is None:
            return Fault("access.no-such-user")
        problem = self._locked(account, at) or self._try(account, password, at)
        if problem is not None:
            return problem
        self._count += 1
        self._visits[self._count] = (login_id, user), at
        return Visit(
            id=self._count,
            login_id=login_id,
            user=user,
            units=account.units,
            must_change=account.must_change,
        )

    def act(self, visit: Visit, at: datetime) -> Fault | None:
        """Do something while logged in; why it can't be done, or None."""
        problem = self._stay(visit, at)
        if problem is None and self._of(visit).must_change:
            return Fault("access.must-change-password")
        return problem

    def log_out(self, visit: Visit) -> None:
        """Leave."""
        self._visits.pop(visit.id, None)

    def change_password(self, visit: Visit, old: Secret, new: Secret, at: datetime) -> Fault | None:
        """Change one's own password; why that fails, or None."""
        problem = self._stay(visit, at)
        if problem is not None:
            return problem
        account = self._of(visit)
        problem = self._try(account, old, at)
        return problem or self._renew(account, new)

    def send_code(self, login_id: str, at: datetime, user: str = "") -> Fault | None:
        """Have a code sent to the phone of an account; `messages` has what arrived."""
        account = self._may_reset(ResetWay.SMS, login_id, user, at)
        if isinstance(account, Fault):
            return account
        if not account.phone or not self.habits.writes_to(account.phone):
            return Fault("access.no-sms")
        code = Secret(self._digits(6))
        account.sent = Message(phone=account.phone, code=code, until=at + self.habits.code_for)
        self.messages.append(account.sent)
        return None

    def reset_by_code(
        self, login_id: str, code: Secret, new: Secret, at: datetime, user: str = ""
    ) -> Fault | None:
        """Set another password with a code that was sent; why that fails, or None."""
        account = self._may_reset(ResetWay.SMS, login_id, user, at)
        if isinstance(account, Fault):
            return account
        sent = account.sent
        if sent is None or at >= sent.until or sent.code != code:
            return Fault("access.sms-code")
        problem = self._renew(account, new)
        if problem is None:
            account.sent = None
        return problem

    def reset_by_answer(
        self, login_id: str, answer: Secret, new: Secret, at: datetime, user: str = ""
    ) -> Fault | None:
        """Set another password with the answer to one's question; why that fails, or None."""
        account = self._may_reset(ResetWay.QUESTION, login_id, user, at)
        if isinstance(account, Fault):
            return account
        given = self._hash(answer, account.salt)
        if account.answer is None or not hmac.compare_digest(given, account.answer):
            return Fault("access.wrong-answer")
        return self._renew(account, new)

    def reset_at_bureau(self, login_id: str, at: datetime, user: str = "") -> Fault | None:
        """Have the bureau, or the administrator, put the first password back; unlocks too."""
        account = self._may_reset(ResetWay.BUREAU, login_id, user, at)
        if isinstance(account, Fault):
            return account
        self._set(account, self._first(account, self.habits.known))
        account.must_change = self.habits.must_change
        return None

    # What it does with passwords.

    def _first(self, account: _Account, chosen: Secret | None) -> Secret:
        first = self.habits.first
        if first is FirstPassword.KNOWN:
            chosen = self.habits.known
        elif first is not FirstPassword.CHOSEN and account.units:
            number = account.units[0]
            chosen = Secret(number[-6:] if first is FirstPassword.LAST_SIX else number)
        if chosen is None:
            raise ValueError(f"the first password can't be told: {first.value}")
        return chosen

    def _hash(self, secret: Secret, salt: bytes) -> bytes:
        text = secret.reveal()
        if not self.habits.case_sensitive:
            text = text.casefold()
        # A double is asked thousands of times; a real portal would take its time.
        return hashlib.scrypt(text.encode(), salt=salt, n=2**8, r=8, p=1)

    def _set(self, account: _Account, secret: Secret) -> None:
        account.salt, before = self.chance.randbytes(16), account.salt
        if account.answer is not None:
            account.salt = before  # the answer was hashed with it
        account.password = self._hash(secret, account.salt)
        account.slips, account.locked_at = 0, None

    def _renew(self, account: _Account, new: Secret) -> Fault | None:
        if hmac.compare_digest(self._hash(new, account.salt), account.password):
            return Fault("access.password-same")
        text = new.reveal()
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        used = {next((i for i, kind in enumerate(kinds) if one in kind), 3) for one in text}
        if len(text) < self.habits.shortest or len(used) < self.habits.classes:
            wanted = {"shortest": str(self.habits.shortest), "classes": str(self.habits.classes)}
            return Fault("access.password-weak", wanted)
        self._set(account, new)
        account.must_change = False
        return None

    def _locked(self, account: _Account, at: datetime) -> Fault | None:
        since, wait = account.locked_at, self.habits.locked_for
        if since is None:
            return None
        if wait is not None and at >= since + wait:
            account.slips, account.locked_at = 0, None
            return None
        return Fault("access.locked", {"slips": str(self.habits.slips)})

    def _try(self, account: _Account, password: Secret, at: datetime) -> Fault | None:
        if hmac.compare_digest(self._hash(password, account.salt), account.password):
            account.slips = 0
            return None
        account.slips += 1
        if self.habits.slips is not None and account.slips >= self.habits.slips:
            account.locked_at = at
            return Fault("access.locked", {"slips": str(self.habits.slips)})
        return Fault("access.wrong-password")

    def _may_reset(self, way: ResetWay, login_id: str, user: str, at: datetime) -> _Account | Fault:
        problem = self.rules.in_service(at) if way is not ResetWay.BUREAU else None
        if problem is not None:
            return problem
        if way not in self.habits.resets:
            return Fault("access.no-reset")
        return self._accounts.get((login_id, user)) or Fault("access.no-such-user")

    # Who is in.

    def _of(self, visit: Visit) -> _Account:
        return self._accounts[visit.login_id, visit.user]

    def _stay(self, visit: Visit, at: datetime) -> Fault | None:
        known = self._visits.get(visit.id)
        if known is None:
            return Fault("access.logged-out")
        key, last = known
        if self.habits.idle is not None and at - last >= self.habits.idle:
            del self._visits[visit.id]
            minutes = int(self.habits.idle.total_seconds()) // 60
            return Fault("access.idle", {"minutes": str(minutes)})
        problem = self.rules.in_service(at)
        if problem is not None:
            del self._visits[visit.id]
            return problem
        self._visits[visit.id] = key, at
        return None

    def _digits(self, count: int) -> str:
        return "".join(self.chance.choices(string.digits, k=count))
