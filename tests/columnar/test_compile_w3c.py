"""The official query evaluation tests on both engines: the columns give every expected result, and
Oxigraph all but those listed here with their verdicts."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from answers import built, columns_of, compiled, rows_of
from pyoxigraph import QueryBoolean, QueryTriples, Store
from w3c import GROUPS, Case, cases, expected

from govgraph.engine.columnar.columns import Columns

#: Where Oxigraph 0.5.13 is wrong, and by what the tests are right.
OXIGRAPH_DIFFERS = {
    "agg-groupconcat-04": "GROUP_CONCAT gives a simple literal (18.5.1.7); it keeps the language",
    "agg-groupconcat-06": "the same",
    "agg-empty-group-count-graph": "a group over nothing has one row in each graph (18.5.1)",
    "bindings/graph": "GRAPH ?g joins with ?g inside after the pattern (18.5)",
    "tsv03": "a literal keeps its datatype; it stores derived integers as xsd:integer",
    "bnode01": "BNODE(str) is new in each solution (17.4.2.9)",
    "graph-minus": "?g is no variable of the pattern inside GRAPH ?g (18.5)",
    "zero_or_more_set_start": "a path of length zero joins any term with itself (18.4)",
    "zero_or_more_set_end": "the same",
    "zero_or_one_set_start": "the same",
    "zero_or_one_set_end": "the same",
}


@pytest.fixture(scope="module")
def rdfterms(shared: Path) -> Iterator[Any]:
    """The comparison of results that the conformance suite uses."""
    folder = str(shared / "conformance")
    sys.path.insert(0, folder)
    yield importlib.import_module("rdfterms")
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Case], Columns]]:
    """The columns of a test's data, made once for all tests of the same data."""
    known: dict[Any, Columns] = {}

    def columns(case: Case) -> Columns:
        key = case.data, case.named
        if key not in known:
            folder = tmp_path_factory.mktemp("data") / "columns"
            known[key] = columns_of(case.quads(), folder, merged=False)
        return known[key]

    yield columns
    for opened in known.values():
        opened.close()


@pytest.fixture(scope="module")
def suites(shared: Path) -> Path:
    return shared / "conformance/suites/rdf-tests/sparql/sparql11"


@pytest.mark.parametrize("group", GROUPS)
def test_compiled_queries_give_the_expected_results(
    group: str, suites: Path, rdfterms: Any, encoded: Callable[[Case], Columns]
) -> None:
    found = {
        case.name: _difference(case, rdfterms, _by_columns(case, rdfterms, encoded(case)))
        for case in cases(suites / group)
    }
    assert found
    assert not {name: why for name, why in found.items() if why is not None}


@pytest.mark.parametrize("group", GROUPS)
def test_oxigraph_gives_the_expected_results(group: str, suites: Path, rdfterms: Any) -> None:
    wrong, listed = set(), set()
    for case in cases(suites / group):
        known = {case.name, f"{group}/{case.name}"} & OXIGRAPH_DIFFERS.keys()
        listed |= {case.name} if known else set()
        if _difference(case, rdfterms, _by_oxigraph(case, rdfterms)) is not None:
            wrong.add(case.name)
    assert wrong == listed


def _difference(case: Case, rdfterms: Any, got: Any) -> str | None:
    """Why the result is not the expected one; None if it is."""
    text = case.query.read_text()
    wanted = expected(rdfterms, case.result)
    if hasattr(wanted, "ordered"):
        wanted.ordered = wanted.ordered and "ORDER BY" in text.upper()
    difference: str | None = rdfterms.compare(wanted, got, lax="REDUCED" in text)
    return difference


def _by_columns(case: Case, rdfterms: Any, columns: Columns) -> Any:
    plan = compiled(case.query.read_text(), columns, base=case.base)
    rows = rows_of(plan, columns)
    term = rdfterms._from_oxi
    if plan.form == "ask":
        return rdfterms.Boolean(bool(rows))
    if plan.form == "construct":
        return rdfterms.Graph([tuple(map(term, triple)) for triple in built(plan, rows)])
    names = [column.name for column in plan.columns]
    cells = [[row.get(name) for name in names] for row in rows]
    return rdfterms.Table(names, [tuple(x and term(x) for x in row) for row in cells])


def _by_oxigraph(case: Case, rdfterms: Any) -> Any:
    store = Store()
    store.extend(case.quads())
    result = store.query(case.query.read_text(), base_iri=case.base)
    term = rdfterms._from_oxi
    if isinstance(result, QueryBoolean):
        return rdfterms.Boolean(bool(result))
    if isinstance(result, QueryTriples):
        triples = [(t.subject, t.predicate, t.object) for t in result]
        return rdfterms.Graph([tuple(map(term, triple)) for triple in triples])
    names = [variable.value for variable in result.variables]
    cells = [[solution[name] for name in names] for solution in result]
    return rdfterms.Table(names, [tuple(x and term(x) for x in row) for row in cells])
