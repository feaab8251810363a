"""Writers take turns: none loses another's work, none changes a release that it has not seen."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from tests.gate.conftest import Client
from tests.gate.test_crashes import servers
from tests.service.conftest import serve

from govgraph.access.keys import Keys
from govgraph.edits import Edits
from govgraph.release import Home
from govgraph.settings import Settings

RAISE = "DELETE { ?c ?p ?n } INSERT { ?c ?p ?m } WHERE { VALUES ?p { <x:n> } ?c ?p ?n BIND(?n + 1 AS ?m) }"


def test_two_processes_that_write_lose_nothing(settings: Settings) -> None:
    """Each reads what it changes: a lost turn would show in the count."""
    key = Keys(settings.home).add("pen", "write")[1]
    headers = {"authorization": f"Bearer {key}", "content-type": "application/sparql-update"}

    def write(url: str, text: str) -> int:
        return httpx.post(f"{url}/update", content=text, headers=headers, timeout=600).status_code

    with servers(settings.home) as one, servers(settings.home) as other:
        pids = [one.start(), other.start()]
        assert write(one.url, "INSERT DATA { <x:c> <x:n> 0 }") == 200
        with ThreadPoolExecutor(4) as pool:
            turns = [one.url, other.url] * 3
            assert set(pool.map(write, turns, [RAISE] * 6)) == {200}
        for pid in pids:
            os.kill(pid, 9)
    (line,) = Edits.of(Home(settings.home).current()).added
    assert '"6"' in line
    assert len(Home(settings.home).releases()) == 8


def test_if_match_names_the_release_that_may_be_changed(client: Client) -> None:
    before = client.current
    tag = client.web.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
    client.update("INSERT DATA { <x:a> <x:p> 1 }", **{"if-match": tag}).raise_for_status()
    for stale in (tag, before, f'"{before}"'):
        refused = client.update("INSERT DATA { <x:a> <x:p> 2 }", **{"if-match": stale})
        assert (refused.status_code, refused.json()["code"]) == (412, "release-changed")
    given = {"if-match": f'"{before}", "{client.current}"'}
    client.update("INSERT DATA { <x:a> <x:p> 2 }", **given).raise_for_status()
    client.update("INSERT DATA { <x:a> <x:p> 3 }", **{"if-match": "*"}).raise_for_status()
    assert len(client.rows("SELECT ?o { <x:a> <x:p> ?o }")) == 3


def test_one_that_waits_too_long_is_told_to_come_again(settings: Settings) -> None:
    hasty = settings.model_copy(update={"queue_seconds": 0.1})
    for web in serve(hasty):
        client = Client(web, hasty)
        with Home(settings.home).workshop():
            refused = client.update("INSERT DATA { <x:a> <x:p> 1 }")
            assert (refused.status_code, refused.json()["code"]) == (503, "busy")
            assert refused.headers["retry-after"] == "1"
        assert client.update("INSERT DATA { <x:a> <x:p> 1 }").status_code == 200


def test_readers_keep_their_release(client: Client) -> None:
    before = client.current
    client.made("INSERT DATA { <x:a> <x:p> 1 }")
    assert client.rows("SELECT ?o { <x:a> <x:p> ?o }", release=before) == []
    client.made("DELETE DATA { <x:a> <x:p> 1 }")
    assert client.rows("SELECT ?o { <x:a> <x:p> ?o }") == []


@pytest.mark.parametrize("path", ["current", "none"])
def test_an_older_release_is_served_again(client: Client, path: str) -> None:
    before = client.current
    client.made("INSERT DATA { <x:a> <x:p> 1 }")
    url = f"/api/v1/releases/{before if path == 'current' else '20200101T000000Z-00000000'}/serve"
    assert client.web.post(url).json()["code"] == "key-scope"
    done = client.web.post(url, headers={"authorization": f"Bearer {client.admin}"})
    if path == "none":
        assert (done.status_code, done.json()["code"]) == (404, "unknown-release")
        return
    assert done.status_code == 200
    assert done.json()["release"] == before == client.current == done.headers["govgraph-release"]
    assert client.rows("SELECT ?o { <x:a> <x:p> ?o }") == []
    client.made("INSERT DATA { <x:a> <x:p> 2 }")
    assert client.rows("SELECT ?o { <x:a> <x:p> ?o }") == [("2",)]
