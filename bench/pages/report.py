"""Pages and searches as tables, and the bars that they miss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from bench.pages.bars import Bars
from bench.report import markdown_table

if TYPE_CHECKING:
    from bench.pages.__main__ import Measured, Searched

_PAGE = (
    "", "first, ms", "of it CPU", "opened, ms", "slowest", "CPU", "anew, ms", "CPU", "again, ms",
    "CPU", "HTTP, ms", "slowest", "bytes", "sent", "met",
)  # fmt: skip


def page_table(pages: Sequence[Measured], bars: Bars) -> Table:
    """A row for each page and language: medians and slowest runs."""
    table = markdown_table("page", *_PAGE)
    for page in pages:
        times = [page.first.median, page.first.processor]
        times += [page.opened.median, page.opened.slowest, page.opened.processor]
        times += [page.anew.median, page.anew.processor]
        times += [page.again.median, page.again.processor]
        times += [page.http.median, page.http.slowest] if page.http.wall else []
        shown = [f"{time:.1f}" for time in times] + ["–"] * (11 - len(times))
        met = "–" if bars.of(page.page.kind) is None else "no" if missed(page, bars) else "yes"
        sent = f"{page.sent:,}" if page.sent else "–"
        table.add_row(page.page.name, page.language, *shown, f"{page.size:,}", sent, met)
    return table


def search_table(found: Sequence[Searched], bars: Bars) -> Table:
    """A row for each sort of search."""
    table = markdown_table(
        "search",
        "texts",
        "nothing found",
        "median, ms",
        "slowest",
        "processor",
        "worst text",
        "met",
    )
    for one in found:
        if not one.texts:
            continue
        worst = max(one.worst.values())
        times = (one.taken.median, one.taken.slowest, one.taken.processor, worst)
        counts = (str(len(one.texts)), str(one.nothing))
        met = "yes" if worst <= bars.search else "no"
        table.add_row(one.sort, *counts, *(f"{time:.1f}" for time in times), met)
    return table


def summary(pages: Sequence[Measured], found: Sequence[Searched], bars: Bars) -> list[str]:
    """What is not as it should be, a line each."""
    lines = [line for page in pages if (line := missed(page, bars))]
    return lines + [
        f"search {one.sort}: “{text}” {time:.0f} ms"
        for one in found
        for text, time in one.worst.items()
        if time > bars.search
    ]


def missed(page: Measured, bars: Bars) -> str:
    """How a page misses its bars, "" if it does not."""
    name, bar = f"{page.page.name} ({page.language})", bars.of(page.page.kind)
    if page.wrong:
        return f"{name}: {page.wrong} for {page.page.address}"
    if page.size > bars.size:
        return f"{name}: {page.size:,} bytes"
    took = page.opened.processor
    return f"{name}: {took:.0f} ms" if bar is not None and took > bar else ""
