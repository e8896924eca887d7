"""Readers: each takes a file that might hold anything, and says what is wrong with it as faults.

What comes back in another way is a mistake of the library: any other exception, a file that reads
differently after it was written again, two readers of one file that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from socialins.faults import Fault, FaultError, Text
from socialins.forms.papers import Form
from socialins.forms.sheets import Limits
from socialins.rules.attachment import AttachmentRule
from socialins.values import Month
from tools.fuzz import samples

__all__ = [
    "Differs",
    "read_cells",
    "read_certificate_file",
    "read_crl",
    "read_detail",
    "read_filled",
    "read_filled_marked",
    "read_journal",
    "read_key",
    "read_lines_file",
    "read_list_of_payments",
    "read_list_of_people",
    "read_picture",
    "read_roster_file",
    "read_rules",
    "read_signature_file",
    "read_sm2_key",
    "read_table",
    "read_template",
    "read_unit_file",
]

LIMITS = Limits(
    columns=200,
    field=32_767,
    size=5_000_000,
    unpacked=8_000_000,
    cells=100_000,
    records=20_000,
)
"""Smaller than usual, so that what is right at them is over in seconds too."""

_ROWS = 5_000
_NOT_THIS = frozenset({"form.header.missing", "form.column.missing", "form.json.other"})
_AT = datetime(2026, 11, 3, 2, tzinfo=UTC)


_ANY = AttachmentRule(id="any", title=Text("任意", "any"), sources=())


class Differs(AssertionError):
    """What was written and read again is not what was read first."""


def _same(what: str, first: object, again: object) -> None:
    if first != again:
        raise Differs(f"{what}: {first!r} became {again!r}"[:2000])


# Forms.


def read_filled(path: Path) -> Iterator[Fault]:
    """A form; if it holds rows, it is filled in with them, saved and read again."""
    read = _any_form(path)
    yield from read.faults
    if len(read.rows) > 50:
        return
    head = {name: value for name, value in read.head.items() if name in read.form.blanks}
    filled = read.form.fill(read.rows, **head)
    _same("faults", (), tuple(filled.errors))
    written = path.with_name(f"written{path.suffix}")
    filled.save(written)
    again = read.form.read(written, max_rows=_ROWS)
    _same("rows", list(read.rows), list(again.rows))
    _same("head", head, again.head)


def read_filled_marked(path: Path) -> Iterator[Fault]:
    """A form, written back with its faults marked."""
    read = _any_form(path)
    yield from read.faults
    marked = path.with_name("marked.xlsx")
    read.mark(marked)
    if read.columns and not read.lined:
        again = read.form.read(marked, max_rows=_ROWS)
        _same("count", len(read.rows) + len(read.failed), len(again.rows) + len(again.failed))


def read_template(path: Path) -> Iterator[Fault]:
    """A bureau's workbook, filled in, and read again."""
    form = samples.forms()[0]
    rows = [{"name": "张三", "wage": "5000.50", "id_number": samples.NUMBER}]
    filled = form.fill(rows)
    written = path.with_name("written.xlsx")
    filled.save(written, template=path)
    yield from form.read(written, max_rows=_ROWS).faults


def _any_form(path: Path) -> Any:
    refused: FaultError | None = None
    suffix = path.suffix
    some = [form for form in samples.forms() if suffix in form.layout.suffixes]
    for form in some:
        try:
            return _read_form(form, path)
        except FaultError as error:
            refused = error
            if error.fault.code not in _NOT_THIS:
                raise
    if refused is None:
        raise LookupError(f"no form is written as {suffix}")
    raise refused


def _read_form(form: Form, path: Path) -> Any:
    return form.read(path, max_rows=_ROWS, limits=LIMITS)


# Tables of other kinds.


def read_roster_file(path: Path) -> Iterator[Fault]:
    """A roster in any layout; what can be written is written and read again."""
    from socialins.forms.rosterfile import write_roster

    fast = _read_fast(path)
    read = samples.region().read_roster(path, "2026-11", max_rows=_ROWS)
    yield from read.faults
    if fast is not None:
        _same_people(fast, read)
    if path.suffix == ".xls" or len(read.entries) > 50:
        return
    written = path.with_name(f"written{path.suffix}")
    try:
        write_roster(read, written)
    except FaultError as error:
        yield error.fault
        return
    again = samples.region().read_roster(written, "2026-11")
    _same("entries", *([_without_row(one) for one in some.entries] for some in (read, again)))
    _same("account", read.account, again.account)


def _without_row(entry: Any) -> Any:
    import attrs

    return attrs.evolve(entry, row=None)


