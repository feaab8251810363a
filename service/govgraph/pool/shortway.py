"""The short way of a request: answers that are kept or at hand, and lookups that a worker answers at
once.

They are most of what programs ask, and on the long way, through a task and ASGI, passing them on
takes longer than answering them. Limits, keys, ids, the log and the figures are the same on both.
Whatever is not answered in one piece begins anew the long way, where everything is told that can be
wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govgraph.access.authorize import authorize_read
from govgraph.edge.edge import Edge
from govgraph.errors import GovgraphError
from govgraph.pool.athand import AtHand
from govgraph.pool.front import Front
from govgraph.pool.glance import Glance
from govgraph.pool.heads import Head
from govgraph.pool.lookup import Lookup
from govgraph.pool.reply import Kept

if TYPE_CHECKING:
    from govgraph.pool.connection import Connection

Scope = dict[str, Any]
#: Answered by the front and the edge themselves.
_OWN = frozenset({"/health", "/ready", "/metrics"})
_SPARQL = "/sparql"
#: URLs that are remembered as none of a lookup, and the longest of them.
MOST, LONGEST = 4_096, 2_048


class ShortWay:
    """The short way beside a front and its edge."""

    def __init__(self, edge: Edge, front: Front) -> None:
        self.edge, self.front = edge, front
        settings = front.settings
        local = settings.engine in ("auto", "oxigraph", "columns")
        self._lookups = local and not (settings.read_key or front.lanes.scratch)
        at_hand = self._lookups and settings.engine in ("auto", "oxigraph")
        self.glance = Glance(edge, AtHand(front.home), front.clients) if at_hand else None
        self._later: dict[bytes, None] = {}

    def head(self, scope: Scope) -> Head:
        """What the head of a request says."""
        return Head.of(scope, self.edge.trusted)

    def at_once(self, connection: Connection, head: Head, path: bytes, query: bytes) -> bool:
        """Answer a GET of what is at hand. False if it is not."""
        if self.glance is None or self.front.ending:
            return False
        return self.glance.answer(connection, head, path, query)

    def take(self, connection: Connection, scope: Scope, head: Head) -> bool:
        """Answer a GET, or have it answered. False if it is to go the long way."""
        if self.front.ending or scope["path"] in _OWN or not self._may_read(scope):
            return False
        scope["scheme"] = head.scheme
        cache = self.front.cache
        key = cache.key(scope, b"", head.telling)
        if key is not None and key in cache and (kept := cache.get(key)) is not None:
            lookup = Lookup(self, connection, scope, head, key)
            lookup.observed.lane = "cache"
            connection.answer_by(lookup)
            lookup.answer(kept)
            return True
        if not self._is_lookup(scope, connection.url, head):
            return False
        lookup = Lookup(self, connection, scope, head, key)
        if not self._lent(lookup):
            return False
        connection.answer_by(lookup)
        cache.misses += 1
        return True

    def over(self, lookup: Lookup, answer: Kept) -> None:
        """Keep the answer of a lookup."""
        self.front.cache.put(lookup.key, answer)

    def no_lookup(self, url: bytes) -> None:
        """Remember a request that a worker did not answer at once."""
        if len(self._later) >= MOST:
            self._later.clear()
        if len(url) <= LONGEST:
            self._later[url] = None

    def _may_read(self, scope: Scope) -> bool:
        front = self.front
        if front.lanes.scratch:
            return True
        try:
            authorize_read("GET", scope["path"], scope["headers"], front.keys, front.settings)
        except GovgraphError:
            return False  # what is wrong is said on the long way
        return True

    def _is_lookup(self, scope: Scope, url: bytes, head: Head) -> bool:
        return (
            self._lookups
            and scope["path"] == _SPARQL
            and scope["query_string"].startswith(b"query=")
            and url not in self._later
            and not head.conditional
        )

    def _lent(self, lookup: Lookup) -> bool:
        """Lend a worker, or a place in the queue for one; False if there is neither."""
        front, pool = self.front, self.front.lanes.reads.pool
        try:
            lookup.client = front.clients.enter(lookup.head.address)
        except GovgraphError:
            return False
        if worker := pool.free():
            lookup.work(worker)
            return True
        try:
            lookup.wait(pool.place(), front.settings.queue_seconds)
        except GovgraphError:
            lookup.client.running -= 1
            return False
        return True
