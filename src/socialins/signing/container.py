"""Signed containers (签名容器): several data files and the signatures over them, in one file.

Whoever gets the container has all that was signed, opens it with any program for zip files, and
checks it without knowing which signature goes with which file. It is ASiC-E with CAdES; SM2 keys
sign the same manifest by their own kind of CMS. docs/decisions/0005-signed-container.md tells why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from socialins.faults import Fault
from socialins.signing.asic import (
    FOLDER,
    MEDIA_TYPE,
    Reference,
    folded,
    media_type_of,
    name_problem,
    write_manifest,
)
from socialins.signing.cades import sign_cades
from socialins.signing.certificate import Certificate
from socialins.signing.containercheck import read_container
from socialins.signing.documents import Document
from socialins.signing.errors import SigningError
from socialins.signing.pin import HeldPin, PinProvider
from socialins.signing.rightkey import KeyTerms
from socialins.signing.rounds import right_certificate
from socialins.signing.scheme import Scheme
from socialins.signing.signature import digest_of
from socialins.signing.signer import Session
from socialins.signing.zipfiles import MOST_BYTES, MOST_ENTRIES, write_zip

__all__ = ["sign_container"]

_ROOM = 100
"""Entries kept free for manifests and signatures."""


def sign_container(
    session: Session,
    documents: Iterable[Document],
    pin_provider: PinProvider,
    terms: KeyTerms,
    *,
    chain: Sequence[Certificate] = (),
    onto: bytes | None = None,
) -> bytes:
    """Put files into a container and sign all of them by one signature.

    Arguments:
        session: an open token, of any scheme.
        documents: the files; none with `onto`.
        pin_provider: asks for the PIN, at most once.
        terms: what the key has to fulfil; it is looked at before anybody is asked for a PIN.
        chain: certificates that go along.
        onto: a container that gets one more signature over all of its files.

    Returns:
        The container.

    Raises:
        KeyRefused: if the key is the wrong one; nothing was signed.
        SigningError: for a name that can't stand in a container, no file or too many; with what the
            token said.

    >>> from datetime import UTC, datetime
    >>> from socialins.signing import Scheme, verify_container
    >>> from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted
    >>> _, signer = inserted()
    >>> terms = KeyTerms(
    ...     unit=UNIT,
    ...     at=datetime(2026, 11, 3, tzinfo=UTC),
    ...     authorities=(authority(Scheme.ECDSA_P256_SHA256).certificate,),
    ... )
    >>> with signer.open(signer.list_tokens()[0]) as session:
    ...     made = sign_container(session, [Document("花名册.csv", b"1,2")], Asked(), terms)
    >>> found = verify_container(made, unit=UNIT, authorities=terms.authorities)
    >>> found.ok, [(one.name, one.media_type) for one in found.files]
    (True, [('花名册.csv', 'text/csv')])
    """
    files = {one.name: one.content for one in _fit(documents)}
    before: dict[str, bytes] = {}
    if onto is not None:
        if files:
            raise ValueError("a container that is signed once more takes no further files")
        files, before = read_container(onto)
    if not files:
        raise SigningError(Fault("signing.document-empty"))
    number = 1
    while _manifest(number) in before or _signature(number) in before:
        number += 1
    with HeldPin(pin_provider) as held:
        certificate = right_certificate(session, held, terms)
        sm3 = certificate.scheme is Scheme.SM2_SM3
        manifest = write_manifest(
            _signature(number),
            [
                Reference(name, media_type_of(name), digest_of(content, sm3=sm3), sm3)
                for name, content in files.items()
            ],
        )
        digest = digest_of(manifest, sm3=sm3)
        signature = sign_cades(session, digest, held, at=terms.at, chain=chain)
    own = before | {_manifest(number): manifest, _signature(number): signature}
    return write_zip([("mimetype", MEDIA_TYPE.encode()), *files.items(), *own.items()])


def _manifest(number: int) -> str:
    return f"{FOLDER}ASiCManifest{number:03}.xml"


def _signature(number: int) -> str:
    return f"{FOLDER}signature{number:03}.p7s"


def _fit(documents: Iterable[Document]) -> list[Document]:
    found = list(documents)
    names: set[str] = set()
    for one in found:
        problem = name_problem(one.name)
        if problem or folded(one.name) in names:
            values = {"name": one.name, "problem": problem or "twice"}
            raise SigningError(Fault("signing.container-name", values))
        names.add(folded(one.name))
    size = sum(len(one.content) for one in found)
    if len(found) > MOST_ENTRIES - _ROOM or size > MOST_BYTES // 2:
        values = {"files": str(MOST_ENTRIES - _ROOM), "bytes": str(MOST_BYTES // 2)}
        raise SigningError(Fault("signing.container-large", values))
    return found
