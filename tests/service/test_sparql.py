"""/sparql over a real server: the protocol, negotiation, datasets, refusals."""

from __future__ import annotations

import csv
import io
import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import httpx
import pytest
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)
from rdflib import Graph
from SPARQLWrapper import JSON, RDFXML, TURTLE, SPARQLWrapper
from tests.service.conftest import BASE, GOV, store_of

from govgraph.app import create_app
from govgraph.engine.hybrid import HybridEngine, Route
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.http.state import Opened
from govgraph.settings import Settings

SELECT = (
    'SELECT ?p ?label WHERE { ?p a foaf:Person ; skos:prefLabel ?label FILTER(LANG(?label) = "zh") }'
    " ORDER BY ?p LIMIT 5"
)
ASK = "ASK { ?p a foaf:Person }"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{BASE}person/ex-c01-p1> ?p ?o }}"
DESCRIBE = f"DESCRIBE <{BASE}person/ex-c01-p1>"
RESULT_TYPES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_TYPES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


def ask(web: httpx.Client, query: str, accept: str = "*/*", **more: Any) -> httpx.Response:
    return web.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def media_type(response: httpx.Response) -> str:
    return response.headers["content-type"].partition(";")[0]


def values(response: httpx.Response, name: str) -> list[str]:
    return [row[name]["value"] for row in response.json()["results"]["bindings"]]


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check an error's shape; return its document."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"].endswith(f"#{code}")
    assert any("\u4e00" <= ch <= "\u9fff" for ch in document["message_zh"])
    assert document["title"] == document["message_en"]
    assert "Traceback" not in response.text
    assert ".py" not in response.text
    return document


@pytest.mark.parametrize("media", RESULT_TYPES)
def test_every_format_of_solutions(web: httpx.Client, opened: Opened, media: str) -> None:
    expected = [(r["p"].value, r["label"].value) for r in opened.engine.select(SELECT)]
    assert len(expected) == 5
    response = ask(web, SELECT, media)
    assert (response.status_code, media_type(response)) == (200, media)
    if media == "text/csv":
        found = [tuple(row) for row in csv.reader(io.StringIO(response.text))][1:]
    else:
        solutions = parse_query_results(response.content, RESULT_TYPES[media])
        assert isinstance(solutions, QuerySolutions)
        found = [(row["p"].value, row["label"].value) for row in solutions]
    assert found == expected


@pytest.mark.parametrize("media", [m for m in RESULT_TYPES if m.partition("/")[0] != "text"])
def test_every_format_of_a_boolean(web: httpx.Client, media: str) -> None:
    for query, truth in ((ASK, True), ("ASK { ?p a <x:nothing> }", False)):
        response = ask(web, query, media)
        answer = parse_query_results(response.content, RESULT_TYPES[media])
        assert isinstance(answer, QueryBoolean)
        assert bool(answer) is truth


@pytest.mark.parametrize("media", ["text/csv", "text/tab-separated-values"])
def test_a_boolean_as_text(web: httpx.Client, media: str) -> None:
    assert ask(web, ASK, media).text.strip() == "true"


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
@pytest.mark.parametrize("media", GRAPH_TYPES)
def test_every_format_of_a_graph(web: httpx.Client, opened: Opened, media: str, query: str) -> None:
    expected = {t.triple for t in store_of(opened).quads_for_pattern(None, None, None)
                if str(t.subject) == f"<{BASE}person/ex-c01-p1>"}  # fmt: skip
    response = ask(web, query, media)
    assert (response.status_code, media_type(response)) == (200, media)
    assert {t.triple for t in parse(response.content, format=GRAPH_TYPES[media])} == expected


