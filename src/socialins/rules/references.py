"""References: ids by which one rule names another, each with the file and key path it stands at.

What a rule names may stand at any level: a city's material names its province's rule for pictures.
So an id is looked up once the levels stand together, and an unknown one is told where it was
written, with the ids that are near it: mostly it is a typing error, which would be met otherwise by
whoever files first.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import attrs

from socialins.faults import Fault, Place
from socialins.rules.access import AccessTerms
from socialins.rules.business import Business, ClosingRules
from socialins.rules.rulefile import RuleFile
from socialins.rules.source import Text

__all__ = ["Named", "Reference", "near_names", "references_of", "unknown_names"]

_NEAR = 3


class Named(StrEnum):
    """What an id names: a table of rule files."""

    ATTACHMENTS = "attachments"
    BUSINESSES = "businesses"
    INSURANCES = "insurances"
    NUMBERS = "numbers"
    TRADES = "trades"

    @property
    def text(self) -> Text:
        """One of the table in words."""
        return _TEXTS[self]


_TEXTS = {
    Named.ATTACHMENTS: Text("图片要求", "rule for pictures"),
    Named.BUSINESSES: Text("业务", "business"),
    Named.INSURANCES: Text("险种", "insurance"),
    Named.NUMBERS: Text("号码", "number"),
    Named.TRADES: Text("行业", "trade"),
}


@attrs.frozen
class Reference:
    """An id by which a rule names another.

    Arguments:
        kind: what it names.
        id: the id.
        file, path: where it stands.
    """

    kind: Named
    id: str
    file: str
    path: str


def references_of(parts: Mapping[str, RuleFile]) -> tuple[Reference, ...]:
    """The references in the files of a division, in order; ``"*"`` is none.

    Arguments:
        parts: file name → contents.
    """
    return tuple(
        Reference(kind, id_, name, path)
        for name, file in parts.items()
        for kind, path, ids in _in_file(file)
        for id_ in ids
        if id_ not in {"", "*"}
    )


def unknown_names(
    references: Iterable[Reference], known: Mapping[Named, Iterable[str]]
) -> Iterator[Fault]:
    """What is named and known at no level.

    Arguments:
        references: the references.
        known: the ids of each kind that all levels together have.
    """
    ids = {kind: frozenset(some) for kind, some in known.items()}
    for one in references:
        if one.id not in ids[one.kind]:
            told: dict[str, str | Text] = {
                "what": one.kind.text,
                "name": one.id,
                "table": one.kind.value,
                "near": near_names(one.id, ids[one.kind]),
            }
            yield Fault("rules.unknown-name", told, Place(file=one.file, field=one.path))


def near_names(name: str, known: Iterable[str]) -> Text:
    """The names that are near one that is unknown, as a sentence; nothing where none is.

    >>> near_names("staff.ad", ["staff.add", "wage.change"]).en
    ' Near it: staff.add.'
    """
    near = difflib.get_close_matches(name, sorted(known), n=_NEAR)
    if not near:
        return Text("", "")
    return Text(f"相近的有：{'、'.join(near)}。", f" Near it: {', '.join(near)}.")


_Found = tuple[Named, str, Iterable[str]]


def _in_file(file: RuleFile) -> Iterator[_Found]:
    yield from _in_businesses(file.businesses)
    if file.cards is not None:
        yield Named.ATTACHMENTS, "cards.photo", (file.cards.photo,)
    if file.closing is not None:
        yield from _in_closing(file.closing)
    if file.access is not None:
        yield from _in_access(file.access)
    for index, mode in enumerate(file.collection.modes if file.collection is not None else ()):
        yield Named.INSURANCES, f"collection.modes[{index}].insurances", mode.insurances
    for index, required in enumerate(file.signing.required if file.signing is not None else ()):
        yield Named.BUSINESSES, f"signing.required[{index}].businesses", required.businesses
        yield Named.BUSINESSES, f"signing.required[{index}].but", required.but
    for index, windows in enumerate(file.windows):
        yield Named.BUSINESSES, f"windows[{index}].businesses", windows.businesses
    for table, listed in file.series().items():
        for index, series in enumerate(listed):
            yield Named.TRADES, f"{table}[{index}].who.trade", sorted(series.who.trade)


def _in_businesses(businesses: Iterable[Business]) -> Iterator[_Found]:
    for index, business in enumerate(businesses):
        at = f"businesses[{index}]"
        for place, material in enumerate(business.materials):
            yield Named.ATTACHMENTS, f"{at}.materials[{place}].attachment", (material.attachment,)
        for place, check in enumerate(business.requires):
            yield Named.INSURANCES, f"{at}.requires[{place}].insurances", check.insurances


def _in_closing(closing: ClosingRules) -> Iterator[_Found]:
    # What nobody changed is not the author's word: a region without the national catalogue may
    # have no such business.
    for name in ("changed_by", "unchanged_by"):
        business = getattr(closing, name)
        if business != getattr(_UNSAID, name):
            yield Named.BUSINESSES, f"closing.{name}", (business,)


_UNSAID = ClosingRules()


def _in_access(terms: AccessTerms) -> Iterator[_Found]:
    yield Named.BUSINESSES, "access.openable", terms.openable
    for index, login in enumerate(terms.logins):
        yield Named.BUSINESSES, f"access.logins[{index}].businesses", login.businesses
        yield Named.NUMBERS, f"access.logins[{index}].login_id", (login.login_id or "",)
    for index, node in enumerate(terms.nodes):
        yield Named.BUSINESSES, f"access.nodes[{index}].businesses", node.businesses
