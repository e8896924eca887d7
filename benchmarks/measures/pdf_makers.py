"""The notice of a roster, as each PDF library makes it: `python -m … LIBRARY DATA OUT`.

It runs where the libraries are installed and imports nothing of the project. Each library is used
as its manual shows it for a long table: heads repeated on every page, page numbers, Chinese glyphs,
the same A4 page, letters, widths and picture. One line of JSON says what it took.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

Data = dict[str, Any]

DAY = datetime(2026, 11, 1, tzinfo=UTC)
SIZE = 8
MARGIN = 12


def font_of(package: str, ending: str) -> Path:
    """The font file of a package."""
    folder = Path(str(import_module(package).__file__)).parent
    return next(path for path in sorted(folder.rglob("*")) if path.name.endswith(ending))


def picture(text: str) -> bytes:
    """A QR code as PNG."""
    segno: Any = import_module("segno")
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=4)
    return out.getvalue()


def by_fpdf2(data: Data) -> bytes:
    """With fpdf2, cell by cell."""
    fpdf: Any = import_module("fpdf")

    class Page(fpdf.FPDF):  # type: ignore[misc]
        def header(self) -> None:
            self.set_font("han", size=SIZE)
            for word, width in zip(data["heads"], data["widths"], strict=True):
                self.cell(width, 6, word, border=1)
            self.ln()

        def footer(self) -> None:
            self.set_y(-MARGIN)
            self.cell(0, 5, f"第{self.page_no()}页 共{{nb}}页", align="C")

    pdf = Page()
    pdf.set_creation_date(DAY)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, 16)
    pdf.add_font("han", fname=font_of("pylopdf_fonts_zh_cn", "SansSC-Regular.otf"))
    pdf.add_page()
    for row in data["rows"]:
        for word, width in zip(row, data["widths"], strict=True):
            pdf.cell(width, 5, word, border=1)
        pdf.ln()
    pdf.cell(0, 8, data["total"], new_x="LMARGIN", new_y="NEXT")
    pdf.image(io.BytesIO(picture(data["code"])), w=20)
    return bytes(pdf.output())


def by_fpdf2_table(data: Data) -> bytes:
    """With fpdf2's own tables, which wrap and measure."""
    fpdf: Any = import_module("fpdf")

    class Page(fpdf.FPDF):  # type: ignore[misc]
        def footer(self) -> None:
            self.set_y(-MARGIN)
            self.cell(0, 5, f"第{self.page_no()}页 共{{nb}}页", align="C")

    pdf = Page()
    pdf.set_creation_date(DAY)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, 16)
    pdf.add_font("han", fname=font_of("pylopdf_fonts_zh_cn", "SansSC-Regular.otf"))
    pdf.set_font("han", size=SIZE)
    pdf.add_page()
    plain = import_module("fpdf.fonts").FontFace()
    widths = tuple(data["widths"])
    with pdf.table(col_widths=widths, line_height=5, headings_style=plain) as table:
        table.row(data["heads"])
        for row in data["rows"]:
            table.row(row)
    pdf.cell(0, 8, data["total"], new_x="LMARGIN", new_y="NEXT")
    pdf.image(io.BytesIO(picture(data["code"])), w=20)
    return bytes(pdf.output())


def reportlab_font() -> Path:
    """The regular weight of a variable font, cut out once; ReportLab takes no other outlines."""
    kept = Path(__file__).parents[2] / "out" / "bench" / "NotoSansSC-regular.ttf"
    if not kept.exists():
        tt: Any = import_module("fontTools.ttLib")
        instancer: Any = import_module("fontTools.varLib.instancer")
        kept.parent.mkdir(parents=True, exist_ok=True)
        font = tt.TTFont(font_of("justmytype_intl_cjk", "NotoSansSC[wght].ttf"))
        instancer.instantiateVariableFont(font, {"wght": 400}, inplace=True)
        font.save(kept)
    return kept


