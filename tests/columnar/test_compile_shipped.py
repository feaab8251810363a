"""The queries that people run: the project's own and the analytical ones, on both engines."""

from __future__ import annotations

import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from answers import Row, built, columns_of, compiled, rows_of
from pyoxigraph import Literal, NamedNode, QuerySolutions, QueryTriples, RdfFormat, Store
from tests.catalog.expected import examples

from govgraph.catalog.index import entries
from govgraph.catalog.run import query_text
from govgraph.catalog.values import given
from govgraph.documents import Passages
from govgraph.engine import merge
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.lookup.entities import Context
from govgraph.vocabulary import ONTOLOGY_GRAPH, PREFIXES
from govgraph_loaders import find_sources, ingest
from govgraph_loaders.namespaces import DEFAULT_BASE

ROOT = Path(__file__).resolve().parents[2]
QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
ANALYTICAL = [
    "q01_person_roles", "q02_two_roles_join", "q03_head_not_deputy", "q03b_head_minus",
    "q04_sum_year_funder", "q05_suborg_path", "q06_funds_path", "q06b_funds_path_sub",
    "q07_contains", "q08_top10", "q09_overlap", "q10_rows100k", "q11_construct100k",
]  # fmt: skip
#: What the columns leave to Oxigraph, and why: an EXISTS whose path may have no length.
LEFT = dict.fromkeys(("acting-holders", "holders-on-date"), "path of length zero")
#: More would keep Oxigraph busy with q03's negation.
COMMUNITIES = 50


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Columns]]:
    """The shipped datasets and the ontology."""
    sources = [
        source
        for dataset in ("xiyuan", "example-communities", "comparators")
        for source in find_sources(ROOT / "data" / dataset, ROOT / "loaders" / "tables")[0]
    ]
    store = Store()
    for path in ingest(sources, tmp_path_factory.mktemp("quads")).files:
        store.bulk_load(path=str(path), format=RdfFormat.N_QUADS)
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        graph = NamedNode(ONTOLOGY_GRAPH)
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE, to_graph=graph)
    with columns_of(iter(store), tmp_path_factory.mktemp("shipped") / "columns") as columns:
        merged = Store()
        merge.extend(merged, store)
        yield merged, columns


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_shipped_query(path: Path, shipped: tuple[Store, Columns]) -> None:
    store, columns = shipped
    text = _asked(path, store)
    if path.stem in LEFT:
        with pytest.raises(NotCompiled, match=LEFT[path.stem]):
            _by_columns(text, columns)
        return
    assert _by_columns(text, columns) == _by_oxigraph(text, store)


def _asked(path: Path, store: Store) -> str:
    """A query's text; one of the catalogue is asked for its examples."""
    entry = entries().get(path.stem)
    if entry is None or entry.path != path:
        return path.read_text("utf-8")
    context = Context(OxigraphEngine(store), Passages({}), DEFAULT_BASE)
    return query_text(entry, given(context, entry, examples(entry)))


@pytest.fixture(scope="module")
def national(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Columns]]:
    """A synthetic country, small."""
    generate = runpy.run_path(str(shared / "bench" / "gen_national.py"))["generate"]
    lines = "".join(f"{line} .\n" for _, group in generate(COMMUNITIES) for line in group)
    store = Store()
    store.load(lines, format=RdfFormat.N_TRIPLES)
    with columns_of(iter(store), tmp_path_factory.mktemp("national") / "columns") as columns:
        yield store, columns


@pytest.mark.parametrize("name", ANALYTICAL)
def test_analytical_query(name: str, national: tuple[Store, Columns], shared: Path) -> None:
    store, columns = national
    text = (shared / "bench" / "queries" / f"{name}.rq").read_text()
    assert _by_columns(text, columns) == _by_oxigraph(text, store)


def _by_columns(text: str, columns: Columns) -> Counter[object]:
    plan = compiled(text, columns, prefixes=PREFIXES)
    rows = rows_of(plan, columns)
    if plan.form == "construct":
        return Counter({str(triple): 1 for triple in built(plan, rows)})
    return Counter(_key(row) for row in rows)


def _by_oxigraph(text: str, store: Store) -> Counter[object]:
    result = store.query(text, prefixes=PREFIXES)
    if isinstance(result, QueryTriples):
        return Counter({str((t.subject, t.predicate, t.object)): 1 for t in result})
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    rows: list[Row] = [{n: s[n] for n in names if s[n] is not None} for s in result]
    return Counter(_key(row) for row in rows)


def _key(row: Row) -> frozenset[tuple[str, str]]:
    """A row by the values of its terms: 2.50 as 2.5."""
    return frozenset((name, _value(term)) for name, term in row.items())


def _value(term: object) -> str:
    if isinstance(term, Literal) and term.datatype.value.endswith("#decimal"):
        return str(float(term.value))
    return str(term)
