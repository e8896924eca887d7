"""Reading a detached CMS signature: into the parts that are checked, and refusing the rest.

What is not covered by a signature could be altered without anybody noticing. So whatever stands
there has to be what the covered parts ask for, in DER, and nothing more.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import attrs

from socialins.faults import Fault, FaultError, require
from socialins.signing.certificate import Certificate
from socialins.signing.cms import SM2_DATA, SM2_SIGNED_DATA, SM2_SIGNING, SM2_WITH_SM3, SM3
from socialins.signing.der import MALFORMED, tagged, unwrapped
from socialins.signing.errors import SigningError
from socialins.signing.raw import holds
from socialins.signing.scheme import Scheme

__all__ = ["CmsSignature", "digest_of", "read_signature"]

_CMS_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CMS_DATA = "1.2.840.113549.1.7.1"
_LARGEST = 200_000
_MOST_CERTIFICATES = 50
_SHA256 = "2.16.840.1.101.3.4.2.1"
_SIGNED = {
    Scheme.RSA_PKCS1_SHA256: {"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"},
    Scheme.ECDSA_P256_SHA256: {"1.2.840.10045.4.3.2"},
    Scheme.SM2_SM3: {SM2_SIGNING, SM2_WITH_SM3},
}


@attrs.frozen(kw_only=True, repr=False)
class CmsSignature:
    """The parts of a signature.

    Arguments:
        certificate: the signer's certificate, as it came along.
        others: further certificates that came along.
        scheme: how it is signed.
        digest: the document's digest, as it was signed.
        attributes: the signed attributes, as they were signed.
        signature: the signature over them.
        signed_at: the moment that the signer stated; None if none is stated.
    """

    certificate: Certificate
    others: tuple[Certificate, ...]
    scheme: Scheme
    digest: bytes
    attributes: bytes
    signature: bytes
    signed_at: datetime | None

    def holds(self) -> bool:
        """Whether the signature over the attributes is that of the certificate's key."""
        return self.certificate.scheme is self.scheme and holds(
            self.certificate.spki, self.scheme, self.attributes, self.signature
        )

    def covers(self, content: bytes) -> bool:
        """Whether the signed digest is a document's."""
        return digest_of(content, sm3=self.scheme is Scheme.SM2_SM3) == self.digest


def digest_of(content: bytes, *, sm3: bool) -> bytes:
    """The digest of some bytes: SM3 or SHA-256, 32 bytes either way."""
    if sm3:
        from socialins.signing.sm2 import sm3 as digest

        return digest(content)
    return hashlib.sha256(content).digest()


def read_signature(data: bytes) -> CmsSignature:
    """Read a detached signature in DER or PEM.

    Raises:
        SigningError: if it is none, or says anything that its signer did not sign.
    """
    reason = ""
    try:
        if len(data) > _LARGEST:
            raise ValueError(f"{len(data)} bytes; at most {_LARGEST} are read")
        return _read(_der(data))
    except FaultError as error:
        reason = error.fault.words("en").get("reason", error.fault.code)
    except MALFORMED as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
    raise SigningError(Fault("signing.not-a-signature", {"reason": reason[:120]}))


def _der(data: bytes) -> bytes:
    pem = require("asn1crypto.pem", "sign")
    return bytes(pem.unarmor(data)[2]) if pem.detect(data) else data


def _read(der: bytes) -> CmsSignature:
    cms = require("asn1crypto.cms", "sign")
    require("asn1crypto.tsp", "sign")  # it knows the attribute that names the certificate
    outer, sm2 = _signed_data(der)
    signed = cms.SignedData.load(outer, strict=True)
    _only(signed["version"].native, "v1")
    _only(signed["encap_content_info"]["content_type"].dotted, SM2_DATA if sm2 else _CMS_DATA)
    if signed["encap_content_info"]["content"].native is not None:
        raise ValueError("the content is inside; detached signatures are read")
    if len(signed["crls"]) if signed["crls"].native is not None else 0:
        raise ValueError("revocation lists inside")
    (digest,) = signed["digest_algorithms"]
    (info,) = signed["signer_infos"]
    if _in_der(signed, info) != outer:
        raise ValueError("not in DER")
    _only(info["version"].native, "v1")
    _only(info["digest_algorithm"].dump(), digest.dump())
    _plain(digest, SM3 if sm2 else _SHA256)
    scheme = _scheme(info["signature_algorithm"], sm2=sm2)
    if info["unsigned_attrs"].native is not None:
        raise ValueError("unsigned attributes")
    if signed["certificates"].native is not None:
        count = len(signed["certificates"])
        if count > _MOST_CERTIFICATES:
            raise ValueError(f"{count} certificates")
    certificates = tuple(Certificate(one.chosen.dump()) for one in signed["certificates"] or ())
    mine = _signer(info["sid"], certificates)
    attributes = info["signed_attrs"]
    values = _attributes(attributes)
    content_type = values.pop("content_type").dotted
    _only(content_type, SM2_DATA if sm2 else _CMS_DATA)
    if "signing_certificate_v2" in values:
        _only_of(values["signing_certificate_v2"], mine)
    stated = values.pop("signing_time", None)
    return CmsSignature(
        certificate=mine,
        others=tuple(one for one in certificates if one != mine),
        scheme=scheme,
        digest=bytes(values.pop("message_digest").native),
        # Signed as a SET, whatever tag it stands under in the signature.
        attributes=b"\x31" + bytes(attributes.dump())[1:],
        signature=bytes(info["signature"].native),
        signed_at=None if stated is None else stated.native,
    )


