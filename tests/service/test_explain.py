"""How a query is answered, told over HTTP, on the command line and in Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.service.conftest import BASE
from tests.service.test_sparql import problem
from typer.testing import Result

from govgraph.engine.columnar.show import sql_text
from govgraph.engine.hybrid import HybridEngine
from govgraph.http.state import Opened
from govgraph.notebook import open_release

LOOKUP = "SELECT ?p { ?p a foaf:Person }"
PAIRS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
ROWS = (
    "SELECT * { ?a gov:partyMember ?m . ?b gov:partyMember ?m . ?c skos:prefLabel 'it''s ( FROM' }"
)
GRAPH = "CONSTRUCT { ?p <x:new> ?m } WHERE { ?p gov:partyMember ?m }"
PATTERN = "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER REGEX(STR(?c), STR(?f)) }"


def explain(web: httpx.Client, query: str, accept: str = "*/*", **more: str) -> httpx.Response:
    parameters = {"query": query, "explain": "true"} | more
    return web.get("/sparql", params=parameters, headers={"Accept": accept})


def told(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    found: dict[str, Any] = response.json()
    return found


def test_a_lookup_is_explained(web: httpx.Client, opened: Opened) -> None:
    response = explain(web, LOOKUP)
    found = told(response)
    assert found["engine"] == "oxigraph"
    assert 0 < found["estimate"] < 4000
    assert "lookup" in found["reason"]
    assert "TriplePattern(?p, rdf:type, foaf:Person)" in found["algebra"]
    assert (found["sql"], found["plan"], found["run"]) == (None, None, None)
    assert response.headers["govgraph-release"] == opened.release.id


def test_analysis_is_explained(web: httpx.Client) -> None:
    found = told(explain(web, PAIRS))
    assert found["engine"] == "columns"
    assert found["estimate"] > 4000
    assert set(found["seconds"]) == {"parse", "compile"}
    assert found["sql"].startswith("SELECT")
    assert "pso" in found["plan"]
    assert found["run"] is None


@pytest.mark.parametrize("query", [LOOKUP, PAIRS, GRAPH, "ASK { ?p a foaf:Person }"])
@pytest.mark.parametrize("inference", ["true", "false"])
def test_a_run_tells_its_rows(web: httpx.Client, query: str, inference: str) -> None:
    found = told(explain(web, query, explain="analyze", inference=inference))
    answer = web.get(
        "/sparql",
        params={"query": query, "inference": inference},
        headers={"Accept": "text/tab-separated-values, application/n-triples"},
    )
    lines = answer.text.rstrip("\n").count("\n")
    rows = {"S": lines, "C": lines + 1, "A": 1}[query[0]]
    assert found["run"]["rows"] == rows
    assert found["run"]["seconds"] > 0
    if inference == "false":
        assert found["engine"] == "columns"
        assert "rows" in found["plan"]


def test_what_does_not_compile_says_why(web: httpx.Client) -> None:
    found = told(explain(web, PATTERN))
    assert found["engine"] == "oxigraph"
    assert "not compiled" in found["reason"]
    assert "regular expression" in found["reason"]


def test_a_dataset_of_its_own_says_so(web: httpx.Client) -> None:
    persons = f"{BASE}table/example-communities/persons.csv"
    found = told(explain(web, LOOKUP, **{"default-graph-uri": persons}))
    assert (found["engine"], "dataset" in found["reason"]) == ("columns", True)


@pytest.mark.parametrize("choice", ["oxigraph", "columns"])
def test_a_forced_engine_says_so(opened: Opened, choice: str) -> None:
    hybrid = opened.engine
    assert isinstance(hybrid, HybridEngine)
    forced = HybridEngine(hybrid.oxigraph, hybrid.columns, choice)  # type: ignore[arg-type]
    for query in (LOOKUP, PAIRS):
        found = forced.explain(query)
        assert (found.engine, found.reason) == (choice, "by setting")
        assert found.estimate == hybrid.explain(query).estimate


def test_text_for_people(web: httpx.Client) -> None:
    for more in ({"accept": "text/plain"}, {"format": "text"}):
        response = explain(web, PAIRS, **more)
        assert response.headers["content-type"].startswith("text/plain")
        assert response.text.startswith("engine: columns\nreason: about ")
        assert "\nsql:\nSELECT" in response.text


def test_errors_keep_their_contract(web: httpx.Client) -> None:
    problem(explain(web, "SELECT * { ?s"), 400, "query-syntax")
    problem(explain(web, LOOKUP, explain="perhaps"), 422, "invalid-parameter")
    problem(explain(web, LOOKUP, "image/png"), 406, "not-acceptable")
    problem(explain(web, LOOKUP, format="docx"), 406, "not-acceptable")
    problem(explain(web, LOOKUP, release="20000101T000000Z-00000000"), 404, "unknown-release")


def test_it_is_documented(web: httpx.Client) -> None:
    operation = web.get("/openapi.json").json()["paths"]["/sparql"]["get"]
    (explaining,) = (p for p in operation["parameters"] if p["name"] == "explain")
    assert "analyze" in explaining["description"]


def test_on_the_command_line(run: Callable[..., Result], home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(PAIRS, "utf-8")
    plain = run("query", file, "--home", home, "--explain")
    assert plain.exit_code == 0
    assert plain.stdout.startswith("engine: columns")
    machine = run("query", file, "--home", home, "--analyze", "--format", "json")
    assert json.loads(machine.stdout)["run"]["rows"] == 1
    file.write_text("SELECT", "utf-8")
    assert run("query", file, "--home", home, "--explain").exit_code == 2


def test_printed_sql_is_the_sql(opened: Opened) -> None:
    assert isinstance(opened.engine, HybridEngine)
    for query in (PAIRS, ROWS.replace("''", "\\'"), "SELECT * { ?a org:subOrganizationOf+ ?b }"):
        sql = opened.engine.columns.plan(query).sql
        shown = sql_text(sql)
        assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", sql)
        assert all(line.count("SELECT") <= 1 for line in shown.splitlines())


def test_a_notebook_needs_no_server(home: Path, opened: Opened) -> None:
    release = open_release(home=home)
    assert release.id == opened.release.id
    rows = release.rows(LOOKUP)
    assert len(rows) > 50
    assert release.arrow(LOOKUP)["p"].to_pylist() == [row["p"].value for row in rows]
    assert release.explain(PAIRS).engine == "columns"
