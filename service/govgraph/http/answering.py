"""A query's answer as a response: negotiated, in one piece or streamed, given up with its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import CapacityLimiter
from fastapi import Request, Response

from govgraph.engine.base import Answer, Formats
from govgraph.engine.stream import Chunks, Stopped
from govgraph.http import negotiate
from govgraph.http.common import in_thread
from govgraph.http.streaming import GONE, Reading, Streamed, is_whole, while_connected


async def answered(
    request: Request,
    format: str | None,
    begin: Callable[[Formats], Answer],
) -> Response:
    """The response to a query that `begin`, called in a thread, begins to answer in one of the
    formats that it is given."""
    accept = negotiate.wanted(request, format)
    reading = Reading()

    def work() -> tuple[str, bytes, Chunks]:
        answer = begin(negotiate.formats(accept))
        offered: Any = negotiate.GRAPHS if answer.form == "graph" else negotiate.RESULTS
        media = negotiate.require(accept, offered)[0]
        return media, reading.begin(answer.chunks), answer.chunks

    if request.app.state.limiters is None:
        return _response(*work())
    try:
        media, first, chunks = await while_connected(
            request.receive, in_thread(request, work), reading.close
        )
    except Stopped:
        return Response(status_code=GONE)
    return _response(media, first, chunks, request.app.state.limiters[True])


def _response(
    media: str, first: bytes, chunks: Chunks, limiter: CapacityLimiter | None = None
) -> Response:
    """One piece, or a stream whose later chunks are made under the limiter."""
    if not is_whole(first):
        return Streamed(first, chunks, limiter, media)
    chunks.close()
    return Response(first, media_type=media)
