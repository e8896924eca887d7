"""What drivers over key files share: options, reading, a watch over the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from socialins.faults import Fault, FaultError
from socialins.signing.certificate import Certificate
from socialins.signing.errors import SigningError, error_of
from socialins.signing.pin import PinStatus
from socialins.signing.token import Token

__all__ = ["MOST_ROUNDS", "certificate_beside", "needed", "read_file", "token_of"]

MOST_ROUNDS = 5_000_000
"""Rounds of hashing that trying a password may take; usual files have two thousand to a million."""


def needed(driver: str, options: Mapping[str, str], option: str) -> str:
    """An option that a driver can't do without.

    Raises:
        SigningError: if it is missing.
    """
    if not options.get(option):
        raise SigningError(Fault("signing.driver-option", {"driver": driver, "option": option}))
    return options[option]


def read_file(path: Path) -> bytes:
    """The bytes of a key file.

    Raises:
        ServiceUnavailable: if it can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise error_of(Fault("signing.file-unreadable", {"file": path.name, "reason": reason}))


def certificate_beside(path: Path) -> Certificate | None:
    """The certificate that lies beside a key file under the same name; None if there is none."""
    for suffix in (".cer", ".crt", ".pem"):
        beside = path.with_suffix(suffix)
        if beside != path and beside.is_file():
            return Certificate.read(read_file(beside))
    return None


def token_of(
    driver: str, file: Path, pin: PinStatus, certificate: Callable[[], Certificate | None]
) -> Token:
    """The one token that a key file is, or why it can't be used.

    Arguments:
        driver: the driver's name.
        file: the file.
        pin: what is known of its password.
        certificate: reads the certificate, as far as it can be read without the password.
    """
    fault, found = None, None
    try:
        found = certificate()
    except FaultError as error:
        fault = error.fault
    return Token(
        driver=driver,
        reader=str(file),
        label=file.name,
        certificate=found,
        pin=pin,
        fault=fault,
    )
