"""Records: what the bureau and other registers have of a unit, as facts that the caller gives.

A record that was not looked up is not known; a register that has none is another thing. Nothing is
taken to fit because nobody looked.
"""

from __future__ import annotations

from datetime import date

import attrs

from socialins.identity import CreditCode, IdDocument
from socialins.rules.access import RecordBody

__all__ = ["BureauRecord", "Certificate", "Record", "Records", "Representative"]


@attrs.frozen
class Representative:
    """法定代表人: who represents a unit by law.

    Arguments:
        name: the name.
        document: the identity document.
    """

    name: str
    document: IdDocument


@attrs.frozen(kw_only=True)
class BureauRecord:
    """How the bureau keeps a unit number (参保信息).

    Arguments:
        code: the credit code.
        name: the name, character for character.
        representative: the legal representative; None where the record has none.
    """

    code: CreditCode
    name: str
    representative: Representative | None = None


@attrs.frozen(kw_only=True)
class Certificate:
    """数字证书: a unit's certificate, or the key it is kept in.

    Arguments:
        id: its number.
        code: the credit code in it.
        name: the unit's name in it.
        until: the last day it holds; None where that is not known.
    """

    id: str
    code: CreditCode
    name: str
    until: date | None = None


@attrs.frozen
class Record:
    """What a register answered.

    Arguments:
        entry: what it has; None if it was asked and has nothing.
    """

    entry: BureauRecord | None

    @classmethod
    def absent(cls) -> Record:
        """The register was asked, and has none."""
        return cls(None)


@attrs.frozen(kw_only=True)
class Records:
    """What is known of a unit's records; None for a register that was not asked.

    Arguments:
        business: the business registry (工商登记).
        pension: pension participation (企业养老参保).
        government: government-body participation (机关事业参保).

    >>> Records(business=Record.absent()).of(RecordBody.PENSION) is None
    True
    """

    business: Record | None = None
    pension: Record | None = None
    government: Record | None = None

    def of(self, body: RecordBody) -> Record | None:
        """What is known of one register's answer."""
        found: Record | None = getattr(self, body.value)
        return found

    @property
    def participation(self) -> BureauRecord | None:
        """What the bureau itself has, by pension or government-body participation."""
        for one in (self.pension, self.government):
            if one is not None and one.entry is not None:
                return one.entry
        return None
