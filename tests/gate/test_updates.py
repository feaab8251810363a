"""POST /update of a release: what it changes, what it refuses, what stays of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode
from rich.console import Console
from tests.gate.conftest import BASE, EDITS, PERSONS, Client
from tests.service.conftest import write_dataset
from tests.service.test_incremental import contents

from govgraph.build import build
from govgraph.edits import Edits
from govgraph.release import Home
from govgraph.settings import Settings
from govgraph.sources import dataset_folders
from govgraph.terminal import print_build

P1 = f"<{BASE}person/t-p1>"
LABEL = "skos:prefLabel"


def test_what_is_inserted_is_there_in_a_new_release(client: Client) -> None:
    before = client.current
    made = client.made('INSERT DATA { <x:a> <x:p> "某人"@zh . GRAPH <x:g> { <x:a> <x:q> 7 } }')
    assert (made["added"], made["removed"]) == (2, 0)
    assert made["release"] > before
    assert client.rows("SELECT ?p ?o { <x:a> ?p ?o }") == [("x:p", "某人"), ("x:q", "7")]
    assert client.graphs_of("<x:a> <x:p> ?o") == [EDITS]
    assert client.graphs_of("<x:a> <x:q> ?o") == ["x:g"]
    assert client.rows("SELECT ?p ?o { <x:a> ?p ?o }", release=before) == []


def test_what_is_there_already_makes_no_release(client: Client) -> None:
    text = "INSERT DATA { <x:a> <x:p> 1 }"
    made = client.made(text)
    again = client.made(text)
    assert again["release"] == made["release"]
    assert (again["added"], again["removed"]) == (0, 0)
    assert client.made("DELETE DATA { <x:a> <x:p> 2 }")["release"] == made["release"]


def test_a_triple_is_deleted_from_every_graph_that_asserts_it(client: Client) -> None:
    stated = f'{P1} {LABEL} "Person A"@en'
    client.made(f"INSERT DATA {{ {stated} . GRAPH <x:g> {{ {stated} }} }}")
    assert client.graphs_of(stated) == sorted([EDITS, PERSONS, "x:g"])
    made = client.made(f'DELETE DATA {{ {stated} }} ; INSERT DATA {{ {P1} {LABEL} "Ada"@en }}')
    assert (made["added"], made["removed"]) == (1, 3)
    assert client.graphs_of(stated) == []
    assert client.graphs_of(f'{P1} {LABEL} "Ada"@en') == [EDITS]


def test_operations_see_those_before_them_and_stand_or_fall_together(client: Client) -> None:
    client.made(
        """INSERT DATA { <x:c> <x:n> 1 } ;
        PREFIX x: <x:> DELETE { ?c x:n ?n } INSERT { ?c x:n ?m } WHERE { ?c x:n ?n BIND(?n + 1 AS ?m) } ;
        DELETE { ?c x:n ?n } INSERT { GRAPH ?c { ?c x:n ?n } } WHERE { ?c x:n ?n }"""
    )
    assert client.rows("SELECT ?g ?n { GRAPH ?g { <x:c> <x:n> ?n } }") == [("x:c", "2")]
    before = client.current
    refused = client.update("INSERT DATA { <x:c> <x:n> 3 } ; CLEAR GRAPH <x:none>")
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown-graph")
    assert client.current == before
    assert client.rows("SELECT ?n { <x:c> <x:n> ?n }") == [("2",)]


def test_what_breaks_a_shape_is_refused_with_the_report(client: Client) -> None:
    before = client.current
    text = f'DELETE {{ {P1} {LABEL} ?l }} WHERE {{ {P1} {LABEL} ?l FILTER(LANG(?l) = "zh") }}'
    refused = client.update(f"{text} ; DELETE WHERE {{ {P1} {LABEL} ?l }}")
    assert refused.status_code == 409, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["code"] == "change-refused"
    found = problem["report"]["validation"][0]
    assert found["focus"] == f"{BASE}person/t-p1"
    assert (found["dataset"], found["table"], found["row"]) == ("tiny", "persons.csv", 1)
    assert found["message_zh"]
    assert found["message_en"]
    assert client.current == before
    assert len(client.home.releases()) == 1
    assert not (client.settings.home / "reports").exists()


def test_a_result_about_an_edit_names_no_cell(client: Client) -> None:
    refused = client.update(f"INSERT DATA {{ {P1} gov:partyMember 7 }}")
    results = refused.json()["report"]["validation"]
    found = [each for each in results if each["value"] == "7"]
    assert found
    assert {(each["table"], each["row"]) for each in found} == {(None, None)}


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("INSERT DATA { <x:a> }", 400, "update-syntax"),
        ("DELETE DATA { _:b <x:p> 1 }", 400, "update-syntax"),
        ("CLEAR DEFAULT", 422, "default-graph"),
        ("DROP ALL", 422, "default-graph"),
        ("MOVE DEFAULT TO <x:g>", 422, "default-graph"),
        (f"CLEAR GRAPH <{PERSONS[:-len('table/tiny/persons.csv')]}graph/tables>", 403, "graph-protected"),
        ("DELETE WHERE { org:Organization ?p ?o }", 403, "graph-protected"),
        (f"INSERT DATA {{ GRAPH <{BASE}graph/inferred/x> {{ <x:a> <x:p> 1 }} }}", 403, "graph-protected"),
        ("INSERT DATA { <x:a> <x:p> <<( <x:a> <x:p> 1 )>> }", 400, "upload-refused"),
        ("LOAD <http://127.0.0.1:9/>", 403, "remote-refused"),
        ("INSERT { <x:a> <x:p> 1 } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "remote-refused"),
        ("WITH<x:g> INSERT { <x:a> <x:p> 1 } USING <x:g> WHERE { ?s ?p }", 400, "update-syntax"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(
    client: Client, text: str, status: int, code: str
) -> None:
    before = client.current
    refused = client.update(text)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert client.current == before


def test_blank_nodes_stay_who_they_are(client: Client) -> None:
    client.made("INSERT DATA { <x:a> <x:p> _:b . _:b <x:q> 1 , _:c }")
    client.made("INSERT DATA { <x:z> <x:p> 1 }")
    way = "<x:a> <x:p> ?b . ?b <x:q> "
    assert client.rows(f"SELECT ?n {{ {way} ?n FILTER(isLiteral(?n)) }}") == [("1",)]
    made = client.made(f"DELETE {{ ?b <x:q> 1 }} INSERT {{ ?b <x:q> 2 }} WHERE {{ {way} 1 }}")
    assert (made["added"], made["removed"]) == (1, 1)
    assert client.rows(f"SELECT ?n {{ {way} ?n FILTER(isLiteral(?n)) }}") == [("2",)]
    edits = Edits.of(client.home.current())
    assert len({t.subject for t in edits.triples if isinstance(t.subject, BlankNode)}) == 1


def test_values_keep_their_datatypes_and_spelling(client: Client) -> None:
    given = '<x:a> <x:p> "007"^^xsd:nonNegativeInteger, 1.50'
    client.made(f"INSERT DATA {{ {given} }}")
    client.made("DELETE { ?s <x:p> ?v } INSERT { ?s <x:q> ?v } WHERE { ?s <x:p> ?v }")
    added = sorted(str(t.object) for t in Edits.of(client.home.current()).triples)
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert added == [f'"007"^^<{xsd}nonNegativeInteger>', f'"1.50"^^<{xsd}decimal>']
    client.made("DELETE DATA { <x:a> <x:q> 7, 1.5 }")
    assert not Edits.of(client.home.current())


def test_a_release_is_made_of_its_sources_and_edits(client: Client, tmp_path: Path) -> None:
    """What writes have come to is what a build from nothing but the release comes to."""
    client.made(
        f"""DELETE {{ ?s {LABEL} ?l }} INSERT {{ ?s {LABEL} ?m }}
        WHERE {{ ?s a foaf:Person ; {LABEL} ?l BIND(STRLANG(CONCAT(?l, "!"), LANG(?l)) AS ?m) }} ;
        INSERT DATA {{ GRAPH <x:g> {{ <x:a> <x:p> 1 }} }}"""
    )
    client.send("tiny/persons", "id,label_zh,assertion\nt-p3,小丙,synthetic\n").raise_for_status()
    release = client.home.current()
    fresh = Settings(home=tmp_path / "fresh")
    folders = [shutil.copytree(each, tmp_path / each.name) for each in dataset_folders(release)]
    first = build(folders, fresh).release
    assert first is not None
    _keep_edits(release.path, first.path)
    second = build(folders, fresh).release
    assert second is not None
    assert contents(second) == contents(release)


def _keep_edits(old: Path, new: Path) -> None:
    shutil.rmtree(new / "edits")
    shutil.copytree(old / "edits", new / "edits")


def test_a_build_carries_edits_over_unless_it_is_told_not_to(
    client: Client, tmp_path: Path
) -> None:
    client.made(f'DELETE DATA {{ {P1} {LABEL} "Person A"@en }} ; INSERT DATA {{ <x:a> <x:p> 1 }}')
    more = write_dataset(tmp_path / "tiny", persons=["t-p9,小新,New person,,,synthetic"])
    assert build([more], client.settings).release is not None
    assert client.rows("SELECT ?o { <x:a> <x:p> ?o }") == [("1",)]
    assert client.rows(f"SELECT ?l {{ {P1} {LABEL} ?l }}") == [("小甲",)]
    assert client.rows(f"SELECT ?l {{ <{BASE}person/t-p9> {LABEL} ?l FILTER(LANG(?l)='en') }}")
    assert build([more], client.settings, edits=False).release is not None
    assert client.rows("SELECT ?o { <x:a> <x:p> ?o }") == []
    assert len(client.rows(f"SELECT ?l {{ {P1} {LABEL} ?l }}")) == 2


def test_a_build_says_which_tables_that_were_sent_it_replaces(
    client: Client, tmp_path: Path
) -> None:
    folder = write_dataset(tmp_path / "tiny")
    client.send("tiny/persons", "id,label_zh,assertion\nt-p5,小戊,synthetic\n").raise_for_status()
    client.made("INSERT DATA { <x:a> <x:p> 1 }")
    kept = dataset_folders(client.home.current())
    copied = shutil.copytree(kept[0], tmp_path / "kept" / "tiny")
    same = build([copied], client.settings)
    assert same.replaced == []
    client.send("tiny/persons", "id,label_zh,assertion\nt-p6,小己,synthetic\n").raise_for_status()
    done = build([folder], client.settings)
    assert done.replaced == ["tiny/persons.csv"]
    out = Console(record=True, width=200)
    print_build(out, done, True)
    said = out.export_text()
    assert "replaces a table that was sent over HTTP: tiny/persons.csv" in said
    assert "edits carried over: 1" in said
    assert build([folder], client.settings).replaced == []


def test_sources_are_no_files_of_the_user(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    folder = write_dataset(tmp_path / "tiny")
    released = [build([folder], settings).release for _ in range(2)]
    kept = [release.path / "sources" / "tiny" / "persons.csv" for release in released if release]
    assert kept[0].samefile(kept[1])
    assert not kept[0].samefile(folder / "persons.csv")
    (folder / "persons.csv").write_text("changed\n", "utf-8")
    assert kept[0].read_text("utf-8").startswith("id,label_zh")


def test_a_release_of_an_earlier_version_says_what_to_do(client: Client) -> None:
    shutil.rmtree(client.home.current().path / "sources")
    refused = client.update("INSERT DATA { <x:a> <x:p> 1 }")
    assert (refused.status_code, refused.json()["code"]) == (409, "release-without-sources")


def test_ids_sort_as_releases_came_whatever_the_clock(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [client.made(f"INSERT DATA {{ <x:a> <x:p> {n} }}")["release"] for n in range(2)]
    monkeypatch.setattr("govgraph.build._stamp", lambda: "20200101T000000Z")
    made.append(client.made("INSERT DATA { <x:a> <x:p> 3 }")["release"])
    assert made == sorted(made)
    assert Home(client.settings.home).releases()[-1].id == made[-1]


@pytest.mark.parametrize(
    ("given", "status"),
    [({"update": "INSERT DATA { <x:a> <x:p> 1 }"}, 200), ({}, 400)],
)
def test_forms(client: Client, given: dict[str, Any], status: int) -> None:
    assert client.web.post("/update", data=given or {"x": "y"}).status_code == status
    assert client.web.get("/update", params=given).status_code == 405


def test_using_of_the_protocol(client: Client) -> None:
    client.made("INSERT DATA { GRAPH <x:g> { <x:a> <x:p> 1 } GRAPH <x:h> { <x:a> <x:p> 2 } }")
    text = "INSERT { ?s <x:seen> ?o } WHERE { ?s <x:p> ?o }"
    given = {"update": text, "using-graph-uri": "x:g"}
    client.web.post("/update", data=given).raise_for_status()
    assert client.rows("SELECT ?o { <x:a> <x:seen> ?o }") == [("1",)]
