"""The scratch endpoint: the SPARQL Protocol and the Graph Store Protocol, what they refuse, and that
no write is lost."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from typer.testing import Result

from govgraph.http.multipart import MOST, parts_of
from govgraph.scratch.app import create_scratch_app
from govgraph.settings import Settings

QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
FORM, TURTLE = "application/x-www-form-urlencoded", "text/turtle"
G, H = "http://example.org/g", "http://example.org/h"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(home=tmp_path_factory.mktemp("scratch"))
    config = uvicorn.Config(create_scratch_app(settings), port=0, log_level="critical")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


@pytest.fixture
def web(server: str) -> Iterator[httpx.Client]:
    """A client of an empty dataset."""
    with httpx.Client(base_url=server, timeout=60) as client:
        assert update(client, "DROP ALL").status_code == 204
        yield client


def update(web: httpx.Client, text: str, **parameters: object) -> httpx.Response:
    return web.post("/update", content=text, headers={"content-type": UPDATE}, params=parameters)


def put(
    web: httpx.Client, graph: str | None, content: str | bytes, media: str = TURTLE
) -> httpx.Response:
    return web.put("/graphs", params=named(graph), content=content, headers={"content-type": media})


def named(graph: str | None) -> dict[str, str]:
    return {"graph": graph} if graph else {"default": ""}


def ask(web: httpx.Client, pattern: str, **parameters: object) -> bool:
    answer = web.get("/sparql", params={"query": f"ASK {{ {pattern} }}", **parameters})
    assert answer.status_code == 200, answer.text
    found: bool = answer.json()["boolean"]
    return found


def count(web: httpx.Client, pattern: str = "?s ?p ?o") -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    answer = web.post("/sparql", data={"query": query})
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


# -- queries ---------------------------------------------------------------------------------------


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


# -- updates ---------------------------------------------------------------------------------------


def test_an_update_comes_as_a_form_or_as_it_is(web: httpx.Client) -> None:
    assert update(web, "INSERT DATA { <x:a> <x:p> 1 }").status_code == 204
    assert web.post("/update", data={"update": "INSERT DATA { <x:b> <x:p> 1 }"}).status_code == 204
    assert count(web) == 2


def test_an_update_is_made_whole_or_not_at_all(web: httpx.Client) -> None:
    assert update(web, f"INSERT DATA {{ <x:a> <x:p> 1 }} ; CLEAR GRAPH <{G}>").status_code == 404
    assert count(web) == 0


USING = {
    "DELETE and INSERT": "DELETE { GRAPH <%s> { ?s ?p ?o } } INSERT { <x:new> ?p ?o } WHERE { ?s ?p ?o }",
    "INSERT": "INSERT { <x:new> ?p ?o } WHERE { ?s ?p ?o }",
    "with a prologue": "PREFIX where: <x:> BASE <x:> INSERT { where:new ?p 'WHERE' } WHERE { ?s ?p ?o }",
    "after another": "INSERT DATA { <x:a> <x:p> 'x;y' } ;\n INSERT{<x:new> ?p ?o}WHERE{?s ?p ?o} # ;",
}


@pytest.mark.parametrize("text", USING.values(), ids=USING)
def test_using_graph_uri_says_what_a_pattern_sees(web: httpx.Client, text: str) -> None:
    put(web, G, "<x:b> <x:only> 2 .")
    text = text % G if "%" in text else text
    assert update(web, text).status_code == 204
    assert not ask(web, "<x:new> <x:only> ?o")
    assert update(web, text, **{"using-graph-uri": G}).status_code == 204
    assert ask(web, "<x:new> <x:only> ?o")


def test_using_graph_uri_holds_for_the_short_form_too(web: httpx.Client) -> None:
    put(web, None, "<x:a> <x:p> 1 .")
    put(web, G, "<x:b> <x:p> 2 .")
    assert update(web, "DELETE WHERE { ?s ?p ?o }", **{"using-graph-uri": G}).status_code == 204
    # the pattern saw the graph; what is deleted is in the default graph, where nothing matches
    assert count(web) == 1
    text = f"DELETE WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
    assert update(web, text, **{"using-named-graph-uri": G}).status_code == 204
    assert count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}") == 0


@pytest.mark.parametrize("clause", ["USING <x:g>", "USING NAMED <x:g>", "usingNAMED<x:g>"])
def test_a_dataset_is_said_once(web: httpx.Client, clause: str) -> None:
    text = f"INSERT {{ ?s ?p ?o }} {clause} WHERE {{ ?s ?p ?o }}"
    for wrong in (text, "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        answer = update(web, wrong, **{"using-graph-uri": G})
        assert (answer.status_code, answer.json()["code"]) == (400, "update-dataset")


def test_data_may_be_long(web: httpx.Client) -> None:
    data = " ".join(f"<x:s{n}> <x:p> ({n} -1) ." for n in range(5_000))
    assert update(web, f"INSERT DATA {{ {data} }}").status_code == 204
    assert count(web, "?s <x:p> ?o") == 5_000


def test_every_operation_may_declare_prefixes(web: httpx.Client) -> None:
    text = """PREFIX a: <x:> INSERT DATA { a:s a:p 1 } ;
        PREFIX b: <x:> PREFIX a: <x:> INSERT DATA { b:s a:q 1 } ; PREFIX b: <x:> # end"""
    assert update(web, text).status_code == 204
    assert ask(web, "<x:s> <x:p> 1 ; <x:q> 1")


