"""Lists over all models: the models themselves, their cells, their functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.models.cells import KNOWN, STATES
from govgraph.governance.models.compare import all_models, coverage, frame
from govgraph.governance.models.grid import Grid, grid
from govgraph.governance.models.nodes import nodes

_MODELS: dict[str, pl.DataType] = {
    **{name: pl.String() for name in ("model", "status", "revises")},
    **{name: pl.Int64() for name in ("bodies", "posts", "rules", *STATES)},
    "all_unsourced": pl.Boolean(),
    "source": pl.List(pl.String()),
}


def models_list(engine: Engine) -> Answer:
    """All models with the number of their cells in each state, dimension by dimension.

    Columns: `model`, `status`, `revises` (a model), `bodies`, `posts`, `rules` (of its blueprint),
    `sourced`, `absent`, `unsourced`, `notApplicable`, `unknown` (dimensions), `all_unsourced`:
    whether something is said of it and none of that has a source.
    """
    found = grid(engine, all_models(engine))
    about = nodes(engine, "?s a gov:GovernanceModel .", ("gov:modelStatus",))
    revises = dict(sorted(found.found.revises))
    rows = [
        {"model": model, "status": about[model].one("gov:modelStatus") if model in about else None}
        | {"revises": revises.get(model)}
        | _parts(found, model)
        | _states(found, model)
        | {"source": [model]}
        for model in found.subjects
    ]
    wholes = [row for row in found.rows if row.kind == "dimension"]
    cells = [found.cell(model, row) for model in found.subjects for row in wholes]
    return Answer(pl.DataFrame(rows, schema=_MODELS), [coverage(cells)])


def _parts(found: Grid, model: str) -> dict[str, int]:
    tables = {"bodies": found.found.bodies, "posts": found.found.posts, "rules": found.found.rules}
    return {
        name: sum(part.model == model for part in table.values())  # type: ignore[attr-defined]
        for name, table in tables.items()
    }


def _states(found: Grid, model: str) -> dict[str, int | bool]:
    rows = [row for row in found.rows if row.kind == "dimension"]
    held = Counter(found.cell(model, row).state for row in rows)
    counts: dict[str, int | bool] = {state: held[state] for state in STATES}
    silent = not any(held[state] for state in KNOWN)
    return counts | {"all_unsourced": bool(held["unsourced"]) and silent}


def model_cells(
    engine: Engine,
    *,
    models: Sequence[str] | None = None,
    dimensions: Sequence[str] | None = None,
    state: str | None = None,
) -> Answer:
    """The cells of models, one or all, in the dimensions as a whole: by dimension and state.

    Columns as those of a comparison (compare.compare_models), without slots.
    """
    found = grid(engine, list(models or ()) or all_models(engine), list(dimensions or ()))
    cells = [
        (row, model, found.cell(model, row))
        for row in found.rows
        for model in found.subjects
        if row.kind == "dimension" and state in (None, found.cell(model, row).state)
    ]
    return Answer(frame(cells), [coverage(each for _, _, each in cells)])


def functions_of_models(engine: Engine, *, models: Sequence[str] | None = None) -> Answer:
    """Which body of each model performs which generic function, and how far that is known.

    Columns: `function`, `model`, `state`, `basis`, `value_zh`, `value_en`, `source`: the cell of
    the dimension that is about the function.
    """
    found = grid(engine, list(models or ()) or all_models(engine))
    cells = [
        (function, model, found.cell(model, row))
        for row in found.rows
        if row.kind == "dimension"
        for function in sorted(row.functions)
        for model in found.subjects
    ]
    rows = [
        (function, model, cell.state, cell.basis, cell.text("zh"), cell.text("en"), cell.sources)
        for function, model, cell in cells
    ]
    texts = dict.fromkeys(
        ("function", "model", "state", "basis", "value_zh", "value_en"), pl.String
    )
    schema = pl.DataFrame(rows, schema={**texts, "source": pl.List(pl.String)}, orient="row")
    known = sum(cell.state in KNOWN for _, _, cell in cells)
    zh = f"{len(cells)} 项职能中有 {known} 项有出处"
    en = f"{known} of {len(cells)} functions rest on a source"
    return Answer(schema, [Coverage("functions-known", known, len(cells), zh, en)])
