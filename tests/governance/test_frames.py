"""Rows of a SELECT as frames: every term survives, on each engine, wherever a block ends."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.governance.engines import on_columns, on_oxigraph

from govgraph.engine.base import Engine, Row
from govgraph.governance import frames

TRIPLES = r"""
<x:s> <x:p> "tab\there" .
<x:s> <x:p> "line\nbreak\r" .
<x:s> <x:p> "quote \" and \\ backslash" .
<x:s> <x:p> "" .
<x:s> <x:p> "," .
<x:s> <x:p> "居委会"@zh .
<x:s> <x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<x:s> <x:p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<x:s> <x:p> "2020-02-29"^^<http://www.w3.org/2001/XMLSchema#date> .
<x:s> <x:p> <x:o> .
<x:s> <x:p> _:b .
_:b <x:p> "of a blank node" .
_:b <x:q> "optional" .
"""
QUERY = "SELECT ?s ?o ?q WHERE { ?s <x:p> ?o OPTIONAL { ?s <x:q> ?q } }"


@pytest.fixture(params=["oxigraph", "columns"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return on_oxigraph(TRIPLES) if request.param == "oxigraph" else on_columns(TRIPLES, tmp_path)


def as_set(rows: Iterable[Row]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset((name, str(term)) for name, term in row.items()) for row in rows}


@pytest.mark.parametrize("block", [1, 60, frames.BLOCK])
def test_a_frame_holds_the_rows_of_the_engine(
    engine: Engine, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "BLOCK", block)
    found = frames.frame(engine, QUERY, frames.terms())
    assert found.columns == ["s", "o", "q"]
    assert found.height == 12
    assert as_set(frames.rows(found)) == as_set(engine.select(QUERY))


def test_a_frame_without_rows_has_its_columns(engine: Engine) -> None:
    found = frames.frame(engine, "SELECT ?s ?o WHERE { ?s <x:none> ?o }", frames.terms())
    assert (found.columns, found.height) == (["s", "o"], 0)


def test_frames_of_one_kind_meet(engine: Engine) -> None:
    kind = frames.terms()
    left = frames.frame(engine, "SELECT ?s ?o WHERE { ?s <x:p> ?o }", kind)
    right = frames.frame(engine, "SELECT ?o ?q WHERE { ?o <x:q> ?q }", kind)
    assert [str(row["q"]) for row in frames.rows(left.join(right, on="o"))] == ['"optional"']
