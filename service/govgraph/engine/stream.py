"""Answers as chunks of bytes: gathered to a good size, or pumped from the thread that writes them.

Every kind of chunks can be closed by any thread at any time; that stops the work behind it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import IO, Protocol, Self, cast

#: What each chunk holds at least, the last one excepted.
CHUNK_BYTES = 65_536
#: A prompt answer of up to this size needs no thread of its own.
WHOLE_BYTES = 1 << 20
#: Chunks that may wait for their reader.
DEPTH = 4


class Stopped(Exception):
    """The reader of an answer has gone away, so the work was stopped."""


class Chunks(Protocol):
    """An answer's bytes in order. All chunks but the last hold at least CHUNK_BYTES."""

    def __iter__(self) -> Self: ...

    def __next__(self) -> bytes: ...

    def close(self) -> None:
        """Stop the work. A `next` that is waiting, and every later one, raises Stopped, unless
        the answer was over already."""
        ...


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of at least CHUNK_BYTES, but for the last."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)


class Pump:
    """Chunks that a thread of their own writes, as to a file; it waits while DEPTH are unread.

    `produce` gets the file. It starts with the first `next`; `stop` is told when the reader closes.
    """

    def __init__(
        self, produce: Callable[[IO[bytes]], None], stop: Callable[[], None] | None = None
    ) -> None:
        self._produce, self._stop = produce, stop
        self._ready: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
        self._room = threading.Semaphore(DEPTH)
        self._held: list[bytes] = []
        self._size = 0
        self._started = self._over = self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._closed:
            raise Stopped
        if self._over:
            raise StopIteration
        if not self._started:
            self._started = True
            threading.Thread(target=self._run, daemon=True).start()
        item = self._ready.get()
        if isinstance(item, bytes):
            self._room.release()
            return item
        self._over = True
        raise StopIteration if item is None else item

    def close(self) -> None:
        if self._over or self._closed:
            return
        self._closed = True
        self._room.release()
        self._ready.put(Stopped())
        if self._stop:
            self._stop()

    # -- the writer's side ---------------------------------------------------------------------

    def write(self, data: bytes) -> int:
        """Take bytes on; waits for room. Stopped once the reader has gone."""
        if self._closed:
            raise Stopped
        self._held.append(bytes(data))
        self._size += len(data)
        if self._size >= CHUNK_BYTES:
            self._post()
        return len(data)

    def flush(self) -> None:
        """A file has this; chunks are posted when they are large enough."""

    def _post(self) -> None:
        self._room.acquire()
        if self._closed:
            raise Stopped
        self._ready.put(b"".join(self._held))
        self._held, self._size = [], 0

    def _run(self) -> None:
        end: BaseException | None = None
        try:
            self._produce(cast(IO[bytes], self))
            if self._size:
                self._post()
        except BaseException as error:
            end = error
        self._ready.put(end)


class Prompt:
    """Chunks of an answer that is probably small: written in the reader's thread, as one chunk.

    If it grows beyond WHOLE_BYTES after all it starts anew, pumped: handing work from thread to
    thread takes several times as long as a lookup."""

    def __init__(self, produce: Callable[[IO[bytes]], None]) -> None:
        self._produce = produce
        self._pump: Pump | None = None
        self._over = self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._closed:
            raise Stopped
        if self._pump:
            return next(self._pump)
        if self._over:
            raise StopIteration
        file = _Bounded()
        try:
            self._produce(cast(IO[bytes], file))
        except Exception:
            if not file.full:
                raise
            return next(self._pumped())
        self._over = True
        return bytes(file.content)

    def whole(self) -> bytes | None:
        """All of an answer that nothing was read of yet; None if it is not small after all."""
        content = next(self, b"")
        if self._pump:
            self.close()
            return None
        return content

    def close(self) -> None:
        self._closed = not self._over
        if self._pump:
            self._pump.close()

    def _pumped(self) -> Pump:
        self._pump = Pump(self._produce)
        if self._closed:
            self._pump.close()
        return self._pump


class _Bounded:
    """A file in memory that takes WHOLE_BYTES and no more."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.full = False

    def write(self, data: bytes) -> int:
        self.full = len(self.content) + len(data) > WHOLE_BYTES
        if self.full:
            raise OSError("full")
        self.content += data
        return len(data)

    def flush(self) -> None:
        """A file has this."""