def _read_fast(path: Path) -> Any:
    """What the fast reader of large workbooks gives; None where it leaves the file to the slow."""
    from socialins.bulk.people_reading import read_people

    if path.suffix != ".xlsx":
        return None
    month = Month.of("2026-11")
    return read_people(path, month, samples.region().cascade, least=0, max_rows=_ROWS)


def _same_people(fast: Any, slow: Any) -> None:
    """It gives what the slow one does."""
    from socialins.bulk.people import people_of

    wanted = people_of(slow)
    _same("fast count", len(wanted), len(fast))
    both = ([one.entry(index) for index in range(len(one))] for one in (wanted, fast))
    _same("fast entries", *both)
    _same("fast faults", wanted.frame.faults, fast.frame.faults)


def read_detail(path: Path) -> Iterator[Fault]:
    """An export of the tax side's client, compared with a bill; by the fast reader too."""
    from socialins.bulk.plainbook import NotPlain, PlainBook, look_through

    found = samples.region().reconcile(
        samples.bill(), path, insurance="pension", payer="unit", max_rows=_ROWS
    )
    yield from found.faults
    found.to_plain("zh")
    if path.suffix == ".xlsx":
        try:
            book = PlainBook.open(path, look_through(path, LIMITS))
        except NotPlain:
            return
        try:
            _same_cells(book, path)
        except NotPlain:
            pass
        finally:
            book.close()


def _same_cells(book: Any, path: Path) -> None:
    from socialins.forms.opening import open_book

    fast = [(one.name, one.visible, list(one.rows())) for one in book.sheets]
    slow_book = open_book(path, LIMITS)
    try:
        slow = [(one.name, one.visible, list(one.rows())) for one in slow_book.sheets]
    finally:
        slow_book.close()
    _same("fast sheets", [one[:2] for one in slow], [one[:2] for one in fast])
    for (_, _, wanted), (_, _, found) in zip(slow, fast, strict=True):
        _same("fast rows", _typed(wanted), _typed(found))


def _typed(rows: Iterable[Any]) -> list[Any]:
    return [
        (
            row.number,
            row.hidden,
            [(at, type(one), repr(one)) for at, one in sorted(row.cells.items())],
        )
        for row in rows
    ]


def read_cells(path: Path) -> Iterator[Fault]:
    """The cells of a workbook, by patterns and by openpyxl's parser, which give the same."""
    from socialins.forms.opening import open_book

    book: Any = open_book(path, LIMITS)
    try:
        for sheet in book.sheets:
            wanted = _tried(lambda: book.guarded(lambda: list(sheet._parsed_slowly())))  # noqa: B023, SLF001
            _same("cells", wanted, _tried(lambda: list(sheet.rows())))  # noqa: B023
        if book.sheets and len(book.sheets) < 10:
            shared = book.sheets[0].sheet._shared_strings  # noqa: SLF001
            _same("shared texts", book.guarded(lambda: _shared_texts(path)), shared)
    finally:
        book.close()
    yield from ()


def _shared_texts(path: Path) -> list[str]:
    """The texts that cells share, as openpyxl reads them."""
    from openpyxl.reader.excel import ExcelReader

    with path.open("rb") as file:
        reader: Any = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read()
        return list(reader.shared_strings)


def _tried(read: Callable[[], list[Any]]) -> object:
    try:
        return _typed(row for row in read() if row.cells)
    except FaultError:
        return "a fault"


def read_list_of_payments(path: Path) -> Iterator[Fault]:
    """Payments of a certificate."""
    from socialins.notices.paymentfile import read_payments

    read_payments(path)
    yield from ()


def read_list_of_people(path: Path) -> Iterator[Fault]:
    """People whose cards are asked for."""
    from socialins.cards.people import read_people

    yield from read_people(path, LIMITS).faults


def read_table(path: Path) -> Iterator[Fault]:
    """A table in Parquet, settled."""
    into = path.with_name("settled.parquet")
    samples.region().settle_table(path, "2026-11", strict=False, into=into)
    yield from ()


# Pictures.


def read_picture(path: Path) -> Iterator[Fault]:
    """A picture, checked by a bureau's rules, and fixed."""
    from socialins.attachments import AttachmentError, Limits as PictureLimits, check, fix

    limits = PictureLimits(size=2_000_000, pixels=2_000_000)
    for rule in (_ANY, *samples.region().attachments.values()):
        report = check(path, rule, limits=limits)
        report.to_plain("en")
        yield from report.faults
        try:
            fixed = fix(path, rule, limits=limits)
        except AttachmentError as error:
            yield from error.all
            continue
        bad = [one for one in check(fixed.data, rule, name=fixed.name).faults if one.is_error]
        _same("faults of what was fixed", [], bad)


# Text with structure.