def test_text_says_that_it_is_utf8(web: httpx.Client) -> None:
    """Or else clients take text for Latin-1, and the Chinese is lost."""
    for media in ("text/csv", "text/tab-separated-values"):
        assert ask(web, SELECT, media).headers["content-type"].endswith("charset=utf-8")
    assert "示例" in ask(web, SELECT, "text/csv").text


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/*, application/json;q=0.9", "text/xml"),
        ("text/csv;q=0, text/*;q=0.1", "text/xml"),
        ("text/html, */*;q=0.1", "application/sparql-results+json"),
        ("TEXT/CSV", "text/csv"),
        ("text/turtle, text/csv;q=0.1", "text/csv"),
        ("application/sparql-results+json;q=nan, text/csv;q=0.2", "text/csv"),
    ],
)
def test_the_client_chooses(web: httpx.Client, accept: str, chosen: str) -> None:
    assert media_type(ask(web, SELECT, accept)) == chosen


def test_several_accept_lines_are_one_list(web: httpx.Client) -> None:
    headers = [("Accept", "image/png"), ("Accept", "text/csv")]
    response = httpx.get(f"{web.base_url}/sparql", params={"query": SELECT}, headers=headers)
    assert media_type(response) == "text/csv"


def test_a_format_in_the_url_wins(web: httpx.Client) -> None:
    assert media_type(ask(web, SELECT, "text/html", format="tsv")) == "text/tab-separated-values"
    problem(ask(web, SELECT, format="docx"), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (ASK, "image/png"), (ASK, "*/*;q=0")],
)
def test_nothing_acceptable(web: httpx.Client, query: str, accept: str) -> None:
    document = problem(ask(web, query, accept), 406, "not-acceptable")
    assert ("text/turtle" if query == CONSTRUCT else "text/csv") in document["detail"]


def test_all_ways_to_send_a_query_agree(web: httpx.Client) -> None:
    headers = {"Accept": "text/csv"}
    got = ask(web, SELECT, "text/csv")
    form = web.post("/sparql", data={"query": SELECT}, headers=headers)
    direct = web.post(
        "/sparql",
        content=SELECT,
        headers=headers | {"Content-Type": "application/sparql-query; charset=utf-8"},
    )
    assert got.text == form.text == direct.text
    head = web.head("/sparql", params={"query": SELECT}, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]


def send(
    web: httpx.Client, body: bytes, media: str = "application/sparql-query", url: str = "/sparql"
) -> httpx.Response:
    return web.post(url, content=body, headers={"Content-Type": media} if media else {})


FORM = "application/x-www-form-urlencoded"
REFUSED: dict[str, tuple[int, str, Callable[[httpx.Client], httpx.Response]]] = {
    "query twice": (400, "query-repeated", lambda w: w.get("/sparql?query=ASK{}&query=ASK{}")),
    "query in URL and form": (
        400, "query-repeated", lambda w: send(w, b"query=ASK{}", FORM, "/sparql?query=ASK{}")),
    "query in URL and body": (
        400, "query-repeated", lambda w: send(w, b"ASK{}", url="/sparql?query=ASK{}")),
    "form without query": (400, "query-missing", lambda w: send(w, b"a=b", FORM)),
    "update": (400, "query-missing", lambda w: send(w, b"update=CLEAR+ALL", FORM)),
    "empty query": (400, "query-syntax", lambda w: w.get("/sparql?query=")),
    "an update as a query": (400, "query-syntax", lambda w: ask(w, "CLEAR ALL")),
    "media type": (415, "unsupported-media-type", lambda w: send(w, b"ASK{}", "text/plain")),
    "no media type": (415, "unsupported-media-type", lambda w: send(w, b"ASK{}", "")),
    "body not UTF-8": (400, "not-utf8", lambda w: send(w, "ASK{ ?s ?p '中' }".encode("gbk"))),
    "form not UTF-8": (400, "not-utf8", lambda w: send(w, b"query=ASK{?s+?p+'%D6%D0'}", FORM)),
    "URL not UTF-8": (400, "not-utf8", lambda w: w.get("/sparql?query=ASK{?s+?p+'%D6%D0'}")),
    "too large": (413, "body-too-large", lambda w: send(w, b"ASK{} #" + b"x" * (1 << 20))),
    "too long": (400, "query-refused", lambda w: send(w, b"ASK{} #" + b"x" * 300_000)),
    "service": (403, "remote-refused", lambda w: ask(w, "ASK { SERVICE <http://127.0.0.1/> {} }")),
    "5,000 braces": (400, "query-refused", lambda w: send(w, b"ASK" + b"{" * 5000 + b"}" * 5000)),
    "5,000 parentheses": (
        400, "query-refused",
        lambda w: send(w, b"ASK{FILTER(" + b"(" * 5000 + b"1" + b")" * 5000 + b")}")),
    "5,000 in disguise": (
        400, "query-refused",
        lambda w: send(w, b"ASK{FILTER(1<" + b"(" * 5000 + b"2" + b")" * 5000 + b">1)}")),
    "graph that is no IRI": (
        422, "invalid-parameter", lambda w: ask(w, ASK, **{"default-graph-uri": "no iri"})),
    "unknown release": (404, "unknown-release", lambda w: ask(w, ASK, release="../current")),
    "PUT": (405, "method-not-allowed", lambda w: w.put("/sparql", content="x")),
}  # fmt: skip


