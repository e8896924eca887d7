"""`socialins verify`: a signature's four sides, each told by itself.

The signature is a file beside the document, or stands in the PDF or container that is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.jsonout import print_json
from socialins.cli.keys import TRUST, Trust, account_of
from socialins.cli.parameters import FILE, FOLDER, MOMENT
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table, tell_faults
from socialins.faults import Fault, Text
from socialins.signing import (
    ContainerVerification,
    Verification,
    is_container,
    is_pdf,
    verify,
    verify_container,
    verify_pdf,
)

if TYPE_CHECKING:
    from socialins.facade import Region

__all__ = ["command"]

_TEXT = Text(
    "验证签名：签名、证书链、内容、单位四项分别说明；有一项不符时退出状态为 1。",
    "Verify a signature: signature, chain, content and unit, each by itself; "
    "the status is 1 if one of them is not right.",
)
_DOCUMENT = Text("签名的文件。", "The file that was signed.")
_SIGNATURE = Text(
    "签名文件（.p7s）；签名在 PDF 或容器里的不用给。",
    "The signature (.p7s); none where it stands in the PDF or container.",
)
_EXTRACT = Text(
    "容器通过检验后，把文件解到这个文件夹。",
    "Unpack the container's files into this folder, if it is right.",
)
_NUMBER = Text("第 {number} 个签名，共 {count} 个", "Signature {number} of {count}")
_HOLDS = Text(
    "容器里的文件：{name}（{type}，{bytes} 字节）", "In it: {name} ({type}, {bytes} bytes)"
)
_UNPACKED = Text("已解开：{path}", "Unpacked: {path}")
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
    signature: Path | None,
    extract: Path | None,
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
    content = document.read_bytes()
    terms: dict[str, Any] = {
        "unit": account_of(unit, region).unit if unit else None,
        "rules": region.cascade.signing() if region else None,
        "authorities": trust.authorities,
        "between": trust.between,
        "lists": trust.lists,
        "at": at,
    }
    if extract is not None and (signature is not None or not is_container(content)):
        raise _misuse("cli.only-with", name="--extract", other=".asice")
    if signature is not None:
        found = verify(content, signature.read_bytes(), **terms)
        _finish(found.ok, found.to_plain(lang), [found], lang, as_json=as_json)
    elif is_container(content):
        _container(verify_container(content, **terms), extract, lang, as_json=as_json)
    elif is_pdf(content):
        all_ = verify_pdf(content, **terms)
        ok = all_[-1].ok
        plain = {"ok": ok, "signatures": [one.to_plain(lang) for one in all_]}
        _finish(ok, plain, all_, lang, as_json=as_json)
    else:
        raise _misuse("cli.parameter-missing", name="SIGNATURE")


def _misuse(code: str, **values: str) -> Misuse:
    return Misuse(Fault(code, values), click.get_current_context())


def _container(
    found: ContainerVerification, extract: Path | None, lang: str, *, as_json: bool
) -> None:
    paths = found.extract(extract) if extract is not None and found.ok else ()
    plain = found.to_plain(lang) | {"extracted": [str(path) for path in paths]}
    if not as_json:
        console = make_console()
        for one in found.files:
            words = _HOLDS.get(lang)
            say(
                console,
                shown(words.format(name=one.name, type=one.media_type, bytes=len(one.content))),
            )
        for path in paths:
            say(console, shown(_UNPACKED.get(lang).format(path=path)))
        tell_faults(make_console(stderr=True), found.faults, lang, remedies_once=True)
    _finish(found.ok, plain, found.signatures, lang, as_json=as_json)


def _finish(
    ok: bool, plain: dict[str, Any], found: Sequence[Verification], lang: str, *, as_json: bool
) -> None:
    """Tell what was found of each signature, and end the command."""
    if as_json:
        print_json(plain)
    else:
        for number, one in enumerate(found, start=1):
            if len(found) > 1:
                words = _NUMBER.get(lang).format(number=number, count=len(found))
                say(make_console(), words, "bold")
            _tell(one, lang)
    if not ok:
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
        Argument(["signature"], text=_SIGNATURE, type=FILE, required=False),
        Option(["--extract"], text=_EXTRACT, type=FOLDER),
        *TRUST,
        Option(["--at"], text=_AT, type=MOMENT),
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
