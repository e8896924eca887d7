"""Arrow's strings as memory: what reads and makes arrays of texts without a Python object a row.

PyArrow hands out an array's buffers; here they become NumPy's views, and arrays are put together
from NumPy's results. Nothing is copied that need not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import require

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = require("numpy", "bulk")

pa: Any = require("pyarrow", "bulk")

__all__ = ["Texts", "as_strings", "keep", "same_size", "words"]


@attrs.frozen(eq=False)
class Texts:
    """An array of strings: where each starts in memory, and whether it is there.

    Arguments:
        array: a pyarrow array of strings or bytes, plain or large.
        starts: where each begins in `data`, and one more, where the last ends.
        data: all bytes.
        valid: which are there; None when all are.

    >>> texts = Texts.of(pa.array(["a", "bcd", None])[1:])
    >>> np.diff(texts.starts), texts.valid, texts.raw(0)
    (array([3, 0], dtype=int32), array([ True, False]), b'bcd')
    """

    array: Any
    starts: NDArray[Any]
    data: NDArray[np.uint8]
    valid: NDArray[np.bool_] | None

    @classmethod
    def of(cls, array: Any) -> Texts:
        """The memory of an array, which may be a slice of another."""
        _, starts, data = array.buffers()
        wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
        count = array.offset + len(array) + 1 if len(array) else 0
        return cls(
            array,
            np.frombuffer(starts or b"", np.int64 if wide else np.int32, count)[array.offset :],
            np.frombuffer(data or b"", np.uint8),
            array.is_valid().to_numpy(zero_copy_only=False) if array.null_count else None,
        )

    def records(self, rows: NDArray[np.int64], record: np.dtype[np.void]) -> NDArray[np.void]:
        """The texts of some rows, all of which are as long as ``record``."""
        size = record.itemsize
        if not len(rows):
            return np.empty(0, record)
        # Overlapping records, one for each byte that one could start at.
        anywhere: NDArray[np.void] = np.ndarray(
            len(self.data) - size + 1, f"V{size}", self.data, 0, (1,)
        )
        found: NDArray[np.void] = anywhere[self.starts[rows]].view(record)
        return found

    def run(self, rows: slice, record: np.dtype[np.void]) -> NDArray[np.void]:
        """The texts of adjoining rows, all of which are as long as ``record``; not copied."""
        count, start = rows.stop - rows.start, int(self.starts[rows.start])
        return np.frombuffer(self.data, record, count, start)

    def raw(self, row: int) -> bytes:
        """The text of a row."""
        return self.data[self.starts[row] : self.starts[row + 1]].tobytes()

    def take_bytes(self, rows: NDArray[np.int64]) -> Any:
        """The texts of some rows as an array of bytes: what comes from elsewhere may be no text."""
        wide = self.starts.itemsize == 8
        return self.array.take(pa.array(rows)).view(pa.large_binary() if wide else pa.binary())


def as_strings(values: Any, name: str) -> Any:
    """An array or a sequence as an array, or chunked array, of strings; they may stay encoded.

    Arguments:
        values: a pyarrow array or chunked array, or a sequence of str and None.
        name: what they are called if they are something else.

    Raises:
        TypeError: if they aren't strings.

    >>> as_strings(["a", None], "names").type, as_strings(pa.nulls(2), "names").type
    (DataType(string), DataType(string))
    """
    if isinstance(values, str | bytes):
        raise TypeError(f"{name}: pass an array or a sequence, not one text")
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        return _from_sequence(values, name)
    kind = values.type
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_string(inner) or pa.types.is_large_string(inner):
        return values
    if pa.types.is_null(inner) or pa.types.is_string_view(inner):
        # Views of one long text many times over may not fit 32 bits.
        plain = pa.string() if pa.types.is_null(kind) else pa.large_string()
        if isinstance(values, pa.Array):
            return values.cast(plain)
        return pa.chunked_array([chunk.cast(plain) for chunk in values.chunks], plain)
    raise TypeError(f"{name}: {kind} isn't text; read the column as text, or digits are lost")


def _from_sequence(values: Sequence[str | None], name: str) -> Any:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        # Half a character is as wrong as any other sign that is neither letter nor digit.
        whole = [text and text.encode("utf-8", "replace").decode() for text in values]
        return pa.array(whole, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise TypeError(f"{name}: {error}") from None


def keep(array: Any, kept: NDArray[np.bool_]) -> Any:
    """An array of strings with nulls for all that isn't ``kept``; the texts aren't copied.

    >>> keep(pa.array(["a", "b", "c"])[1:], np.array([False, True])).to_pylist()
    [None, 'c']
    """
    if kept.all():
        return array
    _, starts, data = array.buffers()
    width = 8 if pa.types.is_large_string(array.type) else 4
    starts = starts.slice(array.offset * width, (len(array) + 1) * width)
    return pa.Array.from_buffers(array.type, len(array), [_bits(kept), starts, data])


def words(indexes: NDArray[np.int8], of: Sequence[str], known: NDArray[np.bool_]) -> Any:
    """A dictionary-encoded array of ``of[index]``, null where nothing is known.

    >>> words(np.array([1, 0], np.int8), ["no", "yes"], np.array([True, False])).to_pylist()
    ['yes', None]
    """
    # No index points outside, not even one that counts for nothing.
    coded = pa.array(np.where(known, indexes, np.int8(0)), mask=~known)
    return pa.DictionaryArray.from_arrays(coded, pa.array(of, pa.string()), safe=False)


def same_size(texts: NDArray[np.bytes_], known: NDArray[np.bool_]) -> Any:
    """An array of strings of one length, null where nothing is known; the texts aren't copied.

    Their type is large_string where 32 bits can't count the bytes.

    >>> same_size(np.array([b"110105", b""], "S6"), np.array([True, False])).to_pylist()
    ['110105', None]
    """
    wide = texts.nbytes > _MOST
    starts = np.arange(len(texts) + 1, dtype=np.int64 if wide else np.int32) * texts.itemsize
    buffers = [_bits(known), pa.py_buffer(starts), pa.py_buffer(texts)]
    return pa.Array.from_buffers(pa.large_string() if wide else pa.string(), len(texts), buffers)


_MOST = 2**31 - 1


def _bits(known: NDArray[np.bool_]) -> Any:
    return pa.py_buffer(np.packbits(known, bitorder="little"))
