"""What is sent to a client: whole, or piece by piece so that a part can never be taken for all."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from govgraph.errors import GovgraphError
from govgraph.observed import note

Headers = Sequence[tuple[bytes, bytes]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_PIECE = 1 << 20


class Kept(NamedTuple):
    """A whole answer."""

    status: int
    headers: Headers
    body: bytes


class Reply:
    """An answer on its way. Left without its last chunk it is broken: the connection then ends
    without the chunk of length 0 (RFC 9112 §8)."""

    def __init__(self, send: Send) -> None:
        self.send, self.begun = send, False

    async def start(self, status: int, headers: Headers) -> None:
        self.begun = True
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def chunk(self, content: bytes, more: bool = False) -> None:
        await self.send({"type": "http.response.body", "body": content, "more_body": more})

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        await self.start(status, headers)
        await self.chunk(body)

    def close(self) -> None:
        """Let go of what was kept for it."""


class Gathered(Reply):
    """An answer to a client of HTTP/1.0, which has no chunks: where the connection ends the answer
    does. So it is gathered, up to `most` bytes, and sent with its length."""

    def __init__(self, send: Send, most: int) -> None:
        super().__init__(send)
        self.most = most
        self._head: tuple[int, Headers] | None = None
        self._file: IO[bytes] | None = None

    async def start(self, status: int, headers: Headers) -> None:
        self._head = status, headers

    async def chunk(self, content: bytes, more: bool = False) -> None:
        """GovgraphError(answer-too-long) beyond `most` bytes."""
        self._file = self._file or TemporaryFile()  # noqa: SIM115 - it has `close`
        if self._file.tell() + len(content) > self.most:
            raise GovgraphError("answer-too-long", limit=self.most)
        try:
            self._file.write(content)
        except OSError as error:
            raise GovgraphError("no-room", seconds=60) from error
        if not more:
            await self._sent(self._file)

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        if any(name == b"content-length" for name, _ in headers) or not body:
            await super().start(status, headers)
            await super().chunk(body)
        else:
            await super().start(status, [*headers, _length(len(body))])
            await super().chunk(body)

    async def _sent(self, file: IO[bytes]) -> None:
        assert self._head is not None
        status, headers = self._head
        size = file.tell()
        file.seek(0)
        await super().start(status, [*headers, _length(size)])
        sent = 0
        while sent < size:
            piece = file.read(_PIECE)
            sent += len(piece)
            await super().chunk(piece, sent < size)
        if not size:
            await super().chunk(b"")

    def close(self) -> None:
        if self._file:
            self._file.close()


def _length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", str(size).encode()


def problem(error: GovgraphError) -> Kept:
    """The problem document of an error, with the headers that go with it."""
    note(code=error.code)
    body = json.dumps(error.problem(), ensure_ascii=False).encode()
    more = {"content-type": "application/problem+json", "content-length": str(len(body))}
    headers = [(k.lower().encode(), v.encode()) for k, v in (more | error.headers).items()]
    return Kept(error.status, headers, body)
