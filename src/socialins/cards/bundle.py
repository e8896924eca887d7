"""Bundles (照片压缩包): the photographs of a batch as one archive, named as the centre wants.

The same people and the same pictures give the same bytes, whoever makes it and when: entries are in
order of their names and carry no time. Everybody stands on one of two lists: without error, or with
everything that is wrong. A photograph that nobody claims is told too, and left out.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from socialins.attachments import (
    LIMITS,
    TOLERANCE,
    AttachmentError,
    Limits,
    Settings,
    Tolerance,
    check,
    fix,
    match,
)
from socialins.attachments.names import name_by, unsafe
from socialins.attachments.outline import Refusal, sniff
from socialins.attachments.picture import read_bytes
from socialins.cards.rows import Photo
from socialins.deciding import Values
from socialins.faults import Fault, Place
from socialins.forms.output import whole_file
from socialins.model.person import InsuredPerson
from socialins.rules.attachment import AttachmentRule, PictureFormat
from socialins.rules.card import CardRules

__all__ = ["Bundle", "BundleEntry", "bundle"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MANIFEST = "manifest.json"


@attrs.frozen(kw_only=True)
class BundleEntry:
    """A photograph in an archive.

    Arguments:
        place: the place of its person among those given.
        name: its name in the archive.
        source: the name of the file it was made from.
        data: its bytes.
    """

    place: int
    name: str
    source: str
    data: bytes = attrs.field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


@attrs.frozen(kw_only=True)
class Bundle:
    """An archive of photographs.

    Arguments:
        name: its advised name.
        people: all persons that were given.
        entries: the photographs, in order of their names.
        faults: place of a person → what is wrong; they have no photograph in it.
        left_over: what is wrong with files that belong to nobody, or to nobody for certain.
    """

    name: str
    people: tuple[InsuredPerson, ...] = attrs.field(repr=False)
    entries: tuple[BundleEntry, ...]
    faults: Mapping[int, tuple[Fault, ...]]
    left_over: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everybody has a photograph in it and none is left over."""
        return len(self.entries) == len(self.people) and not self.left_over

    @property
    def without_error(self) -> tuple[InsuredPerson, ...]:
        """Those whose photograph is in it."""
        places = sorted(entry.place for entry in self.entries)
        return tuple(self.people[place] for place in places)

    @property
    def with_error(self) -> tuple[tuple[InsuredPerson, tuple[Fault, ...]], ...]:
        """The others, each with everything that is wrong."""
        return tuple((self.people[place], found) for place, found in sorted(self.faults.items()))

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong."""
        each = (fault for _, found in sorted(self.faults.items()) for fault in found)
        return (*each, *self.left_over)

    def photos(self, rows: Sequence[str]) -> tuple[Photo, ...]:
        """What is noted of the photographs in a batch of cards.

        Arguments:
            rows: the row ids of the persons, in their order.
        """
        return tuple(
            Photo(row=rows[entry.place], name=entry.name, digest=entry.digest)
            for entry in sorted(self.entries, key=lambda entry: entry.place)
        )

    def manifest(self) -> dict[str, Any]:
        """What is in the archive: name, bytes and digest of each photograph; no person's data but
        what the names hold.
        """
        return {
            "archive": self.name,
            "photos": [
                {"name": entry.name, "bytes": len(entry.data), "sha256": entry.digest}
                for entry in self.entries
            ],
        }

    def to_bytes(self, *, manifest: bool = False) -> bytes:
        """The archive.

        Arguments:
            manifest: whether the manifest is put in; a centre's program may expect pictures alone,
                so by default it stands beside.
        """
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for entry in self.entries:
                archive.writestr(_part(entry.name), entry.data)
            if manifest:
                archive.writestr(_part(_MANIFEST), self._manifest_text())
        return out.getvalue()

    def save(self, folder: Path | str, *, manifest: bool = True) -> Path:
        """Write the archive, and its manifest beside it.

        Returns:
            The archive's file.
        """
        Path(folder).mkdir(parents=True, exist_ok=True)
        path = Path(folder) / self.name
        with whole_file(path) as file:
            file.write_bytes(self.to_bytes())
        if manifest:
            beside = path.with_name(f"{path.stem}.{_MANIFEST}")
            with whole_file(beside) as file:
                file.write_text(self._manifest_text(), encoding="utf-8", newline="\n")
        return path

    def _manifest_text(self) -> str:
        return json.dumps(self.manifest(), ensure_ascii=False, indent=1) + "\n"


def bundle(
    people: Iterable[InsuredPerson],
    photos: Mapping[str, Path | bytes] | Iterable[Path],
    rule: AttachmentRule,
    cards: CardRules | None = None,
    *,
    given: Mapping[str, int] | None = None,
    unit_number: str = "",
    unit_name: str = "",
    settings: Settings | None = None,
    limits: Limits = LIMITS,
    tolerance: Tolerance = TOLERANCE,
) -> Bundle:
    """Put the photographs of people into an archive.

    Arguments:
        people: the persons.
        photos: name of a file → its path or bytes; or paths.
        rule: what the centre wants of a photograph.
        cards: its rules for cards, which may advise a name for the archive.
        given: name of a file → place of its person, where somebody said so.
        unit_number: the unit's number, for that name.
        unit_name: its name, likewise.
        settings: how far photographs may be changed to conform; None leaves them as they are, and
            what does not conform is an error.
        limits: what is read at most.
        tolerance: what passes for a background's colour.

    Returns:
        The archive, with everything that is wrong with the others.

    Raises:
        AttachmentError: if there are more files than are read.
        MissingExtra: if Pillow is not installed.
    """
    persons = tuple(people)
    files = photos if isinstance(photos, Mapping) else _by_name(photos)
    if len(files) > limits.files:
        values = {"count": str(len(files)), "most": str(limits.files)}
        raise AttachmentError(Fault("cards.photos-too-many", values))
    matched = match(persons, sorted(files), given)
    maker = _Maker(rule, settings, limits, tolerance)
    found: list[BundleEntry] = []
    faults: dict[int, tuple[Fault, ...]] = {}
    for place, name in matched.files.items():
        made = maker.entry(place, persons[place], name, files[name])
        if isinstance(made, BundleEntry):
            found.append(made)
        else:
            faults[place] = made
    for place in matched.without_file:
        who = f"{persons[place].name} {persons[place].document.masked()}"
        faults[place] = (Fault("cards.photo-missing", {"person": who}),)
    for place, some in matched.twice.items():
        values = {"person": persons[place].name, "files": ", ".join(some)}
        faults[place] = (Fault("cards.photos-of-one", values),)
    entries = _unique(found, faults)
    left_over = [
        Fault(code, {"file": name}, Place(file=name))
        for code, names in (
            ("cards.photo-of-nobody", matched.without_person),
            ("cards.photo-unclear", matched.unclear),
        )
        for name in names
    ]
    return Bundle(
        name=_archive_name(cards, unit_number, unit_name, limits),
        people=persons,
        entries=entries,
        faults=faults,
        left_over=tuple(left_over),
    )


@attrs.frozen
class _Maker:
    """Makes an entry of a file."""

    rule: AttachmentRule
    settings: Settings | None
    limits: Limits
    tolerance: Tolerance

    def entry(
        self, place: int, person: InsuredPerson, name: str, source: Path | bytes
    ) -> BundleEntry | tuple[Fault, ...]:
        """The entry, or what is wrong."""
        where = Place(file=name)
        known: dict[str, Any] = {"limits": self.limits, "tolerance": self.tolerance}
        try:
            data = read_bytes(source, self.limits)
            if self.settings is not None:
                fixed = fix(
                    data, self.rule, name=name, person=person, settings=self.settings, **known
                )
                return BundleEntry(place=place, name=fixed.name, source=name, data=fixed.data)
        except Refusal as refusal:
            return (refusal.fault.at(where),)
        except AttachmentError as error:
            return tuple(fault.at(where) for fault in error.all)
        kind = sniff(data)
        right = None
        if isinstance(kind, PictureFormat):
            right = name_by(self.rule, person, kind)
        # Where a pattern names the entry, the name that the file came with does not go out.
        shown = right or ("" if self.rule.pattern else name)
        report = check(data, self.rule, name=shown, person=person, **known)
        errors = tuple(fault.at(where) for fault in report.faults if fault.is_error)
        if errors:
            return errors
        return BundleEntry(place=place, name=right or name, source=name, data=data)


def _by_name(paths: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in paths:
        if path.name in found:
            raise AttachmentError(Fault("cards.photo-twice", {"name": path.name}))
        found[path.name] = path
    return found


def _unique(
    entries: Iterable[BundleEntry], faults: dict[int, tuple[Fault, ...]]
) -> tuple[BundleEntry, ...]:
    """The entries whose names no other has, on any system; the others become faults."""
    listed = sorted(entries, key=lambda entry: entry.name)
    names = Counter(entry.name.casefold() for entry in listed)
    for entry in listed:
        if names[entry.name.casefold()] > 1:
            faults[entry.place] = (Fault("cards.photo-twice", {"name": entry.name}),)
    return tuple(entry for entry in listed if names[entry.name.casefold()] == 1)


def _archive_name(cards: CardRules | None, number: str, name: str, limits: Limits) -> str:
    pattern = cards.bundle if cards is not None else ""
    if not pattern or not (number or name):
        return "photos.zip"
    made = pattern.format(unit_number=number, unit_name=name)
    reason = unsafe(made, limits)
    if reason is not None:
        values: Values = {"name": made, "reason": reason}
        raise AttachmentError(Fault("attachment.name.unsafe", values))
    return made


def _part(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o644 << 16
    # The system that wrote it is noted too, and differs between Windows and others.
    info.create_system = 3
    return info
