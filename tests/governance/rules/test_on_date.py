"""Breaches on a day are those that SPARQL finds in a way of its own."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode
from tests.conftest import ROOT
from tests.governance.rules.small import GAP, TOGETHER, adoption, engine

from govgraph.catalog.binding import bound
from govgraph.governance.rules.findings import on_date
from govgraph.governance.time import moment
from govgraph.http.state import Opened
from govgraph.vocabulary import PREFIXES

QUERY = (ROOT / "tests" / "competency" / "breaches-on-date.rq").read_text("utf-8")
NAMES = ("finding", "rule", "community", "person", "held", "other")
DAY = NamedNode(PREFIXES["xsd"] + "date")


@pytest.mark.parametrize(
    "day", ["2016-05-01", "2018-06-30", "2018-07-01", "2021-04-15", "2022-01-01"]
)
def test_shipped_data(opened: Opened, day: str) -> None:
    ends = {f"at_{end}": [Literal(day, datatype=DAY)] for end in ("earliest", "latest")}
    rows = opened.engine.select(bound(QUERY, ends, ends))
    found = on_date(opened.engine, at=moment(day)).frame.select(NAMES)
    assert set(found.iter_rows()) == {tuple(row[name].value for name in NAMES) for row in rows}


@pytest.mark.parametrize(
    ("at", "finding"), [("2020-04", ["breach"]), ("2020-05", ["cannot be told"]), ("2020-06", [])]
)
def test_a_month_is_any_of_its_days(at: str, finding: list[str]) -> None:
    graph = engine(adoption(), TOGETHER, *GAP)
    assert on_date(graph, at=moment(at)).frame["finding"].to_list() == finding
