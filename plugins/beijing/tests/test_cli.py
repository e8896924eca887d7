"""The command in months whose relief depends on the unit: it asks, and never guesses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from socialins.cli.app import app

ROSTER = "姓名,证件号码,申报工资\n示例,11010519491231002X,8000\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    return file


def call(command: str, path: Path, *arguments: str) -> Result:
    where = ("--region", "beijing", "--month", "2020-03", "--injury-rate", "0.2%")
    return CliRunner().invoke(app, [command, str(path), *where, *arguments])


def owed(result: Result) -> dict[tuple[str, str], str]:
    told = json.loads(result.stdout)["contributions"]
    return {(one["insurance"], one["payer"]): one["amount"] for one in told}


def test_without_the_size_nothing_is_settled_and_the_option_is_named(path: Path) -> None:
    for lang in ("zh", "en"):
        ran = call("settle", path, "--lang", lang)
        assert ran.exit_code == 1
        assert "[settle.relief-undecided]" in ran.stdout
        assert "--unit-size" in ran.stdout


@pytest.mark.parametrize("size", ["small", "小型企业"])
def test_a_small_unit_owed_no_pension_of_its_own(size: str, path: Path) -> None:
    ran = call("settle", path, "--unit-size", size, "--json")
    assert ran.exit_code == 0
    amounts = owed(ran)
    assert amounts["pension", "unit"] == "0.00"
    assert amounts["pension", "person"] == "640.00"
    assert amounts["injury", "unit"] == "0.00"


def test_a_large_unit_owed_half(path: Path) -> None:
    amounts = owed(call("settle", path, "--unit-size", "large", "--json"))
    assert amounts["pension", "unit"] == "640.00"
    explained = call("explain", path, "--unit-size", "large", "--row", "2", "--lang", "en")
    assert "人社部发〔2020〕11号" in explained.stdout


def test_the_option_comes_before_what_the_unit_file_says(path: Path, tmp_path: Path) -> None:
    unit = tmp_path / "unit.toml"
    unit.write_text('size = "large"', encoding="utf-8")
    file = ("--unit", str(unit), "--json")
    assert owed(call("settle", path, *file))["pension", "unit"] == "640.00"
    assert owed(call("settle", path, *file, "--unit-size", "micro"))["pension", "unit"] == "0.00"
