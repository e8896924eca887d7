"""Keys in PKCS#8 behind a password, as openssl writes them, for tests."""

from __future__ import annotations

import secrets

from socialins.faults import require

__all__ = ["encrypted_pkcs8"]

_TIMES = 2048


def encrypted_pkcs8(pkcs8: bytes, password: bytes) -> bytes:
    """A key behind a password: PBES2 with PBKDF2, SHA-256 and AES-256.

    Arguments:
        pkcs8: the key in PKCS#8, DER.
        password: what opens it.

    Source: RFC 8018.
    """
    algos, core = require("asn1crypto.algos", "sign"), require("asn1crypto.core", "sign")
    keys = require("asn1crypto.keys", "sign")
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    ciphers = require("cryptography.hazmat.primitives.ciphers", "sign")
    kdf = require("cryptography.hazmat.primitives.kdf.pbkdf2", "sign")
    padding = require("cryptography.hazmat.primitives.padding", "sign")
    salt, start = secrets.token_bytes(8), secrets.token_bytes(16)
    derived = kdf.PBKDF2HMAC(hashes.SHA256(), 32, salt, _TIMES).derive(password)
    padder = padding.PKCS7(128).padder()
    cipher = ciphers.Cipher(ciphers.algorithms.AES(derived), ciphers.modes.CBC(start)).encryptor()
    parameters = {
        "salt": algos.Pbkdf2Salt("specified", core.OctetString(salt)),
        "iteration_count": _TIMES,
        "prf": {"algorithm": "sha256"},
    }
    how = {
        "key_derivation_func": {"algorithm": "pbkdf2", "parameters": parameters},
        "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": start},
    }
    padded = padder.update(pkcs8) + padder.finalize()
    made = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {"algorithm": "pbes2", "parameters": how},
            "encrypted_data": cipher.update(padded) + cipher.finalize(),
        }
    )
    return bytes(made.dump())
