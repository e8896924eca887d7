"""A number of the system's service says nothing to a user; what to do about it does."""

from __future__ import annotations

from typing import Any

import pytest

from socialins.signing import ReaderBusy, ServiceUnavailable, SigningError, TokenRemoved
from socialins.signing.drivers.readers import PcscReaders, fault_of


class Service:
    """The functions of pyscard that are used, with what they are to answer."""

    SCARD_S_SUCCESS = 0
    SCARD_E_TIMEOUT = 0x8010000A
    SCARD_SCOPE_USER = SCARD_STATE_UNAWARE = 0
    SCARD_SHARE_EXCLUSIVE, SCARD_SHARE_SHARED = 1, 2
    SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1 = 1, 2
    SCARD_RESET_CARD = 1
    SCARD_STATE_PRESENT = 0x20

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.sent: list[list[int]] = []
        self.open = 0
        self.shared: list[int] = []
        self.ended: list[int] = []

    def SCardEstablishContext(self, _scope: int) -> tuple[int, int]:  # noqa: N802
        self.open += 1
        return self.answers.get("context", 0), 7

    def SCardReleaseContext(self, _context: int) -> int:  # noqa: N802
        self.open -= 1
        return 0

    def SCardListReaders(self, _context: int, _groups: list[str]) -> tuple[int, list[str]]:  # noqa: N802
        return self.answers.get("list", 0), ["A", "B"]

    def SCardGetStatusChange(self, _context: int, _wait: int, _asked: Any) -> tuple[int, Any]:  # noqa: N802
        states = [("A", 0x30020, [0x3B]), ("B", 0x10010, [])]
        return self.answers.get("status", 0), states

    def SCardConnect(  # noqa: N802
        self, _context: int, _reader: str, mode: int, _protocols: int
    ) -> tuple[int, int, int]:
        self.shared.append(mode)
        return self.answers.get("connect", 0), 9, 2

    def SCardTransmit(  # noqa: N802
        self, _card: int, _protocol: int, command: list[int]
    ) -> tuple[int, list[int]]:
        self.sent.append(command)
        assert command == [0, 0x20, 0, 0x80, 1, 0x31]
        return self.answers.get("transmit", 0), [0x90, 0x00]

    def SCardDisconnect(self, _card: int, how: int) -> int:  # noqa: N802
        self.ended.append(how)
        return 0


def readers(monkeypatch: pytest.MonkeyPatch, service: Service) -> PcscReaders:
    import sys
    from types import ModuleType

    package = ModuleType("smartcard")
    package.scard = service  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "smartcard", package)
    monkeypatch.setitem(sys.modules, "smartcard.scard", service)
    return PcscReaders()


def test_a_command_goes_out_and_is_wiped_and_the_card_is_reset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service()
    found = readers(monkeypatch, service)
    assert found.names() == ("A", "B")
    assert found.presence() == {"A": (3, (0x3B,)), "B": None}
    connection = found.connect("A", exclusive=True)
    command = bytearray.fromhex("002000800131")
    assert connection.transmit(command) == b"\x90\x00"
    assert not any(command)
    assert not any(service.sent[0]), "the list that pyscard was handed has the PIN in it"
    connection.close()
    assert service.shared == [service.SCARD_SHARE_EXCLUSIVE]
    assert service.ended == [service.SCARD_RESET_CARD]
    assert service.open == 0


@pytest.mark.parametrize(
    ("answers", "error", "code"),
    [
        ({"connect": 0x8010000B}, ReaderBusy, "signing.reader-busy"),
        ({"connect": 0x8010000C}, TokenRemoved, "signing.no-token"),
        ({"connect": 0x80100066}, SigningError, "signing.wrong-driver"),
        ({"connect": 0x80100065}, SigningError, "signing.other-driver"),
        ({"connect": 0x8010001D - (1 << 32)}, ServiceUnavailable, "signing.service-unavailable"),
        ({"context": 0x8010001D}, ServiceUnavailable, "signing.service-unavailable"),
        ({"transmit": 0x80100016}, TokenRemoved, "signing.token-removed"),
        ({"transmit": 0x80100069}, TokenRemoved, "signing.token-removed"),
        ({"transmit": 0x8010002F}, SigningError, "signing.no-answer"),
        ({"transmit": 0x80100001}, SigningError, "signing.card-error"),
    ],
)
def test_each_failure_of_the_service_has_its_fault(
    answers: dict[str, int],
    error: type[SigningError],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service(**answers)
    found = readers(monkeypatch, service)
    with pytest.raises(error) as caught:
        found.connect("A", exclusive=True).transmit(bytearray.fromhex("002000800131"))
    assert caught.value.fault.code == code
    assert all(not any(command) for command in service.sent)


def test_no_reader_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    found = readers(monkeypatch, Service(list=0x8010002E))
    assert found.names() == ()
    assert found.presence() == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_the_number_there_is_a_remedy(lang: str) -> None:
    for code in range(0x80100000, 0x80100080):
        assert fault_of(code, "reader").remedy(lang)
