"""A query ends when its time, memory or disk is used up or its reader leaves; the next one works."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat

from govgraph.engine.columnar import engine as columnar_engine
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.running import Run
from govgraph.engine.stream import Stopped
from govgraph.errors import GovgraphError

FORMATS = {
    "select": QueryResultsFormat.JSON,
    "ask": QueryResultsFormat.JSON,
    "graph": RdfFormat.N_TRIPLES,
}
THREE = "?a <x:next> ?b . ?c <x:next> ?d . ?e <x:next> ?f"
ENDLESS = {
    "join": f"SELECT (COUNT(*) AS ?n) {{ {THREE} FILTER(STR(?a) < STR(?e)) }}",
    "sort": f"SELECT * {{ {THREE} }} ORDER BY ?e ?b ?c",
    "regex": f"SELECT (COUNT(*) AS ?n) {{ {THREE} FILTER(REGEX(CONCAT(STR(?a), STR(?c), STR(?e)), '9.*8.*7.*y$')) }}",
    "aggregate": f"SELECT ?b (COUNT(DISTINCT ?d) AS ?n) {{ {THREE} }} GROUP BY ?b",
    "recursion": "SELECT (COUNT(*) AS ?n) { ?a <x:next>+ ?b }",
    "decoding and serialising": f"SELECT * {{ {THREE} }}",
    "a graph": f"CONSTRUCT {{ ?a ?e _:new . ?f <x:p> ?c }} {{ {THREE} }}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ring of 4,000 nodes, so that its closure has 16 million pairs."""
    path = tmp_path_factory.mktemp("ring")
    nodes = [NamedNode(f"x:{n}") for n in range(4000)]
    follows, label = NamedNode("x:next"), NamedNode("x:label")
    quads = [Quad(a, follows, b) for a, b in zip(nodes, [*nodes[1:], nodes[0]], strict=True)]
    long = Quad(nodes[0], label, Literal("1" * 60, datatype=NamedNode(XSD_INTEGER)))
    labels = [Quad(n, label, Literal(i)) for i, n in enumerate(nodes[1:])]
    write_quads([*quads, *labels, long], path)
    return path


XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@pytest.fixture(scope="module")
def columns(folder: Path) -> Iterator[Columns]:
    with Columns(folder, memory_limit="500MB") as opened:
        yield opened


def still_works(engine: ColumnarEngine) -> None:
    assert engine.select("SELECT ?b { <x:7> <x:next> ?b }") == [{"b": NamedNode("x:8")}]


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("delay", [0.05, 0.5])
def test_a_reader_who_leaves_stops_the_work(columns: Columns, query: str, delay: float) -> None:
    engine = ColumnarEngine(columns)
    chunks = engine.answer(query, FORMATS).chunks
    threading.Timer(delay, chunks.close).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        for _ in chunks:
            pass
    assert time.monotonic() - began < 60
    still_works(engine)


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_time_is_up_wherever_the_work_is(columns: Columns, query: str) -> None:
    engine = ColumnarEngine(columns, seconds=0.3)
    with pytest.raises(GovgraphError) as error:
        for _ in engine.answer(query, FORMATS).chunks:
            pass
    assert (error.value.code, error.value.status) == ("query-timeout", 503)
    still_works(engine)


def test_a_slow_reader_uses_up_no_time(columns: Columns) -> None:
    engine = ColumnarEngine(columns, seconds=20)
    chunks = engine.answer(ENDLESS["decoding and serialising"], FORMATS).chunks
    next(chunks)
    left = chunks._run.left  # type: ignore[attr-defined]
    time.sleep(0.3)
    next(chunks)
    assert left > 0
    chunks.close()
    with pytest.raises(Stopped):
        next(chunks)


def limited(folder: Path, tmp_path: Path, **limits: str) -> Columns:
    """The columns in a database of its own: connections to one share their settings."""
    copy = tmp_path / "columns"
    shutil.copytree(folder, copy)
    return Columns(copy, **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [OSError, duckdb.OutOfMemoryException])
def test_what_needs_too_much_disk_is_told(columns: Columns, kind: type[Exception]) -> None:
    """DuckDB's own words, as it raises them and as Arrow passes them on: to fill a disk in earnest
    takes minutes."""
    words = "Out of Memory Error: failed to offload data block of size 256.0 KiB (95.1 MiB/95.3 MiB used).\n"
    words += "This limit was set by the 'max_temp_directory_size' setting."
    engine = ColumnarEngine(columns)
    with pytest.raises(GovgraphError) as error, engine.running():
        raise kind(words)
    assert (error.value.code, error.value.status) == ("query-spill", 503)
    assert columns.spill_limit in error.value.message_zh
    assert columns.spill_limit in error.value.message_en
    still_works(engine)


def test_what_cannot_be_spilled_is_told(folder: Path, tmp_path: Path) -> None:
    query = (
        "SELECT (GROUP_CONCAT(STR(?a)) AS ?all)"
        " { { SELECT ?a { ?a <x:next> ?b . ?c <x:next> ?d } LIMIT 15900000 } }"
    )
    with limited(folder, tmp_path, memory_limit="60MB") as columns:
        engine = ColumnarEngine(columns)
        with pytest.raises(GovgraphError) as error:
            engine.select(query)
        assert (error.value.code, error.value.status) == ("query-memory", 503)
        assert "60MB" in error.value.message_en
        still_works(engine)


def test_a_release_is_not_spilled_into(columns: Columns, folder: Path) -> None:
    setting = "SELECT value FROM duckdb_settings() WHERE name = 'temp_directory'"
    (spill,) = columns.cursor().execute(setting).fetchall()[0]
    assert folder not in Path(spill).parents
    assert {path.name for path in folder.iterdir() if path.suffix == ".tmp"} == set()


def test_what_may_give_up_is_complete_before_it_is_read(
    columns: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one number that is too long comes last; nothing of the answer is given before it."""
    monkeypatch.setattr(columnar_engine, "BATCH_CELLS", 50)
    engine = ColumnarEngine(columns)
    query = "SELECT ?n { ?s <x:label> ?o BIND(?o + 1 AS ?n) }"
    assert engine.plan(query).may_give_up
    assert not engine.plan("SELECT ?o { ?s <x:label> ?o }").may_give_up
    assert not engine.plan("SELECT (COUNT(*) AS ?n) { ?s <x:label> ?o }").may_give_up
    with pytest.raises(NotCompiled):
        next(engine.answer(query, FORMATS).chunks)
    fine = "SELECT ?n { ?a <x:next> ?b BIND(STRLEN(STR(?a)) + 1 AS ?n) }"
    assert engine.plan(fine).may_give_up
    assert len(engine.select(fine)) == 4000


def test_many_complete_rows_wait_in_a_table(
    columns: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few wait in memory, where they cannot be spilled."""
    asked: list[str] = []
    plainly = columnar_engine._batches

    def noting(sql: str, run: Run, width: int) -> Generator[pa.RecordBatch]:
        asked.append(sql)
        return plainly(sql, run, width)

    monkeypatch.setattr(columnar_engine, "_batches", noting)
    engine = ColumnarEngine(columns)
    query = "SELECT ?n { ?a <x:next> ?b BIND(STRLEN(STR(?a)) + 1 AS ?n) }"
    few = engine.select(query)
    assert len(asked) == 1
    monkeypatch.setattr(columnar_engine, "HELD_BYTES", 0)
    many = engine.select(query)
    assert asked[1:] == [asked[0], "FROM complete"]
    assert len(many) == len(few) == 4000
