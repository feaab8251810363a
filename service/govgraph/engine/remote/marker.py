"""Which releases an endpoint holds: a graph of its own says so.

The marker is taken away before graphs change their names and written after: whoever finds it twice
the same has seen one release in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from urllib.parse import urlencode

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from govgraph.engine.remote.connection import Endpoint
from govgraph.engine.remote.layout import Layout
from govgraph.errors import GovgraphError
from govgraph.vocabulary import PREFIXES

_TERMS = PREFIXES["dcterms"]
SERVED, HELD, GRAPH = (f"<{_TERMS}{name}>" for name in ("identifier", "hasVersion", "hasPart"))
XML = "application/sparql-results+xml"
#: Seconds for which what the marker says is believed.
FRESH = 2.0
#: What a caller is told to wait while a release takes the place of another.
RETRY = 2


@dataclass(frozen=True)
class Marker:
    """What the marker says: the release whose graphs have their names, the releases whose merges
    are there, the graphs that have names. An endpoint without one holds nothing of ours."""

    served: str | None = None
    held: frozenset[str] = frozenset()
    graphs: frozenset[str] = frozenset()

    def update(self, layout: Layout) -> str:
        """The update that writes it."""
        name = f"<{place(layout.base)}>"
        said = [(SERVED, f'"{self.served}"')]
        said += [(HELD, f'"{release}"') for release in sorted(self.held)]
        said += [(GRAPH, f"<{graph}>") for graph in sorted(self.graphs)]
        triples = " ".join(f"{name} {predicate} {value} ." for predicate, value in said)
        return f"INSERT DATA {{ GRAPH {name} {{ {triples} }} }}"


def place(base: str) -> str:
    """The marker's graph, for instances of a base."""
    return f"{base}graph/remote/release"


def read_marker(endpoint: Endpoint, base: str) -> Marker:
    """What an endpoint says that it holds. GovgraphError as for `Endpoint.request`."""
    found: dict[str, set[str]] = {SERVED: set(), HELD: set(), GRAPH: set()}
    for predicate, value in statements(endpoint, place(base)):
        found.get(predicate, set()).add(value)
    served = min(found[SERVED]) if len(found[SERVED]) == 1 else None
    return Marker(served, frozenset(found[HELD]), frozenset(found[GRAPH]))


def statements(endpoint: Endpoint, graph: str) -> Iterable[tuple[str, str]]:
    """The predicates (in N-Triples) and the values that a small graph has."""
    query = "SELECT ?p ?o WHERE { ?s ?p ?o }"
    content = urlencode({"query": query, "default-graph-uri": graph}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": XML}
    with endpoint.request("POST", content, headers) as reply:
        body = reply.read()
    try:
        solutions = parse_query_results(BytesIO(body), QueryResultsFormat.XML)
        assert isinstance(solutions, QuerySolutions)
        return [(str(row["p"]), row["o"].value) for row in solutions]
    except (SyntaxError, ValueError, AssertionError):
        raise GovgraphError("remote-address", setting=endpoint.setting) from None


@dataclass
class Held:
    """Whether an endpoint holds a release: what the marker says, asked anew when it is not fresh.
    `moved` is told which release it names if that is another."""

    endpoint: Endpoint
    layout: Layout
    moved: Callable[[str], None] = lambda _: None
    _read: float = field(default=float("-inf"), init=False)
    _marker: Marker = field(default_factory=Marker, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def check(self, *, named: bool, since: float | None = None) -> None:
        """GovgraphError(remote-release) if the release is not there, with its graphs by their
        names if the query looks at those. What was read before `since` (a monotonic time) does not
        count."""
        with self._lock:
            now = time.monotonic()
            if self._read < (now - FRESH if since is None else since):
                self._marker, self._read = read_marker(self.endpoint, self.layout.base), now
            marker = self._marker
        release = self.layout.release
        if release in marker.held and (marker.served == release or not named):
            return
        self._read = float("-inf")
        if marker.served and marker.served != release:
            self.moved(marker.served)
        raise GovgraphError("remote-release", release=release, seconds=RETRY)
