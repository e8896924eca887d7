"""The portal as a double (网上服务平台): passwords and logins as bureaus have them, with a clock.

The library keeps no password and sends none. An application that talks to a portal has to live with
what it does, though: a first password that must be changed, a lock after too many slips, a logout
for doing nothing, a code by SMS that never arrives. All of it can be rehearsed here, at moments
that the caller states; what is left to chance follows from a seed.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from datetime import datetime
from random import Random

import attrs

from socialins.access import AccessRules
from socialins.faults import Fault
from socialins.testing.portal_accounts import (
    FirstPassword,
    Message,
    PasswordHabits,
    PortalAccount,
    ResetWay,
)
from socialins.testing.secret import Secret

__all__ = ["FirstPassword", "Message", "PasswordHabits", "Portal", "ResetWay", "Secret", "Visit"]


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
        self._accounts: dict[tuple[str, str], PortalAccount] = {}
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
        made = PortalAccount(self.habits, self.chance, tuple(units), phone, question)
        if answer is not None:
            made.ask(answer)
        made.begin(password)
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
        problem = account.try_password(password, at)
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
        return account.try_password(old, at) or account.renew(new)

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
        problem = account.renew(new)
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
        return account.renew(new) if account.knows(answer) else Fault("access.wrong-answer")

    def reset_at_bureau(self, login_id: str, at: datetime, user: str = "") -> Fault | None:
        """Have the bureau, or the administrator, put the first password back; unlocks too."""
        account = self._may_reset(ResetWay.BUREAU, login_id, user, at)
        if isinstance(account, Fault):
            return account
        account.begin(self.habits.known)
        return None

    def _may_reset(
        self, way: ResetWay, login_id: str, user: str, at: datetime
    ) -> PortalAccount | Fault:
        problem = self.rules.in_service(at) if way is not ResetWay.BUREAU else None
        if problem is not None:
            return problem
        if way not in self.habits.resets:
            return Fault("access.no-reset")
        return self._accounts.get((login_id, user)) or Fault("access.no-such-user")

    # Who is in.

    def _of(self, visit: Visit) -> PortalAccount:
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
