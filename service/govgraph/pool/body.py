"""Request bodies: kept in memory while they are small, else in a file that has no name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from tempfile import TemporaryFile
from typing import IO, Any

from govgraph.errors import GovgraphError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
#: Bytes of a body in memory, and of a piece that a worker gets.
PIECE = 1 << 20
#: A body may take so many seconds, and one more for each RATE bytes that came.
ARRIVAL, RATE = 30.0, 64 << 10


class ClientGone(Exception):
    """The client has hung up."""


class Body:
    """A whole body, read once from its beginning. What is in a file goes when it is closed, or
    when the process ends in whatever way."""

    def __init__(self) -> None:
        self.size = 0
        self._held = bytearray()
        self._file: IO[bytes] | None = None

    @property
    def small(self) -> bytes | None:
        """The body if it is in memory."""
        return None if self._file else bytes(self._held)

    def add(self, part: bytes) -> None:
        """Take a part on. GovgraphError(no-room) if the disk is full."""
        self.size += len(part)
        self._held += part
        if len(self._held) > PIECE:
            try:
                self._file = self._file or TemporaryFile()  # noqa: SIM115 - it has `close`
                self._file.write(self._held)
            except OSError as error:
                raise GovgraphError("no-room", seconds=60) from error
            self._held.clear()

    def over(self) -> None:
        """All parts have been added."""
        if self._file:
            self._file.write(self._held)
            self._file.seek(0)

    def head(self) -> bytes:
        """The first piece, which `piece` will give again."""
        if self._file is None:
            return bytes(self._held)
        found = self._file.read(PIECE)
        self._file.seek(0)
        return found

    def cut(self, size: int) -> Body:
        """No more of it than its beginning; this one is closed."""
        cut = Body()
        cut.add(self.head()[:size])
        cut.over()
        self.close()
        return cut

    def piece(self) -> tuple[bytes, bool]:
        """The next piece, and whether more follow."""
        if self._file is None:
            return bytes(self._held), False
        found = self._file.read(PIECE)
        return found, self._file.tell() < self.size

    def close(self) -> None:
        """Let the file go."""
        if self._file:
            self._file.close()


async def read_body(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], limit: int, seconds: float = ARRIVAL
) -> Body:
    """A request's body, which may take some seconds. ClientGone if it does not come to its end.

    GovgraphError(body-too-large, request-timeout, no-room)."""
    _refuse_large(headers, limit)
    body = Body()
    try:
        await _read(receive, body, limit, seconds)
    except BaseException:
        body.close()
        raise
    return body


def _refuse_large(headers: Iterable[tuple[bytes, bytes]], limit: int) -> None:
    """Before a byte of it is read, if the request says how much it will be."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise GovgraphError("body-too-large", limit=limit)


async def _read(receive: Receive, body: Body, limit: int, seconds: float) -> None:
    began, more = asyncio.get_running_loop().time(), True
    while more:
        try:
            async with asyncio.timeout_at(began + seconds + body.size / RATE):
                message = await receive()
        except TimeoutError:
            raise GovgraphError("request-timeout", seconds=round(seconds)) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        more = message.get("more_body", False)
        body.add(message.get("body", b""))
        if body.size > limit:
            raise GovgraphError("body-too-large", limit=limit)
    body.over()
