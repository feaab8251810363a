"""Answers of the front's own are those of the application, header by header."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from tests.service.lookups import same

from govgraph.pool.athand import AtHand, asked
from govgraph.release import Home

BASE = "https://w3id.org/govgraph/id/"
THING = f"<{BASE}organization/org-xiyuan>"
QUERIES = [
    f"SELECT ?p ?o {{ {THING} ?p ?o }}",
    f"SELECT * {{ {THING} ?p ?o }}",
    f"SELECT ?p ?o {{ <{BASE}person/nobody> ?p ?o }}",
    f"PREFIX id: <{BASE}> SELECT ?l {{ <{BASE}organization/org-xiyuan> rdfs:label ?l }}",
    f"SELECT ?name ?type {{ {THING} skos:prefLabel ?name ; a ?type }}",
]


@pytest.fixture(scope="module")
def at_hand(home: Path) -> AtHand:
    return AtHand(Home(home))


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd, gzip;q=0.5", "identity;q=0, gzip"])
@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_is_the_applications(
    at_hand: AtHand, web: httpx.Client, query: str, coding: str
) -> None:
    headers = {"accept": "application/sparql-results+json", "accept-encoding": coding}
    response = web.get("/sparql", params={"query": query}, headers=headers)
    wanted = asked(query.encode())
    assert wanted
    found = at_hand.answer(*wanted, coding)
    assert found
    length = (b"content-length", str(len(found.body)).encode())
    if coding == "identity":
        ours, theirs = (
            sorted(json.loads(body)["results"]["bindings"], key=str)
            for body in (found.body, response.content)
        )
        assert ours == theirs
        assert len(found.body) == len(response.content)
    same((found.status, (*found.headers, length), found.body), response, ordered=False)


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?p {{ {THING} ?p }}",
        f"ASK {{ {THING} ?p ?o }}",
        "SELECT * { ?s ?p ?o }",
        "",
        "é" * 5000,
    ],
)
def test_anything_else_is_not_at_hand(query: str) -> None:
    assert asked(query.encode(errors="surrogateescape")) is None
