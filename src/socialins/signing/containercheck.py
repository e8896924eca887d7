"""Checking signed containers (验证签名容器): what is in one, and whether the unit signed all of it.

A container may be anybody's. It is bounded before it is unpacked, and nothing is written unless
somebody asks for it; then into one folder, and over nothing that is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, FaultError, Place
from socialins.model.unit import Unit
from socialins.rules.signing import SigningRules
from socialins.signing.asic import FOLDER, MEDIA_TYPE, Manifest, name_problem, read_manifest
from socialins.signing.certificate import Certificate
from socialins.signing.errors import SigningError
from socialins.signing.signature import digest_of, read_signature
from socialins.signing.trust import RevocationList
from socialins.signing.verification import Verification, judge, unreadable
from socialins.signing.zipfiles import MOST_BYTES, read_zip

__all__ = [
    "ContainedFile",
    "ContainerVerification",
    "is_container",
    "read_container",
    "verify_container",
]

_MOST_SIGNATURES = 16
_LONGEST_SIGNATURE = 1 << 16
_LONGEST_MANIFEST = 1 << 20


@attrs.frozen
class ContainedFile:
    """A file in a container.

    Arguments:
        name: its name, without folders.
        media_type: what the signer says it is; by its name where no signature lists it.
        content: its bytes.
    """

    name: str
    media_type: str
    content: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ContainerVerification:
    """What verifying a container found.

    Arguments:
        files: what is in it.
        signatures: what was found of each signature, in order.
        faults: what is wrong with the container itself.
    """

    files: tuple[ContainedFile, ...] = ()
    signatures: tuple[Verification, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether one signature is right on all sides, and covers every file."""
        return not self.faults and any(one.ok for one in self.signatures)

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """Dicts, lists and text; of the files their names and digests."""
        return {
            "ok": self.ok,
            "files": [
                {
                    "name": one.name,
                    "media_type": one.media_type,
                    "bytes": len(one.content),
                    "sha256": digest_of(one.content, sm3=False).hex(),
                }
                for one in self.files
            ],
            "signatures": [one.to_plain(lang) for one in self.signatures],
            "faults": [
                {"code": one.code, "message": one.message(lang), "remedy": one.remedy(lang)}
                for one in self.faults
            ],
        }

    def extract(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the files into a folder: all of them, or none.

        Arguments:
            folder: where; made if it is not there.

        Returns:
            Their paths.

        Raises:
            SigningError: if the container is not right, or a file of a name is there already;
                nothing was written then.
            OSError: if the system can't write.
        """
        if not self.ok:
            raise SigningError(Fault("signing.container-wrong"))
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = tuple(folder / one.name for one in self.files)
        for path in paths:
            if path.exists() or path.is_symlink():
                raise SigningError(_there(path))
        written: list[Path] = []
        try:
            for path, one in zip(paths, self.files, strict=True):
                # It is made new, so nothing is followed or overwritten that came meanwhile.
                with path.open("xb") as out:
                    written.append(path)
                    out.write(one.content)
        except OSError as error:
            for path in written:
                path.unlink(missing_ok=True)
            if isinstance(error, FileExistsError):
                raise SigningError(_there(paths[len(written)])) from error
            raise
        return paths


def is_container(content: bytes) -> bool:
    """Whether a file begins as a container does."""
    return content[:4] == b"PK\x03\x04" and content[30:80].startswith(b"mimetype")


def read_container(
    content: bytes, *, most_bytes: int = MOST_BYTES
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a container, and what stands under META-INF; nothing is verified.

    Arguments:
        content: the container.
        most_bytes: how much all of it may come to, unpacked.

    Raises:
        SigningError: if it is none, damaged, too large, or has a name that could be a trap.
    """
    entries = read_zip(content, most_bytes=most_bytes)
    if not is_container(content) or next(iter(entries), "") != "mimetype":
        raise SigningError(Fault("signing.container-unreadable", {"reason": "mimetype"}))
    kind = entries.pop("mimetype").decode("utf-8", "replace").strip()
    if kind != MEDIA_TYPE:
        raise SigningError(Fault("signing.container-unreadable", {"reason": kind[:80]}))
    own = {name: entries.pop(name) for name in list(entries) if name.startswith(FOLDER)}
    own.pop(FOLDER, None)
    for name in entries:
        if problem := name_problem(name):
            values = {"name": name, "problem": problem}
            raise SigningError(Fault("signing.container-name", values))
    return entries, own


def verify_container(
    content: bytes,
    *,
    unit: Unit | None = None,
    authorities: Sequence[Certificate] = (),
    rules: SigningRules | None = None,
    between: Sequence[Certificate] = (),
    lists: Sequence[RevocationList] = (),
    at: datetime | None = None,
    most_bytes: int = MOST_BYTES,
) -> ContainerVerification:
    """Verify a container and all of its signatures.

    Arguments:
        content: the container.
        unit: who is to have signed.
        authorities: trusted certificates, beside those of the rules.
        rules: the region's rules of signing.
        between: certificates between, beside those in the signatures.
        lists: revocation lists.
        at: judge by this moment; left out, by the one each signer stated.
        most_bytes: how much its files may come to, unpacked.

    Returns:
        What was found; it never raises for what is in the container.
    """
    try:
        files, own = read_container(content, most_bytes=most_bytes)
    except FaultError as error:
        return ContainerVerification(faults=(error.fault,))
    terms = {
        "unit": unit,
        "authorities": authorities,
        "rules": rules,
        "between": between,
        "lists": lists,
        "at": at,
    }
    names = sorted(name for name in own if _is_manifest(name))
    signatures, used, types = [], set(names), dict[str, str]()
    for name in names[:_MOST_SIGNATURES]:
        manifest = _manifest(own[name])
        if isinstance(manifest, Fault):
            signatures.append(unreadable(manifest))
            continue
        used.add(manifest.signature)
        types |= {one.name: one.media_type for one in manifest.references}
        signatures.append(_one(own[name], manifest, files, own, terms))
    return ContainerVerification(
        files=tuple(
            ContainedFile(name, types.get(name, ""), content) for name, content in files.items()
        ),
        signatures=tuple(signatures),
        faults=tuple(_around(names, sorted(set(own) - used))),
    )


def _is_manifest(name: str) -> bool:
    return name.startswith(f"{FOLDER}ASiCManifest") and name.endswith(".xml")


def _manifest(content: bytes) -> Manifest | Fault:
    if len(content) > _LONGEST_MANIFEST:
        return Fault("signing.container-unreadable", {"reason": "manifest"})
    try:
        return read_manifest(content)
    except SigningError as error:
        return error.fault


def _around(manifests: Sequence[str], others: Sequence[str]) -> Iterator[Fault]:
    if not manifests:
        yield Fault("signing.container-unsigned")
    if len(manifests) > _MOST_SIGNATURES:
        reason = f"more than {_MOST_SIGNATURES} signatures"
        yield Fault("signing.container-unreadable", {"reason": reason})
    for name in others:
        yield Fault("signing.container-uncovered", {"name": name})


def _one(
    content: bytes,
    manifest: Manifest,
    files: Mapping[str, bytes],
    own: Mapping[str, bytes],
    terms: Mapping[str, Any],
) -> Verification:
    signature = own.get(manifest.signature)
    if signature is None or len(signature) > _LONGEST_SIGNATURE:
        values = {"name": manifest.signature}
        return unreadable(Fault("signing.container-missing", values))
    try:
        read = read_signature(signature)
    except SigningError as error:
        return unreadable(error.fault)
    faults = [] if read.covers(content) else [Fault("signing.content-altered")]
    return judge(read, [*faults, *_differences(manifest, files)], **terms)


def _differences(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Fault]:
    """What the files are not, of what a manifest says."""
    listed = manifest.by_name()
    for name in sorted({*listed, *files}):
        place = Place(file=name)
        if name not in listed:
            yield Fault("signing.container-uncovered", {"name": name}, place)
        elif name not in files:
            yield Fault("signing.container-missing", {"name": name}, place)
        elif digest_of(files[name], sm3=listed[name].sm3) != listed[name].digest:
            yield Fault("signing.container-altered", {"name": name}, place)


def _there(path: Path) -> Fault:
    return Fault("signing.container-exists", {"path": str(path)}, Place(file=str(path)))