def _signed_data(der: bytes) -> tuple[bytes, bool]:
    """What is inside of the outermost structure, and whether it is of the SM2 kind."""
    core = require("asn1crypto.core", "sign")
    inside, rest = unwrapped(der, 0x30)
    oid, wrapped = unwrapped(inside, 0x06)
    signed, behind = unwrapped(wrapped, 0xA0)
    if rest or behind:
        raise ValueError("something stands behind the signature")
    kind = core.ObjectIdentifier.load(tagged(0x06, oid)).dotted
    if kind not in (_CMS_SIGNED_DATA, SM2_SIGNED_DATA):
        raise ValueError(f"{kind} is no signature")
    return signed, kind == SM2_SIGNED_DATA


def _in_der(signed: Any, info: Any) -> bytes:
    """What is read, written anew: whatever else stands in a signature is not in it.

    Only small parts are encoded again. Certificates see to that themselves, and attributes are
    signed byte by byte. asn1crypto takes time that doubles with each level below what it encodes.
    """
    attributes, _ = unwrapped(bytes(info["signed_attrs"].dump()), 0xA0)
    signer = b"".join(
        (
            *(_encoded(info[name]) for name in ("version", "sid", "digest_algorithm")),
            tagged(0xA0, attributes),
            *(_encoded(info[name]) for name in ("signature_algorithm", "signature")),
        )
    )
    certificates = sorted(bytes(one.dump()) for one in signed["certificates"])
    whole = (
        *(_encoded(signed[name]) for name in ("version", "digest_algorithms")),
        _encoded(signed["encap_content_info"]),
        tagged(0xA0, b"".join(certificates)),
        tagged(0x31, tagged(0x30, signer)),
    )
    return tagged(0x30, b"".join(whole))


def _encoded(part: Any) -> bytes:
    return bytes(part.dump(force=True))


def _only(found: object, wanted: object) -> None:
    if found != wanted:
        raise ValueError(f"{found!r} is not {wanted!r}")


def _plain(algorithm: Any, *wanted: str) -> None:
    """An algorithm that has no parameters, or NULL."""
    oid = algorithm["algorithm"].dotted
    if oid not in wanted:
        raise ValueError(f"algorithm {oid}")
    if bytes(algorithm["parameters"].dump() or b"") not in (b"", b"\x05\x00"):
        raise ValueError(f"parameters of algorithm {oid}")


def _scheme(algorithm: Any, *, sm2: bool) -> Scheme:
    oid = algorithm["algorithm"].dotted
    _plain(algorithm, *(one for oids in _SIGNED.values() for one in oids))
    found = next(scheme for scheme, oids in _SIGNED.items() if oid in oids)
    if (found is Scheme.SM2_SM3) is not sm2:
        raise ValueError(f"algorithm {oid}")
    return found


def _signer(sid: Any, certificates: tuple[Certificate, ...]) -> Certificate:
    if sid.name != "issuer_and_serial_number":
        raise ValueError("the signer is named by another thing than issuer and number")
    issuer, serial = sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native
    for one in certificates:
        if one.parsed.issuer.dump() == issuer and one.serial == serial:
            return one
    raise ValueError("the signer's certificate is not inside")


def _only_of(named: Any, certificate: Certificate) -> None:
    """The certificate that the signer meant by its digest (RFC 5035) is the one that came along."""
    first = named["certs"][0]
    oid = first["hash_algorithm"]["algorithm"].dotted
    if oid not in (_SHA256, SM3):
        raise ValueError(f"algorithm {oid}")
    if bytes(first["cert_hash"].native) != digest_of(certificate.der, sm3=oid == SM3):
        raise ValueError("the signer meant another certificate")


def _attributes(attributes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in attributes:
        name = one["type"].native
        if name in values or len(one["values"]) != 1:
            raise ValueError(f"attribute {name} twice")
        values[name] = one["values"][0]
    if not {"content_type", "message_digest"} <= values.keys():
        raise ValueError("attributes are missing")
    return values