def read_lines_file(path: Path) -> Iterator[Fault]:
    """A journal's export; if it is sound, it is taken over and exported again."""
    from socialins.store import SqliteStore, export_lines, import_lines, read_lines, verify_lines

    checked = verify_lines(read_lines(path))
    yield from checked.faults
    database = path.with_name("taken.db")
    for old in path.parent.glob("taken.db*"):
        old.unlink()
    with SqliteStore(database) as store:
        try:
            import_lines(store, read_lines(path))
        except FaultError as error:
            _same("told by both", True, bool(checked.faults))
            yield error.fault
            return
        _same("told by neither", (), tuple(checked.faults))
        first = path.read_bytes().decode().split("\n")
        again = "".join(export_lines(store)).split("\n")
        _same("lines", first[-2:], again[-2:])
        _same("verified", (), tuple(store.verify()))


def read_journal(path: Path) -> Iterator[Fault]:
    """A journal of filings in one file; what it holds can be added to."""
    from socialins.filing.journal import FileJournal

    journal = FileJournal(path)
    events = journal.read()
    journal.append(events[:1], len(events))
    _same("events", (*events, *events[:1]), journal.read())
    yield from ()


def read_rules(path: Path) -> Iterator[Fault]:
    """A rule file, laid over a region's rules; or a layout of a form."""
    from socialins.forms.papers.catalogue import load_form
    from socialins.rules import RuleFileError, read_rule_file
    from socialins.rules.overlay import overlay_book

    region = samples.region()
    try:
        read_rule_file(path)
        overlay_book(path, region.cascade.nearest)
        region.settle(samples.roster(), strict=False, overlay=path)
    except RuleFileError as error:
        yield from error.faults
    except FaultError as error:
        yield error.fault
    try:
        form = load_form(path, region.cascade)
    except RuleFileError as error:
        yield from error.faults
        return
    blank: dict[str, Any] = dict.fromkeys(form.blanks, "1")
    yield from form.fill([{}], **blank).faults


def read_unit_file(path: Path) -> Iterator[Fault]:
    """A unit's account."""
    from socialins.forms.unitfile import read_unit

    read_unit(path, samples.region().cascade)
    yield from ()


# Keys and signatures.


def read_certificate_file(path: Path) -> Iterator[Fault]:
    """Certificates; all that is asked of one can be asked."""
    from socialins.signing import Certificate, read_certificates
    from socialins.signing.trust import check_chain

    for one in read_certificates(path.read_bytes()):
        one.to_plain()
        _same("certificate", one, Certificate.read(one.der))
        for asked in (
            "may_sign",
            "may_issue",
            "may_issue_lists",
            "path_length",
            "unknown_critical",
        ):
            getattr(one, asked)
        one.fields("extension:2.5.29.15")
        yield from check_chain(one, _authorities(), _AT)
        yield from check_chain(one, (one,), _AT, between=(one,))


def read_crl(path: Path) -> Iterator[Fault]:
    """A revocation list, believed or not."""
    from socialins.signing import RevocationList

    found = RevocationList(path.read_bytes())
    for one in _authorities():
        if found.is_of(one):
            found.problem(one, _AT)
    yield from ()


def read_signature_file(path: Path) -> Iterator[Fault]:
    """A signature, verified; it is right for no other content."""
    from socialins.signing import verify
    from socialins.testing.tokens.samples import UNIT

    data = path.read_bytes()
    found = verify(samples.CONTENT, data, unit=UNIT, authorities=_authorities())
    found.to_plain("zh")
    yield from found.faults
    other = verify(samples.CONTENT + b"!", data, unit=UNIT, authorities=_authorities())
    _same("signed for another content", False, other.ok)


def read_key(path: Path) -> Iterator[Fault]:
    """A key file in PKCS#12, looked at and opened."""
    from socialins.signing.drivers.pkcs12 import Pkcs12Signer

    yield from _opened(Pkcs12Signer(path))


def read_sm2_key(path: Path) -> Iterator[Fault]:
    """An SM2 key file, looked at and opened."""
    from socialins.signing import Scheme
    from socialins.signing.drivers.sm2file import Sm2FileSigner
    from socialins.testing.tokens.samples import unit_key

    beside = path.with_name("sm2.cer")
    if not beside.exists():
        beside.write_bytes(unit_key(Scheme.SM2_SM3).certificate.der)
    yield from _opened(Sm2FileSigner(path, beside))


def _opened(signer: Any) -> Iterator[Fault]:
    from socialins.testing.tokens.samples import Asked

    (token,) = signer.list_tokens()
    if token.fault is not None:
        yield token.fault
    with signer.open(token) as session:
        session.unlock(Asked(samples.PASSWORD))
        session.certificate()


def _authorities() -> tuple[Any, ...]:
    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import authority

    return tuple(authority(scheme).certificate for scheme in Scheme)
