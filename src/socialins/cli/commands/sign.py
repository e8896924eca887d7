"""`socialins sign`: sign files with the unit's key.

Each signature goes into a file of its own, into the PDF that it is of, or with all files into one
container.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse
from socialins.cli.heads import write_head
from socialins.cli.jsonout import print_json
from socialins.cli.keys import DRIVER, TRUST, Trust, account_of, now
from socialins.cli.parameters import FILE, FOLDER, JOURNAL, NEW_FILE
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.cli.signing import Key
from socialins.faults import Fault, Place, Text
from socialins.forms.output import whole_file
from socialins.rules.signing import SigningRules
from socialins.settlement.plain import fault_to_plain
from socialins.signing import (
    Document,
    KeyTerms,
    SigningError,
    SigningRound,
    verify_pdf,
)

if TYPE_CHECKING:
    from socialins.facade import Region

__all__ = ["command"]

_TEXT = Text(
    "用单位密钥签名：先核对密钥，再询问一次口令；已签过的文件不再重签。",
    "Sign files with the unit's key, which is checked before its PIN is asked for, once. "
    "What is signed already is passed over.",
)
_FILES = Text("要签名的文件。", "The files to sign.")
_JOURNAL = Text(
    "流水账（文件、导出或 postgresql:// 地址）：核对后把标记写入 --out 并签名，可重复。",
    "A journal (file, export, postgresql:// address): it is verified, and its head written into "
    "--out and signed; repeatable.",
)
_OUT = Text(
    "签名文件（.p7s）或签名后的 PDF 存放的文件夹。", "Folder for the signatures, or the signed PDF."
)
_PDF = Text(
    "签在 PDF 里，另存为 .signed.pdf；SM2 密钥不行。",
    "Sign inside the PDF and save it as .signed.pdf; not with an SM2 key.",
)
_REASON = Text("PDF 里写明的签名原因。", "Why it is signed, as the PDF shows it.")
_VISIBLE = Text(
    "在末页下边距里显示签名单位和时间。",
    "Show unit and moment in the lower margin of the last page.",
)
_CONTAINER = Text(
    "把文件和签名一起放进这个容器（.asice）。",
    "Put the files and the signature into this container (.asice).",
)
_TOKEN = Text("用哪一把密钥：tokens 列出的名称。", "Which key: its name as tokens lists it.")
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_SIGNED = Text("已签名：{name}", "Signed: {name}")
_LEFT = Text("未签名：{name}", "Not signed: {name}")


def _run(
    *,
    documents: tuple[Path, ...],
    journals: tuple[Path | str, ...],
    out: Path | None,
    pdf: bool,
    reason: str | None,
    visible: bool,
    container: Path | None,
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
        raise _misuse("cli.parameter-missing", name="--unit")
    _must_fit(out, container, pdf=pdf, shown={"--reason": reason, "--visible": visible})
    if journals and (out is None or pdf):
        raise _misuse("cli.only-with", name="--journal", other="--out")
    if not documents and not journals:
        raise _misuse("cli.parameter-missing", name="DOCUMENTS")
    names = [path.stem.casefold() if pdf else path.name for path in documents]
    if len(set(names)) != len(names):
        raise _misuse("cli.usage", problem=", ".join(names))
    trust = Trust.read(authorities, between, lists)
    account = account_of(unit, region)
    if out is not None:
        documents = (*documents, *(write_head(one, out, account) for one in journals))
    terms = KeyTerms(
        unit=account.unit,
        at=now(),
        rules=region.cascade.signing() if region else SigningRules(),
        authorities=trust.authorities,
        between=trust.between,
        lists=trust.lists,
    )
    key = Key(driver, driver_options, token, terms, trust.between)
    if container is not None:
        found = [Document(path.name, path.read_bytes()) for path in documents]
        _into(container, found, key, lang, as_json=as_json)
    elif out is not None:
        waiting = [one for path in documents if (one := _document(path, out, pdf=pdf)) is not None]
        shown = lang if visible else None
        made = key.sign_pdf(waiting, reason or "", shown) if pdf else key.sign(waiting)
        _write(made, out, lang, pdf=pdf, as_json=as_json)


def _write(made: SigningRound, out: Path, lang: str, *, pdf: bool, as_json: bool) -> None:
    """Write what was signed, and tell it; the status is 1 if anything is left."""
    out.mkdir(parents=True, exist_ok=True)
    for each in made.signed:
        with whole_file(_place(out, each.document.name, pdf=pdf)) as unfinished:
            unfinished.write_bytes(each.signature)
    _report(made, out, lang, pdf=pdf, as_json=as_json)
    if not made.complete:
        click.get_current_context().exit(1)


def _must_fit(
    out: Path | None, container: Path | None, *, pdf: bool, shown: Mapping[str, object]
) -> None:
    """Refuse options that say nothing together."""
    if container is not None and (out is not None or pdf):
        names = "--container, --out" if out is not None else "--container, --pdf"
        raise _misuse("cli.one-of", names=names)
    if container is None and out is None:
        raise _misuse("cli.parameter-missing", name="--out")
    for name, given in shown.items():
        if given and not pdf:
            raise _misuse("cli.only-with", name=name, other="--pdf")


def _misuse(code: str, **values: str) -> Misuse:
    return Misuse(Fault(code, values), click.get_current_context())


def _into(
    container: Path, documents: Sequence[Document], key: Key, lang: str, *, as_json: bool
) -> None:
    if container.exists():
        place = Place(file=str(container))
        raise SigningError(Fault("signing.container-there", {"path": str(container)}, place))
    made = key.sign_together(documents)
    with whole_file(container) as unfinished:
        unfinished.write_bytes(made)
    if as_json:
        files = [{"document": one.name, "sha256": one.sha256} for one in documents]
        print_json({"container": str(container), "files": files})
    else:
        say(make_console(), shown(_SIGNED.get(lang).format(name=container)))


def _document(path: Path, out: Path, *, pdf: bool) -> Document | None:
    """A file as a document; None if it is signed already."""
    document = Document(path.name, path.read_bytes())
    place = _place(out, document.name, pdf=pdf)
    if place.is_file() and _is_signed(document.content, place.read_bytes(), pdf=pdf):
        return None
    return document


def _is_signed(content: bytes, signature: bytes, *, pdf: bool) -> bool:
    from socialins.signing.signature import read_signature

    if pdf:
        last = verify_pdf(signature)[-1]
        return signature.startswith(content) and last.signature.ok and last.content.ok
    try:
        found = read_signature(signature)
    except SigningError:
        return False
    return found.holds() and found.covers(content)


def _place(out: Path, name: str, *, pdf: bool) -> Path:
    return out / (f"{Path(name).stem}.signed.pdf" if pdf else f"{name}.p7s")


def _report(made: SigningRound, out: Path, lang: str, *, pdf: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "signed": [
                    {
                        "document": one.document.name,
                        "sha256": one.document.sha256,
                        "signature": str(_place(out, one.document.name, pdf=pdf)),
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
        place = _place(out, one.document.name, pdf=pdf)
        say(console, shown(_SIGNED.get(lang).format(name=place)))
    for left in made.left:
        say(console, shown(_LEFT.get(lang).format(name=left.name)))
    if made.fault is not None:
        tell_faults(make_console(stderr=True), [made.fault], lang)


command = Command(
    "sign",
    text=_TEXT,
    callback=_run,
    params=[
        Argument(["documents"], text=_FILES, type=FILE, nargs=-1),
        Option(["--journal", "journals"], text=_JOURNAL, type=JOURNAL, multiple=True),
        Option(["--out"], text=_OUT, type=FOLDER),
        Option(["--pdf"], text=_PDF, is_flag=True),
        Option(["--reason"], text=_REASON, metavar="TEXT"),
        Option(["--visible"], text=_VISIBLE, is_flag=True),
        Option(["--container"], text=_CONTAINER, type=NEW_FILE),
        Option(["--token"], text=_TOKEN, metavar="NAME"),
        *DRIVER,
        *TRUST,
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
