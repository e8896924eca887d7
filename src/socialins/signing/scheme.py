"""Schemes (签名算法): how a key signs, by the names that the whole library uses."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Scheme"]


class Scheme(StrEnum):
    """A way of signing: the kind of key, and the digest that goes with it.

    Source: RFC 8017 for RSA with PKCS #1 v1.5, FIPS 186 for ECDSA, GB/T 32918 and GB/T 32905 for
    SM2 with SM3.

    >>> Scheme("sm2-sm3").title("zh")
    'SM2 签名（SM3 杂凑）'
    """

    RSA_PKCS1_SHA256 = "rsa-pkcs1-sha256"
    ECDSA_P256_SHA256 = "ecdsa-p256-sha256"
    SM2_SM3 = "sm2-sm3"

    def title(self, lang: str = "zh") -> str:
        """The scheme in words."""
        return _WORDS[self][lang == "en"]


_WORDS = {
    Scheme.RSA_PKCS1_SHA256: ("RSA 签名（SHA-256）", "RSA with SHA-256"),
    Scheme.ECDSA_P256_SHA256: ("ECDSA P-256 签名（SHA-256）", "ECDSA on P-256 with SHA-256"),
    Scheme.SM2_SM3: ("SM2 签名（SM3 杂凑）", "SM2 with SM3"),
}
