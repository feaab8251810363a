"""The Sankey diagram over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from govgraph.vocabulary import GOV


def sankey(web: httpx.Client, **asked: object) -> dict[str, Any]:
    answer = web.get("/api/v1/money/sankey", params={k: str(v) for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def named(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The links with the names of their nodes."""
    ends = [(node["level"], node["entity"] and node["entity"]["id"]) for node in document["nodes"]]
    return [
        (ends[link["source"]], ends[link["target"]], link["value"], link["unknown"], link["cycle"])
        for link in document["links"]
    ]


def test_a_diagram_over_instruments(web: httpx.Client) -> None:
    document = sankey(web, funder="org-xiyuan")
    assert named(document) == [
        (("funder", "org-xiyuan"), ("instrument", GOV + "allowance"), None, 1, False),
        (("funder", "org-xiyuan"), ("instrument", GOV + "jointFunding"), None, 1, False),
        (("funder", "org-xiyuan"), ("instrument", GOV + "total"), 334000, 0, False),
        (("instrument", GOV + "allowance"), ("recipient", None), None, 1, False),
        (("instrument", GOV + "jointFunding"), ("recipient", "org-xyr"), None, 1, False),
        (("instrument", GOV + "total"), ("recipient", None), 334000, 0, False),
    ]
    assert [node["index"] for node in document["nodes"]] == list(range(len(document["nodes"])))
    assert document["coverage"][0]["en"] == "1 of 3 flows have an amount, 2 have none"


def test_circles_of_a_chain_are_marked(web: httpx.Client) -> None:
    document = sankey(web, levels="chain", place="ex-c01")
    assert len({node["entity"]["id"] for node in document["nodes"]}) == len(document["nodes"])
    circle = {(a[1], b[1]) for a, b, *_, cycle in named(document) if cycle}
    assert circle == {("ex-c01-jwh", "ex-c01-sgz"), ("ex-c01-sgz", "ex-c01-jwh")}


def test_a_diagram_of_nothing(web: httpx.Client) -> None:
    document = sankey(web, year=1900)
    assert (document["nodes"], document["links"]) == ([], [])


def test_what_is_wrong_is_said(web: httpx.Client) -> None:
    for asked, code in (
        ({"levels": "colour"}, "invalid-parameter"),
        ({"funder": "nobody"}, "unknown-value"),
        ({"at": "May"}, "invalid-date"),
    ):
        answer = web.get("/api/v1/money/sankey", params=asked)
        assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