def test_load_silent_does_nothing_and_the_rest_is_made(web: httpx.Client) -> None:
    text = "INSERT DATA { <x:a> <x:p> 1 } ; PREFIX e: <http://127.0.0.1:9/> LOAD SILENT e:x INTO GRAPH <x:g>"
    assert update(web, text).status_code == 204
    assert count(web) == 1


# -- what the protocol refuses ---------------------------------------------------------------------


def sent(
    method: str, path: str, content: str | bytes | None = None, media: str | None = None
) -> Callable[[httpx.Client], httpx.Response]:
    headers = {"content-type": media} if media else {}
    return lambda web: web.request(method, path, content=content, headers=headers)


DEEP = 5_000
REFUSED = {
    "no query": (400, "query-missing", sent("POST", "/sparql", "", FORM)),
    "two queries": (400, "query-repeated", sent("GET", "/sparql?query=ASK{}&query=ASK{}")),
    "PUT": (405, "method-not-allowed", sent("PUT", "/sparql?query=ASK{}")),
    "query as text": (415, "unsupported-media-type", sent("POST", "/sparql", "ASK{}", "text/plain")),
    "query without a type": (415, "unsupported-media-type", sent("POST", "/sparql", "ASK{}")),
    "query in UTF-16": (
        415, "unsupported-media-type",
        sent("POST", "/sparql", "ASK{}".encode("utf-16"), f"{QUERY}; charset=UTF-16"),
    ),
    "compressed": (
        415, "unsupported-media-type",
        lambda w: w.post("/sparql", content=b"x", headers={"content-type": QUERY, "content-encoding": "gzip"}),
    ),
    "query syntax": (400, "query-syntax", sent("GET", "/sparql?query=ASK{")),
    "relative graph": (422, "invalid-parameter", sent("GET", "/sparql?query=ASK{}&default-graph-uri=g")),
    "arguments": (
        400, "function-arguments",
        sent("POST", "/sparql", "ASK { FILTER(<http://www.w3.org/2001/XMLSchema#integer>(1,2)) }", QUERY),
    ),
    "no format": (
        406, "not-acceptable",
        lambda w: w.get("/sparql", params={"query": "ASK{}"}, headers={"accept": "image/png"}),
    ),
    "SERVICE": (403, "remote-refused", sent("POST", "/sparql", "ASK { SERVICE <http://127.0.0.1:9/> {} }", QUERY)),
    "SERVICE in an update": (
        403, "remote-refused",
        sent("POST", "/update", "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", UPDATE),
    ),
    "update by GET": (405, "method-not-allowed", sent("GET", "/update?update=CLEAR%20ALL")),
    "no update": (400, "update-missing", sent("POST", "/update", "query=ASK{}", FORM)),
    "two updates": (400, "update-repeated", sent("POST", "/update", "update=CLEAR+ALL&update=CLEAR+ALL", FORM)),
    "update twice": (400, "update-repeated", sent("POST", "/update?update=CLEAR+ALL", "CLEAR ALL", UPDATE)),
    "update as text": (415, "unsupported-media-type", sent("POST", "/update", "CLEAR ALL", "text/plain")),
    "update not UTF-8": (400, "not-utf8", sent("POST", "/update", b"CLEAR ALL # \xff", UPDATE)),
    "update syntax": (400, "update-syntax", sent("POST", "/update", "CLEAR XYZ", UPDATE)),
    "query for an update": (400, "update-syntax", sent("POST", "/update", "ASK {}", UPDATE)),
    "graph that is there": (
        409, "graph-exists", sent("POST", "/update", f"CREATE GRAPH <{G}>; CREATE GRAPH <{G}>", UPDATE),
    ),
    "graph that is not": (404, "unknown-graph", sent("POST", "/update", "DROP GRAPH <x:no>", UPDATE)),
    "deep update": (
        400, "query-refused", sent("POST", "/update", "INSERT {} WHERE " + "{" * DEEP + "}" * DEEP, UPDATE),
    ),
    "deep data": (
        400, "query-refused",
        sent("POST", "/update", "INSERT DATA { <x:a> <x:b> " + "(" * DEEP + ")" * DEEP + " }", UPDATE),
    ),
    "triples in data": (
        400, "query-refused",
        sent("POST", "/update", "INSERT DATA { <x:a> <x:b> " + "<<( <x:a> <x:b> " * DEEP + "1 }", UPDATE),
    ),
    "star in an update": (
        400, "query-refused",
        sent("POST", "/update", f"INSERT {{}} WHERE {{ {' . '.join(['?s ?p ?o'] * 256)} }}", UPDATE),
    ),
    "no graph": (400, "which-graph", sent("GET", "/graphs")),
    "two graphs": (400, "which-graph", sent("GET", f"/graphs?default&graph={G}")),
    "graph twice": (400, "which-graph", sent("PUT", f"/graphs/x?graph={G}", "", TURTLE)),
    "graph that is no IRI": (422, "invalid-parameter", sent("GET", "/graphs?graph=a%20b")),
    "injection in a graph's name": (
        422, "invalid-parameter", sent("PUT", "/graphs?graph=x:y%3E;DROP%20ALL;%23", "", TURTLE),
    ),
    "unknown graph": (404, "unknown-graph", sent("GET", f"/graphs?graph={H}/none")),
    "unknown graph to delete": (404, "unknown-graph", sent("DELETE", f"/graphs?graph={H}/none")),
    "unknown graph to patch": (404, "unknown-graph", sent("PATCH", f"/graphs?graph={H}/none", "CLEAR ALL", UPDATE)),
    "patch by Turtle": (415, "unsupported-media-type", sent("PATCH", "/graphs?default", "", TURTLE)),
    "patch elsewhere": (
        422, "other-graph",
        sent("PATCH", "/graphs?default", f"INSERT DATA {{ GRAPH <{G}> {{ <x:a> <x:b> 1 }} }}", UPDATE),
    ),
    "upload without a type": (415, "unsupported-media-type", sent("PUT", "/graphs?default", "")),
    "upload of quads": (415, "unsupported-media-type", sent("PUT", "/graphs?default", "", "application/n-quads")),
    "upload in Latin-1": (
        415, "unsupported-media-type", sent("PUT", "/graphs?default", "", f"{TURTLE}; charset=latin1"),
    ),
    "upload not UTF-8": (400, "not-utf8", sent("PUT", "/graphs?default", b"\xff", TURTLE)),
    "Turtle": (400, "upload-syntax", sent("PUT", "/graphs?default", "<a> <b>", TURTLE)),
    "JSON": (400, "upload-syntax", sent("PUT", "/graphs?default", "[", "application/ld+json")),
    "XML": (400, "upload-syntax", sent("PUT", "/graphs?default", "<x>", "application/rdf+xml")),
    "named graph in JSON-LD": (
        400, "upload-syntax",
        sent("PUT", "/graphs?default", '{"@id":"x:g","@graph":[{"@id":"x:a","x:p":1}]}', "application/ld+json"),
    ),
    "DOCTYPE": (
        400, "upload-refused",
        sent("PUT", "/graphs?default", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "application/rdf+xml"),
    ),
    "remote context": (
        400, "upload-refused",
        sent("PUT", "/graphs?default", '{"@context":["http://127.0.0.1:9/"],"@id":"x:a"}', "application/ld+json"),
    ),
    "import of a context": (
        400, "upload-refused",
        sent("PUT", "/graphs?default", '{"@context":{"@import":"http://127.0.0.1:9/"}}', "application/ld+json"),
    ),
    "context within": (
        400, "upload-refused",
        sent("PUT", "/graphs?default", '[{"@context":{"p":{"@context":"http://x/"}}}]', "application/ld+json"),
    ),
    "deep Turtle": (400, "upload-refused", sent("PUT", "/graphs?default", "<x:a> <x:b> " + "[<x:p> " * DEEP, TURTLE)),
    "deep triples": (
        400, "upload-refused", sent("PUT", "/graphs?default", "<x:a> <x:b> " + "<< <x:a> <x:b> " * DEEP, TURTLE),
    ),
    "deep JSON": (400, "upload-refused", sent("PUT", "/graphs?default", '{"x:p":' * 20_000, "application/ld+json")),
    "deep XML": (400, "upload-refused", sent("PUT", "/graphs?default", "<a>" * 200_000, "application/rdf+xml")),
    "large": (413, "body-too-large", sent("PUT", "/graphs?default", b"#" * (17 << 20), TURTLE)),
    "form without a boundary": (400, "upload-syntax", sent("POST", "/graphs?default", "", "multipart/form-data")),
    "form without an end": (
        400, "upload-syntax", sent("POST", "/graphs?default", "--b\r\n\r\n", "multipart/form-data; boundary=b"),
    ),
    "no such path": (404, "no-such-path", sent("GET", "/api/v1/places")),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_a_problem_document_and_changes_nothing(
    web: httpx.Client, case: str
) -> None:
    status, code, request = REFUSED[case]
    update(web, "INSERT DATA { <x:kept> <x:p> 1 }")
    answer = request(web)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["message_zh"]
    assert problem["message_en"]
    assert ask(web, "<x:kept> <x:p> 1")
    assert count(web) == 1


LOADS = {
    "plain": (403, "LOAD <{url}>"),
    "into a graph": (403, "LOAD <{url}> INTO GRAPH <x:g>"),
    "lower case": (403, "load\n<{url}>"),
    "after another": (403, "CLEAR ALL;LOAD<{url}>"),
    "after a comment": (403, "#;\rLOAD <{url}>"),
    "by a name": (403, "PREFIX e: <{url}> LOAD e:"),
    "by a name run on": (400, "PREFIX e: <{url}> LOADe:"),
    "silent by a name run on": (400, "PREFIX e: <{url}> LOADSILENTe:"),
    "silent run on": (400, "LOADSILENT<{url}>"),
    "after data with its name": (403, "PREFIX load: <x:> INSERT DATA {{ load:a load:b 'LOAD' }};LOAD <{url}>"),
    "after an escape": (403, "PREFIX e: <x:> INSERT DATA {{ e:a\\, e:b\\; 1 }};LOAD <{url}>"),
    "after an open string": (400, "INSERT DATA {{ <x:a> <x:b> \"\"\" }};LOAD <{url}>"),
    "after an IRI with brackets": (403, "INSERT DATA {{ <x:((> <x:(b> 1 }};LOAD <{url}>"),
    "twice": (400, "LOAD <{url}> LOAD SILENT <{url}>"),
    "silent": (204, "LOAD SILENT <{url}>"),
    "too many semicolons": (400, "CLEAR ALL;;LOAD <{url}>"),
}  # fmt: skip


@pytest.mark.parametrize("case", LOADS)
def test_no_load_opens_a_connection(web: httpx.Client, case: str) -> None:
    status, text = LOADS[case]
    with socket.create_server(("127.0.0.1", 0)) as trap:
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        assert update(web, text.format(url=url)).status_code == status
        trap.settimeout(0.05)
        with pytest.raises(TimeoutError):
            trap.accept()


def test_names_that_begin_with_load_are_no_load(web: httpx.Client) -> None:
    text = "PREFIX loads: <x:> INSERT DATA { loads:a loads:b 'LOAD <x:y>' }; DELETE WHERE { ?load loads:b 1 }"
    assert update(web, text).status_code == 204
    assert count(web) == 1


# -- the graph store -------------------------------------------------------------------------------

DOCUMENTS = {
    TURTLE: "<x:a> <x:p> [ <x:q> '值' ] .",
    "application/n-triples": '<x:a> <x:p> _:b .\n_:b <x:q> "\\u503C" .',
    "application/ld+json": '{"@id":"x:a","x:p":{"x:q":"值"}}',
    "application/rdf+xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
    '<rdf:Description rdf:about="x:a"><x:p><rdf:Description x:q="值"/></x:p></rdf:Description></rdf:RDF>',
}  # fmt: skip


@pytest.mark.parametrize("media", DOCUMENTS)
@pytest.mark.parametrize("graph", [G, None], ids=["named", "default"])
def test_a_graph_goes_in_and_comes_out(web: httpx.Client, media: str, graph: str | None) -> None:
    assert put(web, graph, DOCUMENTS[media], f"{media}; charset=UTF-8").status_code == (
        201 if graph else 204
    )
    pattern = "<x:a> <x:p> [ <x:q> '值' ]"
    assert ask(web, f"GRAPH <{graph}> {{ {pattern} }}" if graph else pattern)
    document = web.get("/graphs", params=named(graph), headers={"accept": media})
    assert document.headers["content-type"].partition(";")[0] == media
    assert put(web, H, document.content, media).status_code == 201
    assert ask(web, f"GRAPH <{H}> {{ {pattern} }}")


def test_put_replaces_post_merges_delete_takes_away(web: httpx.Client) -> None:
    where, headers = {"params": named(G)}, {"content-type": TURTLE}
    assert put(web, G, "<x:a> <x:p> 1 .").status_code == 201
    assert put(web, G, "<x:a> <x:p> 2 .").status_code == 204
    answer = web.post("/graphs", content="<x:a> <x:p> 3 .", headers=headers, **where)  # type: ignore[arg-type]
    assert answer.status_code == 204
    assert count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}") == 2
    head = web.head("/graphs", **where)  # type: ignore[arg-type]
    assert (head.status_code, head.content) == (200, b"")
    assert web.delete("/graphs", **where).status_code == 204  # type: ignore[arg-type]
    for method in ("GET", "HEAD", "DELETE"):
        assert web.request(method, "/graphs", **where).status_code == 404  # type: ignore[arg-type]


