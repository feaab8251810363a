"""The keeper of one worker: starts it, asks it, kills it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import select
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any

from govgraph.errors import GovgraphError
from govgraph.pool.body import Body
from govgraph.pool.frames import frame, read
from govgraph.pool.role import Role
from govgraph.pool.worker import DONE, MORE, READY, WHOLE, main

#: Bytes of a temporary folder's path to which the names of sockets can be added.
LONGEST = 60
#: Processes are forked from one that has everything imported, which takes a tenth of a start.
_context = multiprocessing.get_context("forkserver")


class WorkerLost(Exception):
    """The worker ended, or was ended, before its answer did."""


class Worker:
    """A running worker process. One request at a time; whoever ends a request early kills it."""

    def __init__(
        self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.process, self.reader, self.writer = process, reader, writer
        self._end = select.poll()
        self._end.register(process.sentinel)
        self.alive = True
        #: Whether it is at an answer; one that is left in the middle of it is of no use.
        self.answering = False

    @classmethod
    async def start(cls, role: Role) -> Worker:
        """Start a worker and wait until it is ready. WorkerLost if it does not come up."""
        ours, theirs = socket.socketpair()
        process = await asyncio.to_thread(_start, role, theirs)
        theirs.close()
        worker = cls(process, *await asyncio.open_connection(sock=ours))
        if await worker.hear() != (READY,):
            raise WorkerLost
        return worker

    async def ask(self, scope: dict[str, Any], body: Body) -> AsyncIterator[tuple[Any, ...]]:
        """What the worker says of an answer: one WHOLE (status, headers, body), or a START
        (status, headers) and then CHUNKs (bytes, more). WorkerLost if the worker ends first,
        the GovgraphError of an application that fails on the way: the worker is there for the
        next request."""
        self.answering = True
        await self.tell((scope, *body.piece()))
        while (heard := await self.hear())[0] != DONE:
            if heard[0] == MORE:
                await self.tell(body.piece())
                continue
            self.answering = heard[0] != WHOLE
            yield heard
            if heard[0] == WHOLE:
                return
        self.answering = False
        if heard[1] is not None:
            raise GovgraphError(heard[1], **heard[2])

    def there(self) -> bool:
        """Whether the process runs, as far as is known by now."""
        return self.alive and not self._end.poll(0)

    async def hear(self) -> tuple[Any, ...]:
        """The next thing that the worker says."""
        try:
            heard: tuple[Any, ...] = await read(self.reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.kill()
            raise WorkerLost from None
        return heard

    async def tell(self, value: tuple[Any, ...]) -> None:
        """Send the worker a request, or more of one."""
        try:
            self.writer.write(frame(value))
            await self.writer.drain()
        except ConnectionError:
            self.kill()
            raise WorkerLost from None

    def kill(self) -> None:
        """End the process at once."""
        if self.alive:
            self.alive = False
            if self.process.is_alive():
                self.process.kill()
            self.writer.close()


def prepare(roles: Iterable[Role]) -> None:
    """Start the process that workers are forked from, if there is none. It imports what the roles
    need, and lets pass what tells all processes of a service to end: its keeper is to end it."""
    _context.set_forkserver_preload([__name__, *(role.module for role in roles)])
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with _short_paths():
            forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _short_paths() -> Iterator[None]:
    """That process is spoken to through a socket in the temporary folder, and the path of a socket
    has about a hundred bytes at most: where the folder's own is long, it is the system's."""
    before = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > LONGEST:
        tempfile.tempdir = "/tmp"
    try:
        yield
    finally:
        tempfile.tempdir = before


def _start(role: Role, connection: socket.socket) -> BaseProcess:
    process = _context.Process(target=main, args=(role, connection), daemon=True)
    process.start()
    return process
