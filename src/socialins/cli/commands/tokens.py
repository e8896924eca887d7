"""`socialins tokens`: the self-check of keys before filing; it costs no try of any PIN."""

from __future__ import annotations

import click

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.keys import DRIVER, signer_of
from socialins.cli.screen import Column, make_console, print_trimmed, say, table, tell_faults
from socialins.faults import Fault, FaultError, MissingExtra, Text
from socialins.settlement.plain import fault_to_plain
from socialins.signing import Token, TokenChange, TokenEvent

__all__ = ["command"]

_TEXT = Text(
    "检测密钥：列出读卡器、密钥、证书、单位、有效期和口令剩余次数；不消耗口令次数。",
    "List readers and keys with certificate, unit, validity and tries left; no try is spent.",
)
_WATCH = Text("持续显示插拔，直到按下 Ctrl+C。", "Go on telling what comes and goes, until Ctrl+C.")
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_COLUMNS = (
    Column(Text("读卡器", "Reader")),
    Column(Text("密钥", "Key"), whole=True),
    Column(Text("单位名称", "Unit")),
    Column(Text("信用代码", "Credit code"), whole=True),
    Column(Text("算法", "Algorithm")),
    Column(Text("有效期至", "Valid until"), whole=True),
    Column(Text("剩余次数", "Tries left"), number=True),
)
_CHANGES = {
    TokenChange.INSERTED: Text("插入：{name}（{reader}）", "Inserted: {name} ({reader})"),
    TokenChange.REMOVED: Text("拔出：{name}（{reader}）", "Removed: {name} ({reader})"),
}


def _run(
    driver: str, driver_options: tuple[tuple[str, str], ...], watch: bool, as_json: bool
) -> None:
    lang = lang_of()
    signer = signer_of(driver, driver_options)
    tokens: tuple[Token, ...] = ()
    faults: tuple[Fault, ...] = ()
    try:
        tokens = signer.list_tokens()
    except MissingExtra:
        raise
    except FaultError as error:
        faults = (error.fault,)
    if as_json:
        print_json(
            {
                "driver": driver,
                "tokens": [one.to_plain(lang) for one in tokens],
                "faults": [fault_to_plain(fault, lang) for fault in faults],
            }
        )
    else:
        _tell(tokens, faults, lang)
    if watch:
        _watch(signer, lang)
    elif not any(one.usable for one in tokens):
        click.get_current_context().exit(1)


def _tell(tokens: tuple[Token, ...], faults: tuple[Fault, ...], lang: str) -> None:
    if tokens:
        print_trimmed(make_console(), table(_COLUMNS, [_row(one, lang) for one in tokens], lang))
    seen = [one.fault for one in tokens if one.fault is not None]
    tell_faults(make_console(stderr=True), (*seen, *faults), lang, remedies_once=True)


def _row(token: Token, lang: str) -> tuple[object, ...]:
    certificate = token.certificate
    if certificate is None:
        return (token.reader, token.label, "", "", "", "", _left(token))
    plain = certificate.to_plain()
    return (
        token.reader,
        token.name,
        plain["unit_name"] or certificate.subject,
        plain["credit_code"] or "",
        certificate.scheme.title(lang) if certificate.scheme else "?",
        certificate.not_after.date().isoformat(),
        _left(token),
    )


def _left(token: Token) -> str:
    left = 0 if token.pin.blocked else token.pin.tries_left
    return "" if left is None else str(left)


def _watch(signer: object, lang: str) -> None:
    from threading import Event

    from socialins.signing import Signer

    console = make_console()

    def tell(event: TokenEvent) -> None:
        words = _CHANGES[event.change].get(lang)
        say(console, words.format(name=event.token.name, reader=event.token.reader))

    assert isinstance(signer, Signer)  # noqa: S101 - for type checkers
    with signer.watch(tell):
        Event().wait()


command = Command(
    "tokens",
    text=_TEXT,
    callback=_run,
    params=[
        *DRIVER,
        Option(["--watch"], text=_WATCH, is_flag=True),
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
