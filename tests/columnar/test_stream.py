"""Chunks: their sizes, who waits for whom, and that closing them stops the work."""

from __future__ import annotations

import threading
import time
from typing import IO

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat, Store

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.engine.stream import (
    CHUNK_BYTES,
    DEPTH,
    WHOLE_BYTES,
    Prompt,
    Pump,
    Stopped,
    gathered,
)
from govgraph.errors import GovgraphError

FORMATS = {
    "select": QueryResultsFormat.TSV,
    "ask": QueryResultsFormat.TSV,
    "graph": RdfFormat.N_TRIPLES,
}


def test_small_pieces_are_gathered() -> None:
    pieces = [b"a", b"b" * CHUNK_BYTES, b"c", b""]
    assert list(gathered(pieces)) == [b"a" + pieces[1], b"c"]
    assert list(gathered([b""])) == []


def test_a_writer_waits_for_its_reader() -> None:
    written: list[int] = []

    def produce(file: IO[bytes]) -> None:
        for number in range(100):
            file.write(b"x" * CHUNK_BYTES)
            written.append(number)

    pump = Pump(produce)
    assert len(next(pump)) == CHUNK_BYTES
    time.sleep(0.3)
    assert len(written) <= DEPTH + 2
    assert sum(map(len, pump)) == 99 * CHUNK_BYTES
    assert len(written) == 100


def test_a_writer_stops_with_its_reader() -> None:
    ended = threading.Event()

    def produce(file: IO[bytes]) -> None:
        try:
            while True:
                file.write(b"x" * 1000)
        finally:
            ended.set()

    pump = Pump(produce)
    next(pump)
    pump.close()
    assert ended.wait(10)
    with pytest.raises(Stopped):
        next(pump)


def test_an_error_follows_what_was_written() -> None:
    def produce(file: IO[bytes]) -> None:
        file.write(b"x" * CHUNK_BYTES)
        raise ValueError("broken")

    pump = Pump(produce)
    assert next(pump)
    with pytest.raises(ValueError, match="broken"):
        next(pump)
    with pytest.raises(StopIteration):
        next(pump)


@pytest.mark.parametrize("size", [0, WHOLE_BYTES, WHOLE_BYTES + 1])
def test_a_prompt_answer_is_whole_or_pumped(size: int) -> None:
    threads: set[int] = set()

    def produce(file: IO[bytes]) -> None:
        threads.add(threading.get_ident())
        for start in range(0, size, 10_000):
            file.write(b"x" * min(10_000, size - start))

    chunks = list(Prompt(produce))
    assert sum(map(len, chunks)) == size
    assert len(threads) == (1 if size <= WHOLE_BYTES else 2)


@pytest.fixture(scope="module")
def oxigraph() -> OxigraphEngine:
    store = Store()
    p = NamedNode("x:p")
    store.extend(Quad(NamedNode(f"x:{n}"), p, Literal(str(n))) for n in range(50_000))
    return OxigraphEngine(store)


@pytest.mark.parametrize("lookup", [True, False])
def test_oxigraph_streams_every_form(oxigraph: OxigraphEngine, lookup: bool) -> None:
    select = oxigraph.answer("SELECT * { ?s ?p ?o }", FORMATS, lookup="select" if lookup else None)
    chunks = list(select.chunks)
    assert len(chunks) > 5
    assert all(len(chunk) >= CHUNK_BYTES for chunk in chunks[:-1])
    assert b"".join(chunks).count(b"\n") == 50_001
    graph = oxigraph.answer(
        "CONSTRUCT WHERE { ?s ?p ?o }", FORMATS, lookup="graph" if lookup else None
    )
    assert graph.form == "graph"
    assert graph.body().count(b"\n") == 50_000
    assert oxigraph.answer("ASK {}", FORMATS, lookup="ask" if lookup else None).body() == b"true"


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_reader_may_leave_oxigraph(oxigraph: OxigraphEngine) -> None:
    answer = oxigraph.answer("SELECT * { ?s ?p ?o }", FORMATS)
    next(answer.chunks)
    answer.chunks.close()
    with pytest.raises(Stopped):
        next(answer.chunks)
    assert oxigraph.select("SELECT ?o { <x:7> ?p ?o }") == [{"o": Literal("7")}]


def test_syntax_errors_come_before_any_chunk(oxigraph: OxigraphEngine) -> None:
    with pytest.raises(GovgraphError) as error:
        oxigraph.answer("SELECT * { ?s", FORMATS)
    assert error.value.code == "query-syntax"
