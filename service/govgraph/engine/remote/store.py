"""Puts a release's graphs into an endpoint, apart from those it serves, and then in their place.

What a build makes is noted at the endpoint before it is made, so that a build that crashed leaves
nothing that the next one cannot find and take away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from govgraph.engine.remote.endpoints import Endpoints
from govgraph.engine.remote.layout import Layout
from govgraph.engine.remote.marker import GRAPH, Marker, place, read_marker, statements
from govgraph.engine.remote.reading import Exchange
from govgraph.vocabulary import is_inferred

#: Seconds that one step of a build may take at the endpoint, and bytes of a file that are sent at
#: a time.
STEP, CHUNK = 3600.0, 1 << 20
#: Integers are one datatype in our own engines, whatever a table says of their range.
_INTEGER = re.compile(
    rb"(?<=\^\^<http://www\.w3\.org/2001/XMLSchema#)(?:long|int|short|byte|unsignedLong|unsignedInt"
    rb"|unsignedShort|unsignedByte|(?:non)?(?:[pP]ositive|[nN]egative)Integer)(?=> \.\n)"
)


class RemoteStore:
    """The graphs of one release at an endpoint, as they come to be. One build at a time."""

    def __init__(self, endpoints: Endpoints, layout: Layout) -> None:
        self.endpoints, self.layout = endpoints, layout

    @property
    def _notes(self) -> str:
        """The graph of what is being made."""
        return f"{self.layout.own}making"

    def begin(self) -> None:
        """Take away what crashed builds left, and note what every build makes."""
        self.clean()
        self.note([self.layout.merge, self.layout.stated, *self.layout.scratch])

    def note(self, graphs: Iterable[str]) -> None:
        """Note graphs that will be made, by the names that the endpoint has for them."""
        triples = " ".join(f"<{self._notes}> {GRAPH} <{graph}> ." for graph in graphs)
        if triples:
            self.run(f"INSERT DATA {{ GRAPH <{self._notes}> {{ {triples} }} }}")

    def clean(self) -> None:
        """Take away what was noted and is no part of a release that the endpoint holds."""
        kept = self._kept(self.marker())
        noted = {graph for _, graph in statements(self.endpoints.query, self._notes)}
        self.drop(sorted(noted - kept))
        self.drop([self._notes])

    def marker(self) -> Marker:
        """What the endpoint says that it holds."""
        return read_marker(self.endpoints.query, self.layout.base)

    def load(self, files: Mapping[str, Path], notify: Callable[[int], None]) -> None:
        """Put graphs, given by name as N-Quads files, and add them to the merges. `notify` is told
        the bytes of each."""
        files = {graph: path for graph, path in files.items() if path.stat().st_size}
        self.note(map(self.layout.stored, files))
        for graph, path in files.items():
            self._put(graph, path)
            notify(path.stat().st_size)
        self.merge([graph for graph in files if not is_inferred(graph)], self.layout.stated)
        self.merge(files, self.layout.merge)

    def merge(self, graphs: Iterable[str], target: str) -> None:
        """Add the triples of graphs to one more. The server copies them, so that blank nodes stay
        the same."""
        stored = map(self.layout.stored, graphs)
        self._each(f"ADD SILENT GRAPH <%s> TO GRAPH <{target}>", stored)

    def switch(self) -> None:
        """Give the graphs their names, in one request, and name the release in the marker: the
        moment from which it is the one that is held. The release before keeps its merges."""
        before = self.marker()
        served = {before.served} if before.served else set()
        after = Marker(
            self.layout.release,
            frozenset({self.layout.release} | (served & before.held)),
            frozenset(self.layout.graphs),
        )
        gone = before.graphs - after.graphs
        steps = [f"DROP SILENT GRAPH <{place(self.layout.base)}>"]
        steps += [f"DROP SILENT GRAPH <{graph}>" for graph in sorted(gone)]
        steps += [
            f"MOVE GRAPH <{self.layout.stored(graph)}> TO GRAPH <{graph}>"
            for graph in self.layout.graphs
        ]
        self.run(" ;\n".join([*steps, after.update(self.layout)]))
        old = [
            graph for release in sorted(before.held - after.held) for graph in self._merges(release)
        ]
        self.drop([*old, self._notes])

    def drop(self, graphs: Iterable[str]) -> None:
        """Take graphs away, by the names that the endpoint has for them."""
        self._each("DROP SILENT GRAPH <%s>", graphs)

    def _each(self, step: str, graphs: Iterable[str]) -> None:
        """One request with a step for each graph."""
        if steps := [step % graph for graph in graphs]:
            self.run(" ;\n".join(steps))

    def run(self, update: str) -> None:
        """Run an update. Errors are those of `Endpoint.request`."""
        content = urlencode({"update": update}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        endpoint = self.endpoints.update
        with endpoint.request(
            "POST", content, headers, exchange=Exchange(STEP), repeatable=False
        ) as reply:
            reply.read()

    def _put(self, graph: str, path: Path) -> None:
        """PUT a graph, without reading its file into memory. Its length is told before: not every
        server takes a body in chunks of unknown number."""
        stored = quote(self.layout.stored(graph), safe="")
        length = sum(map(len, triples(graph, path)))
        headers = {"Content-Type": "application/n-triples", "Content-Length": str(length)}
        with self.endpoints.graphs.request(
            "PUT", lambda: triples(graph, path), headers, f"graph={stored}", exchange=Exchange(STEP)
        ) as reply:
            reply.read()

    def _merges(self, release: str) -> tuple[str, str]:
        layout = Layout(self.layout.base, release, ())
        return layout.merge, layout.stated

    def _kept(self, marker: Marker) -> set[str]:
        return {graph for release in marker.held for graph in self._merges(release)} | set(
            marker.graphs
        )


def triples(graph: str, path: Path) -> Iterator[bytes]:
    """The N-Quads of one graph as N-Triples, in chunks of whole lines."""
    tail = f" <{graph}> .\n".encode()
    with path.open("rb") as quads:
        while lines := quads.readlines(CHUNK):
            yield _INTEGER.sub(b"integer", b"".join(lines).replace(tail, b" .\n"))
