"""What goes into a build: the tables of dataset folders, their description, the ontology."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from govgraph import resources
from govgraph.errors import GovgraphError
from govgraph.vocabulary import CSVW, ONTOLOGY_GRAPH, RDF
from govgraph_loaders import Problem, Source, find_sources

TABLES_GRAPH = "graph/tables"
_DCTERMS = "http://purl.org/dc/terms/"


def find_tables(datasets: Sequence[Path], base: str) -> tuple[list[Source], list[Problem]]:
    """All tables of dataset folders, and what is wrong with the folders.

    GovgraphError(not-a-dataset, dataset-repeated)."""
    sources: list[Source] = []
    problems: list[Problem] = []
    names: set[str] = set()
    for folder in datasets:
        if not folder.is_dir():
            raise GovgraphError("not-a-dataset", path=folder)
        found, wrong = find_sources(folder, resources.folder("tables"), base=base)
        name = folder.resolve().name
        if not found and not wrong:
            raise GovgraphError("not-a-dataset", path=folder)
        if name in names:
            raise GovgraphError("dataset-repeated", name=name)
        names.add(name)
        sources += found
        problems += wrong
    return sources, problems


def describe_inputs(datasets: Iterable[Path]) -> list[dict[str, Any]]:
    """Name, size and sha256 of every file of the folders that a build may read."""
    return [
        {
            "dataset": folder.resolve().name,
            "file": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": digest(path),
        }
        for folder in datasets
        for path in files_of(folder)
    ]


def files_of(folder: Path) -> list[Path]:
    """The files of a dataset folder, and what their metadata may refer to in folders below."""
    found = (*folder.iterdir(), *folder.glob("*/**/*.json"))
    return sorted(path for path in found if path.is_file())


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_tables_graph(sources: Iterable[Source], base: str, path: Path) -> str:
    """Write what each table is and which property each column states; return the graph's IRI."""
    graph = NamedNode(base + TABLES_GRAPH)
    with path.open("wb") as stream:
        for source in sources:
            quads = (Quad(*triple, graph) for triple in _table_triples(source))
            serialize(quads, stream, RdfFormat.N_QUADS)
    return graph.value


def write_ontology_graph(path: Path) -> None:
    """Write the ontology's modules as one graph."""
    graph = NamedNode(ONTOLOGY_GRAPH)
    with path.open("wb") as stream:
        for module in sorted(resources.folder("ontology").glob("*.ttl")):
            quads = parse(path=module, format=RdfFormat.TURTLE, rename_blank_nodes=True)
            named = (Quad(q.subject, q.predicate, q.object, graph) for q in quads)
            serialize(named, stream, RdfFormat.N_QUADS)


def _table_triples(source: Source) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """CSVW's description of a table, columns named by their RFC 7111 fragments."""
    table = NamedNode(source.iri)
    yield table, NamedNode(RDF + "type"), NamedNode(CSVW + "Table")
    yield table, NamedNode(CSVW + "url"), Literal(source.path.name)
    yield table, NamedNode(_DCTERMS + "isPartOf"), Literal(source.dataset)
    yield table, NamedNode(_DCTERMS + "title"), Literal(source.table.title)
    for number, column in enumerate(source.table.columns, start=1):
        node = NamedNode(f"{source.iri}#col={number}")
        yield table, NamedNode(CSVW + "column"), node
        yield node, NamedNode(CSVW + "name"), Literal(column.name)
        yield node, NamedNode(CSVW + "propertyUrl"), Literal(column.property.text)
