"""The figures as tables, which are Markdown too, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench import figures
from bench.engine import Load
from bench.measure import Timing

_WORDS = {True: "yes", False: "no", None: "–"}
MB = 1_000_000


@dataclass(frozen=True)
class Size:
    """All that was measured at one size of the data."""

    communities: int
    triples: int
    timings: Mapping[str, Mapping[str, Timing]]
    loads: Mapping[str, Load]
    memory: Mapping[str, int]

    @property
    def queries(self) -> list[str]:
        return list(dict.fromkeys(q for timings in self.timings.values() for q in timings))

    @property
    def bars(self) -> list[figures.Bar]:
        return figures.bars(self.timings, self.loads.get("govgraph"), self.triples)

    def as_dict(self) -> dict[str, Any]:
        return {
            "communities": self.communities,
            "triples": self.triples,
            "queries": {
                engine: {query: timing.as_dict() for query, timing in timings.items()}
                for engine, timings in self.timings.items()
            },
            "loads": {name: load.as_dict() for name, load in self.loads.items()},
            "peak_memory": dict(self.memory),
            "geometric_means": {
                peer: figures.mean_over(self.timings, peer) for peer in figures.PEERS
            },
            "query_bars": {q: figures.query_bar(self.timings, q).as_dict() for q in self.queries},
            "bars": [bar.as_dict() for bar in self.bars],
            "mismatches": figures.mismatches(self.timings),
        }


def print_size(console: Console, size: Size) -> None:
    """All tables of one size, and what does not agree."""
    console.print(f"\n{size.communities:,} communities, {size.triples:,} triples\n")
    for table in (
        warm_table(size), cold_table(size), load_table(size), memory_table(size), bar_table(size)
    ):  # fmt: skip
        console.print(table)
        console.print()
    for line in figures.mismatches(size.timings):
        console.print(f"MISMATCH {line}", style="bold red", markup=False, highlight=False)


def warm_table(size: Size) -> Table:
    """Median seconds of the warm runs, how many times as long the peers take, and each bar."""
    engines = list(size.timings)
    peers = [peer for peer in figures.PEERS if peer in size.timings]
    table = markdown_table(
        "warm, s", "rows", *engines, *(f"{p} ÷ ours" for p in peers), "found", "bar", "met"
    )
    for query in size.queries:
        bar = figures.query_bar(size.timings, query)
        table.add_row(
            query,
            _rows(size, query),
            *(_seconds(size.timings[engine].get(query)) for engine in engines),
            *(_times(figures.ratio(size.timings, p, figures.HTTP, query)) for p in peers),
            bar.found,
            bar.text,
            _WORDS[bar.met],
        )
    return table


def cold_table(size: Size) -> Table:
    """Seconds of the first run of each query."""
    table = markdown_table("cold, s", *size.timings)
    for query in size.queries:
        timings = [by_query.get(query) for by_query in size.timings.values()]
        table.add_row(query, *(_first(timing) for timing in timings))
    return table


def load_table(size: Size) -> Table:
    """What each step of each load took, and what it left on disk."""
    table = markdown_table(
        "load", "step", "wall s", "CPU s", "peak MB", "disk MB", "bytes a triple"
    )
    for name, load in size.loads.items():
        for step in load.steps:
            memory = f"{step.memory / MB:,.0f}"
            table.add_row(name, step.name, f"{step.wall:.1f}", f"{step.cpu:.1f}", memory)
        for part, size_ in load.disk.items():
            each = f"{size_ / size.triples:.1f}"
            table.add_row(name, part, "", "", "", f"{size_ / MB:,.0f}", each)
    return table


def memory_table(size: Size) -> Table:
    """The most memory that the answering process of each engine took."""
    table = markdown_table("answering", "peak MB")
    for name, memory in size.memory.items():
        table.add_row(name, f"{memory / MB:,.0f}")
    return table


def bar_table(size: Size) -> Table:
    """The bars over all queries and the load."""
    here = (
        "" if size.communities == figures.BARS_AT else f" (set for {figures.BARS_AT:,} communities)"
    )
    table = markdown_table(f"bar{here}", "found", "met")
    for bar in size.bars:
        table.add_row(bar.text, bar.found, _WORDS[bar.met])
    return table


def write_json(folder: Path, run: Mapping[str, Any], sizes: Iterable[Size]) -> Path:
    """Write the run under its date and as latest.json; return the latter."""
    now = datetime.now(UTC)
    content = {"date": now.isoformat(timespec="seconds"), **run}
    content["sizes"] = [size.as_dict() for size in sizes]
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{now:%Y%m%dT%H%M%SZ}.json").write_text(text, "utf-8")
    latest = folder / "latest.json"
    latest.write_text(text, "utf-8")
    return latest


def markdown_table(first: str, *others: str) -> Table:
    """A table without rows that prints as Markdown, all columns but the first to the right."""
    table = Table(box=box.MARKDOWN, show_edge=True)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _rows(size: Size, query: str) -> str:
    timings = [by_query[query] for by_query in size.timings.values() if query in by_query]
    counts = {timing.solutions for timing in timings} - {None}
    return " or ".join(f"{count:,}" for count in sorted(c for c in counts if c is not None)) or "–"


def _seconds(timing: Timing | None) -> str:
    if timing is None or timing.error:
        return "failed" if timing else ""
    return f"> {timing.limit:g}" if timing.unfinished else _number(timing.seconds)


def _first(timing: Timing | None) -> str:
    if timing and timing.cold is None and timing.unfinished:
        return f"> {timing.limit:g}"
    return _number(timing.cold) if timing else ""


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}" if value < 0.1 else f"{value:.3f}"


def _times(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:,.0f}"
