"""Queries that mean harm: each is answered, refused or stopped, and the next one is answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.abuse.queries import (
    ALLOWED,
    EITHER,
    ENDLESS,
    INVALID,
    REFUSED,
    STOPPED,
    counted,
    selected,
)
from tests.abuse.server import OK, Server


def outcome(server: Server, query: str, **more: str) -> str:
    return server.outcome("POST", "/sparql", data={"query": query, **more})


@pytest.mark.parametrize("case", REFUSED)
def test_too_much_is_refused(server: Server, case: str) -> None:
    assert outcome(server, REFUSED[case]) == "query-refused"


@pytest.mark.parametrize("case", INVALID)
def test_what_is_no_query_is_told(server: Server, case: str) -> None:
    assert outcome(server, INVALID[case]) == "query-syntax"


@pytest.mark.parametrize("case", ALLOWED)
def test_what_only_looks_bad_is_answered(server: Server, case: str) -> None:
    assert outcome(server, ALLOWED[case]) == OK


@pytest.mark.parametrize("case", ENDLESS)
def test_work_without_end_is_stopped(server: Server, case: str) -> None:
    assert outcome(server, ENDLESS[case]) in STOPPED


@pytest.mark.parametrize("case", EITHER)
def test_what_may_be_too_much_is_answered_or_stopped(server: Server, case: str) -> None:
    assert outcome(server, EITHER[case]) in STOPPED | {OK}


def test_work_without_end_is_stopped_by_oxigraph_too(oxigraph: Server) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda query: outcome(oxigraph, query), ENDLESS.values()))
    went_on = {case: came for case, came in zip(ENDLESS, found, strict=True) if came not in STOPPED}
    assert not went_on


@pytest.mark.parametrize("case", ["count of a product", "texts that double", "a star of variables"])
def test_an_explanation_has_the_same_limits(server: Server, case: str) -> None:
    assert outcome(server, ENDLESS[case], explain="analyze") in STOPPED


#: Values at the ends of their types, and what is right; None for an error, which leaves it unbound.
EXTREMES = {
    "9223372036854775807 + 1": None,
    "9223372036854775807 * 9223372036854775807": None,
    "99999999999999999999999999999999999999 + 1": None,
    "1.0 / 0.0": None,
    "1 / 0": None,
    "1e0 / 0": "INF",
    "1e99999999999": "INF",
    "1e-99999999999": "0",
    "xsd:integer(1e308)": None,
    "xsd:decimal('1e999999999')": None,
    'SUBSTR("abc", -9223372036854775808, 9223372036854775807)': None,
    'YEAR("1000000000-01-01T00:00:00Z"^^xsd:dateTime)': "1000000000",
    '"1000000000-01-01"^^xsd:date < "2000-01-01"^^xsd:date': "false",
    '"2000-02-30"^^xsd:date < "2001-01-01"^^xsd:date': None,
    '"2000-01-01T00:00:00Z"^^xsd:dateTime + "P9223372036854775807D"^^xsd:dayTimeDuration': None,
    '"P9223372036854775807D"^^xsd:dayTimeDuration + "P1D"^^xsd:dayTimeDuration': None,
    "ROUND(1e308)": "1" + "0" * 308,
    "STRLEN(STR(0.0000000000000000000000000001))": "30",
}  # fmt: skip


@pytest.mark.parametrize("expression", EXTREMES)
def test_values_at_the_end_of_their_types(
    server: Server, oxigraph: Server, expression: str
) -> None:
    for asked in (server, oxigraph):
        answer = asked.ask(selected(expression))
        (row,) = answer.json()["results"]["bindings"]
        assert row.get("x", {}).get("value") == EXTREMES[expression]


def test_a_count_that_is_answered_is_right(server: Server) -> None:
    """A product that can be counted in time is not counted in part."""
    (one,) = server.ask(counted("?a ?b ?c")).json()["results"]["bindings"]
    (two,) = server.ask(counted("?a ?b ?c . ?d ?e ?f")).json()["results"]["bindings"]
    assert int(two["n"]["value"]) == int(one["n"]["value"]) ** 2
