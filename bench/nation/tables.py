"""The nation's tables: their columns, and files that know which row and line comes next."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from bench.nation.register_metadata import COLUMNS as REGISTER
from govgraph_loaders.namespaces import DEFAULT_BASE as BASE

_STATED = " assertion sentences"
_LABEL = "id label_zh label_en "

#: table -> its type in IRIs and its columns, in the order they are written
TABLES = {
    name: (kind, tuple(columns.split()))
    for name, kind, columns in (
        (
            "appointments.csv",
            "appointment",
            "id person post start end concurrent selection" + _STATED,
        ),
        ("awards.csv", "award", _LABEL + "year recipients_total" + _STATED),
        ("body_slots.csv", "body-slot", _LABEL + "model" + _STATED),
        ("computations.csv", "computation", "id subject formula value unit inputs" + _STATED),
        ("concepts.csv", "concept", _LABEL + "kind" + _STATED),
        ("data_notes.csv", "data-note", "id kind about note_zh sentences"),
        ("documents.csv", "document", "id title_zh title_en language char_count"),
        ("events.csv", "event", _LABEL + "type date" + _STATED),
        (
            "exchange_rates.csv",
            "exchange-rate",
            "id from_currency to_currency rate date" + _STATED,
        ),
        ("functions.csv", "function", _LABEL + "kind performed_by" + _STATED),
        (
            "funding_flows.csv",
            "flow",
            "id funder recipient purpose_zh instrument amount amount_lower amount_upper verbatim "
            "currency precision fiscal_year part_of project" + _STATED,
        ),
        ("governance_models.csv", "model", _LABEL + "status start end" + _STATED),
        ("measures.csv", "measure", _LABEL.strip()),
        ("media_roles.csv", "media-role", "id medium role actor_label_zh" + _STATED),
        ("model_adoptions.csv", "adoption", "id place model start end" + _STATED),
        (
            "observations.csv",
            "observation",
            "id subject measure value lower upper precision unit as_of verbatim" + _STATED,
        ),
        (
            "organization_groups.csv",
            "organization-group",
            _LABEL + "count_lower count_upper exact" + _STATED,
        ),
        (
            "organizations.csv",
            "organization",
            _LABEL + "alt_labels type part_of place slot founded dissolved uscc" + _STATED,
        ),
        ("persons.csv", "person", "id label_zh party_member qualification" + _STATED),
        ("places.csv", "place", _LABEL + "type parent stat_code stat_code_year" + _STATED),
        (
            "post_rules.csv",
            "post-rule",
            _LABEL + "model type if_holds then_holds target_post modality condition" + _STATED,
        ),
        (
            "post_slots.csv",
            "post-slot",
            _LABEL + "model body_slot min_holders max_holders" + _STATED,
        ),
        ("posts.csv", "post", "id label_zh body slot created abolished" + _STATED),
        (
            "project_roles.csv",
            "project-role",
            "id projects place actor_label_zh actor label_zh" + _STATED,
        ),
        (
            "projects.csv",
            "project",
            "id label_zh service_type_zh place sponsor carried_by start end note_zh" + _STATED,
        ),
        ("register.csv", "", " ".join(REGISTER)),
        ("sentences.csv", "sentence", "id number document paragraph begin end"),
        (
            "staffing_rules.csv",
            "staffing-rule",
            _LABEL + "model body_slot min max counts" + _STATED,
        ),
        (
            "staffing_standards.csv",
            "staffing-standard",
            _LABEL + "unit_count min_per_unit" + _STATED,
        ),
        ("target_groups.csv", "target-group", "id project label_zh size" + _STATED),
    )
}


SUFFIX = ".gz"


class Position(NamedTuple):
    """Where a row stands: 1 is the first data row; lines count from 1, the header's."""

    row: int
    line: int


def cell(text: str) -> str:
    """A cell as RFC 4180 writes it.

    >>> cell('a "b", c')
    '"a ""b"", c"'
    """
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def line(table: str, cells: dict[str, str]) -> str:
    """A row of a table, columns that are not given being empty. KeyError for an unknown column."""
    columns = TABLES[table][1]
    if unknown := cells.keys() - set(columns):
        raise KeyError(f"{table} has no {unknown}")
    return ",".join(cell(cells.get(name, "")) for name in columns) + "\n"


def focus(table: str, key: str) -> str:
    """The IRI of what a row describes."""
    kind = TABLES[table][0]
    return f"{BASE}{kind}/{key}" if kind else BASE + key


class Table:
    """A CSV file being written. Lone surrogates in its text stand for bytes that are not UTF-8."""

    def __init__(self, folder: Path, name: str, compress: bool) -> None:
        self.rows, self.lines = 0, 1
        path = folder / (name + SUFFIX * compress)
        self.raw: IO[bytes] = path.open("wb", buffering=1 << 18)
        # Without a name and a time the same rows make the same bytes.
        self.file: IO[bytes] = (
            gzip.GzipFile("", "wb", 6, self.raw, mtime=0) if compress else self.raw  # type: ignore[assignment]
        )
        self.file.write((",".join(TABLES[name][1]) + "\n").encode())

    def write(self, lines: Sequence[str]) -> Position:
        """Add rows, each ending in a newline; return the position of the first of them."""
        first = Position(self.rows + 1, self.lines + 1)
        text = "".join(lines)
        self.file.write(text.encode("utf-8", "surrogateescape"))
        self.rows += len(lines)
        self.lines += text.count("\n")
        return first

    def close(self) -> None:
        self.file.close()
        self.raw.close()


class Tables:
    """The tables of a folder; a file is made when its first row comes."""

    def __init__(self, folder: Path, compress: bool) -> None:
        self.folder, self.compress = folder, compress
        self.open: dict[str, Table] = {}

    def write(self, name: str, lines: Sequence[str]) -> Position:
        if name not in self.open:
            self.open[name] = Table(self.folder, name, self.compress)
        return self.open[name].write(lines)

    def file_name(self, name: str) -> str:
        """The name of a table's file."""
        return name + SUFFIX * self.compress

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        for table in self.open.values():
            table.close()

    def counts(self) -> dict[str, int]:
        return {name: table.rows for name, table in sorted(self.open.items())}
