"""The service as a process: its lanes, its listening, and its end."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import uvicorn

from govgraph.pool.front import Front
from govgraph.pool.keeper import prepare
from govgraph.pool.lanes import Lane
from govgraph.pool.pool import Pool
from govgraph.pool.role import Role
from govgraph.settings import Settings, in_bytes

#: Bytes of the body of a request that only reads.
ASKED = 16 << 20


def serve(settings: Settings) -> None:
    """Serve the releases of a home, until the process is told to end."""
    given = json.loads(settings.model_dump_json())
    read = Role("govgraph.app:create_worker_app", (given,), in_bytes(settings.worker_memory))
    write = Role("govgraph.app:create_worker_app", (given,), in_bytes(settings.writer_memory))
    listen(settings, read, write, settings.write_seconds)


def serve_scratch(settings: Settings) -> None:
    """Serve an empty dataset that anyone on this machine may change, until told to end."""
    given = json.loads(settings.model_dump_json())
    with TemporaryDirectory(prefix="govgraph-scratch-") as folder:
        read, write = (
            Role(f"govgraph.scratch.app:create_{how}_app", (given, folder), in_bytes(memory))
            for how, memory in (
                ("reading", settings.worker_memory),
                ("writing", settings.writer_memory),
            )
        )
        listen(settings, read, write, settings.query_seconds, scratch=True)


def listen(
    settings: Settings, read: Role, write: Role, write_seconds: float, *, scratch: bool = False
) -> None:
    """Serve with workers that read and one that writes."""
    prepare((read, write))
    front = Front(
        settings,
        Lane(
            Pool(read, settings.workers, settings.queue_length),
            settings.query_seconds, ASKED, "query-timeout", "query-ended-worker",
        ),
        Lane(
            Pool(write, 1, settings.write_queue),
            write_seconds, in_bytes(settings.upload_limit), "write-timeout", "write-ended",
            unstoppable=True,
        ),
        needs_release=not scratch,
    )  # fmt: skip
    config = uvicorn.Config(
        front, host=settings.host, port=settings.port, log_level="warning", lifespan="on",
        proxy_headers=False, server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
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

    def _told(self) -> None:
        if self._draining:
            self.should_exit = self.force_exit = True
        else:
            self._draining = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        await self.front.drain()
        self.should_exit = True
