"""SERVICE over HTTP: a real endpoint joined with a release, and every way an endpoint can fail."""

from __future__ import annotations

import asyncio
import json
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from tests.federation.conftest import Scripted, free_port
from tests.service.conftest import serve

from govgraph.app import create_app
from govgraph.settings import Settings

PROLOGUE = "PREFIX ex: <http://example.org/> PREFIX gp: <https://w3id.org/govgraph/id/person/>\n"
JSON = "application/sparql-results+json"


def ask(web: httpx.Client, query: str, **more: str) -> httpx.Response:
    return web.get("/sparql", params={"query": PROLOGUE + query, **more})


def rows(web: httpx.Client, query: str) -> list[dict[str, str]]:
    response = ask(web, query)
    assert response.status_code == 200, response.text
    found: list[dict[str, dict[str, str]]] = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def code(web: httpx.Client, query: str) -> tuple[int, str]:
    response = ask(web, query)
    return response.status_code, response.json().get("code", "")


def results(*bindings: dict[str, Any]) -> bytes:
    names = sorted({name for binding in bindings for name in binding})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def test_an_endpoint_is_joined_with_the_release(federated_web: httpx.Client, endpoint: str) -> None:
    query = f"SELECT ?p ?born {{ ?p a foaf:Person . SERVICE <{endpoint}> {{ ?p ex:born ?born }} }}"
    base = "https://w3id.org/govgraph/id/person/ex-c01-p"
    assert sorted((row["p"], row["born"]) for row in rows(federated_web, query)) == [
        (f"{base}1", "1970"),
        (f"{base}2", "1980"),
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("SERVICE <AT> { ?p ex:born ?b FILTER(?b > 1985) }", [{"p": "http://example.org/nobody", "b": "1990"}]),
        ("SERVICE <AT> { SELECT (COUNT(*) AS ?n) { ?p ex:born ?b } }", [{"n": "4"}]),
        ("SERVICE <AT> { gp:ex-c01-p1 ex:said ?x }", [{"x": '它说："}\n{ ?x"'}]),
        ("SERVICE <AT> { gp:ex-c01-p2 ex:home ?x }", [{"x": "http://example.org/a(b)"}]),
        ("SERVICE <AT> { gp:ex-c01-p1 ex:born 1970 }", [{}]),
        ("SERVICE <AT> { gp:ex-c01-p1 ex:born 1971 }", []),
        ("SERVICE SILENT <AT> { gp:ex-c01-p2 ex:born ?b }", [{"b": "1980"}]),
        ("VALUES ?p { gp:ex-c01-p1 gp:none } OPTIONAL { SERVICE <AT> { ?p ex:born ?b } }",
         [{"p": "https://w3id.org/govgraph/id/person/ex-c01-p1", "b": "1970"},
          {"p": "https://w3id.org/govgraph/id/person/none"}]),
        ("{ SERVICE <AT> { gp:ex-c01-p1 ex:born ?b } } UNION { SERVICE <AT> { gp:ex-c01-p2 ex:born ?b } }",
         [{"b": "1970"}, {"b": "1980"}]),
        ("SERVICE <AT> { ?s ex:born 1970 OPTIONAL { ?s ex:home ?h } }",
         [{"s": "https://w3id.org/govgraph/id/person/ex-c01-p1"}]),
    ],
)  # fmt: skip
def test_a_clause_means_what_the_endpoint_answers(
    federated_web: httpx.Client, endpoint: str, pattern: str, expected: list[dict[str, str]]
) -> None:
    found = rows(federated_web, "SELECT * { " + pattern.replace("<AT>", f"<{endpoint}>") + " }")
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_an_endpoint_may_have_a_prefixed_name(federated_web: httpx.Client, endpoint: str) -> None:
    start, _, last = endpoint.rpartition("/")
    query = f"PREFIX at: <{start}/> ASK {{ SERVICE at:{last} {{ ?s ex:born 1970 }} }}"
    assert ask(federated_web, query).json()["boolean"] is True


def test_a_blank_node_of_theirs_becomes_an_iri(federated_web: httpx.Client, endpoint: str) -> None:
    clause = f"SERVICE <{endpoint}> {{ ?s ex:knows ?b . ?b ex:born ?year }}"
    (first,) = rows(federated_web, f"SELECT * {{ {clause} }}")
    (second,) = rows(federated_web, f"SELECT * {{ {clause} }}")
    assert first["b"].startswith("urn:govgraph:genid:")
    assert first["b"] != second["b"]


def test_an_answer_of_others_is_not_kept(federated_web: httpx.Client, endpoint: str) -> None:
    response = ask(federated_web, f"ASK {{ SERVICE <{endpoint}> {{ ?s ?p ?o }} }}")
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    assert response.headers["govgraph-release"]


