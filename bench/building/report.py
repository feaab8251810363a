"""The comparisons as tables, which are Markdown too, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.building import absolute, comparison
from bench.building.comparison import OURS, Comparison, Row
from bench.building.participant import Run
from bench.report import MB, markdown_table

_MET = {True: "yes", False: "no", None: "–"}


def all_rows(found: Sequence[Comparison]) -> list[Row]:
    """The lines of the table of bars."""
    beside = [row for one in found for row in comparison.rows(one)]
    return [*beside, *absolute.rows(found)]


def print_all(console: Console, found: Sequence[Comparison]) -> None:
    """Every table that has lines, then what failed or took no part."""
    for table in (bar_table(found), run_table(found), step_table(found), growth_table(found)):
        if table.row_count:
            console.print(table)
            console.print()
    for line in left_out(found):
        console.print(line, markup=False, highlight=False)


def bar_table(found: Sequence[Comparison]) -> Table:
    """Ours, peer, ratio, bar, met."""
    table = markdown_table(
        "case", "communities", "ours, CPU", "peer, CPU", "ratio of CPU", "of wall", "of the job",
        "bar", "met",
    )  # fmt: skip
    for row in all_rows(found):
        cells = (_count(row.communities), row.ours, row.peer, row.ratio, row.wall, row.step)
        table.add_row(row.case, *cells, row.bar, _MET[row.met])
    return table


def run_table(found: Sequence[Comparison]) -> Table:
    """What each process took."""
    table = markdown_table(
        "case", "communities", "who", "CPU s", "wall s", "job, CPU s", "peak MB", "came to"
    )
    for one in found:
        for name, run in one.runs.items():
            table.add_row(one.case, _count(one.communities), name, *_cells(run))
    return table


def _cells(run: Run) -> tuple[str, str, str, str, str]:
    if run.took is None:
        return "–", "–", "–", "–", "no figures: see below"
    job = run.said.get("seconds")
    return (
        f"{run.took.cpu:.2f}",
        f"{run.took.wall:.2f}",
        "–" if job is None else f"{job:.2f}",
        f"{run.took.memory / MB:,.0f}",
        f"killed, {run.why}" if run.why else came_to(run),
    )


def came_to(run: Run) -> str:
    """What a process says it made or found."""
    counts = (f"{run.said[key]:,} {key}" for key in _COUNTS if key in run.said)
    return ", ".join(counts) or "–"


_COUNTS = ("triples", "results", "inferred")


def step_table(found: Sequence[Comparison]) -> Table:
    """Wall seconds of the steps of our builds; the last ones are not told apart."""
    builds = {
        f"{one.case} {_count(one.communities)}": (took.wall, steps)
        for one in found
        if (steps := one.about.get("seconds")) and (took := one.runs[OURS].took)
    }
    names = list(dict.fromkeys(name for _, steps in builds.values() for name in steps))
    table = markdown_table("wall s of our steps", *names, "the rest")
    for title, (wall, steps) in builds.items():
        each = (f"{steps[name]:.2f}" if name in steps else "–" for name in names)
        table.add_row(title, *each, f"{wall - sum(steps.values()):.2f}")
    return table


def growth_table(found: Sequence[Comparison]) -> Table:
    """What a quad takes as the nation grows."""
    table = markdown_table(
        "communities", "asserted quads", "build, CPU µs a quad", "oxigraph", "bytes a quad"
    )
    for one in sorted(found, key=lambda c: c.communities):
        if one.case == "build" and "quads" in one.about:
            quads = one.about["quads"]
            costs = (absolute.per_quad(one, name) for name in (OURS, "oxigraph"))
            cells = ("–" if cost is None else f"{cost:.1f}" for cost in costs)
            table.add_row(
                _count(one.communities), f"{quads:,}", *cells, f"{one.about['bytes'] / quads:.0f}"
            )
    return table


def left_out(found: Sequence[Comparison]) -> Iterator[str]:
    """Whoever has no figures or was killed, and why; and counts that are not the same as ours though they should."""
    for one in found:
        for name, run in one.runs.items():
            case = f"{one.case}, {_count(one.communities)}: {name}"
            if run.took is None:
                yield f"{case} has no figures: {run.why}"
            elif run.killed:
                yield f"{case} was killed, {run.why}; it said last: {run.said.get('last') or '–'}"
        for words in comparison.differences(one):
            yield f"DIFFERENCE {one.case}, {_count(one.communities)}: {words}"


def write_json(folder: Path, run: Mapping[str, Any], found: Sequence[Comparison]) -> Path:
    """Write the run under its date, as latest-build.json, and as `building` into latest.json."""
    now = datetime.now(UTC)
    content = {"date": now.isoformat(timespec="seconds"), **run}
    content["rows"] = [row.as_dict() for row in all_rows(found)]
    content["comparisons"] = [one.as_dict() for one in found]
    folder.mkdir(parents=True, exist_ok=True)
    latest = folder / "latest-build.json"
    for path in (folder / f"{now:%Y%m%dT%H%M%SZ}-build.json", latest):
        _write(path, content)
    shared = folder / "latest.json"
    others = json.loads(shared.read_text("utf-8")) if shared.exists() else {}
    _write(shared, others | {"building": content})
    return latest


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _count(communities: int) -> str:
    return f"{communities:,}" if communities else "–"
