"""Who asks, and how much one client may ask for: the manner of the Wikidata Query Service.

A client is an address. It may have so many requests worked on at a time, and uses up a budget of
working time that fills again by the minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from govgraph.edge.addresses import address, networks
from govgraph.errors import GovgraphError

MINUTE = 60.0
#: Clients that are remembered; those that have used nothing for longest are forgotten.
KNOWN = 10_000


@dataclass
class Client:
    """Requests that are worked on, seconds used of the budget, and when that was seen."""

    running: int = 0
    used: float = 0.0
    seen: float = 0.0


class Clients:
    """The clients of the last minutes."""

    def __init__(
        self, requests: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.requests, self.seconds, self.clock = requests, seconds, clock
        self._known: dict[str, Client] = {}

    @contextmanager
    def admitted(self, address_: str) -> Iterator[Client]:
        """Let a client's request in, as `enter` has it."""
        client = self.enter(address_)
        try:
            yield client
        finally:
            client.running -= 1

    def enter(self, address_: str) -> Client:
        """Let a client's request in, which is counted as running. GovgraphError(too-many-requests)
        if it has too much of it already."""
        client = self._client(address_)
        if client.running >= self.requests:
            raise GovgraphError("too-many-requests", seconds=1)
        if client.used >= self.seconds:
            rest = (client.used - self.seconds) / self.seconds * MINUTE
            raise GovgraphError("too-many-requests", seconds=max(1, round(rest)))
        client.running += 1
        return client

    @contextmanager
    def working(self, client: Client) -> Iterator[None]:
        """Work for a client: the time comes off its budget. Waiting to be worked for does not."""
        began = self.clock()
        try:
            yield
        finally:
            client.used += self.clock() - began

    def _client(self, address_: str) -> Client:
        """A client as it stands now: what it used is given back as time passes."""
        now = self.clock()
        client = self._known.pop(address_, None) or Client(seen=now)
        client.used = max(0.0, client.used - (now - client.seen) * self.seconds / MINUTE)
        client.seen = now
        self._known[address_] = client
        if len(self._known) > KNOWN:
            self._forget()
        return client

    def _forget(self) -> None:
        idle = [name for name, client in self._known.items() if not client.running]
        for name in idle[: KNOWN // 10]:
            del self._known[name]


__all__ = ["KNOWN", "MINUTE", "Clients", "address", "networks"]
