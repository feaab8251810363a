"""The command and the route that explain a triple."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.service.test_sparql import problem
from typer.testing import Result

from govgraph.release import Home

Run = Callable[..., Result]
HELD = ("person/ex-c12-p2", "gov:holdsPostAt", "place/ex-c12")
BASE = "https://w3id.org/govgraph/id/"


def test_the_command_prints_a_tree(run: Run, home: Path) -> None:
    done = run("why", *HELD, "--home", home)
    assert done.exit_code == 0, done.output
    lines = [line.strip(" │├└─") for line in done.output.splitlines()]
    assert lines[0].startswith("person/ex-c12-p2 gov:holdsPostAt place/ex-c12")
    text = " ".join(lines)
    for words in (
        "推得 inferred 1/2 属性链 property chain: gov:holdsPostAt owl:propertyChainAxiom",
        "逆属性 inverse property: org:hasMembership owl:inverseOf org:member",
        "example-communities/appointments.csv 第 91 行 row (line 92) person",
    ):
        assert words in text
    assert lines[-1] == f"release {Home(home).current().id}"


def test_what_was_explained_above_is_only_named(run: Run, home: Path) -> None:
    done = run("why", "place/pl-xiyuan", "gov:within", "place/pl-anhui", "--home", home)
    text = " ".join(line.strip(" │├└─") for line in done.output.splitlines())
    assert text.count("xiyuan/places.csv 第 4 行 row (line 5) parent") == 1


def test_a_stated_triple_is_shown_with_its_cell(run: Run, home: Path) -> None:
    done = run("why", "gov:unknown", "a", "gov:Precision", "--home", home)
    assert "陈述 stated https://w3id.org/govgraph/ontology" in done.output


def test_json_of_the_command_and_of_the_route_are_one(
    run: Run, home: Path, web: httpx.Client
) -> None:
    printed = json.loads(run("why", *HELD, "--home", home, "--json").stdout)
    response = web.get("/api/v1/why", params=dict(zip("spo", HELD, strict=True)))
    assert response.status_code == 200
    assert response.headers["Govgraph-Release"] == printed["release"]
    assert response.json() | {"release": printed["release"]} == printed
    fact = response.json()["facts"][0]
    assert fact["s"] == {"type": "uri", "value": f"{BASE}person/ex-c12-p2"}
    assert [way["axioms"][0]["owl_rl"] for way in fact["derivations"]] == ["prp-spo2", "prp-spo2"]
    assert response.json()["labels"][f"{BASE}place/ex-c12"]["zh"] == "示例十二社区"


@pytest.mark.parametrize(
    ("o", "status", "code"),
    [
        ("place/ex-c01", 404, "not-in-release"),
        ("nowhere:x", 422, "invalid-parameter"),
        ("'open", 422, "invalid-parameter"),
    ],
)
def test_problems_of_the_route(web: httpx.Client, o: str, status: int, code: str) -> None:
    response = web.get("/api/v1/why", params={"s": HELD[0], "p": HELD[1], "o": o})
    problem(response, status, code)


def test_problems_of_the_command(run: Run, home: Path) -> None:
    done = run("why", *HELD[:2], "place/ex-c01", "--home", home, "--json")
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, "not-in-release")
