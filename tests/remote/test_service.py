"""The same service over an endpoint: every kind of route answers as over the engines here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from tests.remote.conftest import Endpoint
from tests.remote.servers import free_port
from tests.service.conftest import serve

from govgraph.http.state import Opened
from govgraph.settings import Settings

PLACE = "https://w3id.org/govgraph/id/place/pl-xiyuan"
GRAPH = "https://w3id.org/govgraph/id/table/xiyuan/places.csv"
GOV = "https://w3id.org/govgraph/ontology#"


@pytest.fixture(scope="module")
def there(endpoint: Endpoint, opened: Opened) -> Iterator[httpx.Client]:
    assert opened
    yield from serve(endpoint.settings)


@pytest.fixture(scope="module")
def here(whole_home: Path) -> Iterator[httpx.Client]:
    yield from serve(Settings(home=whole_home))


def lines(answer: httpx.Response) -> Any:
    return sorted(answer.content.splitlines())


def document(answer: httpx.Response) -> Any:
    """A JSON document, whose lists may be in any order and name their release."""
    return _unordered(answer.json())


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unordered(value[key]) for key in sorted(value) if key != "release"}
    return sorted(map(repr, map(_unordered, value))) if isinstance(value, list) else value


def rows(answer: httpx.Response) -> Any:
    return sorted(map(tuple, csv.reader(io.StringIO(answer.text))))


ASKED: dict[str, tuple[str, dict[str, str], Callable[[httpx.Response], Any]]] = {
    "rows": ("/sparql", {"query": f"SELECT ?p ?o {{ <{PLACE}> ?p ?o }}", "format": "csv"}, rows),
    "truth": ("/sparql", {"query": "ASK { ?s a gov:Post }", "format": "json"}, document),
    "triples": ("/sparql", {"query": f"CONSTRUCT WHERE {{ <{PLACE}> ?p ?o }}", "format": "ntriples"},
                lines),
    "description": ("/sparql", {"query": f"DESCRIBE <{PLACE}>", "format": "ntriples"}, lines),
    "count": ("/sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}, rows),
    "stated": ("/sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv",
                           "inference": "false"}, rows),
    "graphs": ("/sparql", {"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
                           "format": "csv"}, rows),
    "dataset": ("/sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv",
                            "default-graph-uri": GRAPH}, rows),
    "from": ("/sparql", {"query": f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}> {{ ?s ?p ?o }}",
                         "format": "csv"}, rows),
    "graph": ("/graphs", {"graph": GRAPH, "format": "ntriples"}, lines),
    "lookup": ("/api/v1/places/pl-xiyuan/organizations", {}, document),
    "search": ("/api/v1/search", {"q": "西园"}, document),
    "why": ("/api/v1/why", {"s": "place/pl-xiyuan", "p": "a", "o": "gov:Place"}, document),
    "entity": ("/id/place/pl-xiyuan", {"format": "ntriples"}, lines),
    "model": ("/api/v1/compare", {"models": "gm-2zhan"}, document),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_a_route_answers_as_here(there: httpx.Client, here: httpx.Client, kind: str) -> None:
    path, parameters, read = ASKED[kind]
    found = [client.get(path, params=parameters) for client in (there, here)]
    assert found[0].status_code == found[1].status_code
    if found[1].status_code == 200 and kind != "description":
        assert read(found[0]) == read(found[1])


def test_a_description_has_what_is_said_here(there: httpx.Client, here: httpx.Client) -> None:
    """What else DESCRIBE tells is a server's own choice (SPARQL 1.1, 16.4.3)."""
    path, parameters, read = ASKED["description"]
    told, wanted = (read(client.get(path, params=parameters)) for client in (there, here))
    assert set(wanted) <= set(told)


def test_most_kinds_of_questions_are_answered(here: httpx.Client) -> None:
    answers = [here.get(path, params=given).status_code for path, given, _ in ASKED.values()]
    assert answers.count(200) >= len(answers) - 2


def test_a_query_that_is_none_is_refused_here(there: httpx.Client) -> None:
    answer = there.get("/sparql", params={"query": "SELECT WHERE"})
    assert (answer.status_code, answer.json()["code"]) == (400, "query-syntax")


def test_an_explanation_shows_what_is_sent(there: httpx.Client) -> None:
    asked = {"query": "ASK { ?s a gov:Post }", "explain": "analyze"}
    answer = there.get("/sparql", params=asked, headers={"Accept": "application/json"}).json()
    assert answer["engine"] == "remote"
    assert f"{GOV}" in answer["plan"]
    assert answer["run"]["rows"] == 1


# -- without a server ----------------------------------------------------------------------------


def test_an_endpoint_that_is_away_is_said(
    whole_home: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To whoever asks, and to whoever builds, by the name of the setting and not by its value."""
    url = f"http://127.0.0.1:{free_port()}/sparql"
    monkeypatch.setenv("GOVGRAPH_ENGINE", "remote")
    monkeypatch.setenv("GOVGRAPH_REMOTE_QUERY", url)
    done = run("query", "-", "--home", whole_home, input="ASK {}")
    assert done.exit_code == 2
    assert "GOVGRAPH_REMOTE_QUERY" in done.stderr
    assert url not in done.stderr
    for client in serve(Settings(home=whole_home)):
        answer = client.get("/sparql", params={"query": "ASK {}"})
        assert (answer.status_code, answer.json()["code"]) == (503, "remote-unavailable")
        assert url not in answer.text


def test_a_missing_setting_is_named(
    whole_home: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_ENGINE", "remote")
    done = run("query", "-", "--home", whole_home, input="ASK {}")
    assert done.exit_code == 2
    assert "GOVGRAPH_REMOTE_QUERY" in done.stderr


def test_the_password_is_shown_nowhere_but_to_our_own_processes(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVGRAPH_REMOTE_PASSWORD", "s3cret")
    settings = Settings()
    assert settings.remote_password == SecretStr("s3cret")
    shown = run("settings").stdout
    assert "GOVGRAPH_REMOTE_PASSWORD" in shown
    assert "s3cret" not in shown + repr(settings) + settings.model_dump_json()
    assert Settings(**settings.plain()) == settings
