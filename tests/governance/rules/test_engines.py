"""The verdict is that of the graph, whatever holds it, and is reached once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.governance.engines import on_columns, on_oxigraph
from tests.governance.rules.small import GAP, MODEL, TOGETHER, adoption, engine
from tests.governance.worlds import PROLOGUE

from govgraph.engine.base import Engine
from govgraph.governance.rules import judge
from govgraph.governance.rules.findings import check
from govgraph.http.state import Opened

WORLD = PROLOGUE + MODEL + "\n".join([adoption("district"), TOGETHER, *GAP])


def test_findings_are_the_same_on_the_columns(tmp_path: Path) -> None:
    found = check(on_columns(WORLD, tmp_path)).frame
    assert found.height == 3
    assert found.equals(check(on_oxigraph(WORLD)).frame)


def test_a_graph_is_read_and_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, asked = engine(adoption(), TOGETHER, *GAP), []
    judged = judge.judge
    monkeypatch.setattr(judge, "judge", lambda found: asked.append(found) or judged(found))
    first, second = check(graph), check(graph)
    assert first.frame.equals(second.frame)
    assert len(asked) == 1


def test_a_graph_without_anything_has_no_findings() -> None:
    graph: Engine = on_oxigraph(PROLOGUE)
    assert check(graph).frame.height == 0
    assert [c.total for c in check(graph).coverage] == [0, 0]


def test_columns_are_of_the_types_that_answers_have(opened: Opened) -> None:
    frame = check(opened.engine).frame
    assert frame.schema["from"] == frame.schema["to"] == pl.Date
    assert frame.schema["source"] == pl.List(pl.String)
    assert {frame.schema[c] for c in ("rule", "place", "person", "slot", "status")} == {pl.String}
