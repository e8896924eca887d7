"""`socialins sign`: sign files with the unit's key; each signature goes into a file beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.jsonout import print_json
from socialins.cli.keys import DRIVER, TRUST, Trust, account_of, ask_pin, choose, now, signer_of
from socialins.cli.parameters import FILE, FOLDER
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.faults import Fault, Text
from socialins.rules.signing import SigningRules
from socialins.settlement.plain import fault_to_plain
from socialins.signing import Document, KeyTerms, SigningError, SigningRound, sign_documents

if TYPE_CHECKING:
    from socialins.facade import Region

__all__ = ["command"]

_TEXT = Text(
    "用单位密钥签名：先核对密钥，再询问一次口令；已签过的文件不再重签。",
    "Sign files with the unit's key, which is checked before its PIN is asked for, once. "
    "What is signed already is passed over.",
)
_FILES = Text("要签名的文件。", "The files to sign.")
_OUT = Text("签名文件（.p7s）存放的文件夹。", "Folder for the signatures (.p7s).")
_TOKEN = Text("用哪一把密钥：tokens 列出的名称。", "Which key: its name as tokens lists it.")
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_SIGNED = Text("已签名：{name}", "Signed: {name}")
_LEFT = Text("未签名：{name}", "Not signed: {name}")


def _run(
    *,
    documents: tuple[Path, ...],
    out: Path,
    token: str | None,
    driver: str,
    driver_options: tuple[tuple[str, str], ...],
    region: Region | None,
    unit: Path | None,
    authorities: tuple[Path, ...],
    between: tuple[Path, ...],
    lists: tuple[Path, ...],
    as_json: bool,
) -> None:
    lang = lang_of()
    if unit is None:
        raise Misuse(
            Fault("cli.parameter-missing", {"name": "--unit"}), click.get_current_context()
        )
    names = [path.name for path in documents]
    if len(set(names)) != len(names):
        raise Misuse(Fault("cli.usage", {"problem": ", ".join(names)}), click.get_current_context())
    trust = Trust.read(authorities, between, lists)
    account = account_of(unit, region)
    terms = KeyTerms(
        unit=account.unit,
        at=now(),
        rules=region.cascade.signing() if region else SigningRules(),
        authorities=trust.authorities,
        between=trust.between,
        lists=trust.lists,
    )
    waiting = [one for path in documents if (one := _document(path, out)) is not None]
    signer = signer_of(driver, driver_options)
    with signer.open(choose(signer, token)) as session:
        made = sign_documents(session, waiting, ask_pin, terms, chain=trust.between)
    out.mkdir(parents=True, exist_ok=True)
    for each in made.signed:
        _place(out, each.document.name).write_bytes(each.signature)
    _report(made, out, lang, as_json=as_json)
    if not made.complete:
        click.get_current_context().exit(1)


def _document(path: Path, out: Path) -> Document | None:
    """A file as a document; None if it is signed already."""
    from socialins.signing.signature import read_signature

    document = Document(path.name, path.read_bytes())
    place = _place(out, document.name)
    if place.is_file():
        try:
            found = read_signature(place.read_bytes())
        except SigningError:
            return document
        if found.holds() and found.covers(document.content):
            return None
    return document


def _place(out: Path, name: str) -> Path:
    return out / f"{name}.p7s"


def _report(made: SigningRound, out: Path, lang: str, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "signed": [
                    {
                        "document": one.document.name,
                        "sha256": one.document.sha256,
                        "signature": str(_place(out, one.document.name)),
                    }
                    for one in made.signed
                ],
                "left": [one.name for one in made.left],
                "certificate": made.certificate.to_plain() if made.certificate else None,
                "faults": [fault_to_plain(made.fault, lang)] if made.fault else [],
            }
        )
        return
    console = make_console()
    for one in made.signed:
        say(console, shown(_SIGNED.get(lang).format(name=_place(out, one.document.name))))
    for left in made.left:
        say(console, shown(_LEFT.get(lang).format(name=left.name)))
    if made.fault is not None:
        tell_faults(make_console(stderr=True), [made.fault], lang)


command = Command(
    "sign",
    text=_TEXT,
    callback=_run,
    params=[
        Argument(["documents"], text=_FILES, type=FILE, nargs=-1, required=True),
        Option(["--out"], text=_OUT, type=FOLDER, required=True),
        Option(["--token"], text=_TOKEN, metavar="NAME"),
        *DRIVER,
        *TRUST,
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
