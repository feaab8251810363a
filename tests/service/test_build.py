"""Building: what a release holds, what is refused and where it says so."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from pyoxigraph import BlankNode, Store, Triple
from tests.service.conftest import GOV, TABLES, state, store_of, write_dataset
from typer.testing import Result

from govgraph.build import STEPS, build
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError
from govgraph.http.state import Opened, Releases
from govgraph.release import Home
from govgraph.settings import Settings

Run = Callable[..., Result]
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { %s }"


def count(opened: Opened, pattern: str) -> int:
    return int(opened.engine.select(COUNT % pattern)[0]["n"].value)


def test_the_manifest_names_its_inputs(tiny: Path, tiny_home: tuple[Path, str, str]) -> None:
    manifest = Home(tiny_home[0]).get(tiny_home[1]).manifest
    assert manifest["id"] == tiny_home[1]
    assert [(i["dataset"], i["file"]) for i in manifest["inputs"]] == [
        ("tiny", name) for name in sorted(TABLES)
    ]
    for entry in manifest["inputs"]:
        content = (tiny / entry["file"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)
    assert set(manifest["versions"]) >= {"govgraph", "python", "pyoxigraph", "polars"}


def test_columns_of_an_older_layout_are_left_aside(
    tiny_home: tuple[Path, str, str], tmp_path: Path
) -> None:
    shutil.copytree(tiny_home[0], tmp_path / "home", symlinks=True)
    settings = Settings(home=tmp_path / "home")
    (Home(settings.home).current().columns / "terms.arrow").unlink()
    opened = Releases(settings).open()
    assert isinstance(opened.engine, OxigraphEngine)
    assert count(opened, "?s ?p ?o") > 0


def test_the_counts_agree_with_the_store(opened: Opened) -> None:
    manifest, report = opened.release.manifest, opened.release.report
    quads = [q for q in store_of(opened) if hasattr(q.graph_name, "value")]
    assert manifest["quads"] == len(quads)
    assert manifest["triples"] == count(opened, "?s ?p ?o") == len({q.triple for q in quads})
    assert isinstance(opened.engine, HybridEngine)
    merged = {q.triple for q in opened.engine.oxigraph.store}
    assert len(merged) == manifest["triples"]
    assert _named(merged) == _named({q.triple for q in quads})
    assert manifest["graphs"] == sorted(opened.engine.graphs())
    assert manifest["rows"] == report["rows_loaded"] == count(opened, "?row csvw:rownum ?n")
    for family, number in manifest["inferred"].items():
        graph = f"{manifest['base']}graph/inferred/{family}"
        assert number == count(opened, f"GRAPH <{graph}> {{ ?s ?p ?o }}"), family


def _named(triples: set[Triple]) -> set[Triple]:
    """Those without blank nodes, which every store names in its own way."""
    return {
        t for t in triples if not isinstance(t.subject, BlankNode) | isinstance(t.object, BlankNode)
    }


def test_the_report_counts_every_row(opened: Opened) -> None:
    report = opened.release.report
    assert report["refused"] is False
    for table in (*report["tables"], report):
        assert table["rows_read"] == table["rows_loaded"] + table["rows_rejected"]
    for table in report["tables"]:
        found = count(opened, f"GRAPH <{table['iri']}> {{ ?s ?p ?o }}")
        assert (table["rows_rejected"], table["quads"]) == (0, found), table["table"]
    assert set(report["seconds"]) >= set(STEPS) - {"publish", "index"}
    lines = (opened.release.path / "problems.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == report["problems"] + report["validation"]


BAD_PERSON = "t-bad,坏,Bad,maybe,,synthetic"
LOST = "t-lost,t-bad,t-head,,,synthetic,"


def test_bad_rows_are_refused_and_the_old_release_stays(
    copied_home: Home, run: Run, tmp_path: Path
) -> None:
    served, before = copied_home.current().id, state(copied_home.releases_path)
    data = write_dataset(tmp_path / "bad", persons=[BAD_PERSON], appointments=[LOST])
    done = run("build", data, "--home", copied_home.path)
    assert done.exit_code == 1, done.output
    assert copied_home.current().id == served
    assert state(copied_home.releases_path) == before
    assert not list(copied_home.path.glob(".build-*"))
    (path,) = (copied_home.path / "reports").glob("*.json")
    assert path.name in "".join(done.output.split())
    report = json.loads(path.read_text("utf-8"))
    assert report["refused"] is True
    assert report["rows_rejected"] == 2
    assert report["rows_read"] == report["rows_loaded"] + 2
    places = [(p["code"], p["table"], p["row"], p["column"]) for p in report["problems"]]
    assert ("reference-to-rejected-row", "appointments.csv", 4, "person") in places
    assert any(place[1:] == ("persons.csv", 4, "party_member") for place in places)


def test_some_rejects_may_be_allowed(run: Run, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "bad", persons=[BAD_PERSON])
    home = tmp_path / "home"
    done = run("build", data, "--home", home, "--max-rejects", 1, "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["rows_rejected"], report["refused"]) == (1, False)
    assert report["release"] == Home(home).current().id
    opened = Releases(Settings(home=home)).open()
    assert count(opened, "?p a foaf:Person") == 3


PERSONS_METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "persons.csv",
    "tableSchema": {
        "aboutUrl": "https://w3id.org/govgraph/id/person/{id}",
        "columns": [
            {"name": "id", "titles": "id", "suppressOutput": True},
            {"name": "party", "titles": "party", "propertyUrl": GOV + "partyMember"},
            {"name": "post", "titles": "post", "propertyUrl": GOV + "qualification",
             "separator": "|", "valueUrl": GOV + "{post}"},
            {"name": "class", "virtual": True, "propertyUrl": "rdf:type",
             "valueUrl": "http://xmlns.com/foaf/0.1/Person"},
        ],
    },
}  # fmt: skip


EXTRA_METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "extra.csv",
    "tableSchema": {
        "aboutUrl": "https://w3id.org/govgraph/id/person/{who}",
        "columns": [
            {"name": "who", "titles": "who", "suppressOutput": True},
            {"name": "member", "titles": "member", "propertyUrl": GOV + "partyMember"},
        ],
    },
}


def broken(folder: Path) -> Path:
    """Data whose cells are well-formed, but not as the shapes want them."""
    folder.mkdir()
    (folder / "persons.csv-metadata.json").write_text(json.dumps(PERSONS_METADATA), "utf-8")
    (folder / "persons.csv").write_text(
        'id,party,post\nb1,true,\nb2,"perhaps\nso",\n'
        "b3,true,juniorSocialWorker|seniorSocialWorker\n",
        "utf-8",
    )
    (folder / "extra.csv-metadata.json").write_text(json.dumps(EXTRA_METADATA), "utf-8")
    (folder / "extra.csv").write_text("who,member\nb9,yes\nb1,never\n", "utf-8")
    (folder / "places.csv").write_text(
        "id,label_zh,label_en,type,parent,assertion\n"
        "b-c1,甲,A,Community,b-c2,synthetic\nb-c2,乙,B,Community,b-c1,synthetic\n",
        "utf-8",
    )
    return folder


def test_broken_shapes_name_the_cell(run: Run, tmp_path: Path) -> None:
    """A datatype, a cardinality and a SPARQL constraint, each at its row, line and column."""
    home = tmp_path / "home"
    done = run("check", broken(tmp_path / "broken"), "--home", home, "--json")
    assert done.exit_code == 1, done.output
    report = json.loads(done.stdout)
    assert report["release"] is None
    errors = [r for r in report["validation"] if r["severity"] == "error"]
    found = {
        (r["code"], r["table"], r["row"], r["line"], r["column"], r["value"])
        for r in errors
        if r["column"]
    }
    # row 2 of persons.csv has a line break in a cell, so row 3 is on line 5
    assert ("shape-datatype", "persons.csv", 2, 3, "party", "perhaps\nso") in found
    assert ("shape-max-count", "persons.csv", 3, 5, "post", None) in found
    # two tables speak of b1: each value is found where it stands
    assert ("shape-datatype", "persons.csv", 1, 2, "party", "true") in found
    assert ("shape-datatype", "extra.csv", 2, 3, "member", "never") in found
    for row, other in ((1, "b-c1"), (2, "b-c2")):
        cell = ("shape-sparql", "places.csv", row, row + 1, "parent")
        assert any(f[:5] == cell for f in found), (cell, other)
    for result in errors:
        assert result["dataset"] == "broken"
        assert any("\u4e00" <= ch <= "\u9fff" for ch in result["message_zh"]), result
        assert result["message_en"].isascii(), result
        assert result["shape"]
    assert not (home / "reports").exists(), "check leaves nothing behind"
    assert not Home(home).releases()


def test_warnings_of_the_shipped_data_are_in_both_languages(opened: Opened) -> None:
    results = opened.release.report["validation"]
    assert results
    for result in results:
        assert any("\u4e00" <= ch <= "\u9fff" for ch in result["message_zh"]), result
        assert result["message_en"], result


def test_a_changed_document_is_refused(run: Run, tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "text.txt").write_text("另一篇。", "utf-8")
    done = run("check", tiny, "--home", tmp_path, "--documents", folder, "--json")
    assert done.exit_code == 1
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["code"], problem["severity"]) == ("document-changed", "error")
    place = [problem[name] for name in ("dataset", "table", "row", "line", "column")]
    assert place == ["tiny", "documents.csv", 1, 2, "sha256"]


def usage(tmp_path: Path) -> dict[str, list[Any]]:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "a" / "same").mkdir(parents=True)
    (tmp_path / "b" / "same").mkdir(parents=True)
    for side in "ab":
        shutil.copy(
            Path(__file__).parents[2] / "data/xiyuan/measures.csv", tmp_path / side / "same"
        )
    return {
        "not-a-dataset": [tmp_path / "no-such-folder"],
        "not-a-dataset ": [tmp_path / "file"],
        "not-a-dataset  ": [tmp_path / "empty"],
        "dataset-repeated": [tmp_path / "a" / "same", tmp_path / "b" / "same"],
        "home-unusable": [tmp_path / "empty", "--home", tmp_path / "file" / "x"],
    }


def test_usage_errors_leave_with_2(run: Run, tmp_path: Path) -> None:
    for code, arguments in usage(tmp_path).items():
        home = [] if "--home" in arguments else ["--home", tmp_path / "home"]
        done = run("build", *arguments, *home, "--json")
        assert done.exit_code == 2, code
        assert json.loads(done.stdout)["code"] == code.strip()
    assert run("build").exit_code == 2
    assert run("build", tmp_path, "--max-rejects", "-1").exit_code == 2
    assert not Home(tmp_path / "home").releases()


def test_one_build_at_a_time(run: Run, tiny: Path, tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.workshop() as work:
        done = run("build", tiny, "--home", tmp_path, "--json")
        assert done.exit_code == 2
        assert json.loads(done.stdout)["code"] == "build-busy"
        assert work.is_dir(), "the running build keeps its folder"
    with home.workshop() as work:
        assert work.is_dir(), "and the lock is free again"


def test_a_rollback_waits_for_no_build(copied_home: Home) -> None:
    old = copied_home.releases()[0].id
    with copied_home.workshop(), pytest.raises(GovgraphError) as caught:
        copied_home.rollback(old)
    assert caught.value.code == "build-busy"


def test_a_release_is_immutable(tiny_home: tuple[Path, str, str]) -> None:
    """Nothing of it changes by opening, asking and searching it; the build left nothing open."""
    for release in Home(tiny_home[0]).releases():
        before = state(release.path)
        opened = Releases(Settings(home=tiny_home[0])).open(release.id)
        assert count(opened, "?s ?p ?o") == release.manifest["triples"]
        del opened
        assert state(release.path) == before
        log = (release.store / "LOG").read_text("utf-8", "replace")
        assert "[ERROR]" not in log


AS_NOBODY = """
import os, sys
from pathlib import Path
from govgraph.http.state import Releases
from govgraph.lookup.search import search
from govgraph.settings import Settings