def by_reportlab(data: Data) -> bytes:
    """With ReportLab's long tables."""
    platypus: Any = import_module("reportlab.platypus")
    metrics: Any = import_module("reportlab.pdfbase.pdfmetrics")
    ttfonts: Any = import_module("reportlab.pdfbase.ttfonts")
    canvas: Any = import_module("reportlab.pdfgen.canvas")
    mm: float = import_module("reportlab.lib.units").mm
    metrics.registerFont(ttfonts.TTFont("han", str(reportlab_font())))

    class Numbered(canvas.Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self.kept, start=1):
                self.__dict__.update(state)
                self.setFont("han", SIZE)
                self.drawCentredString(105 * mm, MARGIN * mm, f"第{number}页 共{len(self.kept)}页")
                super().showPage()
            super().save()

    out = io.BytesIO()
    table = platypus.LongTable(
        [data["heads"], *data["rows"]],
        colWidths=[width * mm for width in data["widths"]],
        repeatRows=1,
        style=[
            ("FONT", (0, 0), (-1, -1), "han", SIZE),
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ],
    )
    style = import_module("reportlab.lib.styles").ParagraphStyle("total", fontName="han")
    image = platypus.Image(io.BytesIO(picture(data["code"])), 20 * mm, 20 * mm)
    margin = dict.fromkeys(("leftMargin", "rightMargin", "topMargin"), MARGIN * mm)
    page = platypus.SimpleDocTemplate(out, bottomMargin=18 * mm, invariant=1, **margin)
    story = [table, platypus.Paragraph(html.escape(data["total"]), style), image]
    page.build(story, canvasmaker=Numbered)
    return out.getvalue()


def by_weasyprint(data: Data) -> bytes:
    """With WeasyPrint, from a page of HTML."""
    weasyprint: Any = import_module("weasyprint")
    base64: Any = import_module("base64")
    config: Any = import_module("weasyprint.text.fonts").FontConfiguration()
    font = font_of("pylopdf_fonts_zh_cn", "SansSC-Regular.otf").as_uri()
    style = f"""@font-face {{font-family: han; src: url({font})}}
        @page {{size: A4; margin: {MARGIN}mm;
          @bottom-center {{font: {SIZE}pt han;
            content: "第" counter(page) "页 共" counter(pages) "页"}}}}
        body {{font: {SIZE}pt han}} td, th {{border: 1px solid; font-weight: normal}}
        table {{border-collapse: collapse; table-layout: fixed; width: 100%}}"""
    columns = "".join(f"<col style='width:{width}mm'>" for width in data["widths"])

    def row(words: list[str], tag: str) -> str:
        cells = "".join(f"<{tag}>{html.escape(word)}</{tag}>" for word in words)
        return f"<tr>{cells}</tr>"

    image = base64.b64encode(picture(data["code"])).decode()
    body = f"""<meta name=dcterms.created content="{DAY:%Y-%m-%d}"><body><table>{columns}
        <thead>{row(data["heads"], "th")}</thead>
        {"".join(row(one, "td") for one in data["rows"])}</table>
        <p>{html.escape(data["total"])}</p>
        <img style="width:20mm" src="data:image/png;base64,{image}">"""
    sheet = weasyprint.CSS(string=style, font_config=config)
    made = weasyprint.HTML(string=body).write_pdf(stylesheets=[sheet], font_config=config)
    return bytes(made)


TYPST = """#set document(date: datetime(year: 2026, month: 11, day: 1))
#set page(paper: "a4", margin: MARGINmm,
  footer: context align(center, counter(page).display("第1页 共1页", both: true)))
#set text(font: "Noto Sans SC", size: SIZEpt, lang: "zh", fallback: false)
#let data = json(bytes(sys.inputs.data))
#table(columns: data.widths.map(width => width * 1mm), inset: 1.2mm, stroke: 0.5pt,
  table.header(..data.heads), ..data.rows.flatten())
#data.total
#image(bytes(data.picture), width: 20mm)
"""


def by_typst(data: Data) -> bytes:
    """With typst, the data given as JSON."""
    typst: Any = import_module("typst")
    source = TYPST.replace("MARGIN", str(MARGIN)).replace("SIZE", str(SIZE))
    given = json.dumps(data | {"picture": list(picture(data["code"]))}, ensure_ascii=False)
    made = typst.compile(
        source.encode(),
        font_paths=[str(font_of("pylopdf_fonts_zh_cn", "SansSC-Regular.otf").parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": given},
    )
    return bytes(made)


MAKERS: dict[str, Callable[[Data], bytes]] = {
    "fpdf2": by_fpdf2,
    "fpdf2-table": by_fpdf2_table,
    "reportlab": by_reportlab,
    "typst": by_typst,
    "weasyprint": by_weasyprint,
}


def main() -> None:
    """Make it once cold, then warm."""
    library, given, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    make = MAKERS[library]
    if library == "reportlab":
        reportlab_font()
        if given.name == "-":
            return
    data = json.loads(given.read_text("utf-8"))
    start = time.perf_counter()
    made = make(data)
    first = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    out.write_bytes(made)
    start = time.perf_counter()
    again = make(data)
    warm = time.perf_counter() - start
    digest = hashlib.sha256(made).hexdigest()
    said = {"first": first, "warm": warm, "peak": peak, "bytes": len(made), "digest": digest}
    print(json.dumps(said | {"same": made == again}))


if __name__ == "__main__":
    main()
