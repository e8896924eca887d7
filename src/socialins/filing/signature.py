"""Signatures (电子签名) on what is submitted: what comes with a command, and what was proved of it.

Filing knows no cryptography. A command brings evidence, a `SignatureCheck` that the caller hands to
`decide` proves it, and only what it proved gets into an event. So nobody can claim a signature that
was not verified; and the event keeps the very bytes, so that it can be verified again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import attrs

from socialins.deciding import Refused, Values
from socialins.faults import Fault
from socialins.filing.stating import changed
from socialins.model.unit import UnitAccount

__all__ = ["ProvedSignature", "Signature", "SignatureCheck", "SignatureFact", "proved"]


@attrs.frozen
class Signature:
    """Evidence: what the unit signed, and its signature.

    Arguments:
        content: the text that was signed, as `submission_content` or `closing_content` gives it.
        cms: the detached signature over it in UTF-8, CMS in DER.
    """

    content: str = attrs.field(repr=False)
    cms: bytes = attrs.field(repr=False)


@attrs.frozen
class SignatureFact:
    """What proving a signature found.

    Arguments:
        scheme: how it is signed, such as ``sm2-sm3``.
        certificate: the fingerprint of the signer's certificate (SHA-256).
    """

    scheme: str
    certificate: str


@attrs.frozen
class ProvedSignature:
    """A signature as an event keeps it: the evidence, and what was found when it was proved.

    Arguments:
        content: the text that was signed.
        cms: the detached signature over it in UTF-8.
        scheme: how it is signed.
        certificate: the fingerprint of the signer's certificate.
    """

    content: str = attrs.field(repr=False)
    cms: bytes = attrs.field(repr=False)
    scheme: str
    certificate: str

    @property
    def fact(self) -> SignatureFact:
        """What was found of it when it was proved."""
        return SignatureFact(self.scheme, self.certificate)


class SignatureCheck(Protocol):
    """Proves signatures of an account's unit; `socialins.signing.UnitSignatures` is one."""

    @property
    def account(self) -> UnitAccount:
        """Whose signatures it proves."""

    def __call__(
        self, content: bytes, signature: bytes, at: datetime, /
    ) -> SignatureFact | tuple[Fault, ...]:
        """Prove that the account's unit signed some bytes.

        Arguments:
            content: the bytes.
            signature: the detached signature.
            at: the moment that certificate and rules are judged by.

        Returns:
            What was found, or all that is wrong.
        """


def proved(
    given: Signature,
    account: str,
    content: Callable[[UnitAccount], bytes],
    check: SignatureCheck | None,
    at: datetime,
) -> ProvedSignature:
    """A signature that is exactly of some content and verifies.

    Arguments:
        given: the evidence.
        account: the number of the account that the book is of.
        content: gives what has to be signed, for the check's account.
        check: proves it.
        at: the moment of submission.

    Raises:
        Refused: if it is of anything else, does not verify, or nobody could prove it.
    """
    if check is None:
        raise Refused(Fault("filing.signature-unchecked"))
    if check.account.number != account:
        values = {"account": account, "found": check.account.number}
        raise Refused(Fault("filing.signature-account", values))
    expected = content(check.account)
    if given.content != expected.decode():
        shown: Values = {"changed": changed(expected, given.content)}
        raise Refused(Fault("filing.signature-content", shown))
    found = check(expected, given.cms, at)
    if not isinstance(found, SignatureFact):
        raise Refused(*found)
    return ProvedSignature(given.content, given.cms, found.scheme, found.certificate)
