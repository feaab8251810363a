"""What the command prints of the catalogue: its entries, answers as tables, their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.tree import Tree

from govgraph.catalog.entry import Entry
from govgraph.catalog.present import rows
from govgraph.catalog.run import Result
from govgraph.lookup.entities import Context
from govgraph.terminal import safe
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
    """A named query's answer as a table: labels where there are some, then what it rests on."""
    shown = result.entry.shown
    table = Table(*(f"{safe(column.zh)}\n[dim]{safe(column.en)}[/dim]" for column in shown))
    for row in rows(context, result.entry, result.frame):
        table.add_row(*(safe(_plain(row[column.name])) for column in shown))
    console.print(table)
    for said in result.coverage:
        console.print(f"{safe(said.zh)}\n[dim]{safe(said.en)}[/dim]", highlight=False)


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
