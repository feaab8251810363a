"""The default graph of a release: the RDF merge of all its graphs.

Oxigraph's own union of graphs (1.1 dataset clauses and the union option alike) gives a triple once
for each graph that holds it, so counts and sums come out too high. The merge is stored instead.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

CHUNK = 1 << 20


def load(store: Store, path: Path, graph: str) -> None:
    """Bulk-load a file of one graph's N-Quads under its name, and merge it.

    Each of the two loads would rename blank nodes in its own way, so the file must have none.
    """
    store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    with path.open("rb") as quads:
        triples = io.BufferedReader(_Triples(quads, graph), CHUNK)  # type: ignore[type-var]
        store.bulk_load(input=triples, format=RdfFormat.N_TRIPLES)


def extend(store: Store, quads: Iterable[Quad]) -> None:
    """Add quads under their graphs' names, and merge them; blank nodes stay the same in both."""
    store.bulk_extend(_twice(quads))


def _twice(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


class _Triples(io.RawIOBase):
    """N-Quads of one graph, read as N-Triples: the graph's name is cut from each line's end."""

    def __init__(self, quads: io.BufferedReader, graph: str) -> None:
        self.quads, self.tail = quads, f" <{graph}> .\n".encode()
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self.rest:
            lines = b"".join(self.quads.readlines(CHUNK))
            self.rest = lines.replace(self.tail, b" .\n")
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size
