"""The sheets of a region: what `Region.notices` hands out, with name and catalogue filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from socialins.collection import Collection
from socialins.faults import Fault, FaultError, Text
from socialins.filing import FilingBook
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.notices.assessment import assessment_sheet
from socialins.notices.changes import change_list
from socialins.notices.kinds import NoticeKind
from socialins.notices.notice import Notice
from socialins.notices.payment import Arrear, payment_notice
from socialins.notices.payments import PaymentFact
from socialins.notices.people import payment_certificate, roster_sheet
from socialins.notices.plans import plan_sheet
from socialins.notices.progress import progress_sheet
from socialins.notices.slips import payment_slips
from socialins.rules.business import Business
from socialins.settlement import Settlement
from socialins.values import MonthSpan

__all__ = ["RegionNotices"]


@attrs.frozen
class RegionNotices:
    """The sheets (单据) that a unit prints of its own data.

    They are the unit's own: none imitates a bureau's form, and each says so. Every method takes
    `lang` (``"zh"`` or ``"en"``) and `day`, the day that the sheet is dated with: the clock is
    never asked. Identity numbers are masked unless `masked` is false.

    Arguments:
        name: how the region is called.
        catalogue: gives the region's businesses.
        title_of: how an insurance is called.
    """

    name: Text
    catalogue: Callable[[], Mapping[str, Business]] = attrs.field(repr=False)
    title_of: Callable[[str], Text] = attrs.field(repr=False)

    def __call__(
        self, source: Any, kind: NoticeKind | str, lang: str = "zh", **options: Any
    ) -> Notice:
        """A sheet of a kind.

        Arguments:
            source: what it is made of: a settlement (payment notice, assessment sheet, slips), a
                roster, payments, filing books, or a collection.
            kind: the kind, as a member, its code or its Chinese name.
            lang: ``"zh"`` or ``"en"``.
            options: what the kind's own method takes.

        Raises:
            FaultError: for a kind that does not exist.
            TypeError: if it can't be made of this source.

        >>> from socialins.testing.middle import middle
        >>> region = middle()
        >>> bill = region.settle(Roster("2026-11", ()), strict=False)
        >>> region.notices(bill, "缴费通知单").document.title
        '2026年11月社会保险费缴费通知单'
        """
        wanted = NoticeKind.read(kind)
        if wanted is None:
            choices = Text(NoticeKind.choices("zh"), NoticeKind.choices("en"))
            raise FaultError(Fault("notice.kind.unknown", {"kind": kind, "kinds": choices}))
        source_type, method = self._methods()[wanted]
        if source_type is not None and not isinstance(source, source_type):
            raise TypeError(
                f"the sheet {wanted.value!r} is made of a {source_type.__name__}, "
                f"not of {type(source).__name__}"
            )
        return method(source, lang=lang, **options)

    def payment_notice(
        self,
        bill: Settlement | Iterable[Settlement],
        lang: str = "zh",
        *,
        arrears: Iterable[Arrear] = (),
        day: date | None = None,
        masked: bool = True,
    ) -> Notice:
        """The payment notice (缴费通知单) of a settlement.

        Arguments:
            bill: the settlement, or those of several months, a part each.
            lang: see the class.
            day: see the class.
            masked: see the class.
            arrears: late fees, undeclared months and back payments that are owed besides.
        """
        return Notice(payment_notice(bill, lang, arrears=arrears, day=day, masked=masked))

    def assessment(
        self,
        bill: Settlement | Iterable[Settlement],
        lang: str = "zh",
        *,
        day: date | None = None,
        masked: bool = True,
    ) -> Notice:
        """The assessment sheet (核定表) of a settlement: items with their rates, and persons."""
        return Notice(assessment_sheet(bill, lang, day=day, masked=masked))

    def slips(
        self,
        bill: Settlement,
        lang: str = "zh",
        *,
        persons: Iterable[InsuredPerson | str] | None = None,
        day: date | None = None,
        masked: bool = True,
    ) -> Notice:
        """The payment slips (个人缴费单) of a settlement, each on a page of its own.

        Arguments:
            bill: the settlement.
            lang: see the class.
            day: see the class.
            masked: see the class.
            persons: whose, as person or document number; everybody's if left out.

        Raises:
            FaultError: if nothing was settled for one of them.
        """
        return Notice(payment_slips(bill, lang, persons=persons, day=day, masked=masked))

    def roster(
        self, roster: Roster, lang: str = "zh", *, day: date | None = None, masked: bool = True
    ) -> Notice:
        """A roster (花名册) as a list."""
        return Notice(roster_sheet(roster, lang, region=self.name, day=day, masked=masked))

    def certificate(
        self,
        payments: Iterable[PaymentFact],
        months: MonthSpan | str,
        lang: str = "zh",
        *,
        account: UnitAccount | None = None,
        day: date | None = None,
    ) -> Notice:
        """The payment certificate (缴费证明) for a range of months.

        Arguments:
            payments: what was paid.
            months: first to last month, also as ``"2026-01..2026-11"``.
            lang: see the class.
            day: see the class.
            account: the unit's account.

        Raises:
            FaultError: if nothing was paid for any of them.
        """
        return Notice(
            payment_certificate(payments, months, lang, account=account, region=self.name, day=day)
        )

    def changes(
        self,
        books: FilingBook | Iterable[FilingBook],
        lang: str = "zh",
        *,
        account: UnitAccount | None = None,
        day: date | None = None,
        masked: bool = True,
    ) -> Notice:
        """The change list (增减变动表) of a month's book, or of several.

        Raises:
            FaultError: if nothing was declared.
        """
        made = change_list(
            books,
            self.catalogue(),
            lang,
            account=account,
            region=self.name,
            day=day,
            masked=masked,
        )
        return Notice(made)

    def progress(
        self,
        books: FilingBook | Iterable[FilingBook],
        lang: str = "zh",
        *,
        account: UnitAccount | None = None,
        day: date | None = None,
        masked: bool = True,
    ) -> Notice:
        """The progress sheet (办理进度): where each declaration stands.

        Raises:
            FaultError: if nothing was declared.
        """
        made = progress_sheet(
            books,
            self.catalogue(),
            lang,
            account=account,
            region=self.name,
            day=day,
            masked=masked,
        )
        return Notice(made)

    def plan(
        self,
        collection: Collection,
        lang: str = "zh",
        *,
        plan: str | None = None,
        account: UnitAccount | None = None,
        day: date | None = None,
    ) -> Notice:
        """The collection plans (征缴计划明细) of a month: what is owed, credited, paid, and how.

        Arguments:
            collection: the account's collection of the month.
            lang: see the class.
            plan: the id of the one plan that is wanted; all that were not revoked if left out.
            account: the unit's account.
            day: see the class.

        Raises:
            FaultError: if there is no such plan, or none at all.
        """
        made = plan_sheet(
            collection,
            self.title_of,
            lang,
            plan=plan,
            account=account,
            region=self.name,
            day=day,
        )
        return Notice(made)

    def _methods(self) -> dict[NoticeKind, tuple[type | None, Callable[..., Notice]]]:
        return {
            NoticeKind.PAYMENT_NOTICE: (None, self.payment_notice),
            NoticeKind.ASSESSMENT: (None, self.assessment),
            NoticeKind.SLIP: (Settlement, self.slips),
            NoticeKind.ROSTER: (Roster, self.roster),
            NoticeKind.CERTIFICATE: (None, self.certificate),
            NoticeKind.CHANGES: (None, self.changes),
            NoticeKind.PLAN: (Collection, self.plan),
            NoticeKind.PROGRESS: (None, self.progress),
        }
