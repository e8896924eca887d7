"""The add-staff paper in another program: what the clerk prints is what the bureau takes."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from stdnum.cn.ric import calc_check_digit

import socialins as si

SOFFICE = shutil.which("soffice")
PAGE = re.compile(rb"/Type\s*/Page\b")

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def printed(path: Path, folder: Path) -> bytes:
    profile = (folder / "profile").as_uri()
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / path.with_suffix(".pdf").name).read_bytes()


@pytest.mark.parametrize(("people", "pages"), [(0, 1), (12, 1), (30, 3)])
def test_libreoffice_prints_a_page_for_every_twelve_people(
    people: int, pages: int, tmp_path: Path
) -> None:
    rows = []
    for index in range(1, people + 1):
        digits = f"11010519900307{index:03}"
        number = digits + calc_check_digit(f"{digits}0")
        # The longest things that stand in a cell must not push a row onto another page.
        name = "阿卜杜拉·买买提江·图尔荪" if index % 2 else f"人{index}"
        rows.append({"name": name, "id_number": number, "wage": "136348.00"})
    filled = (
        si.region("110000")
        .forms["staff.add"]
        .fill(
            rows,
            si.Unit("示例科技有限公司"),
            payer_category="外埠城镇职工（劳务派遣）",
            reason="其他新参统（外埠转入人员）",
            added_on=date(2026, 11, 1),
            medical=True,
        )
    )
    assert not filled.faults
    filled.save(tmp_path / "add.xlsx")
    assert len(PAGE.findall(printed(tmp_path / "add.xlsx", tmp_path))) == pages
