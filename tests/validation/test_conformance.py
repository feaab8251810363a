"""W3C's SHACL test suite: the reports that it expects, and failure where it wants it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store
from tests.conftest import SHARED
from tests.validation.conformance import SHAPES_GRAPH, Case, Result, cases, columns, result
from tests.validation.reference import written

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError
from govgraph.validation.shacl import judge
from govgraph.validation.triples import Triples

SUITE = SHARED / "conformance" / "suites" / "shacl-tests" / "tests"
CASES = list(cases(SUITE)) if SUITE.is_dir() else []
#: Cases about how a literal is written, which only the columns keep, and one of each other kind.
WRITTEN = {
    "core/node/maxExclusive-001", "core/node/minExclusive-001", "core/property/datatype-ill-formed",
    "core/complex/personexample", "core/node/closed-001", "core/path/path-complex-001",
    "core/property/qualifiedValueShapesDisjoint-001", "core/property/uniqueLang-001",
    "core/validation-reports/shared", "sparql/component/optional-001", "sparql/node/sparql-001",
}  # fmt: skip

pytestmark = pytest.mark.skipif(not CASES, reason="needs ../shared, which is not on this machine")


def judged(case: Case, engine: Engine) -> Counter[Result] | None:
    """Our report; None if a shape is refused."""
    try:
        return Counter(map(result, judge(engine, Triples(case.shapes), SHAPES_GRAPH)))
    except GovgraphError as error:
        assert error.code == "shape-refused", error  # noqa: PT017
        return None


def as_stored(results: Counter[Result] | None) -> Counter[Result] | None:
    """Results with terms as Oxigraph gives them back: it keeps values, not their texts."""
    if results is None:
        return None
    found: Counter[Result] = Counter()
    for one, times in results.items():
        found[replace(one, focus=written(one.focus), value=written(one.value))] += times
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_on_oxigraph(case: Case) -> None:
    store = Store()
    store.extend(case.quads())
    found = judged(case, OxigraphEngine(store))
    assert as_stored(found) == as_stored(case.expected)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.name in WRITTEN], ids=lambda case: case.name
)
def test_on_the_columns(case: Case, tmp_path: Path) -> None:
    assert judged(case, columns(case, tmp_path)) == case.expected


def test_the_whole_suite_is_there() -> None:
    groups = Counter(case.name.partition("/")[0] for case in CASES)
    assert groups["core"] == 98
    assert groups["sparql"] == 22
