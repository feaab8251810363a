"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import (
    DefaultGraph,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from tests.service.conftest import HOSTILE_LABEL, store_of
from typer.testing import Result

from govgraph.http.state import Releases
from govgraph.release import Home
from govgraph.settings import Settings

Run = Callable[..., Result]
PEOPLE = "SELECT ?p ?label { ?p a foaf:Person ; skos:prefLabel ?label } ORDER BY ?p ?label"


def test_ask_by_id_and_by_words(run: Run, home: Path) -> None:
    by_id = run("ask", "CQ24", "--home", home)
    assert by_id.exit_code == 0, by_id.output
    for words in (
        "西园街道面积是多少",
        "What is the area",
        "3.4",
        "km2",
        "observations.csv",
        "S04",
    ):
        assert words in by_id.output
    for words in (["西园街道面积是多少?"], ["area", "of", "Xiyuan", "Subdistrict"], ["cq24"]):
        assert run("ask", *words, "--home", home).output == by_id.output


def test_ask_as_json(run: Run, home: Path) -> None:
    done = run("ask", "CQ24", "--home", home, "--json")
    answer = json.loads(done.stdout)
    assert answer["id"] == "CQ24"
    assert [row["value"] for row in answer["rows"]] == ["3.4"]
    assert answer["release"] == Home(home).current().id
    assert answer["evidence"][0]["sentences"][0]["number"] == "S04"


def test_ask_shows_the_passage(run: Run, home: Path, shared: Path) -> None:
    article = (shared / "seed" / "article.txt").read_text("utf-8")
    folder = shared / "seed"
    done = run("ask", "CQ24", "--home", home, "--documents", folder, "--json")
    (sentence,) = json.loads(done.stdout)["evidence"][0]["sentences"]
    assert sentence["text"] == article[sentence["begin"] : sentence["end"]] != ""


def test_ask_without_a_question_lists_them(run: Run) -> None:
    done = run("ask")
    assert done.exit_code == 0
    assert "CQ24" in done.output
    assert "[" not in "".join(line for line in done.output.splitlines() if line.startswith("[/"))


def test_unknown_questions_and_homes(run: Run, home: Path, tmp_path: Path) -> None:
    for arguments, code in (
        (("ask", "zzzz", "--home", home), "unknown-question"),
        (("ask", "CQ24", "--home", tmp_path), "no-release"),
    ):
        done = run(*arguments, "--json")
        assert done.exit_code == 2
        assert json.loads(done.stdout)["code"] == code
    assert run("export", "--home", tmp_path).exit_code == 2
    assert "[/red]" not in run("ask", "[/zz] [red]", "--home", home).output


FORMATS = {
    "json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_query_in_every_format(
    run: Run, tiny_home: tuple[Path, str, str], tmp_path: Path, name: str
) -> None:
    file = tmp_path / "q.rq"
    file.write_text(PEOPLE, "utf-8")
    done = run("query", file, "--format", name, "--home", tiny_home[0])
    assert done.exit_code == 0, done.output
    solutions = parse_query_results(done.stdout_bytes, FORMATS[name])
    labels = [row["label"].value for row in solutions]  # type: ignore[union-attr]
    assert "小甲" in labels
    assert HOSTILE_LABEL in labels


def test_query_as_a_table_from_standard_input(run: Run, tiny_home: tuple[Path, str, str]) -> None:
    done = run("query", "-", "--home", tiny_home[0], input=PEOPLE)
    assert done.exit_code == 0
    assert "小甲" in done.stdout
    assert "<script>alert(1)</script>" in "".join(done.stdout.split())
    ask = run("query", "-", "--home", tiny_home[0], input="ASK {}")
    assert json.loads(ask.stdout)["boolean"] is True
    graph = run(
        "query", "-", "--format", "nt", "--home", tiny_home[0],
        input="CONSTRUCT { ?p a foaf:Person } { ?p a foaf:Person }",
    )  # fmt: skip
    assert len(list(parse(graph.stdout_bytes, format=RdfFormat.N_TRIPLES))) == 4


