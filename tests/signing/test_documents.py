"""What is signed has to be the same bytes for the same content, and other bytes for any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from socialins.filing import Change, Declaration
from socialins.filing.codes import DeclarationState
from socialins.identity import IdDocument
from socialins.model import InsuredPerson
from socialins.model.unit import UnitAccount
from socialins.signing import (
    Document,
    DocumentKind,
    SigningError,
    declaration_document,
    form_document,
    head_document,
)
from socialins.signing.documents import canonical_json
from socialins.store.record import Head, canonical
from socialins.testing.tokens.samples import UNIT
from socialins.values import Money

TEXT = st.text(st.characters(codec="utf-8"))
ACCOUNT = UnitAccount(UNIT, "0001234567")
PERSON = InsuredPerson("王一", IdDocument("passport", "E12345678"))
ROW = Change(row="1", person=PERSON, wage=Money.yuan("5000"), insurances={"pension", "medical"})
ONE = Declaration(id="D1", business="staff.add", rows=(ROW,))
TWO = Declaration(id="D2", business="staff.stop", rows=(Change(row="1", person=PERSON),))


def batch(*declarations: Declaration, **changes: Any) -> bytes:
    known: dict[str, Any] = {"account": ACCOUNT, "division": "990100", "month": "2026-11"}
    return declaration_document(declarations, **{**known, **changes}).content


def test_the_same_declarations_in_another_order_are_the_same_bytes() -> None:
    assert batch(ONE, TWO) == batch(TWO, ONE)


def test_where_a_declaration_stands_is_not_signed_but_all_that_it_states_is() -> None:
    passed = attrs.evolve(ONE, state=DeclarationState.PASSED)
    assert batch(passed) == batch(ONE)
    changed = [
        attrs.evolve(ONE, id="D9"),
        attrs.evolve(ONE, business="staff.stop"),
        attrs.evolve(ONE, corrects="D0"),
        attrs.evolve(ONE, rows=()),
        attrs.evolve(ONE, rows=(attrs.evolve(ROW, wage=Money.yuan("5000.01")),)),
        attrs.evolve(ONE, rows=(attrs.evolve(ROW, insurances={"pension"}),)),
        attrs.evolve(ONE, rows=(attrs.evolve(ROW, insurances=None),)),
        attrs.evolve(ONE, rows=(attrs.evolve(ROW, extra={"a": "b"}),)),
        attrs.evolve(ONE, rows=(ROW, attrs.evolve(ROW, row="2"))),
    ]
    other_account = UnitAccount(UNIT, "0001234568")
    all_bytes = {
        batch(ONE),
        *(batch(one) for one in changed),
        batch(ONE, TWO),
        batch(ONE, month="2026-12"),
        batch(ONE, division="990200"),
        batch(ONE, account=other_account),
    }
    assert len(all_bytes) == len(changed) + 5


def test_the_bytes_do_not_depend_on_the_process() -> None:
    script = (
        "import sys; from socialins.filing import Change, Declaration;"
        "from socialins.model.unit import Unit, UnitAccount;"
        "from socialins.signing import declaration_document;"
        "row = Change(row='1', insurances={'pension', 'medical', 'injury', 'maternity'});"
        "one = Declaration(id='D', business='staff.add', rows=(row,));"
        "sys.stdout.write(declaration_document([one], UnitAccount(Unit('x')), division='990100',"
        "month='2026-11').sha256)"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1


def test_a_batch_names_its_unit_month_and_kind() -> None:
    read = json.loads(batch(ONE))
    assert read["unit"] == {"name": UNIT.name, "credit_code": str(UNIT.credit_code)}
    assert (read["socialins"], read["month"], read["account"]) == (
        "declarations",
        "2026-11",
        "0001234567",
    )


def test_nothing_and_the_same_id_twice_are_refused() -> None:
    with pytest.raises(SigningError, match="nothing to sign"):
        batch()
    with pytest.raises(ValueError, match="one id"):
        batch(ONE, ONE)
    with pytest.raises(SigningError, match="nothing to sign"):
        Document("a", b"")


def test_a_form_is_signed_as_the_bureau_gets_it() -> None:
    document = form_document("a.xlsx", b"PK\x03\x04")
    assert (document.content, document.kind) == (b"PK\x03\x04", DocumentKind.FORM)


def test_a_head_stands_in_its_document_as_the_journal_prints_it() -> None:
    head = Head(2, "ab" * 32)
    document = head_document(head, ACCOUNT, journal="2026")
    assert Head.parse(json.loads(document.content)["head"]) == head
    assert document.name == "2026.head.json"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXT,
        lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    )
)
def test_canonical_json_is_the_journal_s(value: object) -> None:
    assert canonical_json(value) == canonical(value).encode()
