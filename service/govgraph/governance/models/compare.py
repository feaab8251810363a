"""Two or more models side by side, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.errors import GovgraphError
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.models.cells import KNOWN, Cell
from govgraph.governance.models.grid import Grid, grid
from govgraph.governance.models.rows import Row
from govgraph.governance.time import Moment
from govgraph.vocabulary import PROLOGUE

SCHEMA: dict[str, pl.DataType] = {
    "dimension": pl.String(),
    "kind": pl.String(),
    "item": pl.String(),
    "item_zh": pl.String(),
    "item_en": pl.String(),
    "subject": pl.String(),
    "state": pl.String(),
    "basis": pl.String(),
    "disputed": pl.Boolean(),
    "value_zh": pl.String(),
    "value_en": pl.String(),
    "verbatim": pl.String(),
    "codes": pl.List(pl.String()),
    "source": pl.List(pl.String()),
}
_MODELS = "SELECT DISTINCT ?m WHERE { ?m a gov:GovernanceModel } ORDER BY ?m"


def compare_models(
    engine: Engine,
    *,
    models: Sequence[str],
    dimensions: Sequence[str] | None = None,
    differences_only: bool | None = False,
) -> Answer:
    """The cells of two or more models, aligned on function and slot.

    A row of the frame is a cell: `dimension`, `kind` (dimension, body, post, rule, staffing, practice),
    `item` (the slot or rule that names the group; the dimension as a whole has none) with its
    labels, `subject`, `state`, `basis`, `disputed`, `value_zh`, `value_en`, `verbatim`, `codes`,
    `source`. Rows come dimension by dimension, models in the order given.
    `differences_only` leaves out what all have in the same state with the same words or codes.
    GovgraphError(invalid-parameter) for fewer than two models, or for what is no dimension.
    """
    found = grid(engine, several(models, "models"), list(dimensions or ()), flows=True)
    return answer(found, differences_only=bool(differences_only))


def compare_places(
    engine: Engine,
    *,
    places: Sequence[str],
    at: Moment | None = None,
    dimensions: Sequence[str] | None = None,
    differences_only: bool | None = False,
) -> Answer:
    """What is recorded of two or more places, each with all below it, at a date or at any time.

    The same columns as compare_models; `subject` is a place. Bodies and posts are those that fill
    the slots of models; a slot that no record fills is unknown, unless every model that the place
    surely has lacks it. GovgraphError(invalid-parameter) for fewer than two places.
    """
    found = grid(engine, [], list(dimensions or ()), several(places, "places"), at)
    return answer(found, differences_only=bool(differences_only))


def several(subjects: Iterable[str], name: str) -> list[str]:
    """The subjects, each once. GovgraphError(invalid-parameter) if they are fewer than two."""
    found = list(dict.fromkeys(subjects))
    if len(found) < 2:
        why, why_zh = "a comparison takes two or more", "比较至少需要两个"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh)
    return found


def all_models(engine: Engine) -> list[str]:
    """Every model of a release, by IRI."""
    return [row["m"].value for row in engine.select(PROLOGUE + _MODELS)]


def answer(found: Grid, *, differences_only: bool = False) -> Answer:
    """A grid as an answer, one row for each cell."""
    shown = chosen(found, differences_only=differences_only)
    cells = [
        (row, subject, found.cell(subject, row)) for row in shown for subject in found.subjects
    ]
    return Answer(frame(cells), [coverage(each for _, _, each in cells)])


def chosen(found: Grid, *, differences_only: bool = False) -> list[Row]:
    """The rows of a grid, or those in which its subjects differ."""
    return [row for row in found.rows if not differences_only or _differs(found, row)]


def _differs(found: Grid, row: Row) -> bool:
    cells = [found.cell(subject, row) for subject in found.subjects]
    return len({(cell.state, _content(row, cell)) for cell in cells}) > 1


def _content(row: Row, cell: Cell) -> frozenset[str | None]:
    """What makes cells differ: in the row of a slot it is enough that both have it."""
    if row.kind != "dimension":
        return frozenset()
    return frozenset(cell.codes or (value.words.either() for value in cell.values))


def frame(cells: Iterable[tuple[Row, str, Cell]]) -> pl.DataFrame:
    """Cells as rows of a frame."""
    return pl.DataFrame([_row(*each) for each in cells], schema=SCHEMA, orient="row")


def _row(row: Row, subject: str, cell: Cell) -> tuple[object, ...]:
    names = row.names.filled()
    return (
        row.dimension.iri,
        row.kind,
        row.item,
        names.zh,
        names.en,
        subject,
        cell.state,
        cell.basis,
        cell.disputed,
        cell.text("zh"),
        cell.text("en"),
        cell.verbatim,
        sorted(cell.codes),
        cell.sources,
    )


def coverage(cells: Iterable[Cell]) -> Coverage:
    """How many of some cells are known from a source."""
    states = [cell.state for cell in cells]
    known, total = sum(state in KNOWN for state in states), len(states)
    return Coverage(
        "cells-known", known, total,
        f"{total} 个格子中有 {known} 个有出处（含写明没有的）",
        f"{known} of {total} cells rest on a source (those that say “none” included)",
    )  # fmt: skip
