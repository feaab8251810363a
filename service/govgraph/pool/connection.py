"""Connections of the front: a request's head has its time too, and there are not too many."""

from __future__ import annotations

import asyncio
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds in which the head of a request has to come, from its first byte or from the beginning of
#: a connection that says nothing.
HEAD = 20.0
#: Files that the process needs for anything but connections.
OTHER_FILES = 128


def most_connections() -> int:
    """How many connections the process may have: as many as the system lets it have files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard and hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(soft - OTHER_FILES, OTHER_FILES)


class Connection(HttpToolsProtocol):
    """uvicorn's, closed when a head is late or when there are `most` connections already."""

    most = 1 << 30
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._stop_waiting()
        self._late = self.loop.call_later(HEAD, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None
