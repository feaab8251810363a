"""What the gate found in a change: results with the coordinates of their cells, and the refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from govgraph.build import Build
from govgraph.errors import GovgraphError
from govgraph.gate.merging import Uploaded
from govgraph.validation.results import ValidationResult
from govgraph_loaders import Problem

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
class UploadReport:
    """What came of an uploaded table. `places` gives the uploaded row and line of a row of the
    table; without it the file is the table."""

    dataset: str
    table: str
    done: Build
    uploaded: Uploaded | None = None
    places: Mapping[int, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rows_read(self) -> int:
        if self.uploaded:
            return self.uploaded.read
        return sum(t.rows_read for t in self.done.ingested.tables if self._is_it(t))

    @property
    def rows_rejected(self) -> int:
        """Uploaded rows that have an error, each once."""
        if not self.uploaded:
            return sum(t.rows_rejected for t in self.done.ingested.tables if self._is_it(t))
        unread = {p.row for p in self.uploaded.problems if p.severity == "error" and p.row}
        return len(unread) + len(self._rejected_in_table())

    def as_dict(self) -> Json:
        problems = [self._placed(p) for p in self._problems()]
        results = [self._placed(r) for r in self.done.results if self._concerns(r)]
        return {
            "dataset": self.dataset,
            "table": self.table,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_read - self.rows_rejected,
            "rows_rejected": self.rows_rejected,
            "counts": _counts([*problems, *results]),
            "problems": problems[:MOST],
            "validation": results[:MOST],
        }

    def _is_it(self, found: Any) -> bool:
        return found.dataset == self.dataset and found.table == self.table

    def _rejected_in_table(self) -> set[int]:
        found = (p for p in self.done.ingested.problems if self._is_it(p) and p.severity == "error")
        return {p.row for p in found if p.row in self.places and p.row is not None}

    def _problems(self) -> list[Problem]:
        """Those of the upload, and of the release those that concern it."""
        first = self.uploaded.problems if self.uploaded else []
        said = {(p.code, p.column) for p in first if p.row is None}
        later = [p for p in self.done.problems if self._concerns(p)]
        return [*first, *(p for p in later if p.row or (p.code, p.column) not in said)]

    def _concerns(self, found: Found) -> bool:
        """Whether it is about the table, or a reason to refuse it."""
        return self._is_it(found) or found.severity == "error"

    def _placed(self, found: Found) -> Json:
        """A result as JSON, at its place in the uploaded file if it is in an uploaded row."""
        said = found.as_dict()
        if not self._is_it(found):
            return said | {"uploaded": False}
        if self.uploaded is None or found in self.uploaded.problems:
            return said | {"uploaded": True}
        place = self.places.get(found.row or 0)
        return said | ({"uploaded": False} if place is None else _at(place))


def _at(place: tuple[int, int]) -> Json:
    return {"row": place[0], "line": place[1], "uploaded": True}


def _counts(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    severities = [each["severity"] for each in found]
    return {name: severities.count(name) for name in ("error", "warning", "info")}