def test_query_without_inferences(run: Run, tiny_home: tuple[Path, str, str]) -> None:
    query = "ASK { ?a a org:Membership }"
    for flag, found in (("--inference", True), ("--no-inference", False)):
        done = run("query", "-", flag, "--home", tiny_home[0], input=query)
        assert json.loads(done.stdout)["boolean"] is found


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "-"),
        ("query", "no-such-file.rq"),
        ("query", "."),
        ("query", "-", "--format", "docx"),
        ("query", "-", "--format", "turtle"),
        ("no-such-command",),
        ("serve", "--port", "99999"),
        ("rollback", "20000101T000000Z-00000000"),
        ("rollback", "../../etc"),
        ("export", "no/such/folder/x.nq"),
    ],
)
def test_what_is_wrong_leaves_with_2(
    run: Run, tiny_home: tuple[Path, str, str], arguments: tuple[str, ...]
) -> None:
    given = "ASK {}" if "turtle" in arguments else "SELECT [ WHERE"
    home = () if arguments[0] == "no-such-command" else ("--home", tiny_home[0])
    done = run(*arguments, *home, input=given)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_query_that_harms_is_refused(run: Run, tiny_home: tuple[Path, str, str]) -> None:
    for query in (b"ASK" + b"{" * 5000, b"ASK { SERVICE <http://127.0.0.1/> {} }", b"\xff"):
        assert run("query", "-", "--home", tiny_home[0], input=query).exit_code == 2


def test_releases_and_rollback(run: Run, copied_home: Home) -> None:
    old, new = (release.id for release in copied_home.releases())

    def listed() -> dict[str, bool]:
        done = run("releases", "--home", copied_home.path, "--json")
        return {release["id"]: release["current"] for release in json.loads(done.stdout)}

    assert listed() == {old: False, new: True}
    lines = run("releases", "--home", copied_home.path).output.splitlines()
    assert [line[:2] for line in lines] == ["  ", "* "]
    assert run("rollback", old, "--home", copied_home.path).exit_code == 0
    assert listed() == {old: True, new: False}
    assert copied_home.current().id == old
    assert run("rollback", new, "--home", copied_home.path).exit_code == 0
    assert copied_home.current().id == new


def test_no_releases_is_no_error(run: Run, tmp_path: Path) -> None:
    done = run("releases", "--home", tmp_path, "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def named(quads: set[Quad]) -> set[str]:
    return {
        str(q) for q in quads if not isinstance(q.graph_name, DefaultGraph) and "_:" not in str(q)
    }


def test_export_is_the_store(run: Run, tiny_home: tuple[Path, str, str], tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    assert run("export", file, "--home", tiny_home[0]).exit_code == 0
    loaded = Store()
    loaded.bulk_load(path=file, format=RdfFormat.N_QUADS)
    exported = set(loaded)
    store = set(store_of(Releases(Settings(home=tiny_home[0])).open()))
    assert named(exported) == named(store)
    assert len(exported) == sum(not isinstance(q.graph_name, DefaultGraph) for q in store)
    printed = run("export", "--home", tiny_home[0])
    assert printed.stdout_bytes == file.read_bytes()


def test_settings_are_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVGRAPH_PORT", "8123")
    done = run("settings")
    assert "GOVGRAPH_PORT = 8123" in done.output
    for name, field in Settings.model_fields.items():
        assert f"GOVGRAPH_{name.upper()} = " in done.output
        assert (field.description or "?").split()[0] in done.output
    monkeypatch.setenv("GOVGRAPH_PORT", "many")
    done = run("settings")
    assert done.exit_code == 2
    assert "port" in done.output


def piped(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "govgraph.cli", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def test_piped_output_is_plain(copied_home: Home, tiny: Path) -> None:
    """No colours, cursor movements or carriage returns; progress goes to standard error."""
    done = piped("build", tiny, "--home", copied_home.path)
    assert done.returncode == 0, done.stderr.decode()
    assert "发布 publish" in done.stderr.decode()
    assert copied_home.current().id in done.stdout.decode()
    for output in (done.stdout, done.stderr):
        assert not set(output) & (set(range(32)) - {0x0A})


def test_control_codes_of_the_data_are_not_printed(
    run: Run, tiny_home: tuple[Path, str, str]
) -> None:
    query = 'SELECT ("a\\u001b[31mb\\u0007\\u009b" AS ?x) {}'
    done = run("query", "-", "--home", tiny_home[0], input=query)
    assert done.exit_code == 0
    assert not set(done.stdout) & {"\x1b", "\x07", "\x9b"}
    assert "[31m" in done.stdout
