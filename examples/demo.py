"""The main job in three regions: rosters settled, gaps shown, papers written.

    make demo
    python examples/demo.py [--lang zh|en] [--out FOLDER]

Every step is a command that anybody can type, run as it is shown. A step has to end with the status
it should have and say what it should say, else this ends with 1: so the demo is a test as well.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from socialins.cli.language import LANGUAGES, choose_language
from socialins.faults import Text

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = "[rules.unknown]"


@attrs.frozen
class Step:
    """A command and what is to come of it.

    Arguments:
        title: what it shows.
        command: the arguments of ``socialins``.
        status: the exit status it should have.
        says: what its output must hold; for a status other than 0, why it has that status.
        out: the folder or file it writes its paper to, within the demo's folder.
        option: the option that is told where.
        lang: the language it speaks; the demo's if left out.
    """

    title: Text
    command: str
    status: int = 0
    says: tuple[str, ...] = ()
    out: str = ""
    option: str = "--out"
    lang: str = ""


BEIJING = "examples/beijing/roster.xlsx --region beijing --month 2026-11"
HARBIN = "examples/harbin/roster.xlsx --region harbin --month 2026-11"
FUJIAN = "examples/fujian/roster.xlsx --region fujian --month 2025-11"
BROKEN = "examples/beijing/broken.xlsx --region beijing --month 2026-11"

ADDED = "--set payer_category=本市城镇职工 --set added_on=2026-11-03 --set reason=其他新参统"
TAXPAYER = "--set taxpayer_number=91990100MA00000003"


def papers_and_calendar(slug: str, zh: str, en: str, month: str) -> Iterator[Step]:
    """A region's yearly wage file for the tax side, and the windows of the month."""
    yield Step(
        Text(
            f"{zh}：年度缴费工资导入表；两种证件的类型代码未知，对应的人列为错误（状态 1）",
            f"{en}: the yearly wage import; the codes of two kinds of documents are not known, "
            "so their holders are listed (status 1)",
        ),
        f"form fill {slug} wage.declare.tax examples/{slug}/roster.xlsx --month {month} {TAXPAYER}",
        status=1,
        says=("[form.code.unknown]",),
        out=f"{slug}/wage-declare-{month}.xlsx",
    )
    yield Step(
        Text(f"{zh} {month} 的申报期", f"{en}: what may be filed when in {month}"),
        f"calendar {slug} --month {month}",
        out=f"{slug}/windows-{month}.ics",
        option="--ics",
    )