def test_what_is_sent_is_the_pattern_with_its_prologue(
    federated_web: httpx.Client, scripted: Scripted
) -> None:
    scripted.says(200, JSON, results({"s": {"type": "uri", "value": "http://example.org/x"}}))
    inner = "{ ?s ex:p '}' . SERVICE <http://other.example/> { ?s ?p ?o } # }\n }"
    query = f"SELECT ?s {{ SERVICE <{scripted.url}> {inner} }}"
    assert rows(federated_web, query) == [{"s": "http://example.org/x"}]
    ((headers, body),) = scripted.asked
    (sent,) = parse_qs(body.decode())["query"]
    assert sent.endswith(f"{PROLOGUE}\nSELECT * WHERE {inner}")
    assert headers["Host"] == scripted.url.split("/")[2]
    assert "SELECT ?s" not in sent


FAILURES = {
    "an error": (500, JSON, b"{}"),
    "no results": (200, "text/html", b"<html>"),
    "broken results": (200, JSON, b'{"head": {"vars": ["s"]}, "results": {"bindings": [{'),
    "a boolean": (200, JSON, b'{"head": {}, "boolean": true}'),
    "a redirect": (302, JSON, b""),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_told_and_silent_makes_it_one_empty_solution(
    federated_web: httpx.Client, scripted: Scripted, failure: str
) -> None:
    status, media, body = FAILURES[failure]
    scripted.says(status, media, body, Location="http://127.0.0.1:1/")
    clause = f"<{scripted.url}> {{ ?s ?p ?o }}"
    assert code(federated_web, f"SELECT * {{ SERVICE {clause} }}") == (502, "service-failed")
    assert rows(federated_web, f"SELECT * {{ BIND(1 AS ?x) SERVICE SILENT {clause} }}") == [
        {"x": "1"}
    ]
    head = ask(federated_web, f"SELECT * {{ SERVICE SILENT {clause} }}").json()["head"]
    assert sorted(head["vars"]) == ["o", "p", "s"]
    assert len(scripted.asked) == 3


def test_nobody_at_home(home: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    for web in serve(Settings(home=home, service_allow=url)):
        assert code(web, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}") == (
            502,
            "service-failed",
        )


def test_an_endpoint_that_never_ends_is_given_up(
    federated_web: httpx.Client, scripted: Scripted
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    scripted.answer = drip
    query = f"SELECT * {{ SERVICE <{scripted.url}> {{ ?s ?p ?o }} }}"
    assert code(federated_web, query) == (504, "service-timeout")


def test_an_answer_beyond_the_limits_is_never_a_part_of_it(
    federated_web: httpx.Client, scripted: Scripted
) -> None:
    row = {"s": {"type": "literal", "value": "x"}}
    scripted.says(200, JSON, results(*[row] * 100))
    clause = f"SERVICE SILENT <{scripted.url}> {{ ?s ?p ?o }}"
    assert len(rows(federated_web, f"SELECT * {{ {clause} }}")) == 100
    scripted.says(200, JSON, results(*[row] * 101))
    response = ask(federated_web, f"SELECT * {{ {clause} }}")
    assert (response.status_code, response.json()["code"]) == (503, "service-limit")
    assert "100 rows" in response.json()["message_en"]
    scripted.says(200, JSON, b" " * (17 << 20))
    assert code(federated_web, f"SELECT * {{ {clause} }}") == (503, "service-limit")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }", (403, "service-refused")),
        ("SERVICE SILENT <https://example.org/> { ?s ?p ?o }", (403, "service-refused")),
        ("SERVICE ?where { ?s ?p ?o }", (403, "service-refused")),
        ("SERVICE unknown:x { ?s ?p ?o }", (403, "service-refused")),
        ("SERVICESILENT <AT> { ?s ?p ?o }", (403, "remote-refused")),
        ("SERVICE <AT> { ?s ?p }", (400, "query-syntax")),
        ("SERVICE <AT> { ?s ?p ?o } nonsense", (400, "query-syntax")),
        ("SERVICE <AT> " + "{" * 70 + "}" * 70, (400, "query-refused")),
        ("SERVICE <AT> { ?s ?p ?o } " * 9, (400, "query-refused")),
    ],
)
def test_what_is_refused_is_refused_before_anyone_is_asked(
    federated_web: httpx.Client, scripted: Scripted, pattern: str, expected: tuple[int, str]
) -> None:
    scripted.says(200, JSON, results())
    query = "SELECT * { " + pattern.replace("<AT>", f"<{scripted.url}>") + " }"
    assert code(federated_web, query) == expected
    assert scripted.asked == []


def test_without_a_list_nobody_is_asked(closed_web: httpx.Client, scripted: Scripted) -> None:
    scripted.says(200, JSON, results())
    query = f"SELECT * {{ SERVICE <{scripted.url}> {{ ?s ?p ?o }} }}"
    assert code(closed_web, query) == (403, "remote-refused")
    assert scripted.asked == []


def test_a_worker_asks_too(home: Path, endpoint: str) -> None:
    """A worker answers in its one thread, where the event loop is."""
    app = create_app(Settings(home=home, service_allow=endpoint), one_by_one=True)
    query = f"{PROLOGUE}SELECT ?b {{ SERVICE <{endpoint}> {{ gp:ex-c01-p1 ex:born ?b }} }}"

    async def main() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/sparql", params={"query": query})

    found = asyncio.run(main()).json()["results"]["bindings"]
    assert [row["b"]["value"] for row in found] == ["1970"]
