"""Signing (电子签名): who the unit is, by its key, and what it signed.

Drivers find keys and open them, `check_key` says whether it is the right one before any PIN is
asked for, `sign_documents` signs, `verify` checks. docs/signing.md tells how to choose a driver.
Names load when they are first used; most need the extra ``sign``, and drivers one of their own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialins.signing.certificate import Certificate, read_certificates
    from socialins.signing.cms import sign_cms
    from socialins.signing.container import sign_container
    from socialins.signing.containercheck import (
        ContainedFile,
        ContainerVerification,
        is_container,
        verify_container,
    )
    from socialins.signing.documents import (
        Document,
        DocumentKind,
        closing_document,
        declaration_document,
        form_document,
        head_document,
        submission_document,
    )
    from socialins.signing.errors import (
        KeyRefused,
        LastTry,
        PinBlocked,
        PinIncorrect,
        PinRequired,
        PinUnfit,
        ReaderBusy,
        ServiceUnavailable,
        SigningError,
        TokenRemoved,
        WrongDriver,
        WrongToken,
    )
    from socialins.signing.guard import PinOutcome
    from socialins.signing.pdf import Stamp, sign_pdf, sign_pdfs
    from socialins.signing.pdfcheck import is_pdf, verify_pdf
    from socialins.signing.pin import (
        HeldPin,
        Pin,
        PinPolicy,
        PinProvider,
        PinPurpose,
        PinRequest,
        PinStatus,
    )
    from socialins.signing.registry import known_drivers, make_signer
    from socialins.signing.rightkey import KeyTerms, check_key, require_right_key
    from socialins.signing.rounds import SignedDocument, SigningRound, sign_documents
    from socialins.signing.scheme import Scheme
    from socialins.signing.session import BaseSession
    from socialins.signing.signer import Session, Signer
    from socialins.signing.submitting import (
        SignedSubmissions,
        UnitSignatures,
        sign_and_close,
        sign_and_submit,
        signature_of,
    )
    from socialins.signing.token import Token, TokenChange, TokenEvent
    from socialins.signing.trust import RevocationList
    from socialins.signing.verification import Aspect, Verification, verify

__all__ = [
    "Aspect",
    "BaseSession",
    "Certificate",
    "ContainedFile",
    "ContainerVerification",
    "Document",
    "DocumentKind",
    "HeldPin",
    "KeyRefused",
    "KeyTerms",
    "LastTry",
    "Pin",
    "PinBlocked",
    "PinIncorrect",
    "PinOutcome",
    "PinPolicy",
    "PinProvider",
    "PinPurpose",
    "PinRequest",
    "PinRequired",
    "PinStatus",
    "PinUnfit",
    "ReaderBusy",
    "RevocationList",
    "Scheme",
    "ServiceUnavailable",
    "Session",
    "SignedDocument",
    "SignedSubmissions",
    "Signer",
    "SigningError",
    "SigningRound",
    "Stamp",
    "Token",
    "TokenChange",
    "TokenEvent",
    "TokenRemoved",
    "UnitSignatures",
    "Verification",
    "WrongDriver",
    "WrongToken",
    "check_key",
    "closing_document",
    "declaration_document",
    "form_document",
    "head_document",
    "is_container",
    "is_pdf",
    "known_drivers",
    "make_signer",
    "read_certificates",
    "require_right_key",
    "sign_and_close",
    "sign_and_submit",
    "sign_cms",
    "sign_container",
    "sign_documents",
    "sign_pdf",
    "sign_pdfs",
    "signature_of",
    "submission_document",
    "verify",
    "verify_container",
    "verify_pdf",
]

_HOMES = {
    "certificate": ("Certificate", "read_certificates"),
    "cms": ("sign_cms",),
    "container": ("sign_container",),
    "containercheck": (
        "ContainedFile",
        "ContainerVerification",
        "is_container",
        "verify_container",
    ),
    "documents": (
        "Document",
        "DocumentKind",
        "closing_document",
        "declaration_document",
        "form_document",
        "head_document",
        "submission_document",
    ),
    "errors": (
        "KeyRefused",
        "LastTry",
        "PinBlocked",
        "PinIncorrect",
        "PinRequired",
        "PinUnfit",
        "ReaderBusy",
        "ServiceUnavailable",
        "SigningError",
        "TokenRemoved",
        "WrongDriver",
        "WrongToken",
    ),
    "guard": ("PinOutcome",),
    "pdf": ("Stamp", "sign_pdf", "sign_pdfs"),
    "pdfcheck": ("is_pdf", "verify_pdf"),
    "pin": (
        "HeldPin",
        "Pin",
        "PinPolicy",
        "PinProvider",
        "PinPurpose",
        "PinRequest",
        "PinStatus",
    ),
    "registry": ("known_drivers", "make_signer"),
    "rightkey": ("KeyTerms", "check_key", "require_right_key"),
    "rounds": ("SignedDocument", "SigningRound", "sign_documents"),
    "scheme": ("Scheme",),
    "session": ("BaseSession",),
    "signer": ("Session", "Signer"),
    "submitting": (
        "SignedSubmissions",
        "UnitSignatures",
        "sign_and_close",
        "sign_and_submit",
        "signature_of",
    ),
    "token": ("Token", "TokenChange", "TokenEvent"),
    "trust": ("RevocationList",),
    "verification": ("Aspect", "Verification", "verify"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