def test_an_empty_graph_is_a_graph(web: httpx.Client) -> None:
    assert put(web, G, "").status_code == 201
    assert web.get("/graphs", params=named(G)).text.strip() == ""
    assert ask(web, f"GRAPH <{G}> {{}}")


def test_deleting_the_default_graph_empties_it_alone(web: httpx.Client) -> None:
    put(web, None, "<x:a> <x:p> 1 .")
    put(web, G, "<x:b> <x:p> 1 .")
    assert web.delete("/graphs?default").status_code == 204
    assert web.get("/graphs?default").status_code == 200
    assert count(web) == 0
    assert count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}") == 1


def test_a_graph_may_be_named_by_its_url(web: httpx.Client, server: str) -> None:
    headers = {"content-type": TURTLE}
    assert (
        web.put("/graphs/a/%E5%80%BC.ttl", content="<> <x:p> <b> .", headers=headers).status_code
        == 201
    )
    assert ask(web, f"GRAPH <{server}/graphs/a/%E5%80%BC.ttl> {{ ?g ?p <{server}/graphs/a/b> }}")
    assert web.get("/graphs/a/%E5%80%BC.ttl").status_code == 200
    assert web.delete("/graphs/a/%E5%80%BC.ttl").status_code == 204


def test_a_post_without_a_graph_makes_one(web: httpx.Client) -> None:
    headers = {"content-type": TURTLE}
    made = [web.post("/graphs", content="<x:a> <x:p> 1 .", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    places = {answer.headers["location"] for answer in made}
    assert len(places) == 2
    for place in places:
        assert web.get(place).status_code == 200
        assert web.get("/graphs", params=named(place)).status_code == 200


def test_blank_nodes_of_two_uploads_are_never_one(web: httpx.Client) -> None:
    headers = {"content-type": TURTLE}
    for _ in range(2):
        web.post("/graphs?default", content="_:b <x:p> _:b .", headers=headers)
    assert count(web) == 2
    update(web, "INSERT DATA { _:b <x:p> _:b }")
    assert count(web) == 3


def test_the_files_of_a_form_are_merged(web: httpx.Client) -> None:
    files = {
        "1": ("一.ttl", "<x:a> <x:p> _:b .", TURTLE),
        "2": ("b.NT", "<x:a> <x:q> _:b .", "application/octet-stream"),
        "3": ("c", '{"@id":"x:a","x:r":"\\r\\n--"}', "application/ld+json"),
    }
    assert web.post("/graphs", params=named(G), files=files).status_code == 201
    assert count(web, f"GRAPH <{G}> {{ <x:a> ?p ?o }}") == 3
    assert not ask(web, f"GRAPH <{G}> {{ <x:a> <x:p> ?b ; <x:q> ?b }}")


def test_one_bad_file_of_a_form_keeps_all_out(web: httpx.Client) -> None:
    files = {"1": ("a.ttl", "<x:a> <x:p> 1 .", TURTLE), "2": ("b.ttl", "<x:a>", TURTLE)}
    assert web.post("/graphs?default", files=files).json()["code"] == "upload-syntax"
    files["2"] = ("b.exe", "<x:a> <x:p> 2 .", "application/octet-stream")
    assert web.post("/graphs?default", files=files).json()["code"] == "unsupported-media-type"
    assert count(web) == 0


def test_parts_have_a_number_and_bytes_of_their_own() -> None:
    body = b"before\r\n--b \t\r\nContent-Type: text/turtle\r\n\r\n\r\n\r\n--b\r\n\r\n\x00\r\n--c\r\n--b--\r\nafter"
    first, second = parts_of(body, 'multipart/form-data; boundary="b"')
    assert (first.media, first.content) == ("text/turtle", b"\r\n")
    assert (second.media, second.content) == (None, b"\x00\r\n--c")
    many = b"\r\n--b\r\n\r\n" * (MOST + 1) + b"\r\n--b--"
    with pytest.raises(Exception, match="parts"):
        parts_of(many, "multipart/form-data; boundary=b")


def test_a_patch_changes_its_graph_and_keeps_its_blank_nodes(web: httpx.Client) -> None:
    put(web, G, "<x:a> <x:p> [ <x:n> 1 ] , [ <x:n> 2 ] .")
    text = "DELETE { ?b <x:n> 2 } INSERT { ?b <x:n> 3 . [] <x:new> <rel> } WHERE { ?b <x:n> 2 }"
    answer = web.patch("/graphs", params=named(G), content=text, headers={"content-type": UPDATE})
    assert answer.status_code == 204
    assert ask(
        web, f"GRAPH <{G}> {{ <x:a> <x:p> [ <x:n> 1 ] , [ <x:n> 3 ] . ?x <x:new> <{G[:-1]}rel> }}"
    )
    assert count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}") == 5


# -- many at once ----------------------------------------------------------------------------------


def test_writers_at_once_lose_nothing(web: httpx.Client, server: str) -> None:
    def write(number: int) -> int:
        with httpx.Client(base_url=server, timeout=60) as own:
            text = f"INSERT DATA {{ <x:s{number}> <x:p> {number} }}"
            if number % 2:
                return update(own, text).status_code
            headers = {"content-type": TURTLE}
            content = f"<x:s{number}> <x:p> {number} ."
            return own.post("/graphs?default", content=content, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(100))) == {204}
    assert count(web) == 100


