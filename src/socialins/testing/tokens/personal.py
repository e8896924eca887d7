"""Keys on empty cards and tokens (个人化): a card makes a key, and gets the unit's certificate.

For tests of drivers on cards and libraries that others wrote: what a vendor does in a factory. The
codes are those that such cards have when they are new; a real key has others, and is not touched.

Source: NIST SP 800-73-4 for PIV, OpenPGP smart card application 3.4.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from socialins.faults import require
from socialins.signing.certificate import Certificate
from socialins.signing.der import tagged
from socialins.signing.drivers.apdu import Answer, Channel, exchange, find_tag
from socialins.signing.scheme import Scheme
from socialins.testing.tokens.samples import SUBJECT, authority

__all__ = ["NEW_PIN", "OFFICER", "personalise_openpgp", "personalise_piv", "personalise_pkcs11"]

NEW_PIN = b"123456"
"""The PIN of a new card."""

OFFICER = b"12345678"
"""The code of its officer, which unblocks the PIN."""

_MANAGEMENT = bytes.fromhex("0102030405060708") * 3
_P256 = bytes.fromhex("2A8648CE3D030107")
_SECONDS = 20


def personalise_piv(channel: Channel, scheme: Scheme = Scheme.ECDSA_P256_SHA256) -> Certificate:
    """Have a new PIV card make a key in slot 9C; gives the certificate it got."""
    ciphers = require("cryptography.hazmat.primitives.ciphers", "sign")
    old = require("cryptography.hazmat.decrepit.ciphers.algorithms", "sign")
    _ok(channel, "00A40400", bytes.fromhex("A00000030800001000"))
    witness = _ok(channel, "0087039B", bytes.fromhex("7C028000"))[4:]
    cipher = ciphers.Cipher(old.TripleDES(_MANAGEMENT), ciphers.modes.ECB())
    plain = cipher.decryptor().update(witness)
    proof = tagged(0x80, plain) + tagged(0x81, bytes(8))
    _ok(channel, "0087039B", tagged(0x7C, proof))
    kind = b"\x11" if scheme is Scheme.ECDSA_P256_SHA256 else b"\x07"
    made = _ok(channel, "0047009C", bytes.fromhex("AC038001") + kind)
    certificate = _certified(_public(made, scheme))
    stored = tagged(0x70, certificate.der) + bytes.fromhex("710100FE00")
    _ok(channel, "00DB3FFF", bytes.fromhex("5C035FC10A") + tagged(0x53, stored), answer=False)
    return certificate


def personalise_openpgp(channel: Channel, scheme: Scheme = Scheme.ECDSA_P256_SHA256) -> Certificate:
    """Have a new OpenPGP card make a key for signing; gives the certificate it got.

    The card gets a code that unblocks its PIN, too: `OFFICER`, which a new PIV card has already.
    """
    _ok(channel, "00A40400", bytes.fromhex("D27600012401"))
    _ok(channel, "00200083", OFFICER, answer=False)
    elliptic = scheme is Scheme.ECDSA_P256_SHA256
    attributes = b"\x13" + _P256 if elliptic else bytes.fromhex("010800002000")
    _ok(channel, "00DA00C1", attributes, answer=False)
    _ok(channel, "00DA00D3", OFFICER, answer=False)
    made = _waited_for_key(channel)
    certificate = _certified(_public(made, scheme))
    _ok(channel, "00DA7F21", certificate.der, answer=False, long="extended")
    return certificate


def personalise_pkcs11(
    module: Path, label: str, pin: bytes, scheme: Scheme = Scheme.ECDSA_P256_SHA256
) -> Certificate:
    """Have a token of a PKCS#11 library make a key; gives the certificate it got.

    Arguments:
        module: the library.
        label: the token's.
        pin: the token's.
        scheme: which kind of key.
    """
    pkcs11 = require("pkcs11", "pkcs11")
    token = pkcs11.lib(str(module)).get_token(token_label=label)
    with token.open(user_pin=pin.decode(), rw=True) as session:
        how: dict[str, Any] = {"id": b"\x01", "label": "unit", "store": True}
        if scheme is Scheme.RSA_PKCS1_SHA256:
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, **how)
            encoded = require("pkcs11.util.rsa", "pkcs11").encode_rsa_public_key(public)
            keys = require("asn1crypto.keys", "sign")
            key = keys.PublicKeyInfo.wrap(keys.RSAPublicKey.load(encoded), "rsa").dump()
        else:
            curves = require("pkcs11.util.ec", "pkcs11")
            parameters = {
                pkcs11.Attribute.EC_PARAMS: curves.encode_named_curve_parameters("secp256r1")
            }
            domain = session.create_domain_parameters(pkcs11.KeyType.EC, parameters, local=True)
            public, _ = domain.generate_keypair(**how)
            key = curves.encode_ec_public_key(public)
        certificate = _certified(key)
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: False,
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: certificate.parsed.subject.dump(),
                pkcs11.Attribute.VALUE: certificate.der,
            }
        )
    return certificate


def _ok(channel: Channel, header: str, data: bytes = b"", **how: Any) -> bytes:
    answer = exchange(channel, bytes.fromhex(header), data, **how)
    if not answer.ok:
        raise ValueError(f"{header}: {answer.status:04X}")
    return answer.data


def _waited_for_key(channel: Channel) -> bytes:
    """The public key of a new pair: some cards make one when they are told its kind."""
    end = time.monotonic() + _SECONDS
    answer = Answer(b"", 0)
    while not answer.ok:
        if time.monotonic() > end:
            raise ValueError(f"no key: {answer.status:04X}")
        answer = exchange(channel, bytes.fromhex("00478000"), bytes.fromhex("B600"))
        time.sleep(0 if answer.ok else 0.02)
    return answer.data


def _public(made: bytes, scheme: Scheme) -> bytes:
    """The public key in what a card answers when it made one: 7F49 with a point, or two numbers."""
    if scheme is Scheme.ECDSA_P256_SHA256:
        return _p256(made[-65:])
    inner = made[2 + 1 + (made[2] & 0x7F if made[2] >= 0x80 else 0) :]
    return _rsa(find_tag(inner, 0x81), find_tag(inner, 0x82))


def _certified(spki: bytes) -> Certificate:
    return authority(Scheme.ECDSA_P256_SHA256).certify(SUBJECT, spki)


def _p256(point: bytes) -> bytes:
    ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
    return _spki(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))


def _rsa(modulus: bytes, exponent: bytes) -> bytes:
    rsa = require("cryptography.hazmat.primitives.asymmetric.rsa", "sign")
    numbers = (int.from_bytes(one, "big") for one in (exponent, modulus))
    return _spki(rsa.RSAPublicNumbers(*numbers).public_key())


def _spki(key: Any) -> bytes:
    how = require("cryptography.hazmat.primitives.serialization", "sign")
    return bytes(key.public_bytes(how.Encoding.DER, how.PublicFormat.SubjectPublicKeyInfo))
