"""Smart cards and USB keys that answer over PC/SC, by their profiles.

Two keys of one model look the same to a reader, so a token is known by its certificate. While a
session is open the reader is held exclusively: a PIN that was verified would serve others, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import attrs

from socialins.faults import Fault, FaultError
from socialins.signing.certificate import Certificate
from socialins.signing.drivers.card import Card
from socialins.signing.drivers.profile import CardProfile, built_in_profiles
from socialins.signing.drivers.readers import Connection, PcscReaders, Readers
from socialins.signing.errors import error_of
from socialins.signing.guard import PinOutcome
from socialins.signing.pin import Pin, PinStatus
from socialins.signing.scheme import Scheme
from socialins.signing.session import BaseSession
from socialins.signing.signer import WatchCallback
from socialins.signing.token import Token
from socialins.signing.watching import INTERVAL, PollingWatch

__all__ = ["PcscSession", "PcscSigner", "driver"]

_GONE = ("signing.token-removed", "signing.no-token", "signing.no-answer")


def driver(options: Mapping[str, str]) -> PcscSigner:
    """The driver, from its options: ``last-try`` set to ``yes`` spends the PIN's last try, too."""
    return PcscSigner(allow_last_try=options.get("last-try") == "yes")


class PcscSigner:
    """The cards in a machine's readers.

    Arguments:
        readers: the readers; the system's by default.
        profiles: kinds of cards, in the order they are tried.
        allow_last_try: spend the last try of a PIN, too.
    """

    name = "pcsc"

    def __init__(
        self,
        readers: Readers | None = None,
        profiles: Sequence[CardProfile] | None = None,
        *,
        allow_last_try: bool = False,
    ) -> None:
        self._given = readers
        self.profiles = tuple(built_in_profiles() if profiles is None else profiles)
        self.allow_last_try = allow_last_try

    def list_tokens(self) -> tuple[Token, ...]:
        """One entry a reader: its card, or why there is none that can be used."""
        names = self._readers().names()
        if not names:
            raise error_of(Fault("signing.no-reader"))
        return tuple(self._look(name) for name in names)

    def watch(self, callback: WatchCallback, interval: float | None = INTERVAL) -> PollingWatch:
        """Be told when a card comes or goes; cards are only spoken to when something changed."""
        readers = self._readers()
        before: object = None
        tokens: tuple[Token, ...] = ()

        def look() -> tuple[Token, ...]:
            nonlocal before, tokens
            presence = readers.presence()
            if presence != before:
                # Whether a card is there can be asked even of a reader that somebody holds.
                before = presence
                tokens = tuple(self._seen(*one) for one in presence.items())
            return tokens

        return PollingWatch(look, callback, interval)

    def open(self, token: Token, expected_cert_sha256: str | None = None) -> PcscSession:
        """Open the card in a reader, for nobody else."""
        connection = self._readers().connect(token.reader, exclusive=True)
        try:
            card, certificate = self._find(connection)
            expected = expected_cert_sha256 or (token.certificate and token.certificate.sha256)
            session = PcscSession(
                token,
                connection,
                card,
                certificate,
                expected or None,
                allow_last_try=self.allow_last_try,
            )
            session.check()
        except BaseException:
            connection.close()
            raise
        return session

    def _readers(self) -> Readers:
        if self._given is None:
            self._given = PcscReaders()
        return self._given

    def _seen(self, reader: str, state: object) -> Token:
        if state is not None:
            return self._look(reader)
        fault = Fault("signing.no-token", {"reader": reader})
        return Token(driver=self.name, reader=reader, fault=fault)

    def _look(self, reader: str) -> Token:
        token = Token(driver=self.name, reader=reader)
        try:
            connection = self._readers().connect(reader, exclusive=False)
        except FaultError as error:
            return attrs.evolve(token, fault=error.fault)
        try:
            card, certificate = self._find(connection)
            return attrs.evolve(
                token,
                label=card.profile.title.en,
                profile=card.profile.id,
                certificate=certificate,
                pin=card.pin_status(),
            )
        except FaultError as error:
            return attrs.evolve(token, fault=error.fault)
        finally:
            connection.close()

    def _find(self, connection: Connection) -> tuple[Card, Certificate]:
        """The first application that has a certificate."""
        seen = False
        for profile in self.profiles:
            card = Card(connection, profile)
            if card.select():
                seen = True
                certificate = card.certificate()
                if certificate is not None:
                    if certificate.scheme in (None, Scheme.SM2_SM3):
                        raise error_of(Fault("signing.key-upgraded", {"driver": profile.id}))
                    return card, certificate
        if seen:
            raise error_of(Fault("signing.no-certificate"))
        raise error_of(Fault("signing.wrong-driver", {"driver": self.name}))


class PcscSession(BaseSession):
    """An open card."""

    def __init__(
        self,
        token: Token,
        connection: Connection,
        card: Card,
        certificate: Certificate,
        expected: str | None,
        *,
        allow_last_try: bool = False,
    ) -> None:
        super().__init__(token, expected, allow_last_try=allow_last_try)
        self._connection = connection
        self._card = card
        self._mine = certificate
        self._gone = False
        self.policy = card.profile.pin.policy
        self.unblocking = card.profile.unblock.policy

    def check(self) -> None:
        """Refuse another card than the expected one."""
        self._must_be_expected()

    def certificate(self) -> Certificate:
        """The certificate, as it was read when the card was opened."""
        return self._mine

    def pin_status(self) -> PinStatus:
        """How the PIN stands; asking costs no try."""
        with self._noticing():
            return self._card.pin_status()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._gone:
            raise error_of(Fault("signing.token-removed"))
        with self._noticing():
            if not self._card.select():
                raise error_of(Fault("signing.wrong-driver", {"driver": self._card.profile.id}))
            yield

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Notice that the card is gone: whatever comes back into the reader may be another one."""
        try:
            yield
        except FaultError as error:
            if error.fault.code in _GONE:
                self._gone = True
            raise

    def _unblock_status(self) -> PinStatus:
        return self._card.unblock_status()

    def _show(self, pin: Pin) -> PinOutcome:
        return self._card.verify(pin)

    def _change(self, current: Pin, new: Pin) -> PinOutcome:
        return self._card.change(current, new)

    def _unblock(self, code: Pin, new: Pin) -> PinOutcome:
        return self._card.unblock(code, new)

    def _sign(self, message: bytes, scheme: Scheme) -> bytes:
        return self._card.sign(message, scheme, self._mine)

    def _release(self) -> None:
        self._connection.close()
