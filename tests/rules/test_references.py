"""A name that no rule has is told where it was written, not when somebody first files by it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

import socialins as si
from socialins.facade import Region
from socialins.faults import Fault
from socialins.plugins import HookManager, LoadedPlugin, Registry, installed
from socialins.rules import RuleFileError, build_rule_books, read_rule_folder
from socialins.testing.middle import middle

CITY = """\
division = "990100"
[region]
slug = "odd"
name = { zh = "奇州", en = "Odd City" }
[sources.one]
title = "通知"
seen = "made up for tests"
[[numbers]]
id = "unit-number"
title = { zh = "单位编号", en = "unit number" }
length = 10
source = "one"
[[attachments]]
id = "upload"
title = { zh = "上传", en = "upload" }
sources = ["one"]
[[trades]]
id = "catering"
title = { zh = "餐饮", en = "catering" }
"""
PROVINCE = """\
division = "990000"
[region]
slug = "odd-province"
name = { zh = "奇省", en = "Odd Province" }
[sources.far]
title = "通知"
seen = "made up for tests"
[[attachments]]
id = "far-photo"
title = { zh = "照片", en = "photograph" }
sources = ["far"]
"""
STAFF = '[[businesses]]\nid = "staff.add"\n'
KEY = '[[access.logins]]\nmethod = "key"\n'
NODE = '[[access.nodes]]\nid = "staff"\ntitle = { zh = "人员", en = "staff" }\n'
WINDOW = """[[windows.values]]
from = "2020-01"
intervals = [{ first = { day = 1 }, last = { day = 9 } }]
sources = ["one"]
mark = "A"
"""
SERIES = 'values = [{ from = "2020-01", rate = "1%", sources = ["one"], mark = "A" }]'

# What stands in a file, the key that is told, the unknown name, a name that is near it.
SLIPS = {
    "material": (
        STAFF
        + 'materials = [{ zh = "证", en = "p" }, { zh = "照", en = "q", attachment = "uplod" }]',
        "businesses[0].materials[1].attachment",
        "uplod",
        "upload",
    ),
    "province's photo": (
        '[cards]\nphoto = "far-foto"',
        "cards.photo",
        "far-foto",
        "far-photo",
    ),
    "prerequisite's insurance": (
        STAFF + 'requires = [{ id = "insurances-among", insurances = ["pension", "injry"] }]',
        "businesses[0].requires[0].insurances",
        "injry",
        "injury",
    ),
    "window": (
        f'[[windows]]\nbusinesses = ["staff.add", "staff.stopp"]\n{WINDOW}',
        "windows[0].businesses",
        "staff.stopp",
        "staff.stop",
    ),
    "closing": (
        '[closing]\nunchanged_by = "month.settle-unchangd"',
        "closing.unchanged_by",
        "month.settle-unchangd",
        "month.settle-unchanged",
    ),
    "collection": (
        '[[collection.modes]]\ninsurances = ["pensions"]\nfrom = "2020-01"\nmode = "assessed"',
        "collection.modes[0].insurances",
        "pensions",
        "pension",
    ),
    "opened when registering": (
        '[access]\nopenable = ["staff.ad"]',
        "access.openable",
        "staff.ad",
        "staff.add",
    ),
    "login's business": (
        f'{KEY}[[access.logins]]\nmethod = "certificate-free"\nbusinesses = ["wage.chnge"]',
        "access.logins[1].businesses",
        "wage.chnge",
        "wage.change",
    ),
    "login's number": (
        KEY + 'login_id = "unit-nmber"',
        "access.logins[0].login_id",
        "unit-nmber",
        "unit-number",
    ),
    "node": (
        NODE + 'businesses = ["staff.resum"]',
        "access.nodes[0].businesses",
        "staff.resum",
        "staff.resume",
    ),
    "signature": (
        '[[signing.required]]\nbusinesses = ["staff.add"]\nbut = ["staff.nw"]\nsource = "one"',
        "signing.required[0].but",
        "staff.nw",
        "staff.new",
    ),
    "trade": (
        '[[rates]]\ninsurance = "pension"\npayer = "unit"\nwho = { trade = ["caterin"] }\n'
        + SERIES,
        "rates[0].who.trade",
        "caterin",
        "catering",
    ),
}

Load = Callable[[str], Region]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """A region of a file, with the national rules and a province above it."""

    def made(body: str, head: str = CITY) -> Region:
        (tmp_path / "city.toml").write_text(head + body + "\n", "utf-8")
        (tmp_path / "province.toml").write_text(PROVINCE, "utf-8")
        national = read_rule_folder(files("socialins_national") / "rules")
        plugins = (
            LoadedPlugin("national", books=build_rule_books(national)),
            LoadedPlugin("odd", books=build_rule_books(read_rule_folder(tmp_path))),
        )
        registry = Registry(plugins, HookManager())
        return Region(registry.book("odd"), registry)

    return made


def _told(region: Region) -> tuple[Fault, ...]:
    with pytest.raises(RuleFileError) as raised:
        _ = region.cascade
    return raised.value.faults


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_file_key_and_what_is_near(load: Load, slip: str) -> None:
    body, path, wrong, right = SLIPS[slip]
    (fault,) = _told(load(body))
    assert fault.code == "rules.unknown-name"
    assert (fault.place.file, fault.place.field) == ("city.toml", path)
    for lang in ("zh", "en"):
        assert wrong in fault.message(lang)
        assert right in fault.message(lang)
        assert fault.remedy(lang)


@pytest.mark.parametrize("slip", SLIPS)
def test_the_right_name_loads_whatever_level_has_it(load: Load, slip: str) -> None:
    body, _, wrong, right = SLIPS[slip]
    assert load(body.replace(f'"{wrong}"', f'"{right}"')).cascade


def test_every_slip_of_a_file_is_told_at_once(load: Load) -> None:
    bodies = (SLIPS[name][0] for name in ("material", "window", "closing"))
    faults = _told(load("\n".join(bodies)))
    assert {fault.values["name"] for fault in faults} == {
        SLIPS[name][2] for name in ("material", "window", "closing")
    }


def test_a_name_that_nothing_is_near_is_told_without_a_guess(load: Load) -> None:
    (fault,) = _told(load('[cards]\nphoto = "zzzz"'))
    assert fault.message("en").endswith("no rule for pictures 'zzzz' stands in [[attachments]].")


def test_a_units_own_rules_are_looked_through_as_well() -> None:
    own = {"cards": {"photo": "card-phto"}}
    with pytest.raises(RuleFileError) as raised:
        middle().card_rules(own)
    (fault,) = raised.value.faults
    assert fault.code == "rules.unknown-name"
    assert fault.place.field == "cards.photo"
    assert "card-photo" in fault.message("en")
    assert middle().card_rules({"cards": {"photo": "upload"}}).photo == "upload"


@pytest.mark.parametrize("slug", sorted(book.names.slug for book in installed().divisions()))
def test_no_shipped_region_names_what_it_does_not_have(slug: str) -> None:
    assert si.region(slug).cascade.books
