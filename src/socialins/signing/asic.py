"""ASiC-E (关联签名容器): the names in a signed container, and the manifest that a signature is of.

A container is a zip file. Its files stand at the top, the manifests and the signatures over them
under META-INF. A manifest lists the files with their media types and digests.

Source: ETSI EN 319 162-1, 4.4 (ASiC-E with CAdES) and its schema; W3C XML Encryption for the name
of SHA-256, RFC 3061 for that of SM3, which has no other.
"""

from __future__ import annotations

import base64
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

import attrs

from socialins.faults import Fault
from socialins.signing.cms import SM3
from socialins.signing.errors import SigningError

__all__ = [
    "FOLDER",
    "MEDIA_TYPE",
    "Manifest",
    "Reference",
    "folded",
    "media_type_of",
    "name_problem",
    "read_manifest",
    "write_manifest",
]

MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
"""The media type of a container, which its first entry says."""

FOLDER = "META-INF/"
"""Where manifests and signatures stand."""

_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_METHODS = {"http://www.w3.org/2001/04/xmlenc#sha256": False, f"urn:oid:{SM3}": True}
_SIGNATURE = "application/pkcs7-signature"
_LONGEST_NAME = 200
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{name}{number}" for name in ("com", "lpt") for number in range(10)
}
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028\u2029\ud800-\udfff]')
_TYPES = {
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
}


@attrs.frozen
class Reference:
    """A file in a manifest.

    Arguments:
        name: its name.
        media_type: what it is.
        digest: its digest, 32 bytes.
        sm3: whether that is SM3; else it is SHA-256.
    """

    name: str
    media_type: str
    digest: bytes
    sm3: bool = False


@attrs.frozen
class Manifest:
    """What a signature is of.

    Arguments:
        signature: the name of the entry that has the signature.
        references: the files.
    """

    signature: str
    references: tuple[Reference, ...]

    def by_name(self) -> Mapping[str, Reference]:
        """The files by their names."""
        return {one.name: one for one in self.references}


def media_type_of(name: str) -> str:
    """The media type of a file, by the ending of its name; the same on every machine.

    >>> media_type_of("花名册.CSV"), media_type_of("data")
    ('text/csv', 'application/octet-stream')
    """
    _, dot, ending = name.rpartition(".")
    return _TYPES.get(ending.lower() if dot else "", "application/octet-stream")


def name_problem(name: str) -> str:
    r"""Why a name can't be a file's in a container; empty if it can.

    It has to be one name without folders, and one that every system takes as it stands.

    >>> name_problem("单位 1.csv"), bool(name_problem("..\\a")), bool(name_problem("CON.txt"))
    ('', True, True)
    """
    if not name or _FORBIDDEN.search(name):
        return "characters"
    if len(name.encode()) > _LONGEST_NAME:
        return "length"
    if name.startswith((".", " ")) or name.endswith((".", " ")):
        return "begin or end"
    if any(unicodedata.category(char) == "Cf" for char in name):
        return "characters"
    if folded(name.partition(".")[0].strip()) in _DEVICES or folded(name) in RESERVED:
        return "reserved"
    return ""


RESERVED = {"mimetype", "meta-inf"}
"""Names at the top of a container that are its own."""


def folded(name: str) -> str:
    """A name as those systems compare it that tell neither case nor composition apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def write_manifest(signature: str, references: Iterable[Reference]) -> bytes:
    """A manifest in XML, the same bytes for the same files."""
    methods = {sm3: name for name, sm3 in _METHODS.items()}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<asic:ASiCManifest xmlns:asic="{_ASIC}" xmlns:ds="{_DS}">',
        f'<asic:SigReference URI="{signature}" MimeType="{_SIGNATURE}"/>',
    ]
    for one in references:
        uri, kind = quoteattr(quote(one.name, safe="")), quoteattr(one.media_type)
        digest = base64.b64encode(one.digest).decode()
        lines += [
            f"<asic:DataObjectReference URI={uri} MimeType={kind}>",
            f'<ds:DigestMethod Algorithm="{methods[one.sm3]}"/>',
            f"<ds:DigestValue>{digest}</ds:DigestValue>",
            "</asic:DataObjectReference>",
        ]
    return "\n".join([*lines, "</asic:ASiCManifest>", ""]).encode()


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        SigningError: if it is none, or says what can't be checked.
    """
    reason = ""
    try:
        return _read(content)
    except (ValueError, LookupError, ET.ParseError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
    raise SigningError(
        Fault("signing.container-unreadable", {"reason": f"manifest: {reason}"[:120]})
    )


def _read(content: bytes) -> Manifest:
    text = content.decode("utf-8")
    if "<!" in text:
        # No entities, so nothing in it can grow or fetch anything.
        raise ValueError("a document type")
    root = ET.fromstring(text)  # noqa: S314 - see above
    if root.tag != f"{{{_ASIC}}}ASiCManifest":
        raise ValueError("another kind of document")
    signatures = root.findall(f"{{{_ASIC}}}SigReference")
    if len(signatures) != 1:
        raise ValueError("not one signature")
    references = [_reference(one) for one in root.findall(f"{{{_ASIC}}}DataObjectReference")]
    if not references or len({one.name for one in references}) != len(references):
        raise ValueError("no file, or one twice")
    return Manifest(_name(signatures[0]), tuple(references))


def _reference(element: ET.Element) -> Reference:
    method = element.find(f"{{{_DS}}}DigestMethod")
    value = element.find(f"{{{_DS}}}DigestValue")
    if method is None or value is None or value.text is None:
        raise ValueError("no digest")
    algorithm = method.get("Algorithm", "")
    if algorithm not in _METHODS:
        raise ValueError(f"digest {algorithm}")
    digest = base64.b64decode(value.text.strip(), validate=True)
    if len(digest) != 32:
        raise ValueError("digest")
    return Reference(_name(element), element.get("MimeType", ""), digest, _METHODS[algorithm])


def _name(element: ET.Element) -> str:
    uri = element.get("URI", "")
    return unquote(uri, errors="strict")
