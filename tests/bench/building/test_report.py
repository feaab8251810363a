"""Tables and JSON of comparisons that are given."""

from __future__ import annotations

import io
import json
from pathlib import Path

from bench.building.comparison import OURS, Comparison
from bench.building.participant import Run
from bench.building.report import print_all, write_json
from bench.process import Step
from rich.console import Console


def took(cpu: float, **said: float) -> Run:
    return Run(Step("x", cpu * 2, cpu, 5_000_000), said)


STEPS = {"read": 3.0, "load": 5.5}
FOUND = [
    Comparison(
        "build",
        10_000,
        {OURS: took(8), "oxigraph": took(4)},
        {"quads": 4_000_000, "seconds": STEPS, "bytes": 400_000_000},
    ),
    Comparison("build", 119_000, {OURS: Run(why="refused"), "oxigraph": took(50)}),
    Comparison(
        "validation",
        100,
        {
            OURS: took(1, results=3, seconds=0.5),
            "pyshacl": Run(Step("x", 900, 850, 1), {"last": "half"}, "> 900 s", killed=True),
        },
    ),
    Comparison("inference", 100, {OURS: took(2, inferred=7), "nemo": took(1, inferred=8)}),
]


def printed() -> list[str]:
    stream = io.StringIO()
    print_all(Console(file=stream, width=220), FOUND)
    return [line.strip() for line in stream.getvalue().splitlines()]


def cells(*first: str) -> list[list[str]]:
    """The rows of all tables that begin so."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in printed()]
    return [row for row in rows if tuple(row[: len(first)]) == first]


def test_the_table_of_bars() -> None:
    bar, run = cells("build", "10,000")[:2]
    assert bar[2:] == ["8.00 s", "oxigraph 4.00 s", "ours ÷ peer 2.00", "2.00", "–", "≤ 2.5", "yes"]
    assert run[2:] == [OURS, "8.00", "16.00", "–", "5", "–"]
    (broken, *_) = cells("build", "119,000")
    assert broken[2:] == ["–", "oxigraph 50.00 s", "ours ÷ peer –", "–", "–", "≤ 3", "no"]
    (killed, *_) = cells("validation", "100")
    assert killed[2:5] == ["1.00 s", "pyshacl > 900 s", "peer ÷ ours > 850"]
    assert killed[-2:] == ["≥ 100", "yes"]


def test_the_table_of_runs() -> None:
    ours, peer = cells("validation", "100")[1:]
    assert ours[2:] == [OURS, "1.00", "2.00", "0.50", "5", "3 results"]
    assert peer[2:] == ["pyshacl", "850.00", "900.00", "–", "0", "killed, > 900 s"]
    assert cells("build", "119,000", OURS)[0][3:] == [*"––––", "no figures: see below"]


def test_steps_and_growth() -> None:
    assert cells("build 10,000") == [["build 10,000", "3.00", "5.50", "7.50"]]
    assert cells("10,000") == [["10,000", "4,000,000", "2.0", "1.0", "100"]]


def test_nobody_is_dropped_silently() -> None:
    assert "build, 119,000: govgraph has no figures: refused" in printed()
    assert "validation, 100: pyshacl was killed, > 900 s; it said last: half" in printed()
    assert "DIFFERENCE inference, 100: 7 inferred, nemo 8" in printed()


def test_json_joins_the_query_bench(tmp_path: Path) -> None:
    (tmp_path / "latest.json").write_text('{"sizes": [1], "building": "old"}')
    latest = write_json(tmp_path, {"seed": 1}, FOUND)
    assert latest.name == "latest-build.json"
    content = json.loads(latest.read_text("utf-8"))
    assert content["seed"] == 1
    assert [row["met"] for row in content["rows"]] == [True, False, True, None]
    assert content["comparisons"][0]["about"]["seconds"] == STEPS
    assert content["comparisons"][0]["runs"][OURS]["took"]["cpu"] == 8
    joined = json.loads((tmp_path / "latest.json").read_text("utf-8"))
    assert joined == {"sizes": [1], "building": content}
    assert len(list(tmp_path.iterdir())) == 3
