"""The notice of five hundred persons as PDF, by each library that could make it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measures import Figure, tell
from benchmarks.places import ROOT, WORK, python_of, sources_for

PERSONS = 500
OURS = "socialins"
LIBRARIES = ("fpdf2", "fpdf2-table", "reportlab", "typst", "weasyprint")
WEIGHED = ("fpdf2", "reportlab", "typst", "weasyprint")
RUNS = 3
_MAKERS = "benchmarks.measures.pdf_makers"

HEADS = ["序号", "姓名", "证件号码", "缴费基数", "单位应缴", "个人应缴", "合计"]
WIDTHS = [12, 30, 44, 25, 25, 25, 25]
# Rare characters of names stand in it too: 㛃䶮𬭛𫖯𪟝.
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ["伟", "芳芳", "秀英", "㛃", "䶮", "𬭛", "𫖯", "𪟝", "志强", "国庆", "喆", "堃"]

_READ = """
import json, sys
import pypdfium2
from pdfminer.high_level import extract_text
from pypdf import PdfReader
reader = PdfReader(sys.argv[1])
other = pypdfium2.PdfDocument(sys.argv[1])
texts = {
    "pypdf": "".join(page.extract_text() for page in reader.pages),
    "pdfminer.six": extract_text(sys.argv[1]),
    "PDFium": "".join(page.get_textpage().get_text_range() for page in other),
}
fonts = {}
for page in reader.pages:
    for font in page["/Resources"]["/Font"].values():
        found = font.get_object()
        inside = False
        for part in found.get("/DescendantFonts", [found]):
            described = part.get_object().get("/FontDescriptor")
            keys = described.get_object() if described is not None else ()
            inside = inside or any(key.startswith("/FontFile") for key in keys)
        fonts[str(found["/BaseFont"])] = inside
texts = {name: "".join(text.split()) for name, text in texts.items()}
print(json.dumps({"pages": len(reader.pages), "texts": texts, "fonts": fonts}))
"""
_WEIGHT = """
import json, re, sys
from importlib.metadata import distribution
seen, todo = set(), [sys.argv[1]]
while todo:
    one = distribution(todo.pop())
    if one.name.lower() in seen:
        continue
    seen.add(one.name.lower())
    for need in one.requires or []:
        name, _, marker = need.partition(";")
        if "extra" in marker or "platform" in marker or "python_version" in marker:
            continue
        todo.append(re.match(r"[\\w.-]+", name)[0])
size = sum(
    path.locate().stat().st_size
    for name in seen for path in distribution(name).files or [] if path.locate().is_file()
)
print(json.dumps({"packages": sorted(seen), "bytes": size}))
"""


def main() -> None:
    """Measure all, the runs in turns."""
    python = python_of("pdf")
    if python is None:
        raise SystemExit("the environment .venv-bench-pdf was not made")
    WORK.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=WORK) as scratch:
        folder = Path(scratch)
        given = folder / "data.json"
        data = _data()
        given.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        _asked(python, "-m", _MAKERS, "reportlab", "-", "-")
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in (OURS, *LIBRARIES)}
        for _ in range(RUNS):
            for name, found in runs.items():
                out = str(folder / f"{name}.pdf")
                asked = [python, "-m", _MAKERS, name, str(given), out]
                if name == OURS:
                    asked = [
                        sys.executable,
                        "-m",
                        "benchmarks.measures.pdf_ours",
                        out,
                        str(PERSONS),
                    ]
                found.append(json.loads(_asked(*asked)))
        figures: list[Figure] = []
        for name, found in runs.items():
            read = json.loads(_asked(python, "-c", _READ, str(folder / f"{name}.pdf")))
            figures += _figures(name, found, read, found[0].get("rows", data["rows"]))
            if name in WEIGHED:
                weight = json.loads(_asked(python, "-c", _WEIGHT, name))
                size, names = round(weight["bytes"] / 2**20), ", ".join(weight["packages"])
                figures.append(Figure(f"{name}: installed", size, "MB", note=names))
        font = json.loads(_asked(python, "-c", _WEIGHT, "pylopdf-fonts-zh-cn"))
        figures.append(Figure("the font's package", round(font["bytes"] / 2**20), "MB"))
    tell(
        f"A notice of {PERSONS} persons as PDF",
        figures,
        f"A process for each run, {RUNS} in turns, the best; imports and font included in the "
        "first document.",
    )


def _figures(
    name: str, runs: list[dict[str, Any]], read: dict[str, Any], rows: list[list[str]]
) -> list[Figure]:
    words = {word for row in rows for word in row if word}
    lost = {
        reader: sum("".join(word.split()) not in text for word in words)
        for reader, text in read["texts"].items()
    }
    same = all(run["same"] for run in runs) and len({run["digest"] for run in runs}) == 1
    outside = sum(not inside for inside in read["fonts"].values())
    return [
        Figure(f"{name}: first document", round(min(run["first"] for run in runs), 2), "s"),
        Figure(f"{name}: a further one", round(min(run["warm"] for run in runs), 2), "s"),
        Figure(f"{name}: peak memory", round(max(run["peak"] for run in runs) / 2**20), "MB"),
        Figure(f"{name}: the file", round(runs[0]["bytes"] / 1000), "kB"),
        Figure(f"{name}: pages", read["pages"], ""),
        *(
            Figure(f"{name}: words that {reader} does not find", count, "", note=f"of {len(words)}")
            for reader, count in lost.items()
        ),
        Figure(f"{name}: fonts named and not embedded", outside, ""),
        Figure(
            f"{name}: same bytes each time",
            int(same),
            "",
            1 if name == OURS else None,
            more=True,
        ),
    ]


def _data() -> dict[str, Any]:
    rows, total = [], 0
    for number in range(1, PERSONS + 1):
        base = 500_000 + 1_237 * number
        unit, person = base * 26 // 100, base * 105 // 1000
        total += unit + person
        name = SURNAMES[number % 20] + GIVEN[number % 12]
        money = [f"{fen // 100:,}.{fen % 100:02}" for fen in (base, unit, person, unit + person)]
        rows.append([str(number), name, f"110***********{number:04}", *money])
    shown = f"{total // 100:,}.{total % 100:02}"
    return {
        "heads": HEADS,
        "widths": WIDTHS,
        "rows": rows,
        "total": f"合计 {shown}",
        "code": "sha256:" + "0123456789abcdef" * 4,
    }


def _asked(python: str, *arguments: str) -> str:
    done = subprocess.run(
        [python, *arguments],
        cwd=ROOT,
        env=sources_for("pdf"),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
