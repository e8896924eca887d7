"""A key that was asked for, and what the commands have it sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from socialins.cli.keys import ask_pin, choose, signer_of
from socialins.signing import (
    Certificate,
    Document,
    KeyTerms,
    SigningRound,
    Stamp,
    sign_container,
    sign_documents,
    sign_pdfs,
)

__all__ = ["Key"]


@attrs.frozen
class Key:
    """Which key signs, and what it has to fulfil."""

    driver: str
    options: tuple[tuple[str, str], ...]
    token: str | None
    terms: KeyTerms
    chain: tuple[Certificate, ...]

    def sign(self, waiting: Sequence[Document]) -> SigningRound:
        """Sign each document into a file of its own."""
        with self._opened() as session:
            return sign_documents(session, waiting, ask_pin, self.terms, chain=self.chain)

    def sign_pdf(self, waiting: Sequence[Document], reason: str, shown: str | None) -> SigningRound:
        """Sign each document inside; a line shows it, in a language."""
        from socialins.notices.signed import margin_line

        with self._opened() as session:

            def stamp(_document: Document) -> Stamp | None:
                return margin_line(session.certificate(), self.terms.at, shown) if shown else None

            return sign_pdfs(
                session,
                waiting,
                ask_pin,
                self.terms,
                chain=self.chain,
                reason=reason,
                stamp=stamp,
            )

    def sign_together(self, documents: Sequence[Document]) -> bytes:
        """Sign all documents in one container."""
        with self._opened() as session:
            return sign_container(session, documents, ask_pin, self.terms, chain=self.chain)

    def _opened(self) -> Any:
        signer = signer_of(self.driver, self.options)
        return signer.open(choose(signer, self.token))
