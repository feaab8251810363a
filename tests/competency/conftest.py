"""The graph that the competency questions are asked of, and copies of it to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store

from govgraph_loaders import find_sources, ingest

ROOT = Path(__file__).parents[2]
ONTOLOGY = NamedNode("https://w3id.org/govgraph/ontology")
PREFIXES = """
PREFIX gov: <https://w3id.org/govgraph/ontology#>
PREFIX id: <https://w3id.org/govgraph/id/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
Term = NamedNode | BlankNode | Literal
Row = dict[str, Term]


@dataclass(frozen=True)
class CompetencyEngine:
    """Asks a store, with the union of its graphs as the default graph."""

    store: Store

    def select(self, query: str) -> list[Row]:
        """The rows of a SELECT query; a variable without a value is not in its row."""
        solutions = self.store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return [
            {name: term for name in names if (term := solution[name]) is not None}
            for solution in solutions
        ]


@pytest.fixture(scope="session")
def competency_engine(tmp_path_factory: pytest.TempPathFactory) -> CompetencyEngine:
    """The shipped dataset, the example communities that share its model, and the ontology."""
    sources = [
        source
        for dataset in ("xiyuan", "example-communities")
        for source in find_sources(ROOT / "data" / dataset, ROOT / "loaders" / "tables")[0]
    ]
    ingested = ingest(sources, tmp_path_factory.mktemp("quads"))
    assert not ingested.rejected, ingested.problems
    store = Store()
    for file in ingested.files:
        store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
    for module in sorted((ROOT / "ontology").glob("*.ttl")):
        store.bulk_load(path=str(module), format=RdfFormat.TURTLE, to_graph=ONTOLOGY)
    return CompetencyEngine(store)


@pytest.fixture
def changed(competency_engine: CompetencyEngine) -> Callable[[str], CompetencyEngine]:
    """A copy of the graph after a SPARQL update."""

    def change(update: str) -> CompetencyEngine:
        store = Store()
        store.bulk_extend(iter(competency_engine.store))
        before = set(store)
        store.update(PREFIXES + update)
        assert set(store) != before, "the update changed nothing"
        return CompetencyEngine(store)

    return change
