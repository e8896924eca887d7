"""Judge: one input given to one reader, and what must not happen.

An input ends in a value, or in faults whose texts can be shown in both languages. Anything else is
a finding: another exception, a warning, something written to the terminal, too much time or memory.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import tempfile
import traceback
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import attrs

from socialins.faults import Fault, FaultError
from tools.fuzz.readers import Differs
from tools.fuzz.targets import Target

__all__ = ["Bounds", "Finding", "judge"]

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 4000


@attrs.frozen
class Bounds:
    """What reading one small file may take.

    Arguments:
        seconds: of processor time.
        megabytes: that the process may grow by.
    """

    seconds: float = 8.0
    megabytes: int = 250


@attrs.frozen
class Finding:
    """Something that must not happen.

    Arguments:
        kind: what happened, and where in the library; the same for the same mistake.
        detail: everything known of it.
    """

    kind: str
    detail: str


class _TooLong(BaseException):
    """The time is up; no reader catches this."""


class _NotToBeShown(Exception):
    """A fault's text is missing, endless, or would do something to a terminal."""


def judge(target: Target, data: bytes, folder: Path, bounds: Bounds = Bounds()) -> Finding | None:
    """Give an input to a target.

    Arguments:
        target: the target.
        data: the input.
        folder: where its file is put.
        bounds: what it may take.

    Returns:
        What must not have happened; None if nothing did.
    """
    path = folder / f"input{target.suffix}"
    path.write_bytes(data)
    before = _peak()
    try:
        with _silent() as said, _limited(bounds.seconds), warnings.catch_warnings():
            warnings.simplefilter("error")
            _all_can_be_shown(_faults(target, path))
    except _TooLong as error:
        return Finding(f"slow{_where(error)}", _trace(error))
    except MemoryError as error:
        return Finding(f"memory{_where(error)}", _trace(error))
    except (Differs, _NotToBeShown) as error:
        return Finding(re.sub("[0-9]+", "N", str(error).partition(":")[0]), _trace(error))
    except Exception as error:  # noqa: BLE001 - that is the question
        return Finding(f"{type(error).__name__}{_where(error)}", _trace(error))
    if said():
        return Finding(f"said {re.sub('[^A-Za-z]+', ' ', said())[:60]}", said())
    if (grown := _peak() - before) > bounds.megabytes:
        return Finding(f"memory grew by {grown // 50 * 50} MB", f"{grown} MB")
    return None


def _faults(target: Target, path: Path) -> Iterator[Fault]:
    try:
        yield from target.read(path)
    except FaultError as error:
        yield from getattr(error, "all", ()) or getattr(error, "faults", ()) or (error.fault,)
        yield error.fault


def _all_can_be_shown(faults: Iterable[Fault]) -> None:
    for count, fault in enumerate(faults):
        if count > 50:
            continue  # a file of faults has the same ones again and again
        for lang in ("zh", "en"):
            texts = [fault.message(lang), fault.remedy(lang), fault.place.describe(lang)]
            if not texts[0] or not texts[1]:
                raise _NotToBeShown(f"{fault.code} has no text in {lang}")
            for text in (*texts, fault.explanation(lang)):
                _can_be_shown(fault, text)
        _can_be_shown(fault, str(fault))


def _can_be_shown(fault: Fault, text: str) -> None:
    if any(unicodedata.category(char) == "Cs" for char in text):
        raise _NotToBeShown(f"{fault.code} has half a character")
    if len(text) > _LONGEST:
        raise _NotToBeShown(f"{fault.code} has {len(text)} characters")
    odd = {char for char in text if unicodedata.category(char) == "Cc" and char not in "\n\t"}
    if odd:
        raise _NotToBeShown(f"{fault.code} has control characters")


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _silent() -> Iterator[Any]:
    """Catch what is written to the terminal, by libraries in C as well."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as caught:
        kept = [(number, os.dup(number)) for number in (1, 2)]
        text: list[str] = []
        for number, _ in kept:
            os.dup2(caught.fileno(), number)
        try:
            yield lambda: text[0] if text else ""
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            for number, copy in kept:
                os.dup2(copy, number)
                os.close(copy)
            if caught.seek(0, os.SEEK_END):
                caught.seek(0)
                text.append(caught.read(_LONGEST).decode("utf-8", "replace"))


def _peak() -> int:
    """The most memory that the process has had, in megabytes."""
    try:
        import resource
    except ImportError:
        return 0
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _where(error: BaseException) -> str:
    """The last place of the library that an error went through."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "socialins" in frame.filename.replace(str(_ROOT), "")
    ]
    if not frames:
        return ""
    last = frames[-1]
    return f" in {Path(last.filename).stem}.{last.name}"


def _trace(error: BaseException) -> str:
    lines = traceback.format_exception(error)
    return "".join(lines).replace(str(_ROOT), ".")[-_LONGEST:]
