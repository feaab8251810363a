"""A query at work on the columns: its cursor, its time, and how it is stopped from outside.

DuckDB forgets an interrupt that comes between two statements, so whoever stops a run goes on
interrupting until it has come to rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread, Timer
from typing import Self

import duckdb

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.stream import Stopped
from govgraph.errors import GovgraphError

#: Seconds between two interrupts of a run that is to stop.
INSIST = 0.02
_FULL = "max_temp_directory_size"


class Run:
    """A cursor that one thread at a time works with.

    Its `seconds` pass only while it works, not while the reader of its answer is slow.
    """

    def __init__(self, columns: Columns, seconds: float | None = None) -> None:
        self.columns, self.seconds, self.left = columns, seconds, seconds
        self.rows = columns.cursor()
        self._lock = Lock()
        self._working = self._closed = False
        self._why: Exception | None = None

    @contextmanager
    def working(self) -> Iterator[None]:
        """A stretch of work, at whose end errors of DuckDB have become ours: NotCompiled,
        GovgraphError(query-timeout, query-memory, query-spill), or Stopped."""
        self._begin()
        timer = Timer(self.left, self._late) if self.left is not None else None
        began = time.monotonic()
        try:
            if timer:
                timer.start()
            yield
        except (duckdb.Error, OSError) as error:
            raise self._meaning(error) from error
        finally:
            if timer and self.left is not None:
                timer.cancel()
                self.left -= time.monotonic() - began
            self._rest()
        self.check()

    def stop(self, why: Exception) -> None:
        """End the run from any thread: at once if it rests, else as soon as it can."""
        with self._lock:
            self._why = self._why or why
            if not self._working:
                self._close()
                return
        Thread(target=self._insist, daemon=True).start()

    def check(self) -> None:
        """Between two steps of work: the reason to stop is raised, if there is one."""
        if self._why:
            raise self._why

    def close(self) -> None:
        """Give the cursor back; nobody works."""
        with self._lock:
            self._close()

    def _begin(self) -> None:
        with self._lock:
            if self._why:
                raise self._why
            self._working = True

    def _rest(self) -> None:
        with self._lock:
            self._working = False
            if self._why:
                self._close()

    def _late(self) -> None:
        self.stop(GovgraphError("query-timeout", limit=self.seconds))

    def _insist(self) -> None:
        while True:
            with self._lock:
                if not self._working:
                    return
                self.interrupt()
            time.sleep(INSIST)

    def interrupt(self) -> None:
        """Stop what the cursor is doing."""
        self.rows.interrupt()

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self.rows.close()

    def _meaning(self, error: Exception) -> Exception:
        """What an error of DuckDB is to the caller; Arrow passes them on as OSError, as text."""
        if self._why:
            return self._why
        text = str(error)
        if _FULL in text:
            return GovgraphError("query-spill", limit=self.columns.spill_limit)
        if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory" in text:
            return GovgraphError("query-memory", limit=self.columns.memory_limit)
        return NotCompiled(f"in the run: {text}")


class RunChunks:
    """The chunks that a run makes; it begins with the first of them and ends with the last."""

    def __init__(self, start: Callable[[], Run], pieces: Callable[[Run], Iterator[bytes]]) -> None:
        self._start, self._pieces = start, pieces
        self._lock = Lock()
        self._run: Run | None = None
        self._rest: Iterator[bytes] | None = None
        self._over = self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        run = self._begun()
        if self._over:
            raise StopIteration
        assert self._rest is not None
        try:
            with run.working():
                chunk = next(self._rest, None)
        except BaseException:
            self._over = not self._closed
            run.close()
            raise
        if chunk is None:
            self._over = True
            run.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        with self._lock:
            self._closed = not self._over
            run = self._run
        if run and self._closed:
            run.stop(Stopped())

    def _begun(self) -> Run:
        with self._lock:
            if self._closed:
                raise Stopped
            if self._run is None:
                self._run = self._start()
                self._rest = self._pieces(self._run)
            return self._run
