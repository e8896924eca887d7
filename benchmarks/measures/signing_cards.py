"""Signatures a second by cards over PC/SC, beside bare pyscard; run by `measures.signing`.

It needs the environment of `make test-signing`: a PC/SC daemon with a virtual reader, and cards
that others wrote, whose own work is in every figure.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measures import in_turns
from benchmarks.measures.signing import MESSAGE, ROUNDS, Work, a_second
from benchmarks.measures.signing_stack import PIN, module_of_stack, of_session
from socialins.signing import Scheme
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.drivers.readers import PcscReaders
from socialins.testing.tokens.personal import personalise_openpgp, personalise_piv

RSA, P256 = Scheme.RSA_PKCS1_SHA256, Scheme.ECDSA_P256_SHA256
DIGEST = hashlib.sha256(MESSAGE).digest()
INFO = bytes.fromhex("3031300d060960864801650304020105000420")

PIV = (
    bytes.fromhex("00A4040009A00000030800001000"),
    bytes.fromhex("0020008008") + PIN + b"\xff\xff",
    bytes.fromhex("0087119C267C2482008120") + DIGEST + b"\0",
)
OPENPGP = {
    scheme: (
        bytes.fromhex("00A4040006D2760001240100"),
        bytes.fromhex("0020008106") + PIN,
        bytes.fromhex("002A9E9A") + bytes([len(signed)]) + signed + b"\0",
    )
    for scheme, signed in ((P256, DIGEST), (RSA, INFO + DIGEST))
}


def main() -> None:
    """Measure each card in turns with the bare commands."""
    stack = module_of_stack()
    found: dict[str, dict[str, float]] = {}
    with TemporaryDirectory() as scratch, stack.pcsc_daemon(Path(scratch)):
        for title, card, scheme, commands in (
            ("PC/SC, jcecard (PIV), P-256", "jcecard", P256, PIV),
            ("PC/SC, OpenPGP card, P-256", "openpgp", P256, OPENPGP[P256]),
            ("PC/SC, OpenPGP card, RSA-2048", "openpgp", RSA, OPENPGP[RSA]),
        ):
            with stack.card_in_reader(card):
                found[title] = of_card(card, scheme, commands)
    print(json.dumps(found, ensure_ascii=False))


def of_card(card: str, scheme: Scheme, commands: tuple[bytes, ...]) -> dict[str, float]:
    """The driver and the bare commands, by turns: each holds the reader alone."""
    readers = PcscReaders()
    channel = readers.connect(readers.names()[0], exclusive=True)
    if card == "jcecard":
        personalise_piv(channel)
    else:
        personalise_openpgp(channel, scheme)
    channel.close()

    def ours() -> float:
        signer = PcscSigner()
        with signer.open(signer.list_tokens()[0]) as session:
            return a_second(of_session(session, scheme, MESSAGE, PIN))()

    def bare() -> float:
        connected, work = bare_work(commands)
        rate = a_second(work)()
        connected()
        return rate

    return in_turns({"driver": ours, "pyscard, the same commands": bare}, ROUNDS)


def bare_work(commands: tuple[bytes, ...]) -> tuple[Work, Work]:
    """What ends a connection of bare pyscard, and what signs by it."""
    from smartcard import scard

    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, names = scard.SCardListReaders(context, [])
    _, card, protocol = scard.SCardConnect(context, names[0], scard.SCARD_SHARE_EXCLUSIVE, 3)
    lists = [list(command) for command in commands]

    def end() -> None:
        scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
        scard.SCardReleaseContext(context)

    def sign() -> None:
        for command in lists:
            _, answer = scard.SCardTransmit(card, protocol, command)
            while answer[-2] == 0x61:
                more = [0, 0xC0, 0, 0, answer[-1]]
                _, answer = scard.SCardTransmit(card, protocol, more)
            if answer[-2:] != [0x90, 0]:
                raise ValueError(bytes(answer).hex())

    return end, sign


if __name__ == "__main__":
    main()
