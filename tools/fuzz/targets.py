"""Targets: what is fuzzed, by name: a reader, a kind of file, samples to begin from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import attrs

from socialins.faults import Fault
from tools.fuzz import readers as r, samples as s, signed
from tools.fuzz.archives import change_archive
from tools.fuzz.kinds import (
    Changer,
    change_any,
    change_der,
    change_json,
    change_png,
    change_records,
    change_words,
)

__all__ = ["TARGETS", "Target"]


@attrs.frozen
class Target:
    """A reader that is fuzzed.

    Arguments:
        name: how it is called.
        suffix: the ending of its files.
        read: the reader, which gives the faults that it found.
        samples: makes sound files.
        change: changes a file of the kind.
        share: how much of the time it gets, beside others.
    """

    name: str
    suffix: str
    read: Callable[[Path], Iterable[Fault]]
    samples: Callable[[], tuple[bytes, ...]]
    change: Changer
    share: int = 2


_TABLES: dict[str, Changer] = {
    ".xlsx": change_archive,
    ".xls": change_records,
    ".csv": change_words,
    ".txt": change_words,
    ".jsonl": change_json,
}


def _table(
    name: str,
    suffix: str,
    read: Callable[[Path], Iterable[Fault]],
    made: Callable[[str], tuple[bytes, ...]],
    share: int = 2,
) -> Target:
    return Target(
        f"{name}-{suffix[1:]}", suffix, read, partial(made, suffix), _TABLES[suffix], share
    )


_ALL = (
    _table("form", ".xlsx", r.read_filled, s.forms_in, 6),
    _table("form", ".xls", r.read_filled, s.forms_in, 4),
    _table("form", ".csv", r.read_filled, s.forms_in, 3),
    _table("form", ".txt", r.read_filled, s.forms_in, 2),
    _table("form", ".jsonl", r.read_filled, s.forms_in, 3),
    _table("cells", ".xlsx", r.read_cells, s.workbooks, 5),
    _table("mark", ".xlsx", r.read_filled_marked, s.forms_in, 4),
    _table("mark", ".csv", r.read_filled_marked, s.forms_in),
    _table("template", ".xlsx", r.read_template, s.templates, 3),
    _table("roster", ".xlsx", r.read_roster_file, s.rosters, 5),
    _table("roster", ".xls", r.read_roster_file, s.rosters),
    _table("roster", ".csv", r.read_roster_file, s.rosters),
    _table("export", ".xlsx", r.read_detail, s.exports, 4),
    _table("export", ".xls", r.read_detail, s.exports),
    _table("export", ".csv", r.read_detail, s.exports),
    _table("payments", ".xlsx", r.read_list_of_payments, s.payments, 1),
    _table("payments", ".csv", r.read_list_of_payments, s.payments, 1),
    _table("people", ".xlsx", r.read_list_of_people, s.lists, 1),
    _table("people", ".csv", r.read_list_of_people, s.lists, 1),
    Target("table", ".parquet", r.read_table, s.tables, change_any),
    Target("picture", ".jpg", r.read_picture, s.pictures, change_png, 5),
    Target("lines", ".jsonl", r.read_lines_file, s.lines, change_json),
    Target("journal", ".jsonl", r.read_journal, s.journals, change_json),
    Target("rules", ".toml", r.read_rules, s.rule_files, change_words, 4),
    Target("unit", ".toml", r.read_unit_file, s.unit_files, change_words, 1),
    Target("certificate", ".cer", r.read_certificate_file, s.certificates, change_der, 3),
    Target("crl", ".crl", r.read_crl, s.revocations, change_der),
    Target("signature", ".p7s", r.read_signature_file, s.signatures, change_der, 4),
    Target("pkcs12", ".p12", r.read_key, s.keys, change_der),
    Target("sm2-key", ".key", r.read_sm2_key, s.sm2_keys, change_der),
    Target("pdf-signed", ".pdf", signed.read_signed_pdf, signed.signed_pdfs, change_any, 3),
    Target("pdf-to-sign", ".pdf", signed.sign_any_pdf, signed.unsigned_pdfs, change_any, 3),
    Target("container", ".asice", signed.read_container, signed.containers, change_archive, 3),
)
TARGETS = {target.name: target for target in _ALL}
"""All targets, by name."""
