"""Raw signatures: checked against a public key, each scheme in the one form that it has here.

RSA is the number in as many bytes as the modulus, ECDSA and SM2 are SEQUENCE { r, s } in DER. A
signature that says the same in other bytes is refused.
"""

from __future__ import annotations

from typing import Any

from socialins.faults import require
from socialins.signing.scheme import Scheme

__all__ = ["der_of", "holds", "numbers_of", "public_key_of"]


def holds(spki: bytes, scheme: Scheme, message: bytes, signature: bytes) -> bool:
    """Whether a signature of a message is that of a key.

    Arguments:
        spki: the public key with its algorithm, in DER.
        scheme: how it signs.
        message: what was signed, not its digest.
        signature: the signature.
    """
    if scheme is Scheme.SM2_SM3:
        from socialins.signing.sm2 import sm2_holds

        return sm2_holds(_sm2_point(spki), message, signature)
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    errors = require("cryptography.exceptions", "sign")
    try:
        key = public_key_of(spki)
        if scheme is Scheme.RSA_PKCS1_SHA256:
            padding = require("cryptography.hazmat.primitives.asymmetric.padding", "sign")
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (errors.InvalidSignature, errors.UnsupportedAlgorithm, ValueError):
        return False
    except (TypeError, AttributeError):  # the key is of another kind
        return False
    return True


def public_key_of(spki: bytes) -> Any:
    """A public key, as `cryptography` has it."""
    serialization = require("cryptography.hazmat.primitives.serialization", "sign")
    return serialization.load_der_public_key(spki)


def der_of(numbers: bytes) -> bytes:
    """The DER of a signature that a token gave as r and s, one after the other.

    >>> der_of((1).to_bytes(32, "big") + (2).to_bytes(32, "big")).hex()
    '3006020101020102'
    """
    algos = require("asn1crypto.algos", "sign")
    half = len(numbers) // 2
    made = algos.DSASignature(
        {"r": int.from_bytes(numbers[:half], "big"), "s": int.from_bytes(numbers[half:], "big")}
    )
    return bytes(made.dump())


def numbers_of(signature: bytes) -> tuple[int, int] | None:
    """R and s of a signature in DER; None if it is not exactly that."""
    algos = require("asn1crypto.algos", "sign")
    try:
        read = algos.DSASignature.load(signature, strict=True)
        r, s = int(read["r"].native), int(read["s"].native)
        if algos.DSASignature({"r": r, "s": s}).dump() != signature:
            return None
    except (ValueError, TypeError):
        return None
    return r, s


def _sm2_point(spki: bytes) -> bytes:
    keys = require("asn1crypto.keys", "sign")
    return bytes(keys.PublicKeyInfo.load(spki)["public_key"].native)