@pytest.mark.parametrize(("status", "code", "request_"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(
    web: httpx.Client, status: int, code: str, request_: Callable[[httpx.Client], httpx.Response]
) -> None:
    problem(request_(web), status, code)
    assert web.get("/health").json()["status"] == "ok"


def test_bad_syntax_is_placed(web: httpx.Client) -> None:
    document = problem(ask(web, "SELECT *\nWHERE { ?s ?p }"), 400, "query-syntax")
    assert "2:" in document["detail"]


FAILING = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def test_an_error_of_ours_leaks_nothing(web: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret at /var/lib/thing.py")

    with monkeypatch.context() as patch:
        patch.setattr(HybridEngine, "answer", fail)
        assert "secret" not in str(problem(ask(web, FAILING), 500, "internal"))
    with monkeypatch.context() as patch:
        patch.setattr(OxigraphEngine, "_scope", fail)
        response = web.get("/api/v1/people/ex-c01-p1/roles")
        assert "secret" not in str(problem(response, 500, "internal"))
    assert ask(web, FAILING).status_code == 200


TABLE = f"{BASE}table/example-communities/"
COUNT = "SELECT (COUNT(*) AS ?n) %s WHERE { %s }"


def count(web: httpx.Client, pattern: str, clauses: str = "", **more: Any) -> int:
    response = ask(web, COUNT % (clauses, pattern), **more)
    assert response.status_code == 200, response.text
    return int(values(response, "n")[0])


def test_datasets_by_parameter_and_by_clause(web: httpx.Client) -> None:
    persons, posts = TABLE + "persons.csv", TABLE + "posts.csv"
    everyone = count(web, "?p a foaf:Person")
    n_persons = count(web, f"GRAPH <{persons}> {{ ?s ?p ?o }}")
    n_posts = count(web, f"GRAPH <{posts}> {{ ?s ?p ?o }}")
    assert everyone > 50
    default = {"default-graph-uri": persons}
    assert count(web, "?p a foaf:Person", **default) == everyone
    assert count(web, "?p a org:Post", **default) == 0
    assert count(web, "?p a org:Post", f"FROM <{persons}>") == 0
    assert count(web, "?p a org:Post", f"FROM <{posts}>") > 50
    assert count(web, "?s ?p ?o", **{"default-graph-uri": [persons, posts]}) == n_persons + n_posts
    assert count(web, "?s ?p ?o", f"FROM <{persons}> FROM <{posts}>") == n_persons + n_posts
    # graphs by name: only those named, and an empty default graph
    named = {"named-graph-uri": posts}
    assert count(web, "GRAPH ?g { ?s ?p ?o }", **named) == n_posts
    assert count(web, "GRAPH ?g { ?s ?p ?o }", f"FROM NAMED <{posts}>") == n_posts
    assert count(web, "?s ?p ?o", **named) == 0
    assert count(web, "?s ?p ?o", f"FROM NAMED <{posts}>") == 0
    both = f"FROM <{persons}> FROM NAMED <{posts}>"
    assert count(web, "?s ?p ?o", both) == n_persons
    assert count(web, "GRAPH ?g { ?s ?p ?o }", both) == n_posts
    # parameters win over clauses (SPARQL 1.1 Protocol, 2.1.4)
    assert count(web, "?p a org:Post", f"FROM <{posts}>", **default) == 0
    assert count(web, "GRAPH ?g { ?s ?p ?o }", **default) == 0
    assert count(web, "?s ?p ?o", **{"default-graph-uri": "x:unknown"}) == 0


def test_variables_called_from_change_nothing(web: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?from a foaf:Person }"
    assert int(values(ask(web, query), "n")[0]) == count(web, "?p a foaf:Person")
    hidden = ask(web, query, inference="false")
    assert values(hidden, "n") == values(ask(web, query), "n")


def test_inferences_can_be_left_out(web: httpx.Client) -> None:
    expected = "?e a gov:ExpectedAppointment"
    graph = f"{BASE}graph/inferred/expected-appointments"
    assert count(web, expected) > 0
    assert count(web, expected, inference="false") == 0
    assert count(web, "?x a org:Membership") > count(web, "?x a org:Membership", inference="false")
    assert count(web, f"GRAPH <{graph}> {{ ?s ?p ?o }}") > 0
    assert count(web, "GRAPH ?g { ?s ?p ?o }", inference="false") < count(
        web, "GRAPH ?g { ?s ?p ?o }"
    )
    assert count(web, f"GRAPH <{graph}> {{ ?s ?p ?o }}", inference="false") == 0
    # who names graphs gets those
    assert count(web, expected, f"FROM <{graph}>", inference="false") > 0
    assert count(web, "?p a foaf:Person", f"FROM <{graph}>", inference="false") == 0


def test_a_triple_counts_once_however_many_graphs_state_it(tiny_web: httpx.Client) -> None:
    """The document and its sentences are stated by no more than one table each; types are too."""
    rows = ask(tiny_web, "SELECT ?s ?p ?o WHERE { ?s ?p ?o }").json()["results"]["bindings"]
    assert len(rows) == len({json.dumps(row, sort_keys=True) for row in rows})


def test_a_bare_get_describes_the_service(web: httpx.Client, opened: Opened) -> None:
    for accept, form in (("*/*", "turtle"), ("application/rdf+xml", "xml")):
        response = web.get("/sparql", headers={"Accept": accept})
        graph = Graph().parse(data=response.text, format=form)
        sd = "http://www.w3.org/ns/sparql-service-description#"
        names = {str(o) for p, o in graph.predicate_objects() if str(p) == sd + "name"}
        assert names == set(opened.engine.graphs())
        (endpoint,) = {str(o) for p, o in graph.predicate_objects() if str(p) == sd + "endpoint"}
        assert endpoint == f"{web.base_url}/sparql"
        assert httpx.get(endpoint, params={"query": ASK}).json()["boolean"] is True
    problem(web.get("/sparql", headers={"Accept": "image/png"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=" + quote(ASK),
        "/sparql",
        "/id/person/t-p1",
        "/api/v1/people/t-p1/roles?at=2013",
        "/api/v1/search?q=" + quote("小甲"),
    ],
)
def test_what_the_client_has_is_not_sent_again(
    tiny_web: httpx.Client, tiny_home: tuple[Path, str, str], path: str
) -> None:
    _, old, new = tiny_home
    first = tiny_web.get(path)
    tag = first.headers["etag"]
    assert first.headers["govgraph-release"] == new
    assert new in tag
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = tiny_web.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["govgraph-release"] == new
    assert tiny_web.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    mark = "&" if "?" in path else "?"
    older = tiny_web.get(f"{path}{mark}release={old}", headers={"If-None-Match": tag})
    assert older.status_code == 200
    assert older.headers["govgraph-release"] == old


def test_a_format_is_part_of_the_etag(tiny_web: httpx.Client) -> None:
    path = "/id/person/t-p1"
    tags = {
        tiny_web.get(path, headers={"Accept": media}).headers["etag"]
        for media in ("text/turtle", "text/html", "application/ld+json")
    }
    assert len(tags) == 3
    assert "accept" in tiny_web.get(path).headers["vary"].lower()


def test_an_older_release_can_be_asked(
    tiny_web: httpx.Client, tiny_home: tuple[Path, str, str]
) -> None:
    _, old, new = tiny_home
    people = "SELECT ?p { ?p a foaf:Person }"
    assert len(values(ask(tiny_web, people), "p")) == 4
    assert len(values(ask(tiny_web, people, release=old), "p")) == 3
    assert len(values(ask(tiny_web, people, release=new), "p")) == 4
    problem(tiny_web.get("/id/person/t-p9", params={"release": old}), 404, "not-found")
    for path in ("/sparql", "/id/person/t-p1", "/api/v1/posts/t-head/holders"):
        response = tiny_web.get(path, params={"release": "20000101T000000Z-00000000"})
        problem(response, 404, "unknown-release")


# All pairs of triples would take for ever; the limit ends it after some seconds.
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { { SELECT ?a ?b WHERE { ?a ?p ?q . ?b ?r ?s } LIMIT 12000000 } }"


def test_slow_queries_leave_the_loop_free(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Health answers while a query runs, and the query still ends well."""
    monkeypatch.setattr(HybridEngine, "route", lambda *_: Route("oxigraph", "the slower one"))
    done: list[str] = []

    def slow() -> None:
        assert values(ask(web, SLOW), "n") == ["12000000"]
        done.append("query")

    thread = threading.Thread(target=slow)
    thread.start()
    for _ in range(3):
        assert httpx.get(f"{web.base_url}/health").status_code == 200
        done.append("health")
    thread.join()
    assert done == ["health", "health", "health", "query"]


def test_sparqlwrapper_is_served(web: httpx.Client) -> None:
    client = SPARQLWrapper(f"{web.base_url}/sparql")
    client.setReturnFormat(JSON)
    client.setQuery(SELECT)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 5
    client.setMethod("POST")
    assert len(client.queryAndConvert()["results"]["bindings"]) == 5
    client.setQuery(ASK)
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery(CONSTRUCT)
    client.setReturnFormat(RDFXML)
    graph = client.queryAndConvert()
    client.setReturnFormat(TURTLE)
    client.setMethod("GET")
    assert set(Graph().parse(data=client.queryAndConvert(), format="turtle")) == set(graph)
    assert len(graph) > 5


def test_xml_is_well_formed(web: httpx.Client) -> None:
    root = ET.fromstring(ask(web, SELECT, "application/sparql-results+xml").content)
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"


def test_terms_of_the_ontology_need_no_prefixes(web: httpx.Client) -> None:
    assert count(web, f"?x a <{GOV}Appointment>") == count(web, "?x a gov:Appointment") > 50


def test_heavy_queries_do_not_hold_up_lookups(home: Path) -> None:
    async def look_up() -> int:
        app = create_app(Settings(home=home, query_threads=1))
        app.state.limiters[True].acquire_on_behalf_of_nowait("a query that does not end")
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            with anyio.fail_after(60):
                return (await client.get("/api/v1/models/gm-2zhan")).status_code

    assert anyio.run(look_up) == 200


def test_pages_of_others_may_ask(web: httpx.Client) -> None:
    headers = {"Origin": "https://notebook.example"}
    response = web.get("/sparql", params={"query": ASK}, headers=headers)
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_switch_is_on_or_off(web: httpx.Client) -> None:
    assert (
        "inference" in problem(ask(web, ASK, inference="maybe"), 422, "invalid-parameter")["detail"]
    )
