"""Queries of the scratch endpoint: its dataset, its base, what is mended, what it says of itself."""

from __future__ import annotations

import json

import httpx
import pytest
from asking import G, H, ask, put, update


def test_the_default_graph_is_the_datasets_own(web: httpx.Client) -> None:
    update(web, f"INSERT DATA {{ <x:a> <x:p> 1 GRAPH <{G}> {{ <x:b> <x:p> 2 }} }}")
    assert ask(web, "<x:a> ?p ?o")
    assert not ask(web, "<x:b> ?p ?o")
    assert ask(web, f"GRAPH <{G}> {{ <x:b> ?p ?o }}")


def test_a_query_sees_the_dataset_of_the_protocol_before_its_own(web: httpx.Client) -> None:
    update(
        web, f"INSERT DATA {{ GRAPH <{G}> {{ <x:b> <x:p> 2 }} GRAPH <{H}> {{ <x:c> <x:p> 3 }} }}"
    )
    assert ask(web, "<x:b> ?p ?o . <x:c> ?p2 ?o2", **{"default-graph-uri": [G, H]})
    assert ask(web, f"GRAPH <{G}> {{ ?s ?p ?o }}", **{"named-graph-uri": G})
    assert not ask(web, f"GRAPH <{H}> {{ ?s ?p ?o }}", **{"named-graph-uri": G})
    query = f"ASK FROM <{H}> {{ <x:c> ?p ?o }}"
    for parameters, expected in (({}, True), ({"default-graph-uri": G}, False)):
        answer = web.get("/sparql", params={"query": query, **parameters})
        assert answer.json()["boolean"] is expected


def test_no_prefix_is_known_that_the_query_does_not_declare(web: httpx.Client) -> None:
    answer = web.get("/sparql", params={"query": "ASK { ?s a foaf:Person }"})
    assert (answer.status_code, answer.json()["code"]) == (400, "query-syntax")


def test_relative_iris_belong_to_the_endpoint(web: httpx.Client, server: str) -> None:
    update(web, "INSERT DATA { <s> <p> <o> }")
    assert ask(web, f"<{server}/s> <{server}/p> <{server}/o>")
    assert ask(web, "<s> <p> <o>")


def test_an_unknown_function_is_an_error_of_its_expression(web: httpx.Client) -> None:
    query = "SELECT (<x:f>(1) AS ?a) (COALESCE(<x:g>(1), 7) AS ?b) {}"
    rows = web.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [sorted(row) for row in rows] == [["b"]]
    assert rows[0]["b"]["value"] == "7"


MENDED = {
    "GROUP_CONCAT gives a simple literal": (
        "SELECT (GROUP_CONCAT(?o) AS ?x) { <x:a> <x:name> ?o }",
        [{"x": {"type": "literal", "value": "eins"}}],
    ),
    "a path of length zero joins any term": (
        "SELECT ?x { <s> <x:none>* ?x }", [{"x": {"type": "uri", "value": "{base}/s"}}],
    ),
    "BNODE is new in each solution": (
        "SELECT (COUNT(DISTINCT ?b) AS ?x) { VALUES ?n { 1 2 } BIND(BNODE('b') AS ?b) }",
        [{"x": {"type": "literal", "value": "2", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}],
    ),
    "GRAPH ?g is no variable of the pattern inside": (
        "SELECT ?x { GRAPH ?g { { ?x <x:p> 1 } MINUS { VALUES ?g { <x:none> <http://example.org/g> } } } }",
        [{"x": {"type": "uri", "value": "x:b"}}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MENDED)
def test_what_oxigraph_gets_wrong_is_right(web: httpx.Client, server: str, case: str) -> None:
    query, expected = MENDED[case]
    update(web, f"INSERT DATA {{ <x:a> <x:name> 'eins'@de GRAPH <{G}> {{ <x:b> <x:p> 1 }} }}")
    answer = web.get("/sparql", params={"query": query})
    text = json.dumps(expected).replace("{base}", server)
    assert answer.json()["results"]["bindings"] == json.loads(text)


@pytest.mark.parametrize("value", ["<<( <x:a> <x:p> 1 )>>", "'a'@en--ltr"])
def test_what_only_oxigraph_can_hold_it_answers(web: httpx.Client, value: str) -> None:
    update(web, f"INSERT DATA {{ GRAPH <{G}> {{ <x:b> <x:p> {value} }} }}")
    answer = web.get("/sparql", params={"query": "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"})
    assert [row["g"]["value"] for row in answer.json()["results"]["bindings"]] == [G]


def test_a_silent_service_is_one_empty_solution_with_its_variables(web: httpx.Client) -> None:
    query = "SELECT * { VALUES ?x { 1 } SERVICE SILENT <http://127.0.0.1:9/> { ?x ?p ?o } }"
    answer = web.get("/sparql", params={"query": query}).json()
    assert set(answer["head"]["vars"]) == {"x", "p", "o"}
    assert [list(row) for row in answer["results"]["bindings"]] == [["x"]]


def test_the_service_describes_itself(web: httpx.Client, server: str) -> None:
    put(web, G, "<x:a> <x:p> 1 .")
    description = web.get("/sparql", headers={"accept": "application/n-triples"})
    assert description.headers["content-type"] == "application/n-triples"
    sd = "http://www.w3.org/ns/sparql-service-description#"
    for triple in (
        f"<{server}/sparql> <{sd}endpoint> <{server}/sparql> .",
        f"<{server}/sparql> <{sd}supportedLanguage> <{sd}SPARQL11Query> .",
        f"<{server}/update> <{sd}supportedLanguage> <{sd}SPARQL11Update> .",
        f"<{sd}name> <{G}> .",
    ):
        assert triple in description.text
    assert web.head("/sparql").status_code == 200
