"""Layouts of exports are data: a plugin adds what its place calls things, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

import socialins as si
from socialins.facade import Region
from socialins.faults import FaultError
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.reconcile.exportfile import check_layouts, detail_layout
from socialins.rules import RuleFileError, build_rule_books, read_rule_folder
from socialins.testing.middle import middle

MIDDLE = files("socialins.testing.middle")
COUNTRY = "tax-client-detail.toml"

HEAD = """
division = "{division}"
id = "tax-client-detail"
title = {{ zh = "明细", en = "details" }}
mark = "C"
[sources.x]
title = "明细"
seen = "made up"
"""


@pytest.fixture
def region(tmp_path: Path) -> Callable[..., Region]:
    """The fictional region with further layout files."""

    def make(*, country: bool = True, **further: str) -> Region:
        folder = tmp_path / "exports"
        folder.mkdir(exist_ok=True)
        if country:
            text = MIDDLE.joinpath("exports").joinpath(COUNTRY).read_text("utf-8")
            (folder / COUNTRY).write_text(text, encoding="utf-8")
        for name, text in further.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        books = build_rule_books(read_rule_folder(MIDDLE.joinpath("rules")))
        plugin = LoadedPlugin("middle", books=books, package=tmp_path)
        registry = Registry((plugin,), HookManager())
        return Region(registry.book("middle"), registry)

    return make


def test_the_national_layout_has_the_columns_of_both_cities(client: SimpleNamespace) -> None:
    some = si.regions()[0]
    layout = detail_layout(some.registry, some.cascade).layout
    for heading in {*client.SHANGHAI, *client.TIANJIN}:
        assert layout.column_for(heading) is not None, heading


def test_a_nearer_division_adds_headings_and_words(
    region: Callable[..., Region], client: SimpleNamespace, export: Callable[..., Path]
) -> None:
    more = HEAD.format(division="990100") + (
        '[insurances]\npension = ["老有所养"]\n'
        '[[columns]]\nfield = "due"\ntitle = { zh = "本期应缴", en = "due now" }\n'
    )
    found = region(city=more)
    bill = found.settle(si.Roster("2026-11", [client.entry(1)]))
    lines = [
        attrs.evolve(line, title="老有所养")
        for line in client.lines_of(bill)
        if line.insurance == "pension"
    ]
    path = export(lines)
    text = path.read_text("gb18030").replace("应缴费额", "本期应缴", 1)
    path.write_text(text, encoding="gb18030")
    assert found.reconcile(bill, path, insurance="pension").clean
    with pytest.raises(FaultError):
        middle().reconcile(bill, path, insurance="pension")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('[[columns]]\nfield = "wages"\ntitle = { zh = "x", en = "x" }\n', "wages"),
        ('[[columns]]\nfield = "due"\ntitle = { zh = "姓名", en = "x" }\n', "heads two columns"),
        ("most_persons = true\n[[columns]]\n", ""),
    ],
)
def test_a_wrong_layout_is_named_with_its_file(
    region: Callable[..., Region], more: str, problem: str
) -> None:
    found = region(city=HEAD.format(division="990100") + more)
    with pytest.raises(RuleFileError) as caught:
        detail_layout(found.registry, found.cascade)
    assert {fault.code for fault in caught.value.faults} == {"reconcile.layout"}
    assert problem in str(caught.value)
    assert list(check_layouts(found.registry, found.cascade)) == list(caught.value.faults)


def test_a_layout_of_a_stranger_is_refused(region: Callable[..., Region]) -> None:
    found = region(city=HEAD.format(division="110000"))
    with pytest.raises(RuleFileError, match="no rules of 110000"):
        detail_layout(found.registry, found.cascade)


def test_without_a_layout_the_user_is_told_what_to_install(
    region: Callable[..., Region], client: SimpleNamespace, export: Callable[..., Path]
) -> None:
    found = region(country=False)
    bill = found.settle(si.Roster("2026-11", [client.entry(1)]))
    with pytest.raises(FaultError) as caught:
        found.reconcile(bill, export(client.lines_of(bill)))
    assert caught.value.fault.code == "reconcile.no-layout"
    assert not list(check_layouts(found.registry, found.cascade))
