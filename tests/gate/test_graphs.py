"""The Graph Store Protocol's writes on a release."""

from __future__ import annotations

import httpx
import pytest
from tests.gate.conftest import EDITS, PERSONS, Client

G = "http://example.org/g"


def put(client: Client, content: str, method: str = "PUT", **where: str) -> httpx.Response:
    headers = {"content-type": "text/turtle"}
    params = where or {"graph": G}
    return client.web.request(method, "/graphs", params=params, content=content, headers=headers)


def text_of(client: Client, graph: str = G) -> list[str]:
    found = client.web.get("/graphs", params={"graph": graph, "format": "nt"})
    return sorted(found.text.splitlines()) if found.status_code == 200 else []


def test_a_graph_is_made_replaced_added_to_and_taken_away(client: Client) -> None:
    made = put(client, "<a> <x:p> 1, 2 .")
    assert (made.status_code, made.headers["govgraph-release"]) == (201, client.current)
    base = "http://example.org/"
    one, two, three = (
        f'<{base}a> <x:p> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer> .' for n in (1, 2, 3)
    )
    assert text_of(client) == [one, two]
    assert put(client, "<a> <x:p> 2, 3 .").status_code == 204
    assert text_of(client) == [two, three]
    assert put(client, "<a> <x:p> 1 .", "POST").status_code == 204
    assert text_of(client) == [one, two, three]
    before = client.current
    assert put(client, "<a> <x:p> 1 .", "POST").headers["govgraph-release"] == before
    assert client.web.delete("/graphs", params={"graph": G}).status_code == 204
    assert text_of(client) == []
    gone = client.web.delete("/graphs", params={"graph": G})
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown-graph")


def test_the_files_of_a_form_are_merged(client: Client) -> None:
    files = {
        "a": ("a.ttl", "<x:a> <x:p> _:b .", "text/turtle"),
        "b": ("b.nt", "<x:a> <x:p> _:b .", "application/octet-stream"),
    }
    made = client.web.post("/graphs", params={"graph": G}, files=files)
    assert made.status_code == 201
    assert len(text_of(client)) == 2


def test_a_graph_of_the_tables_can_be_changed(client: Client) -> None:
    before = text_of(client, PERSONS)
    update = """DELETE { ?s skos:prefLabel ?l } INSERT { ?s skos:prefLabel 'Ada'@en }
        WHERE { ?s skos:prefLabel ?l FILTER(?l = 'Person A'@en) }"""
    headers = {"content-type": "application/sparql-update"}
    done = client.web.patch("/graphs", params={"graph": PERSONS}, content=update, headers=headers)
    assert done.status_code == 204, done.text
    after = text_of(client, PERSONS)
    assert len(after) == len(before)
    assert [line for line in after if line not in before] == [
        line.replace("Person A", "Ada") for line in before if line not in after
    ]
    other = client.web.patch(
        "/graphs", params={"graph": PERSONS}, headers=headers,
        content="INSERT DATA { GRAPH <x:g> { <x:a> <x:p> 1 } }",
    )  # fmt: skip
    assert (other.status_code, other.json()["code"]) == (422, "other-graph")


def test_the_default_graph_takes_more_and_is_not_replaced(client: Client) -> None:
    assert put(client, "<x:a> <x:p> 1 .", "POST", default="").status_code == 204
    assert client.graphs_of("<x:a> <x:p> 1") == [EDITS]
    for method in ("PUT", "DELETE"):
        refused = put(client, "<x:a> <x:p> 1 .", method, default="")
        assert (refused.status_code, refused.json()["code"]) == (422, "default-graph")


def test_a_graph_may_be_its_url(client: Client) -> None:
    headers = {"content-type": "text/turtle"}
    made = client.web.post("/graphs", content="<> <x:p> 1 .", headers=headers)
    assert made.status_code == 201
    url = made.headers["location"]
    assert client.rows("SELECT ?g { GRAPH ?g { ?g <x:p> 1 } }") == [(url,)]
    found = client.web.get(url, params={"format": "nt"})
    assert found.text.startswith(f"<{url}> <x:p> ")
    assert client.web.put(url, content="<> <x:p> 2 .", headers=headers).status_code == 204
    assert client.web.delete(url).status_code == 204
    assert client.web.get(url).status_code == 404


def test_a_graph_without_triples_is_none(client: Client) -> None:
    before = client.current
    assert put(client, "").status_code == 204
    headers = {"content-type": "text/turtle"}
    made = client.web.post("/graphs", content="", headers=headers)
    assert (made.status_code, made.headers.get("location")) == (204, None)
    assert client.current == before
    assert client.web.get("/graphs", params={"graph": G}).status_code == 404


@pytest.mark.parametrize(
    ("graph", "content", "status", "code"),
    [
        ("https://w3id.org/govgraph/ontology", "<x:a> <x:p> 1 .", 403, "graph-protected"),
        (G, "<x:a> <x:p>", 400, "upload-syntax"),
        (G, "<x:a> <x:p> <<( <x:a> <x:p> 1 )>> .", 400, "upload-refused"),
        ("not an iri", "<x:a> <x:p> 1 .", 422, "invalid-parameter"),
    ],
)
def test_what_is_refused(client: Client, graph: str, content: str, status: int, code: str) -> None:
    before = client.current
    refused = put(client, content, graph=graph)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert client.current == before
