"""Matching: whose picture is which, told by the names of files alone.

Nobody is recognised by a face here. A file belongs to a person whose identity number, or whose name
that nobody else has, stands in its name; what fits nobody or two is left for somebody to look at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import attrs

from socialins.identity.plain import plain
from socialins.model.person import InsuredPerson

__all__ = ["Matched", "match"]

_PARTS = re.compile(r"[_\s+,，、\-－()（）]+")


@attrs.frozen(kw_only=True)
class Matched:
    """Whose file is which.

    Arguments:
        files: place of a person among those given → the file.
        without_file: places of the persons that no file was found for.
        without_person: files that belong to nobody.
        twice: places of persons with more than one file → those files; none of them is taken.
        unclear: files whose name several persons have.
    """

    files: Mapping[int, str]
    without_file: tuple[int, ...] = ()
    without_person: tuple[str, ...] = ()
    twice: Mapping[int, tuple[str, ...]] = attrs.field(factory=dict)
    unclear: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether each has a file of their own and no file is left."""
        return not (self.without_file or self.without_person or self.twice or self.unclear)


def match(
    people: Sequence[InsuredPerson],
    files: Iterable[str],
    given: Mapping[str, int] | None = None,
) -> Matched:
    """Find whose file is which.

    Arguments:
        people: the persons.
        files: names of files, without folders.
        given: name of a file → place of its person, where somebody said so.

    >>> from socialins.testing.roundtrip import example_person
    >>> one, two = example_person(1), example_person(2)
    >>> found = match([one, two], [f"{one.document.number}.jpg", "x.jpg"])
    >>> dict(found.files), found.without_file, found.without_person
    ({0: '110105199003070033.jpg'}, (1,), ('x.jpg',))
    """
    said = {_folded(name): place for name, place in (given or {}).items()}
    numbers = {person.document.number: place for place, person in enumerate(people)}
    names: defaultdict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        names[_folded(person.name)].append(place)
    taken: defaultdict[int, list[str]] = defaultdict(list)
    nobody: list[str] = []
    unclear: list[str] = []
    for file in files:
        found = _persons(file, said, numbers, names)
        if len(found) == 1:
            taken[found[0]].append(file)
        else:
            (unclear if found else nobody).append(file)
    return Matched(
        files={place: one for place, (one, *more) in sorted(taken.items()) if not more},
        without_file=tuple(place for place in range(len(people)) if place not in taken),
        without_person=tuple(nobody),
        twice={place: tuple(some) for place, some in sorted(taken.items()) if len(some) > 1},
        unclear=tuple(unclear),
    )


def _persons(
    file: str, said: Mapping[str, int], numbers: Mapping[str, int], names: Mapping[str, list[int]]
) -> list[int]:
    if (place := said.get(_folded(file))) is not None:
        return [place]
    stem = file.rpartition(".")[0] or file
    parts = [stem, *(part for part in _PARTS.split(stem) if part)]
    by_number = {numbers[number] for part in parts if (number := plain(part)) in numbers}
    if by_number:
        return sorted(by_number)
    return sorted({place for part in parts for place in names.get(_folded(part), ())})


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
