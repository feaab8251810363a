"""Faults as data: rows to add to a community, and what is to be found at each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bench.nation.tables import TABLES, Position, Tables, focus, line

Cells = dict[str, str]


@dataclass(frozen=True)
class Finding:
    """One result that a check must report, at its coordinates.

    `code` and `severity` as in the build's report; `shape` is the SHACL shape's name, None for
    a problem of the loader; `focus` the IRI of what is judged, None for the loader's; `value` as
    reported, None where the report has none; `table` the file's name. `more`: what else is known of a breach of a rule.
    """

    kind: str
    code: str
    severity: str
    shape: str | None
    table: str
    row: int
    line: int
    column: str | None
    focus: str | None
    value: str | None
    more: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        more: dict[str, str] = found.pop("more")
        return found | more


@dataclass(frozen=True)
class Result:
    """What is to be found at one of a fault's rows. `value`: `FOCUS` is the IRI judged."""

    code: str
    shape: str | None = None
    column: str | None = None
    value: str | None = None
    row: int = 0
    severity: str = "error"


@dataclass(frozen=True)
class Row:
    """A row to add: cells by column, or the text of the line as it stands.

    In both, `{x}` is an id that only this fault has, `{c}` the community's id, `{code}` its
    division code, `{street}` and `{area}` the ids of its street and district.
    """

    table: str
    cells: Cells = field(default_factory=dict)
    text: str | None = None

    def written(self, names: Cells) -> str:
        if self.text is not None:
            return self.text.format_map(names)
        cells = {column: text.format_map(names) for column, text in self.cells.items()}
        if "assertion" in TABLES[self.table][1]:
            cells.setdefault("assertion", "synthetic")
        return line(self.table, cells)

    def focus(self, names: Cells) -> str:
        key = self.cells.get("id", self.cells.get("entity", ""))
        return focus(self.table, key.format_map(names))


@dataclass(frozen=True)
class Fault:
    """Rows that are wrong in a known way, and all that must be reported of them."""

    kind: str
    rows: tuple[Row, ...]
    results: tuple[Result, ...]


FOCUS = "FOCUS"


def fault(kind: str, table: str, cells: Cells, *results: Result) -> Fault:
    """A fault of a single row, whose id is the fault's own unless the cells say otherwise."""
    return Fault(kind, (Row(table, {"id": "{x}"} | cells),), results)


def plant(fault: Fault, names: Cells, tables: Tables) -> list[Finding]:
    """Write a fault's rows and return what must be found."""
    places = [tables.write(row.table, [row.written(names)]) for row in fault.rows]
    return [
        _finding(
            fault, result, places[result.row], names, tables.file_name(fault.rows[result.row].table)
        )
        for result in fault.results
    ]


def _finding(fault: Fault, result: Result, place: Position, names: Cells, file: str) -> Finding:
    row = fault.rows[result.row]
    judged = row.focus(names) if result.shape else None
    value = judged if result.value == FOCUS else result.value and result.value.format_map(names)
    return Finding(
        fault.kind, result.code, result.severity, result.shape, file, place.row, place.line,
        result.column, judged, value,
    )  # fmt: skip