def test_a_counter_that_many_raise_counts_all(web: httpx.Client, server: str) -> None:
    put(web, None, "<x:c> <x:n> 0 .")
    text = "DELETE { ?c ?p ?n } INSERT { ?c ?p ?m } WHERE { ?c ?p ?n BIND(?n + 1 AS ?m) }"

    def patch(number: int) -> int:
        with httpx.Client(base_url=server, timeout=60) as own:
            if number % 2:
                return update(own, text).status_code
            headers = {"content-type": UPDATE}
            return own.patch("/graphs?default", content=text, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(patch, range(40))) == {204}
    assert ask(web, "<x:c> <x:n> 40")


def test_a_reader_sees_a_graph_before_or_after_a_put(web: httpx.Client, server: str) -> None:
    sizes = 50, 80
    texts = [" ".join(f"<x:s> <x:p> {n} ." for n in range(size)) for size in sizes]
    put(web, G, texts[0])
    over = threading.Event()

    def write() -> None:
        with httpx.Client(base_url=server, timeout=60) as own:
            for number in range(60):
                put(own, G, texts[number % 2])
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not over.is_set():
        seen.add(count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}"))
        seen.add(len(web.get("/graphs", params=named(G)).content.split(b"x:p")) and sizes[0])
    writer.join()
    assert seen <= set(sizes)


