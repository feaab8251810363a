"""A build that takes over from the release before comes to what a full build comes to."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, Store, Triple
from tests.service.conftest import write_dataset

from govgraph.build import Build, build
from govgraph.changes import Changes
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.release import Home, Release
from govgraph.settings import Settings
from govgraph.validation.reads import ANYTHING, reads_of

DATA = Path(__file__).parents[2] / "data" / "example-communities"
ALL = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!isBlank(?s) && !isBlank(?o)) }"
Edit = Callable[[Path], None]
Anew = Callable[[Path], dict[str, Any]]


def replaced(table: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / table
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def first_row(table: str, row: str) -> Edit:
    def edit(folder: Path) -> None:
        head, *rows = (folder / table).read_text("utf-8").splitlines()
        (folder / table).write_text("\n".join([head, row, *rows]) + "\n", "utf-8")

    return edit


def without(table: str) -> Edit:
    return lambda folder: (folder / table).unlink()


def nothing(_folder: Path) -> None:
    pass


#: An edit, how many of the tables are read again, and whether the store is changed in place.
EDITS: list[tuple[str, Edit, int]] = [
    ("a label", replaced("persons.csv", "示例人员01-1", "示例人员甲"), 1),
    ("an end, which breaks a rule", replaced("appointments.csv", "2018-02-01,..", "2018-02-01,2019"), 1),
    ("a line more above results",
     replaced("appointments.csv", "appointed,,,synthetic", 'appointed,"两行的\n备注",,synthetic'), 1),
    ("a row above all others", first_row("persons.csv", "ex-new,新人,New person,,,synthetic"), 1),
    ("nothing", nothing, 0),
    ("a table gone", without("target_groups.csv"), 0),
    ("a table back", lambda f: shutil.copy(DATA / "target_groups.csv", f) and None, 1),
]  # fmt: skip
LABELS = """SELECT kind, key, type, use, text, lang
FROM label JOIN entity ON entity.id = label.entity"""


def named(quads: set[Any]) -> set[Any]:
    return {
        q for q in quads if not isinstance(q.subject, BlankNode) | isinstance(q.object, BlankNode)
    }


def contents(release: Release) -> dict[str, Any]:
    """All that a release says, in a form that can be compared; blank nodes only counted."""
    store = set(Store.read_only(str(release.store)))
    with Columns(release.columns) as columns:
        rows = ColumnarEngine(columns).answer(ALL, {"select": QueryResultsFormat.TSV}).body()
    with closing(sqlite3.connect(release.path / "labels.sqlite")) as db:
        labels = db.execute(LABELS).fetchall()
    lines = [
        line
        for path in release.quads.glob("*.nq")
        for line in path.read_text("utf-8").splitlines()
        if "_:" not in line
    ]
    report = release.report
    return {
        "store": (len(store), named(store)),
        "columns": sorted(rows.splitlines()),
        "quads": sorted(lines),
        "labels": sorted(labels, key=str),
        "validation": report["validation"],
        "problems": report["problems"],
        "tables": report["tables"],
        "inferred": report["inferred"],
        "graphs": release.manifest["graphs"],
        "counts": [release.manifest[name] for name in ("triples", "quads", "rows", "labels")],
    }


def published(folder: Path, home: Path) -> tuple[Build, Release]:
    """A build of the folder, with the dataset that the shipped one refers to."""
    done = build(folders(folder), Settings(home=home))
    assert done.release is not None, done.results
    return done, done.release


def folders(folder: Path) -> list[Path]:
    return [folder] if folder.name == "tiny" else [DATA.parent / "xiyuan", folder]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of the data as shipped."""
    home = tmp_path_factory.mktemp("home")
    published(DATA, home)
    return home


