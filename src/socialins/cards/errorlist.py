"""Error sheets read back (勘误表): who has what wrong, and what is right.

A row is one field of one person: name and number as the bureau has them, the field, what is right.
The sheet that `card_sheet("errors", …)` writes is read, and any list with the same headings.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs

from socialins.cards.batch import Batch
from socialins.cards.listed import LIST_LIMITS, read_list
from socialins.cards.people import ID_NUMBER, NAME, read_person
from socialins.cards.rows import CardRow
from socialins.faults import Fault
from socialins.forms.plaintext import fold
from socialins.forms.sheets import Limits
from socialins.model.person import InsuredPerson

__all__ = ["ErrorList", "read_errors", "read_rejections"]

_HEADINGS = {
    "name": NAME,
    "id_number": ID_NUMBER,
    "field": ("项目", "field"),
    "right": ("更正为", "what is right", "right"),
}
_REJECTED = {
    "row": ("行号", "row"),
    "id_number": ID_NUMBER,
    "reason": ("原因", "未通过原因", "reason"),
}
_FIELDS = {
    **{fold(word): "name" for word in NAME},
    **{fold(word): "id_number" for word in ID_NUMBER},
}
_PHOTO = {fold("照片"), fold("photo")}


@attrs.frozen(kw_only=True)
class ErrorList:
    """What an error sheet says.

    Arguments:
        persons: the persons in it, in order; as the bureau has them.
        stated: place of a person → field → what is right; a blank text leaves it as it is.
        faults: what is wrong with other rows, or unusual.
    """

    persons: tuple[InsuredPerson, ...]
    stated: tuple[Mapping[str, str], ...]
    faults: tuple[Fault, ...] = ()

    def rows(self, bank: str = "", old_bank: str = "") -> tuple[CardRow, ...]:
        """The rows of a correction's batch, whose ids are 1, 2, 3, ….

        Arguments:
            bank: the bank of the new cards.
            old_bank: that of the old ones.
        """
        return tuple(
            CardRow(row=str(number), person=person, stated=stated, bank=bank, old_bank=old_bank)
            for number, (person, stated) in enumerate(
                zip(self.persons, self.stated, strict=True), start=1
            )
        )

    def errors(self, batch: Batch) -> dict[str, Mapping[str, str]]:
        """The errors by row of a batch; of somebody who is not in it by the document's number.

        Arguments:
            batch: the batch.
        """
        listed = zip(self.persons, self.stated, strict=True)
        return {batch.row_of(person.document.number): stated for person, stated in listed}


def read_errors(path: Path | str, limits: Limits = LIST_LIMITS) -> ErrorList:
    """Read an error sheet.

    What is said of a photograph is left aside: a better one is added, and not written.

    Arguments:
        path: a csv or xlsx file.
        limits: what is read at most.

    Raises:
        FormError: if it can't be read, or has no headings for name, number, field and what is
            right.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    persons: dict[tuple[str, str], InsuredPerson] = {}
    stated: dict[tuple[str, str], dict[str, str]] = {}
    faults: list[Fault] = []
    needed = (("name",), ("id_number",), ("field",), ("right",))
    missing = Fault("cards.errors.headings", {})
    for row in read_list(path, _HEADINGS, needed, missing, limits):
        person, found = read_person(row)
        faults += found
        if person is None:
            continue
        if not row.get("field"):
            faults.append(Fault("cards.errors.field", {"name": person.name}, row.place))
            continue
        said = fold(row.get("field"))
        if said in _PHOTO:
            continue
        persons.setdefault(person.key, person)
        fields = stated.setdefault(person.key, {})
        fields[_FIELDS.get(said, row.get("field"))] = row.get("right")
    return ErrorList(
        persons=tuple(persons.values()), stated=tuple(stated.values()), faults=tuple(faults)
    )


def read_rejections(path: Path | str, batch: Batch, limits: Limits = LIST_LIMITS) -> dict[str, str]:
    """Read a list of those whom the centre did not take: row or number, and why.

    Arguments:
        path: a csv or xlsx file.
        batch: the batch; a number that is nobody's in it stays as it is.
        limits: what is read at most.

    Returns:
        Row → reason.

    Raises:
        FormError: if it can't be read, or lacks the headings.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    missing = Fault("cards.rejected.headings", {})
    needed = (("row", "id_number"), ("reason",))
    return {
        batch.row_of(row.get("row") or row.get("id_number")): row.get("reason")
        for row in read_list(path, _REJECTED, needed, missing, limits)
        if row.get("row") or row.get("id_number")
    }
