"""/: one search box, what the release holds, which models say what, three doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.catalog.present import labels
from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.models.cells import STATES
from govgraph.governance.models.dimensions import Dimension, dimensions
from govgraph.governance.models.grid import grid
from govgraph.http.common import in_thread
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.holdings import counts, gaps, shares
from govgraph.vocabulary import PROLOGUE

router = APIRouter(include_in_schema=False)
_MODELS = "SELECT DISTINCT ?m WHERE { ?m a gov:GovernanceModel } ORDER BY ?m"
#: Models that a matrix shows; more are a page of their own.
MOST = 40


@dataclass(frozen=True)
class Matrix:
    """For each model, by its IRI, its state in each dimension; those that say most come first."""

    dimensions: list[Dimension]
    states: Mapping[str, Sequence[str]]
    total: Mapping[str, int]

    def known(self, model: str) -> int:
        return sum(state in ("sourced", "absent") for state in self.states[model])


@router.get("/")
async def home(request: Request, page: Shown) -> Response:
    """The home page."""
    return await in_thread(request, lambda: respond("home.html", page, **_content(page)))


def _content(page: Shown) -> dict[str, Any]:
    assert page.opened is not None
    engine = page.opened.engine
    found = matrix(engine)
    missing = gaps(engine)
    named = [*found.states, *(gap.about for gap in missing if gap.about)]
    return {
        "counts": counts(engine),
        "shares": shares(engine),
        "matrix": found,
        "gaps": missing,
        "labels": labels(engine, named),
        "states": STATES,
    }


@kept
def matrix(engine: Engine) -> Matrix:
    """The state of every model in every dimension."""
    models = [row["m"].value for row in engine.select(PROLOGUE + _MODELS)]
    every = dimensions(engine)
    if not models:
        return Matrix(every, {}, dict.fromkeys(STATES, 0))
    found = grid(engine, models[:MOST], None, flows=True)
    rows = {row.dimension.iri: row for row in found.rows if row.kind == "dimension"}
    shown = [dimension for dimension in every if dimension.iri in rows]
    states = {m: [found.cell(m, rows[d.iri]).state for d in shown] for m in found.subjects}
    ordered = sorted(states, key=lambda m: (-_known(states[m]), m))
    total: dict[str, int] = {s: sum(m.count(s) for m in states.values()) for s in STATES}
    return Matrix(shown, {m: list(states[m]) for m in ordered}, total)


def _known(states: list[Any]) -> int:
    return sum(state in ("sourced", "absent") for state in states)
