"""A build at an endpoint comes to what a build here comes to, and is published whole or not at all."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from tests.remote.conftest import Endpoint
from tests.service.conftest import write_dataset

from govgraph.build import build
from govgraph.engine.base import Dataset
from govgraph.engine.remote.endpoints import Endpoints
from govgraph.engine.remote.marker import Marker, read_marker
from govgraph.engine.remote.store import RemoteStore
from govgraph.errors import GovgraphError
from govgraph.http.state import Opened, Releases
from govgraph.release import Home, Release
from govgraph.remote_release import held, serve_again
from govgraph.settings import Settings

BASE = "https://example.org/other/"
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { %s }"


def triples(path: Path) -> set[str]:
    return {str(quad) for quad in parse(path=path, format=RdfFormat.N_QUADS)}


def count(opened: Opened, pattern: str, dataset: Dataset = Dataset()) -> int:
    return int(opened.engine.select(_COUNT % pattern, dataset=dataset)[0]["n"].value)


def test_the_same_is_inferred_and_found(endpoint: Endpoint, local: Release) -> None:
    there = endpoint.built
    for key in ("inferred", "validation"):
        assert there.report()[key] == local.report[key]
    assert there.labels == local.manifest["labels"]
    assert there.release
    names = [path.name for path in local.quads.glob("inferred.*.nq")]
    assert names
    for name in names:
        assert triples(there.release.quads / name) == triples(local.quads / name)
    for key in ("triples", "quads", "graphs"):
        assert there.release.manifest[key] == local.manifest[key]


def test_the_default_graph_is_the_merge_and_what_is_stated_alone(
    opened: Opened, opened_here: Opened
) -> None:
    for dataset in (Dataset(), Dataset(inference=False)):
        for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"):
            there, here = (count(each, pattern, dataset) for each in (opened, opened_here))
            assert there == here


#: An appointment that ends before it begins breaks a shape.
FAULT = "t-a9,t-p1,t-head,2020-01-01,2010-01-01,synthetic,"
NEW = "t-p9,小新,New person,,,synthetic"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tiny dataset."""
    return write_dataset(tmp_path / "data" / "tiny")


def test_refused_data_leaves_what_is_served(
    endpoint: Endpoint, opened: Opened, tmp_path: Path
) -> None:
    """The report is that of a build here; the endpoint holds what it held, and nothing besides."""
    before = read_marker(Endpoints(endpoint.settings).query, endpoint.settings.base)
    triples_before = count(opened, "?s ?p ?o")
    data = [write_dataset(tmp_path / "faulty" / "tiny", appointments=[FAULT])]
    there = build(data, endpoint.settings)
    here = build(data, Settings(home=tmp_path / "here"))
    assert there.refused
    assert here.refused
    assert there.release is None
    assert any(result.severity == "error" for result in there.results)
    assert there.report()["validation"] == here.report()["validation"]
    assert there.inferred == here.inferred
    assert read_marker(Endpoints(endpoint.settings).query, endpoint.settings.base) == before
    assert count(opened, "?s ?p ?o") == triples_before
    assert not graphs_apart(endpoint)


def graphs_apart(endpoint: Endpoint) -> set[str]:
    """Graphs of ours that no release has."""
    query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '%s')) }"
    url = Endpoints(endpoint.settings).query.url
    headers = {"Accept": "application/sparql-results+json"}
    found: set[str] = set()
    for kind in ("scratch", "staging", "making"):
        asked = {"query": query % f"{endpoint.settings.base}graph/remote/{kind}"}
        answer = httpx.get(url, params=asked, headers=headers, timeout=60).json()
        found |= {row["g"]["value"] for row in answer["results"]["bindings"]}
    return found


class Broken(Exception):
    """Stands for the end of a process."""


def broken(*_: object) -> None:
    raise Broken


@pytest.mark.parametrize("place", ["before the switch", "after the switch"])
def test_a_build_that_ends_in_between_leaves_a_state_to_go_on_from(
    endpoint: Endpoint,
    small: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    settings = endpoint.at(tmp_path / "home", BASE + place.partition(" ")[0] + "/")
    first = build([small], settings).release
    assert first
    with monkeypatch.context() as patch:
        if place == "before the switch":
            patch.setattr(RemoteStore, "switch", broken)
        else:
            patch.setattr(Home, "serve", broken)
        with pytest.raises(Broken):
            build([small], settings)
    home = Home(settings.home)
    assert home.current().id == first.id
    newest = home.releases()[-1].id
    served = newest if place == "after the switch" else first.id
    assert read_marker(Endpoints(settings).query, settings.base).served == served
    assert held(settings) == served
    assert home.current().id == served
    assert count(Releases(settings).open(), "?s ?p ?o") > 0
    serve_again(settings, first.id)
    opened = Releases(settings).open()
    assert opened.release.id == first.id
    assert count(opened, "GRAPH ?g { ?s ?p ?o }") == first.manifest["quads"]


def test_another_release_at_the_endpoint_is_not_answered_from(
    endpoint: Endpoint, small: Path, tmp_path: Path
) -> None:
    """Two homes share an endpoint: the one whose release went says so and mixes nothing."""
    one, other = (endpoint.at(tmp_path / name, BASE + "shared/") for name in ("one", "other"))
    assert build([small], one).release
    opened = Releases(one).open()
    assert count(opened, "GRAPH ?g { ?s ?p ?o }") > 0
    assert build([small], other).release
    assert build([small], other).release
    with pytest.raises(GovgraphError) as caught:
        Releases(one).open().engine.select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    assert caught.value.code == "remote-release"


def test_an_older_release_is_answered_here(endpoint: Endpoint, small: Path, tmp_path: Path) -> None:
    settings = endpoint.at(tmp_path / "home", BASE + "older/")
    old = build([small], settings).release
    more = write_dataset(tmp_path / "more" / "tiny", persons=[NEW])
    new = build([more], settings).release
    assert old
    assert new
    releases = Releases(settings)
    found = {release.id: count(releases.open(release.id), "?s ?p ?o") for release in (old, new)}
    assert found == {release.id: release.manifest["triples"] for release in (old, new)}


def test_nothing_is_held_before_the_first_build(endpoint: Endpoint) -> None:
    settings = endpoint.settings.model_copy(update={"base": "https://example.org/nothing/"})
    assert read_marker(Endpoints(settings).query, settings.base) == Marker()
