"""The official query evaluation tests: what compiles gives the expected result, the rest is
listed here with its reason."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from answers import built, columns_of, compiled, rows_of
from w3c import GROUPS, Case, cases, expected

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.notcompiled import NotCompiled

REFUSED = {
    "agg-sum-distinct": "doubles, whose sum depends on the order",
    "agg-avg-distinct": "doubles, whose sum depends on the order",
    "sha384-01": "not in DuckDB",
    "sha384-02": "not in DuckDB",
    "sha512-01": "not in DuckDB",
    "sha512-02": "not in DuckDB",
    "bnode01": "a new term for each row",
    "bnode02": "a new term for each row",
    "rand01": "a new value for each row",
    "uuid01": "a new term for each row",
    "uuid02": "a new term for each row",
    "struuid01": "a new term for each row",
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


@pytest.mark.parametrize("group", GROUPS)
def test_compiled_queries_give_the_expected_results(
    group: str, shared: Path, rdfterms: Any, encoded: Callable[[Case], Columns]
) -> None:
    suite = shared / "conformance/suites/rdf-tests/sparql/sparql11" / group
    wrong, refused, names = {}, set(), set()
    for case in cases(suite):
        names.add(case.name)
        try:
            why = _difference(case, rdfterms, encoded(case))
        except NotCompiled:
            refused.add(case.name)
        else:
            if why is not None:
                wrong[case.name] = why
    assert names
    assert not wrong
    assert refused == names & set(REFUSED)


def _difference(case: Case, rdfterms: Any, columns: Columns) -> str | None:
    """Why the result is not the expected one; None if it is."""
    text = case.query.read_text()
    plan = compiled(text, columns, base=case.base)
    rows = rows_of(plan, columns)
    wanted = expected(rdfterms, case.result)
    term = rdfterms._from_oxi
    if plan.form == "ask":
        got = rdfterms.Boolean(bool(rows))
    elif plan.form == "construct":
        got = rdfterms.Graph([tuple(map(term, triple)) for triple in built(plan, rows)])
    else:
        names = [column.name for column in plan.columns]
        cells = [[row.get(name) for name in names] for row in rows]
        got = rdfterms.Table(names, [tuple(x and term(x) for x in row) for row in cells])
        wanted.ordered = wanted.ordered and "ORDER BY" in text.upper()
    difference: str | None = rdfterms.compare(wanted, got, lax="REDUCED" in text)
    return difference