def test_a_query_without_end_is_given_up_and_others_go_on() -> None:
    """In a process of its own: what is given up goes on in a thread until the server ends."""
    with command_server(GOVGRAPH_QUERY_SECONDS="2") as url, httpx.Client(base_url=url) as own:
        put(own, None, " ".join(f"<x:s{n}> <x:p> {n} ." for n in range(300)))
        product = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))
        query = f"SELECT (SUM(?o0) AS ?n) {{ {product} FILTER(?o1 + ?o2 = ?o3 * ?o4 - 1) }}"
        answer = own.get("/sparql", params={"query": query}, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (503, "query-timeout")
        assert count(own) == 300
        assert update(own, "CLEAR ALL").status_code == 204


@contextmanager
def command_server(**environment: str) -> Iterator[str]:
    """The URL of `govgraph serve --scratch`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "govgraph.cli", "serve", "--scratch", "--port", str(port)]
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def wait(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.1)
    raise TimeoutError(url)


# -- only this machine -----------------------------------------------------------------------------

ELSEWHERE = {
    "a rebound name": {"host": "example.org"},
    "an address of the net": {"host": "10.0.0.1:80"},
    "no port": {"host": "127.0.0.1:x"},
    "a page elsewhere": {"origin": "https://example.org"},
    "a page without an origin": {"origin": "null"},
}


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_requests_from_elsewhere_are_refused(web: httpx.Client, headers: dict[str, str]) -> None:
    answer = web.post("/update", data={"update": "CLEAR ALL"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "only-loopback")


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8"])
def test_pages_of_this_machine_may_ask(web: httpx.Client, origin: str) -> None:
    answer = web.post("/update", data={"update": "CLEAR ALL"}, headers={"origin": origin})
    assert answer.status_code == 204


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_the_command_listens_on_loopback_only(run: Callable[..., Result], host: str) -> None:
    result = run("serve", "--scratch", "--host", host)
    assert result.exit_code == 2
    assert host in result.output
    assert "loopback" in result.output


def test_the_command_takes_no_data(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("serve", "--scratch", "--home", tmp_path).exit_code == 2


# -- releases --------------------------------------------------------------------------------------


def test_graphs_of_a_release_can_be_read(tiny_web: httpx.Client) -> None:
    whole = tiny_web.get("/graphs?default", headers={"accept": "application/n-triples"})
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = tiny_web.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert rows
    for row in rows:
        graph = row["g"]["value"]
        part = tiny_web.get("/graphs", params={"graph": graph, "format": "nt"})
        assert part.status_code == 200
        assert part.headers["govgraph-release"] == whole.headers["govgraph-release"]
        lines = set(part.text.splitlines())
        assert len(lines) == int(row["n"]["value"])
        # the merge has numbers in canonical form, and blank nodes have other labels
        plain = {line for line in lines if "_:" not in line and "^^" not in line}
        assert plain <= set(whole.text.splitlines())


def test_graphs_of_a_release_answer_head_and_etag(tiny_web: httpx.Client) -> None:
    head = tiny_web.head("/graphs?default")
    assert (head.status_code, head.content) == (200, b"")
    known = {"if-none-match": head.headers["etag"]}
    assert tiny_web.get("/graphs?default", headers=known).status_code == 304
    for path, code in (
        (f"/graphs?graph={H}", "unknown-graph"),
        ("/graphs?graph=x", "invalid-parameter"),
        ("/graphs", "which-graph"),
    ):
        answer = tiny_web.get(path)
        assert answer.json()["code"] == code
    assert tiny_web.head(f"/graphs?graph={H}").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_release_takes_no_changes(tiny_web: httpx.Client, method: str) -> None:
    answers = [tiny_web.request(method, f"/graphs?graph={G}", content=b"<x:a> <x:p> 1 .")]
    if method == "POST":
        answers.append(update(tiny_web, "CLEAR ALL"))
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "updates-off")
    assert json.loads(tiny_web.get("/health").text)["status"] == "ok"