@pytest.fixture(scope="module")
def anew(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Anew:
    """The contents of a full build of a folder; one is enough for folders that are the same."""
    built = {state(DATA): contents(Home(first).current())}

    def whole(folder: Path) -> dict[str, Any]:
        if state(folder) not in built:
            _, release = published(folder, tmp_path_factory.mktemp("fresh"))
            built[state(folder)] = contents(release)
        return built[state(folder)]

    return whole


def state(folder: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in sorted(folder.iterdir()))


@pytest.mark.parametrize(("edit", "read"), [e[1:] for e in EDITS], ids=[e[0] for e in EDITS])
def test_it_comes_to_the_same(
    edit: Edit, read: int, first: Path, anew: Anew, tmp_path: Path
) -> None:
    folder = tmp_path / DATA.name
    shutil.copytree(DATA, folder)
    home = tmp_path / "home"
    shutil.copytree(first, home)
    if edit is EDITS[-1][1]:
        without("target_groups.csv")(folder)
        published(folder, home)
    edit(folder)
    done, release = published(folder, home)
    assert contents(release) == anew(folder)
    assert done.store_patched
    assert len(done.ingested.tables) - len(done.ingested.reused) == read
    assert done.shapes_kept > done.shapes_judged


def test_changes_one_after_the_other(first: Path, anew: Anew, tmp_path: Path) -> None:
    folder = tmp_path / DATA.name
    shutil.copytree(DATA, folder)
    home = tmp_path / "home"
    shutil.copytree(first, home)
    for _, edit, _ in EDITS[:6]:
        edit(folder)
        _, release = published(folder, home)
    assert contents(release) == anew(folder)
    assert any("PostRule" in result["shape"] for result in release.report["validation"])


def test_a_refused_build_is_not_taken_over_from(first: Path, anew: Anew, tmp_path: Path) -> None:
    folder = tmp_path / DATA.name
    shutil.copytree(DATA, folder)
    home = tmp_path / "home"
    shutil.copytree(first, home)
    replaced("persons.csv", "示例人员01-1,Example person 01-1", ",")(folder)
    assert build(folders(folder), Settings(home=home)).refused
    replaced("persons.csv", "ex-c01-p1,,", "ex-c01-p1,示例人员01-1,Example person 01-1")(folder)
    _, release = published(folder, home)
    assert contents(release) == anew(folder)


def test_a_row_that_lost_what_it_points_at(tmp_path: Path) -> None:
    """The key check sees kept tables too."""
    folder, home = write_dataset(tmp_path / "tiny"), tmp_path / "home"
    published(folder, home)
    replaced("persons.csv", "t-p2,小乙", "t-p3,小乙")(folder)
    done = build([folder], Settings(home=home))
    assert done.refused
    assert "appointments.csv" in {Path(iri).name for iri in done.ingested.reused}
    lost = [p for p in done.problems if p.code == "unresolved-reference"]
    assert [(p.table, p.row, p.line, p.value) for p in lost] == [
        ("appointments.csv", 2, 3, "t-p2"),
        ("appointments.csv", 3, 4, "t-p2"),
    ]


def test_metadata_that_changed_is_read_with_its_tables(tmp_path: Path) -> None:
    folder, home = write_dataset(tmp_path / "tiny"), tmp_path / "home"
    published(folder, home)
    (folder / "extra.csv").write_text("id\nx\n", "utf-8")
    (folder / "extra.csv-metadata.json").write_text(
        '{"@context": "http://www.w3.org/ns/csvw", "url": "extra.csv", "tableSchema": '
        '{"aboutUrl": "http://example.org/{id}", "columns": [{"name": "id", "titles": "id"}]}}',
        "utf-8",
    )
    done, _ = published(folder, home)
    assert not done.ingested.reused


def test_other_settings_begin_anew(tmp_path: Path) -> None:
    folder, home = write_dataset(tmp_path / "tiny"), tmp_path / "home"
    published(folder, home)
    done = build([folder], Settings(home=home, base="https://example.org/id/"))
    assert done.release
    assert (len(done.ingested.reused), done.shapes_kept, done.store_patched) == (0, 0, False)


# -- what changes ------------------------------------------------------------------------------


def quads_file(path: Path, *triples: Triple) -> Path:
    graph = NamedNode("http://x/g")
    lines = (f"{Quad(t.subject, t.predicate, t.object, graph)} .\n" for t in triples)
    path.write_text("".join(lines), "utf-8")
    return path


def test_changes_are_told_by_graph_line_and_key(tmp_path: Path) -> None:
    a, p = NamedNode("http://x/ab"), NamedNode("http://x/p")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    same = Triple(a, p, Literal('a "b"\n\tc \\ 甲'))
    gone, new = Triple(a, kind, NamedNode("http://x/C")), Triple(a, p, Literal("new , line"))
    before = {"http://x/g": quads_file(tmp_path / "1*.nq", same, gone)}
    after = {"http://x/g": quads_file(tmp_path / "2?.nq", same, new)}
    (tmp_path / "spill").mkdir()
    with Changes(before, after, tmp_path / "spill") as changes:
        assert changes.count == 2
        assert not changes.blank
        assert list(changes.came()) == [new]
        assert changes.speak_of({"http://x/ab"})
        assert not changes.speak_of({"http://x/C"})
        assert changes.keys == {str(kind), f"{kind} <http://x/C>", str(p)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?x <x:p> ?y }", {"<x:p>"}),
        ("SELECT * { ?x a <x:C> FILTER NOT EXISTS { ?x <x:q>/^<x:r> ?z } }",
         {"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C>", "<x:q>", "<x:r>"}),
        ("SELECT * { ?x a ?c }", {"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"}),
        ("SELECT * { { SELECT ?x { ?x <x:p>* ?y . ?y <x:q> 1 } } }", {"<x:p>", "<x:q>"}),
        ("SELECT * { ?x <x:p>* ?y }", {"<x:p>", ANYTHING}),
        ("SELECT * { { ?x <x:p>* ?y } UNION { ?x <x:q> ?z } }", {"<x:p>", "<x:q>", ANYTHING}),
        ("SELECT * { ?x ?p ?y }", {ANYTHING}),
        ("SELECT * { ?x !<x:p> ?y }", {ANYTHING}),
        ("SELECT * { GRAPH ?g { ?x <x:p> ?y } }", {ANYTHING, "<x:p>"}),
        ("SELECT nonsense", {ANYTHING}),
    ],
)  # fmt: skip
def test_what_a_query_reads(query: str, expected: set[str]) -> None:
    assert reads_of(query) == expected
