"""What the gate found in a change: results with the coordinates of their cells, and the refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from govgraph.build import Build
from govgraph.errors import GovgraphError
from govgraph.gate.merging import Uploaded
from govgraph.validation.results import ValidationResult
from govgraph_loaders import Ingested, Problem, TableReport

#: Results that a report has of each kind; its counts are those of all.
MOST = 1000
Json = dict[str, Any]
Found = Problem | ValidationResult


class ChangeRefused(GovgraphError):
    """A change that is not valid, with the report."""

    def __init__(self, report: Json) -> None:
        super().__init__("change-refused")
        self.report = report

    def problem(self) -> dict[str, object]:
        return super().problem() | {"report": self.report}


def errors_of(done: Build) -> Json:
    """Why a change of statements was refused."""
    found = [p.as_dict() for p in done.problems if p.severity == "error"]
    broken = [r.as_dict() for r in done.results if r.severity == "error"]
    counts = {"problems": len(found), "validation": len(broken)}
    return {"counts": counts, "problems": found[:MOST], "validation": broken[:MOST]}


@dataclass(frozen=True)
class UploadedRows:
    """The rows that were sent to a table. Without `uploaded` the file is the table, else `places`
    gives the number and the line in the file of those rows of the table that come from it."""

    dataset: str
    table: str
    uploaded: Uploaded | None = None
    places: Mapping[int, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))

    def read(self, ingested: Ingested) -> int:
        if self.uploaded:
            return self.uploaded.read
        return sum(t.rows_read for t in ingested.tables if self.is_in(t))

    def rejected(self, ingested: Ingested) -> int:
        """How many of them have an error."""
        if not self.uploaded:
            return sum(t.rows_rejected for t in ingested.tables if self.is_in(t))
        unread = {p.row for p in self.uploaded.problems if p.severity == "error" and p.row}
        found = (p.row for p in ingested.problems if self.is_in(p) and p.severity == "error")
        return len(unread) + len({row for row in found if row in self.places})

    def problems(self, done: Build) -> list[Problem]:
        """What is wrong with the file as it was sent, and with the release that it would make."""
        first = self.uploaded.problems if self.uploaded else []
        said = {(p.code, p.column) for p in first if p.row is None}
        later = [p for p in done.problems if self.concerns(p)]
        return [*first, *(p for p in later if p.row or (p.code, p.column) not in said)]

    def is_in(self, found: Found | TableReport) -> bool:
        """Whether something is about the table."""
        return (found.dataset, found.table) == (self.dataset, self.table)

    def concerns(self, found: Found) -> bool:
        """Whether it is about the table, or a reason to refuse it."""
        return self.is_in(found) or found.severity == "error"

    def placed(self, found: Found) -> Json:
        """A result as JSON, at its place in the file if it is in a row that was sent."""
        said = found.as_dict()
        if self.uploaded and found in self.uploaded.problems:
            return said | {"uploaded": True}
        if not self.is_in(found) or self.uploaded is None:
            return said | {"uploaded": self.is_in(found)}
        place = self.places.get(found.row or 0)
        return said | ({"uploaded": False} if place is None else _at(place))


def upload_report(rows: UploadedRows, done: Build) -> Json:
    """What came of the rows that were sent, and all that is wrong with them."""
    problems = [rows.placed(p) for p in rows.problems(done)]
    results = [rows.placed(r) for r in done.results if rows.concerns(r)]
    read, rejected = rows.read(done.ingested), rows.rejected(done.ingested)
    return {
        "dataset": rows.dataset,
        "table": rows.table,
        "rows_read": read,
        "rows_loaded": read - rejected,
        "rows_rejected": rejected,
        "counts": _counts([*problems, *results]),
        "codes": dict(Counter(found["code"] for found in (*problems, *results)).most_common()),
        "problems": problems[:MOST],
        "validation": results[:MOST],
    }


def _at(place: tuple[int, int]) -> Json:
    return {"row": place[0], "line": place[1], "uploaded": True}


def _counts(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    severities = [each["severity"] for each in found]
    return {name: severities.count(name) for name in ("error", "warning", "info")}
