"""A SHACL result with the coordinates of the cell it comes from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from govgraph_loaders.problems import Severity

SEVERITIES: dict[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "info"}


@dataclass(frozen=True)
class ValidationResult:
    """One SHACL result; the first ten fields are those of a loader's Problem."""

    code: str
    severity: Severity
    dataset: str | None
    table: str | None
    row: int | None
    line: int | None
    column: str | None
    value: str | None
    message_zh: str
    message_en: str
    focus: str
    path: str | None
    component: str
    shape: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def code_of(component: str) -> str:
    """`sh:MinCountConstraintComponent` -> `shape-min-count`."""
    name = re.split(r"[#/]", component)[-1].removesuffix("ConstraintComponent")
    return "shape-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
