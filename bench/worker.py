"""An engine in process: in one of its own, so that a query without end can be killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from bench.data import Query
from bench.engine import Failed, Reply, Unfinished
from bench.process import peak_memory

Answer = Callable[[Query], bytes]
#: Opens an engine; called in the worker, so it is a function that can be pickled.
Open = Callable[[], Answer]

_SPAWN = get_context("spawn")


class Worker:
    """Runs queries in a process. The seconds are taken there: they hold no copying.

    The engine opens with its first query, whose seconds hold that; with `eager` it opens first.
    """

    def __init__(self, opener: Open, *, eager: bool = False) -> None:
        self.opener, self.eager = opener, eager
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def start(self) -> None:
        """Start the process. Failed if it ends instead."""
        self._connection, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, self.opener, self.eager), daemon=True)
        self._process = process
        process.start()
        theirs.close()
        try:
            self._connection.recv()
        except EOFError:
            raise Failed("the worker ended while starting") from None

    def ask(self, query: Query, limit: float) -> Reply:
        assert self._connection is not None
        self._connection.send(query)
        if not self._connection.poll(limit):
            raise Unfinished
        try:
            seconds, body = self._connection.recv()
        except EOFError:
            raise Failed("the worker ended") from None
        if isinstance(body, str):
            raise Failed(body)
        return Reply(seconds, body)

    def memory(self) -> int:
        pid = self._process.pid if self._process else None
        return peak_memory(pid) if pid else 0

    def stop(self) -> None:
        if self._process and self._connection:
            self._process.kill()
            self._process.join()
            self._connection.close()
        self._process = self._connection = None


def _serve(connection: Connection, opener: Open, eager: bool) -> None:
    answer = opener() if eager else None
    connection.send("ready")
    while True:
        try:
            query = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        start = time.perf_counter()
        body: bytes | str
        try:
            answer = answer or opener()
            body = answer(query)
        except Exception as error:  # told to the other side, which ends this process
            body = f"{type(error).__name__}: {error}"[:500]
        connection.send((time.perf_counter() - start, body))
