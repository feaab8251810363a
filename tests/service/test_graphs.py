"""Graphs of a release over the Graph Store Protocol, and that it takes no changes."""

from __future__ import annotations

import json

import httpx
import pytest

G, H = "http://example.org/g", "http://example.org/h"


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
        answers.append(tiny_web.post("/update", data={"update": "CLEAR ALL"}))
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "updates-off")
    assert json.loads(tiny_web.get("/health").text)["status"] == "ok"
