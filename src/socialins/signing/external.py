"""Private keys of `cryptography` that lie on a token: only their signature is ever asked for.

Its builders of CMS and certificates take any object of its own abstract classes, so a token can
sign what they build.
"""

from __future__ import annotations

from typing import Any, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from socialins.faults import Fault
from socialins.signing.errors import SigningError
from socialins.signing.pin import PinProvider
from socialins.signing.raw import public_key_of
from socialins.signing.scheme import Scheme
from socialins.signing.signer import Session

__all__ = ["ExternalEcKey", "ExternalRsaKey", "external_key"]


class _External:
    """What both kinds have in common: nothing leaves the token but signatures."""

    def __init__(self, session: Session, pin_provider: PinProvider, public: Any) -> None:
        self._session = session
        self._pin_provider = pin_provider
        self._public = public

    @property
    def key_size(self) -> int:
        """How many bits the key has."""
        return int(self._public.key_size)

    def public_key(self) -> Any:
        """The public key."""
        return self._public

    def private_numbers(self) -> NoReturn:
        """Refused: a token keeps its key."""
        raise TypeError("the private key does not leave its token")

    def private_bytes(self, *_about: Any, **_named: Any) -> NoReturn:
        """Refused: a token keeps its key."""
        raise TypeError("the private key does not leave its token")

    def _copied(self) -> NoReturn:
        raise TypeError("the private key does not leave its token")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class ExternalRsaKey(_External, rsa.RSAPrivateKey):
    """An RSA key on a token; it signs with PKCS #1 v1.5 and SHA-256."""

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        """Sign a message."""
        _must_be(padding, _PKCS1)
        _must_be(algorithm, hashes.SHA256)
        return self._session.sign(bytes(data), Scheme.RSA_PKCS1_SHA256, self._pin_provider)

    def decrypt(self, ciphertext: Any, padding: Any) -> NoReturn:
        """Refused: it is a key for signing."""
        raise TypeError("this key is for signing")

    def __copy__(self) -> NoReturn:
        self._copied()

    def __deepcopy__(self, memo: dict[Any, Any]) -> NoReturn:
        self._copied()


class ExternalEcKey(_External, ec.EllipticCurvePrivateKey):
    """A P-256 key on a token; it signs with SHA-256."""

    @property
    def curve(self) -> ec.EllipticCurve:
        """The curve."""
        curve: ec.EllipticCurve = self._public.curve
        return curve

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign a message."""
        _must_be(signature_algorithm, ec.ECDSA)
        _must_be(signature_algorithm.algorithm, hashes.SHA256)
        return self._session.sign(bytes(data), Scheme.ECDSA_P256_SHA256, self._pin_provider)

    def exchange(self, algorithm: Any, peer_public_key: Any) -> NoReturn:
        """Refused: it is a key for signing."""
        raise TypeError("this key is for signing")

    def __copy__(self) -> NoReturn:
        self._copied()

    def __deepcopy__(self, memo: dict[Any, Any]) -> NoReturn:
        self._copied()


_PKCS1 = padding.PKCS1v15


def _must_be(given: Any, wanted: type[Any]) -> None:
    if not isinstance(given, wanted) or isinstance(given, utils.Prehashed):
        raise TypeError(f"a token signs messages with {wanted.__name__} only")


def external_key(session: Session, pin_provider: PinProvider) -> Any:
    """The private key of a session's token.

    Raises:
        SigningError: for a kind of key that `cryptography` does not know, such as SM2.
    """
    certificate = session.certificate()
    if certificate.scheme is Scheme.RSA_PKCS1_SHA256:
        return ExternalRsaKey(session, pin_provider, public_key_of(certificate.spki))
    if certificate.scheme is Scheme.ECDSA_P256_SHA256:
        return ExternalEcKey(session, pin_provider, public_key_of(certificate.spki))
    wanted = f"{Scheme.RSA_PKCS1_SHA256}, {Scheme.ECDSA_P256_SHA256}"
    raise SigningError(
        Fault("signing.scheme", {"scheme": certificate.scheme or "–", "schemes": wanted})
    )
