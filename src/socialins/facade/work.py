"""What is filed, paid and allowed: the rules that deciding asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.facade.days import RegionDays
from socialins.faults import Fault, FaultError
from socialins.rules.attachment import AttachmentRule
from socialins.rules.card import CardRules
from socialins.rules.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from socialins.access.rules import AccessRules
    from socialins.attachments import SetReport
    from socialins.collection.rules import CollectionRules
    from socialins.filing.rules import FilingRules
    from socialins.model.unit import UnitAccount
    from socialins.signing import Certificate, RevocationList, UnitSignatures

__all__ = ["RegionWork"]


@attrs.frozen(eq=False, repr=False)
class RegionWork(RegionDays):
    """Filing, collection, access, attachments and cards."""

    def filing(self, overlay: Overlay | None = None) -> FilingRules:
        """What deciding about declarations asks of the region: businesses, windows, checks.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        Raises:
            FaultError: if a plugin's own checks can't be had.

        >>> from socialins.testing.middle import middle
        >>> middle().filing().closing.changed_by
        'month.settle-changed'
        """
        from socialins.filing.pluginchecks import checks_for
        from socialins.filing.rules import FilingRules

        cascade = self._with(overlay)
        return FilingRules(cascade, checks_for(self.registry, cascade))

    def signatures(
        self,
        account: UnitAccount,
        *,
        overlay: Overlay | None = None,
        authorities: Iterable[Certificate] = (),
        between: Iterable[Certificate] = (),
        lists: Iterable[RevocationList] = (),
    ) -> UnitSignatures:
        """What proves an account's signatures here, for a `Desk` and for `decide`.

        Arguments:
            account: the account, with its unit.
            overlay: the unit's own rules, as for `window`.
            authorities: trusted certificates, beside those that the region's rules name.
            between: certificates on the way to them.
            lists: revocation lists.

        Raises:
            MissingExtra: without the extra ``sign``, once a signature is proved.

        >>> from socialins.model.unit import UnitAccount
        >>> from socialins.testing.middle import middle
        >>> from socialins.testing.tokens.samples import UNIT
        >>> middle().signatures(UnitAccount(UNIT, "0001")).account.number
        '0001'
        """
        from socialins.signing.submitting import UnitSignatures

        return UnitSignatures(
            account=account,
            rules=self._with(overlay).signing(),
            authorities=tuple(authorities),
            between=tuple(between),
            lists=tuple(lists),
        )

    def access(self, overlay: Overlay | None = None) -> AccessRules:
        """Who may do what here: registration, grants, ways to log in, a portal's prompts.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        >>> from socialins.testing.middle import middle
        >>> middle().access().explain("请插入密钥").message("en")
        'the portal does not see the key'
        """
        from socialins.access.rules import AccessRules

        return AccessRules(self._with(overlay))

    def collection(self, overlay: Overlay | None = None) -> CollectionRules:
        """What deciding about plans and payments asks of the region: ways, days, late fees.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        >>> from socialins.testing.middle import middle
        >>> middle().collection().table.handover.value
        'daily-midnight'
        """
        from socialins.collection.rules import CollectionRules

        return CollectionRules(self._with(overlay))

    @property
    def attachments(self) -> dict[str, AttachmentRule]:
        """The rules for pictures (附件、照片) by id, as far as the region's rules know them.

        >>> from socialins.testing.middle import middle
        >>> sorted(middle().attachments)
        ['card-photo', 'upload']
        """
        return self.cascade.attachments()

    def photo_rule(self, id: str, *, overlay: Overlay | None = None) -> AttachmentRule:  # noqa: A002
        """The rule for a kind of picture, to check or fix pictures by (`socialins.attachments`).

        Arguments:
            id: its id, such as ``"card-photo"``.
            overlay: the unit's own rules, as for `window`.

        Raises:
            FaultError: if the region has no rule of this id; the message has those it has.

        >>> from socialins.testing.middle import middle
        >>> middle().photo_rule("card-photo").size
        (358, 441)
        """
        known = self._with(overlay).attachments()
        if id not in known:
            values = {"rule": id, "choices": ", ".join(sorted(known)) or "–"}
            raise FaultError(Fault("attachment.rule-unknown", values))
        return known[id]

    def check_set(
        self,
        business: str,
        files: Mapping[str, Path | str | bytes | Iterable[Path | str | bytes]],
        *,
        overlay: Overlay | None = None,
        **options: Any,
    ) -> SetReport:
        """Check the pictures that go with a business: what must be there, and each by its rule.

        Arguments:
            business: the business's id.
            files: material → its file or files.
            overlay: the unit's own rules, as for `window`.
            options: ``limits`` and ``tolerance``, as for `socialins.attachments.check`.

        Raises:
            FaultError: if the catalogue has no such business.

        >>> from socialins.testing.middle import middle
        >>> middle().check_set("card.request", {}).faults[0].message("en")
        'a required paper is missing: identity card'
        """
        from socialins.attachments import check_set

        cascade = self._with(overlay)
        known = cascade.businesses()
        if business not in known:
            values = {"business": business, "choices": ", ".join(sorted(known))}
            raise FaultError(Fault("filing.no-such-business", values))
        return check_set(known[business], files, cascade.attachments(), **options)

    def card_rules(self, overlay: Overlay | None = None) -> CardRules:
        """What deciding about batches of cards asks of the region: people, photographs, days.

        Where no rule speaks of cards, the rules ask for nothing; `cards` is None then.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        >>> from socialins.testing.middle import middle
        >>> rules = middle().card_rules({"cards": {"group_from": 20}})
        >>> middle().cards.group_from, rules.group_from, rules.photo
        (3, 20, 'card-photo')
        """
        return self._with(overlay).cards() or CardRules()

    @property
    def cards(self) -> CardRules | None:
        """How social-security cards are applied for (制卡); None where no rule speaks of it.

        >>> from socialins.testing.middle import middle
        >>> middle().cards.group_from
        3
        """
        return self.cascade.cards()
