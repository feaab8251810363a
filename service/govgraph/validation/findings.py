"""What validation finds, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from govgraph.engine.base import Term
from govgraph.validation.paths import Path
from govgraph.validation.shapes import Constraint, Shape


@dataclass(frozen=True)
class Finding:
    """One result: a constraint of a shape that a focus node does not satisfy.

    `row` has what a SPARQL constraint bound beside, for the message.
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: Shape
    constraint: Constraint
    row: Mapping[str, Term] = field(default_factory=dict)
