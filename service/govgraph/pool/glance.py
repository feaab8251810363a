"""Queries about one thing, as requests: answered where they come in, in one go.

Nothing of them is ever waited for, so nothing is made for them that could be: they have no scope, no
lane and no place. They are told of in the log and in the figures as every other request is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from govgraph.edge.edge import REQUEST_ID, Edge, facts, new_id
from govgraph.edge.form import decoded
from govgraph.edge.lines import Kind
from govgraph.errors import GovgraphError
from govgraph.observed import Observed
from govgraph.pool.athand import AtHand, asked
from govgraph.pool.clients import Clients
from govgraph.pool.heads import Head
from govgraph.pool.reply import Kept
from govgraph.pool.written import top_of, written

if TYPE_CHECKING:
    from govgraph.pool.connection import Connection

_PATH, _QUERY = b"/sparql", b"query="
#: Queries that are remembered to be about no one thing, and the longest of them, in bytes.
MOST, LONGEST = 4_096, 4_096
_OBSERVED = Observed("", route="/sparql", engine="things")


class _Told(NamedTuple):
    """A request that was answered."""

    address: str
    text: bytes
    id: str
    release: bytes
    size: int
    seconds: float

    def line(self) -> tuple[Kind, dict[str, object]]:
        release = self.release.decode()
        kind = Kind(self.address, "GET", "/sparql", 200, "front", "ok", "things", release)
        return kind, facts(self.seconds, self.size, self.text, self.id)


class Glance:
    """Answers queries about one thing, to clients that have not had too much of the service."""

    def __init__(self, edge: Edge, at_hand: AtHand, clients: Clients) -> None:
        self.edge, self.at_hand, self.clients = edge, at_hand, clients
        self._others: dict[bytes, None] = {}

    def answer(self, connection: Connection, head: Head, path: bytes, query: bytes) -> bool:
        """Answer a GET. False if another has to."""
        if path != _PATH or head.accepted is None or not self._may_be(query):
            return False
        began = time.perf_counter()
        text = decoded(query[len(_QUERY) :].replace(b"+", b" "))
        if (wanted := asked(text)) is None:
            self._pass_by(query)
            return False
        try:
            client = self.clients.enter(head.address)
        except GovgraphError:
            return False
        try:
            found = self.at_hand.answer(*wanted, head.accepted)
            if found is not None:
                self._send(connection, head, text, found, began)
        finally:
            client.running -= 1
            client.used += time.perf_counter() - began
        return found is not None

    def _send(
        self, connection: Connection, head: Head, text: bytes, found: Kept, began: float
    ) -> None:
        ident, size = head.id or new_id(), len(found.body)
        top = top_of(found.headers, https=head.scheme == "https")
        more = (
            *connection.server_state.default_headers,
            (REQUEST_ID, ident.encode()),
            (b"content-length", b"%d" % size),
        )
        connection.answer(written(found.status, top.lines, more, found.body))
        self._tell(head, text, ident, top.release, size, time.perf_counter() - began)

    def _may_be(self, query: bytes) -> bool:
        return query.startswith(_QUERY) and b"&" not in query and query not in self._others

    def _pass_by(self, query: bytes) -> None:
        if len(self._others) >= MOST:
            self._others.clear()
        if len(query) <= LONGEST:
            self._others[query] = None

    def _tell(
        self, head: Head, text: bytes, ident: str, release: bytes, size: int, seconds: float
    ) -> None:
        """Count the request and write its line."""
        edge = self.edge
        edge.metrics.count(_OBSERVED, "GET", "/sparql", 200, "ok", size, seconds)
        if edge.log.wanted:
            edge.log.write(_Told(head.address, text, ident, release, size, seconds))
