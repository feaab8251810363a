"""The service as a process: its lanes, its listening, and its end."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import uvicorn

from govgraph.edge.edge import Edge
from govgraph.edge.logs import configure, requests_log
from govgraph.engine.temporary import own_folder
from govgraph.pool.connection import most_connections, taking
from govgraph.pool.figures import Figures
from govgraph.pool.front import Front
from govgraph.pool.keeper import prepare
from govgraph.pool.lanes import Lanes, lanes_of_releases, lanes_of_scratch
from govgraph.pool.shortway import ShortWay
from govgraph.settings import Settings

#: Objects that are made before the youngest are looked through for those that are of no use.
COLLECTED = 20_000


def serve(settings: Settings) -> None:
    """Serve the releases of a home, until the process is told to end."""
    _listen(settings, lanes_of_releases(settings))


def serve_scratch(settings: Settings) -> None:
    """Serve an empty dataset that anyone on this machine may change, until told to end."""
    with TemporaryDirectory(dir=own_folder()) as folder:
        _listen(settings, lanes_of_scratch(settings, folder))


def _listen(settings: Settings, lanes: Lanes) -> None:
    prepare((lanes.reads.pool.role, lanes.writes.pool.role))
    configure(settings.log_level, settings.log_format)
    front = Front(settings, lanes)
    edge = Edge(front, settings)
    edge.metrics.registry.register(Figures(front))
    config = uvicorn.Config(
        edge, http=taking(settings.arrival_seconds, most_connections(), ShortWay(edge, front)), ws="none",
        host=settings.host, port=settings.port, log_config=None, access_log=False, lifespan="on",
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    # what is there by now stays; of a request hardly anything is left for a collection to find
    gc.freeze()
    gc.set_threshold(COLLECTED)
    _Server(config, front).run()


class _Server(uvicorn.Server):
    """uvicorn's server, which drains its front before it ends. Told twice it ends at once."""

    def __init__(self, config: uvicorn.Config, front: Front) -> None:
        super().__init__(config)
        self.front = front
        self._draining: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._told)
        yield

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        lines = requests_log()
        lines.gather(asyncio.get_running_loop())
        try:
            await super().serve(sockets)
        finally:
            lines.gather(None)

    def _told(self) -> None:
        if self._draining:
            self.front.end_running()
        else:
            self._draining = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        await self.front.drain()
        self.should_exit = True
