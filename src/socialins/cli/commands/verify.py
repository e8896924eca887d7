"""`socialins verify`: a signature's four sides, each told by itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.keys import TRUST, Trust, account_of
from socialins.cli.parameters import FILE, MOMENT
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table, tell_faults
from socialins.faults import Text
from socialins.signing import Verification, verify

if TYPE_CHECKING:
    from socialins.facade import Region

__all__ = ["command"]

_TEXT = Text(
    "验证签名：签名、证书链、内容、单位四项分别说明；有一项不符时退出状态为 1。",
    "Verify a signature: signature, chain, content and unit, each by itself; "
    "the status is 1 if one of them is not right.",
)
_DOCUMENT = Text("签名的文件。", "The file that was signed.")
_SIGNATURE = Text("签名文件（.p7s）。", "The signature (.p7s).")
_AT = Text(
    "按这一刻检验证书；默认按签名人自己写明的时间。",
    "Judge the certificate by this moment; by default the one that the signer stated.",
)
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_SIDES = {
    "signature": Text("签名", "signature"),
    "chain": Text("证书链", "chain"),
    "content": Text("内容", "content"),
    "binding": Text("单位", "unit"),
}
_RIGHT = Text("相符", "right")
_WRONG = Text("不符", "wrong")
_UNCHECKED = Text("未检验", "not checked")
_COLUMNS = (Column(Text("项目", "Side"), whole=True), Column(Text("结果", "Result"), whole=True))
_SIGNER = Text("签名人：{subject}", "Signer: {subject}")
_STATED = Text("签名人写明的时间：{moment}", "Moment that the signer stated: {moment}")


def _run(
    *,
    document: Path,
    signature: Path,
    region: Region | None,
    unit: Path | None,
    authorities: tuple[Path, ...],
    between: tuple[Path, ...],
    lists: tuple[Path, ...],
    at: datetime | None,
    as_json: bool,
) -> None:
    lang = lang_of()
    trust = Trust.read(authorities, between, lists)
    found = verify(
        document.read_bytes(),
        signature.read_bytes(),
        unit=account_of(unit, region).unit if unit else None,
        rules=region.cascade.signing() if region else None,
        authorities=trust.authorities,
        between=trust.between,
        lists=trust.lists,
        at=at,
    )
    if as_json:
        print_json(found.to_plain(lang))
    else:
        _tell(found, lang)
    if not found.ok:
        click.get_current_context().exit(1)


def _tell(found: Verification, lang: str) -> None:
    console = make_console()
    rows = [
        (
            _SIDES[name].get(lang),
            (_RIGHT if one.ok else _WRONG if one.checked else _UNCHECKED).get(lang),
        )
        for name, one in found.aspects()
    ]
    print_trimmed(console, table(_COLUMNS, rows, lang))
    if found.certificate is not None:
        say(console, shown(_SIGNER.get(lang).format(subject=found.certificate.subject)))
    if found.signed_at is not None:
        say(console, _STATED.get(lang).format(moment=found.signed_at.isoformat()))
    faults = [fault for _, one in found.aspects() for fault in one.faults]
    tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)


command = Command(
    "verify",
    text=_TEXT,
    callback=_run,
    params=[
        Argument(["document"], text=_DOCUMENT, type=FILE),
        Argument(["signature"], text=_SIGNATURE, type=FILE),
        *TRUST,
        Option(["--at"], text=_AT, type=MOMENT),
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
