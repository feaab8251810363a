"""The tables and the JSON that a run leaves."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

from bench import figures
from bench.answers import Answer
from bench.engine import Load
from bench.measure import Timing
from bench.process import Step
from bench.report import Size, print_size, write_json
from rich.console import Console


def size() -> Size:
    answer = Answer(2, Counter(["x", "y"]))
    timings = {
        figures.HTTP: {"q03": Timing(60, cold=0.5, warm=[0.02, 0.03, 0.04], answer=answer)},
        figures.SERVE: {"q03": Timing(60, unfinished=True)},
    }
    load = Load([Step("load", 12.34, 11.0, 5_000_000)], {"database": 3_000})
    return Size(1_000, 300, timings, {"oxigraph": load}, {figures.HTTP: 7_000_000})


def cells(text: str, first: str) -> list[list[str]]:
    """The cells of the rows that begin so."""
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in text.splitlines()]
    return [row for row in rows if row and row[0] == first]


def test_tables() -> None:
    stream = io.StringIO()
    print_size(Console(file=stream, width=240), size())
    warm, cold = cells(stream.getvalue(), "q03")
    assert warm == ["q03", "2", "0.0300", "> 60", "2,000", "0.03 s", "≤ 2 s", "yes"]
    assert cold == ["q03", "0.500", "> 60"]
    step, disk = cells(stream.getvalue(), "oxigraph")
    assert step == ["oxigraph", "load", "12.3", "11.0", "5", "", ""]
    assert disk == ["oxigraph", "database", "", "", "", "0", "10.0"]
    assert "MISMATCH" not in stream.getvalue()


def test_json(tmp_path: Path) -> None:
    latest = write_json(tmp_path / "results", {"seed": 1}, [size()])
    content = json.loads(latest.read_text("utf-8"))
    assert content["seed"] == 1
    (found,) = content["sizes"]
    assert found["queries"][figures.HTTP]["q03"]["median"] == 0.03
    assert found["queries"][figures.HTTP]["q03"]["least"] == 0.02
    assert found["queries"][figures.SERVE]["q03"]["unfinished"] is True
    assert found["loads"]["oxigraph"]["steps"][0]["wall"] == 12.34
    assert len(list(latest.parent.iterdir())) == 2
