"""The queries that judge dates in SPARQL say what `Span` says, for every kind of date."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from pyoxigraph import Literal, NamedNode
from tests.governance.engines import on_oxigraph
from tests.governance.test_basis import EDTF
from tests.governance.worlds import PROLOGUE

from govgraph.catalog.binding import bound, variables
from govgraph.catalog.index import find_entry
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.time import Span, moment
from govgraph.vocabulary import PROLOGUE as QUERY_PROLOGUE
from govgraph_loaders import edtf

STARTS = (None, "2012", "2012-06", "2012-06-15", "2012-06-10/2012-06-20", "../2012-06")
ENDS = (None, "..", "2012", "2012-06", "2012-06-20", "2013", "2012-06-18/..")
MOMENTS = (
    "2011",
    "2012",
    "2012-05",
    "2012-06",
    "2012-06-15",
    "2012-06-20",
    "2012-07",
    "2013-01-01",
    "2014",
)
XSD = "http://www.w3.org/2001/XMLSchema#date"


def possible(start: str | None, end: str | None) -> bool:
    """Whether a span has a reading."""
    first = edtf.bounds(start)[0] if start else None
    last = edtf.bounds(end)[1] if end else None
    return (first or date.min) <= (last or date.max)


SPANS = [span for span in product(STARTS, ENDS) if possible(*span)]


@pytest.fixture(scope="module")
def spans() -> OxigraphEngine:
    """An appointment of its own person and an adoption for each span."""
    lines = []
    for number, (start, end) in enumerate(SPANS):
        dates = dated(start, end)
        lines.append(f":a{number} org:member :p ; gov:onPost :post ; gov:acting true{dates} .")
        lines.append(f":d{number} gov:adopter :here ; gov:adoptedModel :model{dates} .")
    return on_oxigraph(PROLOGUE + "\n".join(lines))


def dated(start: str | None, end: str | None) -> str:
    """The dates and their bounds, as the loader writes them."""
    said = ""
    for name, text in (("start", start), ("end", end)):
        if text:
            said += f' ; gov:{name} "{text}"^^{EDTF}'
            for side, day in zip(("Earliest", "Latest"), edtf.bounds(text), strict=True):
                said += f' ; gov:{name}{side} "{day}"^^xsd:date' if day else ""
    return said


@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.parametrize(
    "name", ["holders-on-date", "posts-of-person", "acting-holders", "adoptions-on-date"]
)
def test_verdicts_in_sparql(spans: OxigraphEngine, name: str, at: str) -> None:
    entry, asked = find_entry(name), moment(at)
    assert entry.query is not None
    terms = {
        "person": NamedNode("http://x.example/p"),
        "flag": NamedNode("https://w3id.org/govgraph/ontology#acting"),
        "at": Literal(at),
        "at_earliest": Literal(asked.first.isoformat(), datatype=NamedNode(XSD)),
        "at_latest": Literal(asked.last.isoformat(), datatype=NamedNode(XSD)),
    }
    given = {name: [term] for name, term in terms.items() if name in variables(entry)}
    rows = spans.select(QUERY_PROLOGUE + bound(entry.query, given, variables(entry)))
    letter = "d" if name == "adoptions-on-date" else "a"
    found = {
        row["source"].value.removeprefix("http://x.example/"): row["held"].value for row in rows
    }
    expected = {f"{letter}{n}": Span(*span).holds(asked) for n, span in enumerate(SPANS)}
    assert found == {key: verdict for key, verdict in expected.items() if verdict != "no"}