STEPS = (
    Step(
        Text("已安装的地区", "The regions that are installed"),
        "regions",
        says=("beijing", "harbin", "fujian"),
    ),
    Step(
        Text(
            "北京 2026 年 11 月：标准全部已知，严格结算",
            "Beijing, November 2026: every figure is known, so it is settled strictly",
        ),
        f"settle {BEIJING}",
        out="beijing",
    ),
    Step(
        Text(
            "其中一笔是怎么算出来的：第 2 行，工资低于下限",
            "How one of these amounts came about: row 2, whose wage lies below the floor",
        ),
        f"explain {BEIJING} --row 2 --insurance pension --payer unit",
        says=("低于下限", "依据"),
        lang="zh",
    ),
    Step(
        Text(
            "哈尔滨 2026 年 11 月：有的标准未知；严格结算不臆造，到此停止（状态 1）",
            "Harbin, November 2026: some figures are not known; strict settling makes nothing up "
            "and stops there (status 1)",
        ),
        f"settle {HARBIN}",
        status=1,
        says=(UNKNOWN,),
    ),
    Step(
        Text(
            "哈尔滨，宽松：结算已知的部分，列出所缺",
            "Harbin, leniently: what is known is settled, what is missing is listed",
        ),
        f"settle {HARBIN} --lenient",
        out="harbin",
    ),
    Step(
        Text(
            "福建（福州）2025 年 11 月：同样先严格，停止（状态 1）",
            "Fujian (Fuzhou), November 2025: strictly at first, which stops too (status 1)",
        ),
        f"settle {FUJIAN}",
        status=1,
        says=(UNKNOWN,),
    ),
    Step(
        Text("福建（福州），宽松", "Fujian (Fuzhou), leniently"),
        f"settle {FUJIAN} --lenient",
        out="fujian",
    ),
    Step(
        Text(
            "北京：人员增加表，十二人一页",
            "Beijing: the add-staff table, twelve people a page",
        ),
        f"form fill beijing staff.add examples/beijing/roster.xlsx --month 2026-11 {ADDED}",
        out="beijing/add-staff-2026-11.xlsx",
    ),
    *papers_and_calendar("beijing", "北京", "Beijing", "2026-11"),
    *papers_and_calendar("harbin", "哈尔滨", "Harbin", "2026-11"),
    *papers_and_calendar("fujian", "福州", "Fuzhou", "2025-11"),
    Step(
        Text(
            "一份有十行错误的花名册：错行逐一列出办法，其余照常结算（状态 1）",
            "A roster with ten broken rows: each is listed with its remedy, the others are settled "
            "(status 1)",
        ),
        f"settle {BROKEN}",
        status=1,
        says=("[identity.checksum]", "[roster.duplicate]"),
        out="beijing/broken",
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if every step did what it should."""
    parser = argparse.ArgumentParser(description="Settle a month for the example rosters.")
    parser.add_argument("--lang", choices=LANGUAGES, default=choose_language(()))
    parser.add_argument("--out", type=Path, default=Path("out", "demo"), metavar="FOLDER")
    asked = parser.parse_args(argv)
    # A terminal that can't show a character gets a question mark instead of a crash.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    return play(STEPS, asked.out, asked.lang)


def play(steps: Sequence[Step], out: Path, lang: str) -> int:
    """Run steps and say where their papers lie.

    Arguments:
        steps: what to run, in this order.
        out: the folder for the papers, seen from the project's.
        lang: the language, ``"zh"`` or ``"en"``.
    """
    wrong: list[str] = []
    papers: list[tuple[Step, Path]] = []
    for number, step in enumerate(steps, start=1):
        show_title(f"{number}. {step.title.get(lang)}")
        for paper in papers_of(step, out):
            paper.unlink()  # one of an earlier run would speak for this one
        wrong += [f"{number}. {problem}" for problem in run(step, out, lang)]
        papers += [(step, paper) for paper in papers_of(step, out)]
    show_title(_PAPERS.get(lang))
    for step, paper in papers:
        print(f"{step.title.get(lang)}\n    {paper}")
    if wrong:
        print(_WRONG.get(lang), *wrong, sep="\n  ", file=sys.stderr)
    return 1 if wrong else 0


def run(step: Step, out: Path, lang: str) -> Iterator[str]:
    """Run a step and show it; what it did otherwise than it should is told in words."""
    command = [*shlex.split(step.command), "--lang", step.lang or lang]
    if step.out:
        where = out / step.out
        (ROOT / where).parent.mkdir(parents=True, exist_ok=True)
        command += [step.option, where.as_posix()]
    print("$", shlex.join(("socialins", *command)), flush=True)
    done = subprocess.run(  # noqa: S603 - the steps stand above
        (sys.executable, "-m", "socialins", *command),
        cwd=ROOT,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    print(done.stdout, end="", flush=True)
    if done.returncode != step.status:
        yield _STATUS.get(lang).format(found=done.returncode, wanted=step.status)
    for text in step.says:
        if text not in done.stdout:
            yield _SILENT.get(lang).format(text=text)
    if step.out and not papers_of(step, out):
        yield _NO_PAPER.get(lang).format(folder=out / step.out)


def papers_of(step: Step, out: Path) -> list[Path]:
    """The papers that a step wrote: its file, or what lies in its folder."""
    where = ROOT / out / step.out
    if not step.out:
        return []
    if where.suffix:
        return [where] if where.is_file() else []
    return sorted(where.glob("settlement-*.xlsx"))


def surroundings() -> dict[str, str]:
    """The environment of a step: UTF-8 in between, colour and width as on our own terminal."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if sys.stdout.isatty():
        environment["FORCE_COLOR"] = "1"
        environment["COLUMNS"] = str(shutil.get_terminal_size().columns)
    return environment


def show_title(title: str) -> None:
    """Print the heading of a step."""
    print(f"\n=== {title}\n", flush=True)


_PAPERS = Text("文件在这里", "Here lie the papers")
_WRONG = Text("不该如此：", "Not as it should be:")
_STATUS = Text("状态为 {found}，应为 {wanted}", "status {found}; it should be {wanted}")
_SILENT = Text("没有说“{text}”", "nothing said of '{text}'")
_NO_PAPER = Text("{folder} 里没有文件", "no paper lies in {folder}")


if __name__ == "__main__":
    sys.exit(main())
