"""What the command prints of the catalogue: its entries, answers as tables, their evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.tree import Tree

from govgraph.catalog.entry import Column, Entry
from govgraph.catalog.present import rows
from govgraph.catalog.run import Result
from govgraph.lookup.entities import Context
from govgraph.printed import safe
from govgraph.tree import add_fact

Json = dict[str, Any]


def print_entries(console: Console, entries: Iterable[Entry]) -> None:
    """The catalogue: a line for each query, its parameters below."""
    for entry in entries:
        console.print(
            f"[bold]{entry.name}[/bold]  {safe(entry.title_zh)}  [dim]{safe(entry.title_en)}[/dim]",
            highlight=False,
        )
        for parameter in entry.parameters:
            needed = " (必需 required)" if parameter.required else ""
            line = f"{parameter.name}{needed}  {parameter.zh}  {parameter.en}"
            console.print(Padding(f"[dim]{safe(line)}[/dim]", (0, 0, 0, 4)), highlight=False)


def print_result(console: Console, context: Context, result: Result) -> None:
    """A named query's answer: a table if the terminal is wide enough, else a record for each row.
    Labels stand for entities. What the answer rests on comes last."""
    shown = result.entry.shown
    cells = [
        [_plain(row[column.name]) for column in shown]
        for row in rows(context, result.entry, result.frame)
    ]
    if not cells:
        console.print("没有符合的行 no rows")
    elif _fits(console, shown, cells):
        console.print(_table(shown, cells))
    else:
        _print_records(console, shown, cells)
    for said in result.coverage:
        console.print(f"{safe(said.zh)}\n[dim]{safe(said.en)}[/dim]", highlight=False)


def _fits(console: Console, shown: Sequence[Column], cells: list[list[str]]) -> bool:
    widths = [
        max(map(cell_len, [_heading(column.zh), _heading(column.en), *texts]))
        for column, texts in zip(shown, zip(*cells, strict=True), strict=True)
    ]
    return sum(widths) + 3 * len(widths) + 1 <= console.width


def _table(shown: Sequence[Column], cells: list[list[str]]) -> Table:
    table = Table(*(f"{safe(_heading(c.zh))}\n[dim]{safe(_heading(c.en))}[/dim]" for c in shown))
    for row in cells:
        table.add_row(*map(safe, row))
    return table


def _print_records(console: Console, shown: Sequence[Column], cells: list[list[str]]) -> None:
    """One line a column, gaps left out. Chinese and English columns of one name share a line."""
    for number, row in enumerate(cells, 1):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        found = {column.name: text for column, text in zip(shown, row, strict=True)}
        for column in shown:
            base, _, language = column.name.rpartition("_")
            twin = found.get(f"{base}_en") if language == "zh" else None
            if found[column.name] and not (language == "en" and found.get(f"{base}_zh")):
                more = f"  [dim]{safe(twin)}[/dim]" if twin else ""
                grid.add_row(
                    f"{_heading(column.zh)} {base if twin else column.name}",
                    safe(found[column.name]) + more,
                )
        console.print(f"[bold]{number}[/bold]")
        console.print(Padding(grid, (0, 0, 0, 2)))


def _heading(text: str) -> str:
    """A heading without its explanation."""
    return re.split("[:：(（]", text)[0].strip()


def print_evidence(console: Console, proof: Json) -> None:
    """For each row a tree: its facts, where each is stated, and how the others are derived. A fact
    that has been shown above is only named again."""
    explained: set[int] = set()
    for number, rest in enumerate(proof["rows"], 1):
        root = Tree(f"[bold]{number}[/bold] {_solutions(rest)}")
        for fact in rest["facts"]:
            add_fact(root, proof["facts"][fact], proof, explained)
        console.print(root, highlight=False)


def _solutions(rest: Json) -> str:
    """How many solutions gave a row, if they were counted and not all are shown."""
    if rest.get("solutions") in (None, rest.get("shown")):
        return ""
    total, shown = rest["solutions"], rest["shown"]
    return f"[dim]{total} 个解中的 {shown} 个 {shown} of {total} solutions[/dim]"


def _plain(value: Any) -> str:
    """A value of an answer on one line: an entity by its label, a list by its members."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value["label"].get("zh") or value["label"].get("en") or value["id"])
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
