"""Checking signed PDF (验证 PDF 签名): whether a file is, byte for byte, what a key signed.

The file may be anybody's, so it is not read as PDF: no object, stream or page of it is parsed. A
signature says which bytes it covers. They have to be all of the file but the signature's own
digits; then nothing a reader shows can have come in afterwards. Time and memory follow the size of
the file.

Source: ISO 32000-2, 12.8.1 and 12.8.3.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import attrs

from socialins.faults import Fault
from socialins.model.unit import Unit
from socialins.rules.signing import SigningRules
from socialins.signing.certificate import Certificate
from socialins.signing.der import unwrapped
from socialins.signing.errors import SigningError
from socialins.signing.signature import read_signature
from socialins.signing.trust import RevocationList
from socialins.signing.verification import Verification, judge, unreadable

__all__ = ["is_pdf", "verify_pdf"]

MOST_SIGNATURES = 16
"""More than these are not looked at, as each costs the digest of a whole file."""

LONGEST = 1 << 17
"""Digits of a signature, at most."""

_HEADER = 1024
_RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,12}(?:\s{1,9}\d{1,12}){3})\s{0,99}\]")
_HEX = re.compile(rb"<(?:[0-9A-F]+|[0-9a-f]+)>")
_STATED = re.compile(rb"/M\s{0,9}\(([^()]{1,99})\)")
_ESCAPED = re.compile(rb"\\([0-7]{3})")
_MOMENT = re.compile(rb"D:(\d{14})(?:Z(?:00'00'?)?|([+-])(\d\d)'(\d\d)'?)")


def is_pdf(content: bytes) -> bool:
    """Whether a file says that it is PDF."""
    return b"%PDF-" in content[:_HEADER]


@attrs.frozen
class _Signed:
    """A signature in a file.

    Arguments:
        start, end: where its digits stand, with their brackets.
        until: the first byte behind what it covers.
        problem: why it is none; empty if it may be one.
    """

    start: int
    end: int
    until: int
    problem: str = ""


def verify_pdf(
    content: bytes,
    *,
    unit: Unit | None = None,
    authorities: Sequence[Certificate] = (),
    rules: SigningRules | None = None,
    between: Sequence[Certificate] = (),
    lists: Sequence[RevocationList] = (),
    at: datetime | None = None,
) -> tuple[Verification, ...]:
    """Verify the signatures in a PDF.

    Arguments:
        content: the file.
        unit: who is to have signed.
        authorities: trusted certificates, beside those of the rules.
        rules: the region's rules of signing.
        between: certificates between, beside those in the signature.
        lists: revocation lists.
        at: judge by this moment; left out, by the one the signer stated.

    Returns:
        What was found of each signature, in the order they were added, at least one. The last one
        says whether the file as it is now was signed; those before it cover less, and say that
        something was added afterwards. It never raises for what is in the file.
    """
    if not is_pdf(content):
        return (unreadable(Fault("signing.pdf-unreadable", {"reason": "%PDF-"})),)
    found = _signatures(content)
    if not found:
        return (unreadable(Fault("signing.pdf-unsigned")),)
    return tuple(
        _one(
            content,
            one,
            unit=unit,
            authorities=authorities,
            rules=rules,
            between=between,
            lists=lists,
            at=at,
        )
        for one in found
    )


def _one(content: bytes, signed: _Signed, **terms: Any) -> Verification:
    problem = signed.problem
    try:
        read = read_signature(_der(content[signed.start : signed.end])) if not problem else None
    except SigningError as error:
        return unreadable(error.fault)
    except ValueError as error:
        problem, read = str(error), None
    if read is None:
        return unreadable(Fault("signing.not-a-signature", {"reason": problem}))
    covered = content[: signed.start] + content[signed.end : signed.until]
    faults = [] if read.covers(covered) else [Fault("signing.content-altered")]
    if rest := len(content) - signed.until:
        faults.append(Fault("signing.pdf-changed-after", {"bytes": str(rest)}))
    return judge(read, faults, stated=_stated(content, signed), **terms)


def _signatures(content: bytes) -> list[_Signed]:
    found = []
    for number, match in enumerate(_RANGE.finditer(content)):
        if number == MOST_SIGNATURES:
            found.append(_Signed(0, 0, len(content), f"more than {MOST_SIGNATURES} signatures"))
            break
        found.append(_placed(content, [int(part) for part in match[1].split()]))
    return sorted(found, key=lambda one: one.until)


def _placed(content: bytes, numbers: list[int]) -> _Signed:
    """Where a signature stands, if all but its own digits is covered up to some end."""
    first, start, end, size = numbers
    until = end + size
    if first != 0 or not start < end <= until <= len(content):
        return _Signed(0, 0, len(content), "byte range")
    if end - start > LONGEST or not _HEX.fullmatch(content, start, end):
        return _Signed(0, 0, len(content), "digits")
    return _Signed(start, end, until)


def _der(digits: bytes) -> bytes:
    """The signature, without the zeros that fill its room."""
    if len(digits) % 2:
        raise ValueError("digits")
    data = bytes.fromhex(digits[1:-1].decode("ascii"))
    _, room = unwrapped(data, 0x30)
    if room.strip(b"\0"):
        raise ValueError("something stands behind the signature")
    return data[: len(data) - len(room)]


def _stated(content: bytes, signed: _Signed) -> datetime | None:
    """The moment that the signature's own dictionary states, if it states one and only one."""
    begin = content.rfind(b"obj", 0, signed.start)
    finish = content.find(b"endobj", signed.end, signed.until)
    around = content[max(begin, 0) : signed.start] + content[signed.end : max(finish, signed.end)]
    moments = list(_moments(around))
    return moments[0] if len(moments) == 1 else None


def _moments(text: bytes) -> Iterator[datetime]:
    for written in _STATED.findall(text):
        plain = _ESCAPED.sub(lambda one: bytes([int(one[1], 8) & 0xFF]), written)
        match = _MOMENT.fullmatch(plain)
        if match is None:
            continue
        sign, hours, minutes = match[2] or b"+", match[3] or b"0", match[4] or b"0"
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        try:
            zone = timezone(-offset if sign == b"-" else offset)
            yield datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=zone)
        except ValueError:
            continue
