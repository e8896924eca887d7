"""What the commands of printing have in common: where to, which day, which fonts, which digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import DAY, FILE
from socialins.cli.report import tell_outcome
from socialins.cli.request import ASKED, Request
from socialins.cli.screen import make_console, say, tell_faults
from socialins.faults import Fault, Place, Text
from socialins.forms.output import check_suffix
from socialins.notices import Notice
from socialins.settlement import Settlement

__all__ = ["ASKED_TO_PRINT", "PRINTING", "Print", "bill_command", "of_roster", "unreadable"]

PRINTING: tuple[click.Parameter, ...] = (
    Option(
        ["--out"],
        type=click.Path(path_type=Path),
        text=Text("写成这个文件（.pdf 或 .xlsx）。", "The file to write (.pdf or .xlsx)."),
    ),
    Option(
        ["--day"],
        type=DAY,
        text=Text("制表日期；默认不写日期。", "The sheet's own date; none by default."),
    ),
    Option(
        ["--full-numbers", "full"],
        is_flag=True,
        text=Text("证件号码不隐藏中间各位。", "Print identity numbers in full, unmasked."),
    ),
    Option(
        ["--font", "fonts"],
        multiple=True,
        type=FILE,
        text=Text(
            "自带字体没有的字用这个字体文件，可多次。",
            "A font file for characters that the own fonts lack; may be repeated.",
        ),
    ),
    Option(
        ["--digest"],
        metavar="DIGEST",
        text=Text(
            "不打印，核对一张纸上的摘要（扫描二维码得到）。",
            "Don't print: compare with the digest on a paper, as its code gives it.",
        ),
    ),
)
"""The parameters of every sheet; `Print` takes their values."""

ASKED_TO_PRINT: tuple[click.Parameter, ...] = (
    *(one for one in ASKED if one.name != "as_json"),
    *PRINTING,
)
"""The parameters of a sheet that is made of a roster."""

_DONE = Text("{title}：{path}", "{title}: {path}")
_DIGEST = Text("摘要：{digest}", "Digest: {digest}")
_AGREES = Text(
    "摘要一致：纸上的内容与数据相同。",
    "The digest agrees: the paper says what the data says.",
)


@attrs.frozen(kw_only=True)
class Print:
    """How a sheet is printed.

    Arguments:
        out, day, full, fonts, digest: as the options say.
    """

    out: Path | None
    day: date | None
    fonts: tuple[Path, ...]
    digest: str | None
    full: bool = False

    @classmethod
    def taken(cls, values: dict[str, Any]) -> Print:
        """Take the values of `PRINTING` out of those of a command.

        Raises:
            Misuse: if there is nothing to write and nothing to compare.
            FormError: for a file name of another ending.
        """
        names = [field.name for field in attrs.fields(cls) if field.name in values]
        made = cls(**{name: values.pop(name) for name in names})
        if made.out is None and made.digest is None:
            raise Misuse(Fault("notice.out-missing"), click.get_current_context())
        if made.out is not None:
            if made.out.is_dir():
                found = Fault("cli.file-new", {"path": str(made.out)})
                raise Misuse(found, click.get_current_context())
            check_suffix(made.out, ".pdf", ".xlsx")
        return made

    @property
    def options(self) -> dict[str, Any]:
        """What every kind of sheet takes."""
        return {"day": self.day, "masked": not self.full}

    def finish(self, notice: Notice, faults: Iterable[Fault] = ()) -> None:
        """Write the sheet, or compare its digest; ends the command.

        Arguments:
            notice: the sheet.
            faults: what is wrong with what it was made of.
        """
        ctx, lang = click.get_current_context(), lang_of()
        console = make_console()
        found = list(faults)
        if self.digest is not None:
            wrong = notice.verify(self.digest)
            if wrong is None:
                say(console, _AGREES.get(lang), "green")
            else:
                found.append(wrong)
        if self.out is not None:
            self._save(notice, self.out)
            title = notice.document.title
            say(console, _DONE.get(lang).format(title=title, path=self.out))
            say(console, _DIGEST.get(lang).format(digest=notice.digest))
        tell_faults(make_console(stderr=True), found, lang)
        ctx.exit(1 if any(fault.is_error for fault in found) else 0)

    def _save(self, notice: Notice, out: Path) -> None:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            notice.save(out, fonts=self.fonts)
        except OSError as error:
            values = {"path": str(out), "reason": error.strerror or str(error)}
            raise Stopped([Fault("cli.write-failed", values, Place(file=str(out)))]) from error


def of_roster(make: Callable[[Request, Settlement, Print], Notice], **asked: Any) -> None:
    """Settle a roster and print a sheet of the bill.

    Arguments:
        make: makes the sheet.
        asked: the values of `ASKED_TO_PRINT`.
    """
    lang = lang_of()
    how = Print.taken(asked)
    outcome = Request.gather(**asked).run(lang)
    if outcome.bill is None:
        tell_outcome(make_console(stderr=True), outcome, lang)
        click.get_current_context().exit(1)
    how.finish(make(outcome.request, outcome.bill, how), outcome.bill.faults)


def bill_command(
    name: str, text: Text, make: Callable[[Request, Settlement, Print], Notice]
) -> Command:
    """The command of a sheet that needs nothing but the bill."""

    def run(**asked: Any) -> None:
        of_roster(make, **asked)

    return Command(name, text=text, params=list(ASKED_TO_PRINT), callback=run)


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Turn the system's word on a file that can't be read into a fault."""
    try:
        yield
    except OSError as error:
        values = {"path": str(path), "reason": error.strerror or str(error)}
        raise Stopped([Fault("cli.unreadable", values, Place(file=str(path)))]) from error
