"""Answers that are sent while they are made, and work that ends when its client hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio import CapacityLimiter
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from govgraph.engine.stream import CHUNK_BYTES, Chunks, Stopped

T = TypeVar("T")
#: Seconds before a client is watched: most answers are there by then.
PATIENCE = 0.05
#: Bytes of a file that are sent at a time.
_PIECE = 1 << 20
#: Nobody reads this one: the client has hung up.
GONE = 499


class Reading:
    """Reads chunks in threads; the client may hang up before there are any."""

    def __init__(self) -> None:
        self._chunks: Chunks | None = None
        self._closed = False

    def begin(self, chunks: Chunks) -> bytes:
        """The first chunk. Stopped if the client has hung up."""
        self._chunks = chunks
        if self._closed:
            chunks.close()
        return next(chunks, b"")

    def close(self) -> None:
        self._closed = True
        if self._chunks:
            self._chunks.close()


async def while_connected(receive: Receive, work: Awaitable[T], hang_up: Callable[[], None]) -> T:
    """The outcome of work; if the client goes away meanwhile, `hang_up` is to end it."""
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    later = loop.call_later(
        PATIENCE, lambda: watching.append(loop.create_task(_watch(receive, hang_up)))
    )
    try:
        return await work
    finally:
        later.cancel()
        for task in watching:
            task.cancel()


async def _watch(receive: Receive, hang_up: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    hang_up()


class Streamed(Response):
    """A response whose body follows chunk by chunk. An error on the way breaks the connection off
    without the chunk that ends it, so that no client takes a part for the whole. Without a limiter
    chunks are made in this thread."""

    def __init__(
        self, first: bytes, chunks: Chunks, limiter: CapacityLimiter | None, media_type: str
    ) -> None:
        super().__init__(media_type=media_type)
        del self.headers["content-length"]
        self.first, self.chunks, self.limiter = first, chunks, limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            await send(start)
            if scope["method"] != "HEAD":
                await while_connected(receive, self._send(send), self.chunks.close)
            else:
                await send(_body(b"", more=False))
        except Stopped:
            pass
        finally:
            self.chunks.close()

    async def _send(self, send: Send) -> None:
        chunk = self.first
        while chunk:
            await send(_body(chunk, more=True))
            chunk = await self._next()
        await send(_body(b"", more=False))

    async def _next(self) -> bytes:
        if self.limiter is None:
            return next(self.chunks, b"")
        return await anyio.to_thread.run_sync(next, self.chunks, b"", limiter=self.limiter)


class FileChunks(StreamingResponse):
    """A response whose body is the contents of files, one after the other; what keeps them from
    being removed is held meanwhile."""

    def __init__(self, paths: Sequence[Path], media_type: str, held: object) -> None:
        super().__init__(self._read(paths), media_type=media_type)
        self.held = held

    async def _read(self, paths: Sequence[Path]) -> AsyncIterator[bytes]:
        for path in paths:
            async with await anyio.open_file(path, "rb") as file:
                while chunk := await file.read(_PIECE):
                    yield chunk


def _body(content: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


def is_whole(first: bytes) -> bool:
    """Whether a first chunk is the whole answer, by the promise that chunks make."""
    return len(first) < CHUNK_BYTES


__all__ = ["GONE", "FileChunks", "Reading", "Streamed", "is_whole", "while_connected"]
