"""The watch over a worker at work: its time, its client, and the end of the service."""

from __future__ import annotations

import asyncio
from typing import Literal

from govgraph.pool.body import Receive
from govgraph.pool.keeper import Worker

Why = Literal["late", "gone", "ending"]
#: Seconds before a client is watched: most answers are there by then.
PATIENCE = 0.05


class Watch:
    """Kills a worker when its `seconds` are over or, if `receive` is given, its client has gone;
    `why` says what it was. To be closed before the worker does anything else."""

    def __init__(self, worker: Worker, seconds: float, receive: Receive | None) -> None:
        self.worker, self.receive = worker, receive
        self.why: Why | None = None
        self._client: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        self._timers = [loop.call_later(seconds, self.end, "late")]
        if receive:
            self._timers.append(loop.call_later(PATIENCE, self._look))

    def end(self, why: Why) -> None:
        """Kill the worker, for a reason."""
        if self.why is None:
            self.why = why
            self.worker.kill()

    def close(self) -> None:
        """Look no longer."""
        for timer in self._timers:
            timer.cancel()
        if self._client:
            self._client.cancel()

    def _look(self) -> None:
        self._client = asyncio.get_running_loop().create_task(self._until_gone())

    async def _until_gone(self) -> None:
        assert self.receive is not None
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.end("gone")
