"""What the scratch endpoint refuses, with which status and code, and that nothing changes by it."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from asking import FORM, QUERY, TURTLE, UPDATE, G, H, ask, count, update


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
    "compressed by an unknown coding": (
        415, "unsupported-media-type",
        lambda w: w.post("/sparql", content=b"x", headers={"content-type": QUERY, "content-encoding": "br"}),
    ),
    "not compressed as it says": (
        400, "content-coding",
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
