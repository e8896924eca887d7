"""SM2 in software: signatures with SM3, and the identity that goes into them.

What is signed is not the message's digest but SM3(Z ‖ message), where Z has the signer's identity
and public key in it. Arithmetic is gmalg's, whose nonces come from the system's random source.

Source: GB/T 32918.2 (GM/T 0003.2) for the algorithm, GM/T 0009 for the identity that certificates
are used with.
"""

from __future__ import annotations

from typing import Any

from socialins.faults import require
from socialins.signing.raw import der_of, numbers_of

__all__ = ["DEFAULT_IDENTITY", "sm2_digest", "sm2_holds", "sm2_public", "sm2_sign", "sm3"]

DEFAULT_IDENTITY = b"1234567812345678"
"""The identity (用户标识) that is used where none was agreed on."""

_ORDER = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123


def sm3(data: bytes) -> bytes:
    """The SM3 digest of some bytes: 32 bytes.

    Source: GB/T 32905, whose first example this is.

    >>> sm3(b"abc").hex()
    '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
    """
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return bytes(state.finalize())


def sm2_digest(point: bytes, message: bytes, identity: bytes = DEFAULT_IDENTITY) -> bytes:
    """What a card is handed: e = SM3(Z ‖ message).

    Arguments:
        point: the public key, 04 and both coordinates: 65 bytes.
        message: the message.
        identity: the signer's identity.
    """
    parameters = bytes.fromhex(
        "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
        "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
        "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
        "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"
    )
    bits = (len(identity) * 8).to_bytes(2, "big")
    return sm3(sm3(bits + identity + parameters + point[1:]) + message)


def sm2_public(private: bytes) -> bytes:
    """The public key of a private one: 04 and both coordinates."""
    return bytes(_gmalg().SM2().generate_pk(private))


def sm2_sign(private: bytes, message: bytes, identity: bytes = DEFAULT_IDENTITY) -> bytes:
    """Sign a message; the signature is in DER.

    Arguments:
        private: the private key, 32 bytes.
        message: what is signed.
        identity: the signer's identity.
    """
    r, s = _gmalg().SM2(private, identity).sign(message)
    return der_of(bytes(r).rjust(32, b"\0") + bytes(s).rjust(32, b"\0"))


def sm2_holds(
    point: bytes, message: bytes, signature: bytes, identity: bytes = DEFAULT_IDENTITY
) -> bool:
    """Whether a signature in DER is that of a public key; False for whatever is malformed."""
    numbers = numbers_of(signature)
    if numbers is None or not all(0 < one < _ORDER for one in numbers):
        return False
    if len(point) != 65 or point[0] != 4:
        return False
    r, s = (one.to_bytes(32, "big") for one in numbers)
    checker = _gmalg().SM2(None, identity, point)
    try:
        return bool(checker.verify_pk(point) and checker.verify(message, r, s))
    except (ValueError, TypeError, ArithmeticError):
        return False


def _gmalg() -> Any:
    return require("gmalg", "sm2")
