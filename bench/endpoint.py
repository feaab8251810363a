"""An engine behind HTTP: a server of the bench's own, and the client that asks it."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bench.client import Client
from bench.data import Query
from bench.engine import Reply
from bench.process import Server, peak_memory


class Endpoint(ABC):
    """Started and ended as often as need be. What a peer adds is how it is launched."""

    restarts = True

    def __init__(self) -> None:
        self._running: tuple[Server, Client] | None = None

    @abstractmethod
    def launch(self) -> tuple[Server, Client]:
        """Start the server and give the client that knows its port and path."""

    @property
    def server(self) -> Server:
        assert self._running is not None
        return self._running[0]

    def start(self) -> None:
        self._running = self.launch()

    def ask(self, query: Query, limit: float) -> Reply:
        assert self._running is not None
        return self._running[1].ask(query, limit)

    def memory(self) -> int:
        return peak_memory(self.server.pid) if self._running else 0

    def stop(self) -> None:
        if self._running:
            server, client = self._running
            client.close()
            self.end(server)
        self._running = None

    def end(self, server: Server) -> None:
        """Kill it: it may be busy with a query that does not end, and it has written nothing."""
        server.kill()
