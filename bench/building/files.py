"""Files that peers read: one graph of triples, one graph of shapes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from govgraph import resources
from govgraph.vocabulary import ONTOLOGY_GRAPH

SPARQL = NamedNode("http://www.w3.org/ns/shacl#sparql")
_CHUNK = 1 << 22


def ontology() -> Iterator[Quad]:
    """The ontology's triples, in its graph."""
    graph = NamedNode(ONTOLOGY_GRAPH)
    return (Quad(q.subject, q.predicate, q.object, graph) for q in _turtle("ontology"))


def write_ontology(path: Path) -> Path:
    """The ontology as N-Quads, in its graph."""
    serialize(ontology(), path, RdfFormat.N_QUADS)
    return path


def write_triples(quads: Iterable[Path], path: Path) -> Path:
    """N-Quads files as one of N-Triples. Every line has a graph."""
    with path.open("wb") as target:
        for file in quads:
            with file.open("rb") as source:
                while lines := source.readlines(_CHUNK):
                    target.writelines(line[: line.rindex(b" <")] + b" .\n" for line in lines)
    return path


def write_spoiled(triples: Path, path: Path) -> Path:
    """The triples without one in 97, the same ones each time, so that shapes find something."""
    with triples.open("rb") as source, path.open("wb") as target:
        target.writelines(line for line in source if zlib.crc32(line) % 97)
    return path


def write_shapes(path: Path, *, core: bool) -> Path:
    """The project's shapes as N-Triples; with `core`, without their constraints in SPARQL."""
    wanted = (q.triple for q in _turtle("shapes") if not (core and q.predicate == SPARQL))
    serialize(wanted, path, RdfFormat.N_TRIPLES)
    return path


def _turtle(folder: str) -> Iterator[Quad]:
    """All of a folder's Turtle, no blank node of one file being that of another."""
    for file in sorted(resources.folder(folder).glob("*.ttl")):
        yield from parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
