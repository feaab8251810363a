"""What changed between a model and the one that it revises, slot by slot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import polars as pl

from govgraph.engine.base import Engine
from govgraph.errors import GovgraphError
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.models.blueprint import revisions
from govgraph.governance.models.cells import Cell
from govgraph.governance.models.grid import Grid, grid
from govgraph.governance.models.rows import Row

Change = Literal["added", "removed", "kept", "changed", "unknown"]
SCHEMA = {
    "kind": pl.String(),
    "dimension": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "item_zh": pl.String(),
    "item_en": pl.String(),
    "change": pl.String(),
    "basis": pl.String(),
    "before_state": pl.String(),
    "after_state": pl.String(),
    "before_zh": pl.String(),
    "after_zh": pl.String(),
    "before_en": pl.String(),
    "after_en": pl.String(),
    "source": pl.List(pl.String()),
}


def model_changes(engine: Engine, *, model: str, before: str | None = None) -> Answer:
    """What a model added to, removed from, kept or changed of the one before it.

    `before` is the model that it revises if it is not given. A row for each slot and rule of
    either, and for each dimension in which one of them is known: `kind`, `dimension`, `before` and
    `after` (the slot in each), `item_zh`, `item_en`, `change` (added, removed, kept, changed,
    unknown), `basis` (`inferred` where either side is), the state and words of both sides,
    `source`. `unknown` says that the sources leave one side open.
    GovgraphError(invalid-parameter) if the model revises none, or several, and none is named.
    """
    earlier = before or _revised(engine, model)
    found = grid(engine, [earlier, model])
    pairs = [(row, found.cell(earlier, row), found.cell(model, row)) for row in found.rows]
    shown = [pair for pair in pairs if {pair[1].state, pair[2].state} != {"unknown"}]
    rows = [_row(found, (earlier, model), *pair) for pair in shown]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    told, total = int((frame["change"] != "unknown").sum()), frame.height
    zh = f"{total} 项中有 {told} 项可以判断前后异同"
    en = f"For {told} of {total} items it can be told whether they changed"
    return Answer(frame, [Coverage("changes-known", told, total, zh, en)])


def _revised(engine: Engine, model: str) -> str:
    earlier = sorted(old for new, old in revisions(engine) if new == model)
    if len(earlier) == 1:
        return earlier[0]
    why = "the model revises none" if not earlier else "the model revises several: name one"
    why_zh = "该模式没有取代任何模式" if not earlier else "该模式取代了多个模式，请指明一个"
    raise GovgraphError("invalid-parameter", name="before", why=why, why_zh=why_zh)


def _row(
    found: Grid, models: tuple[str, str], row: Row, old: Cell, new: Cell
) -> tuple[object, ...]:
    names = row.names.filled()
    before, after = (_part(found, row, model) for model in models)
    bases = [cell.basis for cell in (old, new)]
    change = changed(found, row, old, new, before, after)
    return (
        row.kind, row.dimension.iri, before, after, names.zh, names.en, change,
        "inferred" if "inferred" in bases else next(iter(filter(None, reversed(bases))), None),
        old.state, new.state, old.text("zh"), new.text("zh"), old.text("en"), new.text("en"),
        list(dict.fromkeys([*old.sources, *new.sources])),
    )  # fmt: skip


def _part(found: Grid, row: Row, model: str) -> str | None:
    """The slot or rule of a model in a row."""
    return next((part for part, of in _models(found, row) if of == model), None)


def _models(found: Grid, row: Row) -> Iterator[tuple[str, str]]:
    tables = (found.found.bodies, found.found.posts, found.found.rules, found.found.staffing)
    for part in row.parts:
        for table in tables:
            if part in table:
                yield part, table[part].model


def changed(
    found: Grid, row: Row, old: Cell, new: Cell, before: str | None, after: str | None
) -> Change:
    """The change between two cells of a row.

    What was absent or could not be and now is, is added; the other way round it is removed. Where
    both are there, a slot is kept if its stated traits and functions are the same, and a dimension
    if its codes are, or where it has none its words; a side that states none leaves it at kept.
    """
    here, gone = {"sourced", "unsourced"}, {"absent", "notApplicable"}
    if old.state in gone and new.state in here:
        return "added"
    if old.state in here and new.state in gone:
        return "removed"
    if old.state in gone and new.state in gone:
        return "kept"
    if not (old.state in here and new.state in here):
        return "unknown"
    if row.kind == "dimension":
        return "kept" if _said(old) == _said(new) else "changed"
    return "changed" if _differ(found, before, after) else "kept"


def _said(cell: Cell) -> frozenset[object]:
    return frozenset(cell.codes or (value.words for value in cell.deciding))


def _differ(found: Grid, before: str | None, after: str | None) -> bool:
    """Whether two slots state something different of the same trait."""
    old, new = (_stated(found, part) for part in (before, after))
    return any(old[name] != new[name] for name in old.keys() & new.keys())


def _stated(found: Grid, part: str | None) -> dict[str, frozenset[str]]:
    slot = found.found.bodies.get(part or "") or found.found.posts.get(part or "")
    if slot is None:
        return {}
    stated: dict[str, frozenset[str]] = {}
    for name, value in slot.traits:
        stated[name] = stated.get(name, frozenset()) | {value}
    body = found.found.bodies.get(part or "")
    return stated | ({"functions": body.functions} if body and body.functions else {})
