"""The Graph Store Protocol on the scratch endpoint."""

from __future__ import annotations

import httpx
import pytest
from asking import TURTLE, UPDATE, G, H, ask, count, named, put, update

from govgraph.http.multipart import MOST, parts_of

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
