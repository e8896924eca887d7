"""Identity numbers in bulk (证件号码批量校验): arrays in, arrays out, equal to the scalar check.

Whatever `socialins.identity.read_document` says of a text, this says of the same text in an array:
the same code, warning, number, birth date, sex and division. Numbers of eighteen characters, nearly
all of a roster, are checked as machine words; then blanks and wrong lengths are dealt with; what is
left is read by the scalar check itself, one by one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from socialins.bulk.citizens import (
    CODES,
    GUESS,
    KINDS,
    UNDECIDED,
    WORDS,
    Day,
    Eighteen,
    check_eighteen,
)
from socialins.bulk.texts import Texts, as_strings, keep, same_size, words
from socialins.faults import require
from socialins.identity import DocumentType, ReadDocument, Sex, read_document
from socialins.identity.plain import LONGEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = require("numpy", "bulk")

pa: Any = require("pyarrow", "bulk")
pc: Any = require("pyarrow.compute", "bulk")

__all__ = ["Checked", "check_numbers"]


@attrs.frozen(eq=False)
class Checked:
    """What `check_numbers` found: a row for each number.

    All are Arrow arrays, or chunked arrays in the chunks of the numbers.

    Arguments:
        code: the code of what is wrong, such as ``identity.checksum``; null where the number is
            taken. A dictionary of strings, as `warning`, `type` and `sex`.
        warning: the code of what is unusual (``identity.district-unknown``); null where nothing is.
        number: the number as it is read, in capitals and without blanks; null where it is refused.
        type: the kind of document, given or guessed; null where the number is refused.
        birth_date: the birth date (出生日期), a date32; null where the number doesn't tell it.
        sex: ``male`` or ``female``; null where the number doesn't tell it.
        division: the six digits of the division (行政区划) of a resident number; null elsewhere.
    """

    code: Any
    warning: Any
    number: Any
    type: Any
    birth_date: Any
    sex: Any
    division: Any

    def __len__(self) -> int:
        return len(self.code)

    def table(self) -> Any:
        """The arrays as a `pyarrow.Table`, under their own names."""
        return pa.table(attrs.asdict(self, recurse=False))


def check_numbers(
    numbers: Any,
    types: Any = None,
    *,
    today: date | None = None,
) -> Checked:
    """Check identity numbers by the million; each row is what `read_document` says of its text.

    Resident numbers, residence permits and foreigners' permanent cards of eighteen characters take
    some 40 ns each; those with blanks, or with a digit too many or too few, some microseconds.
    Everything else (full-width forms, passports, travel permits, odd characters) is read by the
    scalar check, at some 20 µs; a division is looked up when first met, at as much. Time grows with
    the rows and with nothing else: a text longer than any number is refused unread. The result is
    18 bytes a row, besides the numbers, which share the memory of what was passed unless some are
    changed. What is needed besides is bounded by the rows of one chunk.

    Arguments:
        numbers: a pyarrow array or chunked array of strings, plain, large, dictionary-encoded or
            views; or a sequence of str. A null is a number that is missing.
        types: the kind of document of each row: None to guess it from the number, as where a row's
            type is null; one kind for all rows; or as many kinds as there are numbers, as an array
            or sequence of their codes.
        today: no birth date lies after it; left out, the system's day in China when called.

    Returns:
        What is wrong with each number and what it tells; no row stops the others. `read_document`
        explains a row that is refused.

    Raises:
        TypeError: if the numbers, or the types, aren't text.
        ValueError: for a type that doesn't exist, or if there are more or fewer types than numbers.
        MissingExtra: when imported without the extra ``bulk``.

    >>> checked = check_numbers(["11010519491231002x", "110105194912310020", "E12345678", None])
    >>> checked.code.to_pylist()
    [None, 'identity.checksum', None, 'identity.missing']
    >>> checked.number.to_pylist()
    ['11010519491231002X', None, 'E12345678', None]
    >>> checked.birth_date[0].as_py(), checked.sex[0].as_py(), checked.division[0].as_py()
    (datetime.date(1949, 12, 31), 'female', '110105')
    >>> check_numbers(["11010519491231002X"], "residence-permit").code.to_pylist()
    ['identity.type']
    """
    numbers = as_strings(numbers, "identity numbers")
    kinds = _kinds(types, len(numbers))
    # China has one zone and no summer time.
    today = today or datetime.now(timezone(timedelta(hours=8))).date()
    if not isinstance(numbers, pa.ChunkedArray):
        return _check_array(numbers, kinds, today)
    # The result without rows has the types, should there be no chunk.
    empty, parts, start = _check_array(pa.array([], numbers.type), GUESS, today), [], 0
    for chunk in numbers.chunks:
        parts.append(_check_array(chunk, _part(kinds, slice(start, start + len(chunk))), today))
        start += len(chunk)
    names = attrs.fields_dict(Checked)
    chunked = {name: [getattr(part, name) for part in parts] for name in names}
    return Checked(
        **{name: pa.chunked_array(chunked[name], getattr(empty, name).type) for name in names}
    )


_Kinds: TypeAlias = "NDArray[np.int8] | int"

# Rows of a block: what is made of them stays in the cache, and no more texts are copied at once.
_BLOCK = 16_384
_HALF = 2**30
_BLANKS = r"[ \t\r\n]+"
# Digits, the last of which may be X: too many or too few of them for any kind that is guessed.
_WRONG_LENGTH = r"^([0-9]{10,14}|[0-9]{15,16}[0-9Xx]|[0-9]{18,29}[0-9Xx])$"
_INDEX = {code: index for index, code in enumerate(CODES)}
_RESIDENT = KINDS.index(DocumentType.RESIDENT_ID)
_MEASURED = (GUESS, _RESIDENT, KINDS.index(DocumentType.RESIDENCE_PERMIT))
_EPOCH = date(1970, 1, 1)
_HEAD = np.dtype({"names": ["division"], "formats": ["S6"], "offsets": [0], "itemsize": 18})


@attrs.frozen(eq=False)
class _Found:
    """What was found, by row; and the numbers that are read otherwise than they were typed."""

    code: NDArray[np.uint8]
    kind: NDArray[np.int8]
    unknown: NDArray[np.bool_]
    born: NDArray[np.int32]
    sex: NDArray[np.int8]
    division: NDArray[np.bytes_]
    changed: list[tuple[NDArray[np.int64], Any]] = attrs.field(factory=list)

    @classmethod
    def of(cls, rows: int) -> _Found:
        return cls(
            np.full(rows, _INDEX["identity.missing"], np.uint8),
            np.zeros(rows, np.int8),
            np.zeros(rows, np.bool_),
            np.zeros(rows, np.int32),
            np.full(rows, -1, np.int8),
            np.zeros(rows, "S6"),
        )

    def put(self, at: Any, found: Eighteen, numbers: NDArray[np.void]) -> None:
        """Numbers of eighteen bytes, at a slice or at indexes."""
        self.code[at], self.kind[at], self.unknown[at] = found.code, found.kind, found.unknown
        self.born[at], self.sex[at] = found.born, found.sex
        self.division[at] = numbers.view(_HEAD)["division"]

    def change(self, at: NDArray[np.int64], numbers: NDArray[np.void]) -> None:
        """Numbers of eighteen bytes that had blanks, or a small x."""
        if len(at):
            texts = np.char.upper(numbers.view("S18"))
            self.changed.append((at, same_size(texts, np.ones(len(at), np.bool_))))

    def put_read(self, at: int, read: ReadDocument, text: str) -> None:
        """A number that the scalar check read."""
        document = read.document
        if document is None:
            self.code[at] = _INDEX[read.faults[0].code]
            return
        self.code[at], self.kind[at] = 0, KINDS.index(document.type)
        self.unknown[at] = bool(read.faults)
        if document.birth_date is not None:
            self.born[at] = (document.birth_date - _EPOCH).days
            self.sex[at] = document.sex is Sex.MALE
        self.division[at] = (document.division or "").encode()
        if document.number != text:
            self.changed.append((np.array([at]), pa.array([document.number])))

    def checked(self, array: Any) -> Checked:
        """The arrays of the result."""
        taken, told = self.code == 0, self.sex >= 0
        return Checked(
            code=words(self.code.view(np.int8) - np.int8(1), CODES[1:], ~taken),
            warning=words(
                np.zeros(len(taken), np.int8), ["identity.district-unknown"], self.unknown
            ),
            number=self._numbers(keep(array, taken)),
            type=words(self.kind, [kind.value for kind in KINDS], taken),
            birth_date=pa.array(self.born, pa.date32(), mask=~told),
            sex=words(self.sex, [Sex.FEMALE.value, Sex.MALE.value], told),
            division=same_size(self.division, taken & (self.kind == _RESIDENT)),
        )

    def _numbers(self, array: Any) -> Any:
        if not self.changed:
            return array
        rows = np.concatenate([rows for rows, _ in self.changed])
        numbers = pa.concat_arrays([numbers for _, numbers in self.changed]).cast(array.type)
        if pa.types.is_string(array.type) and array.get_total_buffer_size() > _HALF:
            # One behind the other, they might be more bytes than 32 bits count.
            mask = np.zeros(len(array), np.bool_)
            mask[rows] = True
            numbers = numbers.take(pa.array(rows.argsort()))
            return pc.replace_with_mask(array, pa.array(mask), numbers)
        places = np.arange(len(array))
        places[rows] = np.arange(len(array), len(array) + len(rows))
        return pa.concat_arrays([array, numbers]).take(pa.array(places))


def _check_array(array: Any, kinds: _Kinds, today: date) -> Checked:
    if pa.types.is_dictionary(array.type):
        return _check_dictionary(array, kinds, today)
    found, texts, day = _Found.of(len(array)), Texts.of(array), Day.of(today)
    left, waiting = [np.empty(0, np.int64)], 0
    for start in range(0, len(array), _BLOCK):
        stop = min(start + _BLOCK, len(array))
        left.append(_check_block(found, texts, slice(start, stop), kinds, day))
        waiting += len(left[-1])
        # A few from each block would cost as much as many.
        if waiting >= _BLOCK or (waiting and stop == len(array)):
            rest = _check_blanks(found, texts, np.concatenate(left), kinds, day)
            _check_singly(found, texts, rest, kinds, today)
            left, waiting = [], 0
    return found.checked(array)


def _check_block(
    found: _Found, texts: Texts, rows: slice, kinds: _Kinds, day: Day
) -> NDArray[np.int64]:
    """Check the rows of eighteen bytes; what is left comes back, nulls and empty texts apart."""
    sizes = np.diff(texts.starts[rows.start : rows.stop + 1])
    filled = sizes > 0 if texts.valid is None else (sizes > 0) & texts.valid[rows]
    fitting = filled & (sizes == WORDS.itemsize)
    at, left = np.arange(rows.start, rows.stop), np.empty(0, np.int64)
    place: Any = rows
    if fitting.all():
        numbers = texts.run(rows, WORDS)
    else:
        left, at = at[filled & ~fitting], at[fitting]
        numbers, place = texts.records(at, WORDS), at
    checked = check_eighteen(numbers, _part(kinds, place), day)
    found.put(place, checked, numbers)
    lower = checked.lower & (checked.code == 0)
    found.change(at[lower], numbers[lower])
    return np.concatenate([left, at[checked.code == UNDECIDED]])


def _check_blanks(
    found: _Found, texts: Texts, rows: NDArray[np.int64], kinds: _Kinds, day: Day
) -> NDArray[np.int64]:
    """Check the rows that can be decided once their blanks are gone; what is left comes back."""
    # No more bytes are no more characters; with more of these, blanks would stay.
    short = texts.starts[rows + 1] - texts.starts[rows] <= LONGEST
    rows, long = rows[short], rows[~short]
    bare = Texts.of(pc.replace_substring_regex(texts.take_bytes(rows), _BLANKS, ""))
    sizes = np.diff(bare.starts)
    fitting = sizes == WORDS.itemsize
    numbers, at = bare.records(np.flatnonzero(fitting), WORDS), rows[fitting]
    checked = check_eighteen(numbers, _part(kinds, at), day)
    found.put(at, checked, numbers)
    taken = checked.code == 0
    found.change(at[taken], numbers[taken])
    wrong = pc.match_substring_regex(bare.array, _WRONG_LENGTH).to_numpy(zero_copy_only=False)
    wrong &= np.isin(_part(kinds, rows), _MEASURED)
    found.code[rows[wrong]] = _INDEX["identity.length"]
    found.code[rows[sizes == 0]] = _INDEX["identity.missing"]
    decided = wrong | (sizes == 0)
    decided[fitting] = checked.code != UNDECIDED
    return np.concatenate([long, rows[~decided]])


def _check_singly(
    found: _Found, texts: Texts, rows: NDArray[np.int64], kinds: _Kinds, today: date
) -> None:
    # The same word often stands in many rows, such as "none".
    known: dict[tuple[bytes, int], tuple[ReadDocument, str]] = {}
    # So many bytes are more characters than are read, whatever they are.
    unread = texts.starts[rows + 1] - texts.starts[rows] > 4 * LONGEST
    for at, is_unread in zip(rows.tolist(), unread.tolist(), strict=True):
        raw = b"0" * (LONGEST + 1) if is_unread else texts.raw(at)
        kind = int(_part(kinds, at))
        if (raw, kind) not in known:
            text = raw.decode("utf-8", "replace")
            read = read_document(text, None if kind == GUESS else KINDS[kind], today)
            known[raw, kind] = read, text
        found.put_read(at, *known[raw, kind])


def _check_dictionary(array: Any, kinds: _Kinds, today: date) -> Checked:
    """Check each word with each kind it is said to be, once; then spread the result."""
    indexes = array.indices.cast(pa.int64()).fill_null(len(array.dictionary))
    asked = indexes.to_numpy() * 8 + (np.asarray(kinds, np.int64) - GUESS)
    pairs, rows = np.unique(asked, return_inverse=True)
    # Many kinds of one long text may not fit 32 bits.
    texts = pa.concat_arrays([array.dictionary, pa.nulls(1, array.dictionary.type)])
    texts = texts.cast(pa.large_string()).take(pa.array(pairs // 8))
    checked = _check_array(texts, (pairs % 8 + GUESS).astype(np.int8), today)
    spread = pa.array(rows, pa.int32())
    taken = {
        name: getattr(checked, name).take(spread)
        for name in attrs.fields_dict(Checked)
        if name != "number"
    }
    number = pa.DictionaryArray.from_arrays(spread, checked.number)
    return Checked(number=number, **taken)


def _kinds(types: Any, rows: int) -> _Kinds:
    if types is None:
        return GUESS
    if isinstance(types, str):
        return KINDS.index(DocumentType(types))
    types = as_strings(types, "types of document")
    if len(types) != rows:
        raise ValueError(f"{rows} identity numbers can't have {len(types)} types of document")
    chunks = types.chunks if isinstance(types, pa.ChunkedArray) else [types]
    return np.concatenate([np.empty(0, np.int8), *map(_kinds_of, chunks)])


def _kinds_of(types: Any) -> NDArray[np.int8]:
    if pa.types.is_dictionary(types.type):
        known = np.append(_kinds_of(types.dictionary), np.int8(GUESS))
        indexes: NDArray[np.int64] = (
            types.indices.cast(pa.int64()).fill_null(len(known) - 1).to_numpy()
        )
        return known[indexes]
    codes = pa.array([kind.value for kind in KINDS], types.type)
    found = pc.index_in(types, codes)
    if found.null_count > types.null_count:
        DocumentType(types.filter(pc.and_(found.is_null(), types.is_valid()))[0].as_py())
    kinds: NDArray[np.int8] = found.fill_null(GUESS).cast(pa.int8()).to_numpy()
    return kinds


def _part(kinds: _Kinds, at: Any) -> Any:
    return kinds if isinstance(kinds, int) else kinds[at]
