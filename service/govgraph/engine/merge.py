"""The default graph of a release: the RDF merge of all its graphs.

Oxigraph's own union of graphs (1.1 dataset clauses and the union option alike) gives a triple once
for each graph that holds it, so counts and sums come out too high. The merge is stored instead, and
nothing else: what names graphs is answered by the columns (docs/adr/0013).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple

CHUNK = 1 << 20


def load(store: Store, files: Mapping[str, Path]) -> None:
    """Bulk-load the merge of N-Quads files, given by the IRI of the one graph that each holds.

    One load for all, so that blank nodes stay the same and a triple of several graphs is one.
    """
    triples = io.BufferedReader(_Triples(files), CHUNK)  # type: ignore[type-var]
    store.bulk_load(input=triples, format=RdfFormat.N_TRIPLES)


def patch(old: Path, new: Path, went: Iterable[Triple], came: Iterable[Triple]) -> None:
    """Make a store at `new` that is the one at `old` but for some triples. Files are shared."""
    Store.read_only(str(old)).backup(str(new))
    store = Store(str(new))
    for triple in went:
        store.remove(_merged(triple))
    store.bulk_extend(map(_merged, came))
    store.flush()


def _merged(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())


def extend(store: Store, quads: Iterable[Quad]) -> None:
    """Add quads under their graphs' names, and merge them; blank nodes stay the same in both."""
    store.bulk_extend(_twice(quads))


def _twice(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def _triples(files: Mapping[str, Path]) -> Iterator[bytes]:
    """N-Quads read as N-Triples: the graph's name is cut from each line's end."""
    for graph, path in files.items():
        tail = f" <{graph}> .\n".encode()
        with path.open("rb") as quads:
            while lines := quads.readlines(CHUNK):
                yield b"".join(lines).replace(tail, b" .\n")


class _Triples(io.RawIOBase):
    """The triples of all files, one after the other, as a file to read."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.chunks, self.rest = _triples(files), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.rest = self.rest or next(self.chunks, b"")
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size