def ask():
    opened = Releases(Settings(home=Path(sys.argv[1]))).open()
    people = opened.engine.select("SELECT ?p { ?p a foaf:Person }")
    return len(people), len(search(opened.labels, "小甲", limit=5))

ask()  # all that Python imports late is imported
if os.getuid() == 0:
    os.setuid(65534)  # whom permissions bind
print(*ask())
"""


def test_a_read_only_home_can_be_served(copied_home: Home, tmp_path: Path) -> None:
    home = copied_home.path
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to(gettempdir()):
            folder.chmod(folder.stat().st_mode | 0o055)  # pytest keeps its folders to their owner
    for path in [*home.rglob("*"), home]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = state(home)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(home)], capture_output=True, text=True
    )
    for path in [home, *home.rglob("*")]:
        path.chmod(0o755)
    assert done.stdout.split() == ["4", "1"], done.stderr
    assert state(home) == before


def test_the_quads_of_a_release_are_its_store(opened: Opened) -> None:
    """Loaded again, the N-Quads files give the same graphs."""
    loaded = Store()
    for path in (opened.release.path / "quads").glob("*.nq"):
        loaded.bulk_load(path=path)
    assert len(loaded) == opened.release.manifest["quads"]
    assert {g.value for g in loaded.named_graphs()} == set(opened.engine.graphs())


def test_a_build_tells_its_progress(tmp_path: Path) -> None:
    seen: list[str] = []

    def notify(step: str, count: int) -> None:
        if not count:
            seen.append(step)

    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "measures.csv").write_text("id,label_zh,label_en\nm,面积,area\n", "utf-8")
    done = build([folder], Settings(home=tmp_path / "home"), notify=notify)
    assert done.release
    assert seen == list(STEPS)
