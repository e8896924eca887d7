"""People of a batch, read from a list: names, identity numbers, banks, and whose file is which.

The list is the library's own: any csv or xlsx with a heading for the name and one for the number,
and perhaps for the photograph's file, the banks, and what a new card takes besides. A roster of
contributions is such a list too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs

from socialins.cards.listed import LIST_LIMITS, ListedRow, read_list
from socialins.cards.rows import CardRow
from socialins.faults import Fault
from socialins.forms.plaintext import excerpt
from socialins.forms.sheets import Limits
from socialins.identity import read_document
from socialins.model.person import InsuredPerson

__all__ = ["ID_NUMBER", "NAME", "People", "read_people", "read_person"]

NAME = ("姓名", "name")
"""Headings of a person's name."""
ID_NUMBER = (
    *("证件号码", "身份证号", "身份证号码", "公民身份号码", "社会保障号码", "社会保障号"),
    "id_number",
)
"""Headings of a person's number."""

_HEADINGS = {
    "name": NAME,
    "id_number": ID_NUMBER,
    "photo": ("照片", "照片文件", "文件名", "photo", "file"),
    "bank": ("银行", "制卡银行", "新卡银行", "bank"),
    "old_bank": ("原卡银行", "原银行", "old_bank"),
    "mobile": ("手机号码", "手机", "电话", "联系电话", "mobile", "phone"),
    "address": ("住址", "地址", "联系地址", "通讯地址", "address"),
    "nation": ("民族", "nation"),
}
_DATA = ("mobile", "address", "nation")


@attrs.frozen(kw_only=True)
class People:
    """People read from a list.

    Arguments:
        persons: the persons, in order; rows that could not be read are left out.
        files: name of a file → place of its person among them, where the list says so.
        banks: place of a person → the bank of the new card and that of the old one, where the list
            says one of them.
        data: place of a person → field → what the list says beside name and number: ``mobile``,
            ``address``, ``nation``.
        faults: what is wrong with the other rows, or unusual.
    """

    persons: tuple[InsuredPerson, ...]
    files: Mapping[str, int]
    banks: Mapping[int, tuple[str, str]]
    data: Mapping[int, Mapping[str, str]]
    faults: tuple[Fault, ...]

    def rows(self, bank: str = "", old_bank: str = "") -> tuple[CardRow, ...]:
        """The rows of a batch, whose ids are 1, 2, 3, ….

        Arguments:
            bank: the bank of the new cards, where the list says none.
            old_bank: that of the old ones, likewise.
        """
        made = []
        for place, person in enumerate(self.persons):
            new, old = self.banks.get(place, ("", ""))
            made.append(
                CardRow(
                    row=str(place + 1),
                    person=person,
                    stated=self.data.get(place, {}),
                    bank=new or bank,
                    old_bank=old or old_bank,
                )
            )
        return tuple(made)


def read_people(path: Path | str, limits: Limits = LIST_LIMITS) -> People:
    """Read a list of people.

    Arguments:
        path: a csv or xlsx file.
        limits: what is read at most.

    Raises:
        FormError: if it can't be read, or has no headings for name and number.
        MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
    """
    persons: list[InsuredPerson] = []
    files: dict[str, int] = {}
    banks: dict[int, tuple[str, str]] = {}
    data: dict[int, dict[str, str]] = {}
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    missing = Fault("cards.people.headings", {})
    for row in read_list(path, _HEADINGS, (("name",), ("id_number",)), missing, limits):
        person, found = read_person(row)
        faults += found
        if person is None:
            continue
        if person.key in seen:
            values = {"person": person.document.masked()}
            faults.append(Fault("cards.person-twice", values, row.place))
            continue
        seen.add(person.key)
        if row.get("photo"):
            files[row.get("photo")] = len(persons)
        if row.get("bank") or row.get("old_bank"):
            banks[len(persons)] = (row.get("bank"), row.get("old_bank"))
        if said := {field: row.get(field) for field in _DATA if row.get(field)}:
            data[len(persons)] = said
        persons.append(person)
    return People(persons=tuple(persons), files=files, banks=banks, data=data, faults=tuple(faults))


def read_person(row: ListedRow) -> tuple[InsuredPerson | None, list[Fault]]:
    """The person of a row with ``name`` and ``id_number``, and what is wrong or unusual."""
    name, number = row.get("name"), row.get("id_number")
    if not name or not number:
        fault = Fault("cards.people.incomplete", {"name": excerpt(name or number)}, row.place)
        return None, [fault]
    read = read_document(number)
    faults = [fault.at(row.place) for fault in read.faults]
    if read.document is None:
        return None, faults
    return InsuredPerson(name, read.document), faults
