"""Watching tokens come and go, for drivers whose library has no way of its own to be told."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread, current_thread
from types import TracebackType
from typing import TypeAlias

from socialins.faults import FaultError
from socialins.signing.signer import WatchCallback
from socialins.signing.token import Token, TokenChange, TokenEvent

__all__ = ["PollingWatch"]

Tokens: TypeAlias = dict[tuple[str, str], Token]
"""Tokens by reader and name."""

INTERVAL = 0.5
"""Seconds between two looks."""


class PollingWatch:
    """Looks again and again, and tells what changed; the first look is what it compares with.

    Arguments:
        look: lists the tokens.
        callback: is told of each that came or went.
        interval: seconds between two looks; None to look only when `look_again` is called.
    """

    def __init__(
        self,
        look: Callable[[], tuple[Token, ...]],
        callback: WatchCallback,
        interval: float | None = INTERVAL,
    ) -> None:
        self._look = look
        self._callback = callback
        self._stopped = Event()
        self._lock = Lock()
        self._seen: Tokens = {}
        self._seen = self._now()
        self._thread: Thread | None = None
        if interval is not None:
            self._thread = Thread(target=self._run, args=(interval,), daemon=True)
            self._thread.start()

    def look_again(self) -> None:
        """Look now, and tell what changed since."""
        with self._lock:
            if self._stopped.is_set():
                return
            now, before = self._now(), self._seen
            self._seen = now
            events = [
                *(TokenEvent(TokenChange.REMOVED, one) for one in _only_in(before, now)),
                *(TokenEvent(TokenChange.INSERTED, one) for one in _only_in(now, before)),
            ]
        for event in events:
            self._callback(event)

    def stop(self) -> None:
        """Stop it."""
        self._stopped.set()
        if self._thread is not None and self._thread is not current_thread():
            self._thread.join()

    def _run(self, interval: float) -> None:
        while not self._stopped.wait(interval):
            self.look_again()

    def _now(self) -> Tokens:
        try:
            tokens = self._look()
        except FaultError:
            tokens = ()  # no reader, no service: there is no token then
        # A reader that somebody holds, ourselves perhaps, can't be looked into: it is as it was.
        known = {one.reader for one in self._seen.values()}
        held = {one.reader for one in tokens if _is_held(one)}
        there = {
            (one.reader, one.name): one
            for one in tokens
            if _code(one) != "signing.no-token" and not (_is_held(one) and one.reader in known)
        }
        return there | {key: one for key, one in self._seen.items() if one.reader in held}

    def __enter__(self) -> PollingWatch:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _code(token: Token) -> str:
    return token.fault.code if token.fault is not None else ""


def _is_held(token: Token) -> bool:
    return _code(token) == "signing.reader-busy"


def _only_in(these: Tokens, others: Tokens) -> list[Token]:
    """Tokens that are not among others; one that was held is the one that is seen there later."""
    unnamed = {one.reader for tokens in (these, others) for one in tokens.values() if _is_held(one)}
    there = {one.reader for one in others.values()}
    return [
        one
        for key, one in these.items()
        if key not in others and not (one.reader in unnamed and one.reader in there)
    ]
