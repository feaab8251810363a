"""Who gives to whom by what way, as links of a Sankey diagram."""

from __future__ import annotations

from typing import Literal

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.money import cells, words
from govgraph.governance.money.aggregate import aggregated, unconverted
from govgraph.governance.money.cycles import components
from govgraph.governance.money.keys import keyed
from govgraph.governance.money.ledger import ledger_of
from govgraph.governance.money.selection import Selection
from govgraph.governance.time import Moment

Levels = Literal["instrument", "project", "none", "chain"]
_ENDS = ("from_level", "from_entity", "to_level", "to_entity")
_MONEY = ("value", "lower", "upper")


def sankey(
    engine: Engine,
    *,
    levels: Levels = "instrument",
    funder: str | None = None,
    recipient: str | None = None,
    project: str | None = None,
    place: str | None = None,
    year: int | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """Links between nodes, each with the sum of the flows that it stands for, counted once.

    Nodes are a level and an entity; an entity of null is not stated, so that its money is not lost.
    `levels`: funder → instrument or project → recipient, or funder → recipient (`none`). With
    `chain` an organization is one node, whether it gives or gets; `cycle` then marks the links that
    lie on a circle, which a diagram has to draw backwards. A link without any known amount has no
    `value`: it has no width, and `unknown` says how many flows that is.
    """
    ledger = ledger_of(engine)
    wanted = Selection(funder, recipient, project, None, place, year, at, start, end)
    top = ledger.counted(wanted.of(engine, ledger.flows))
    if levels in ("instrument", "project"):
        top = keyed(engine, top, levels)
    steps = [unconverted(_step(top, *step)) for step in _STEPS[levels]]
    sums = pl.concat(aggregated(ledger, rows, [*_ENDS, "currency"]) for rows in steps)
    shown = _with_cycles(sums).select(
        *_ENDS, "currency", "flows", "unknown", *_MONEY, "cycle", "source"
    )
    shown = shown.sort(*_ENDS, "currency", nulls_last=True)
    return Answer(cells.plain(shown, _MONEY), [words.amounts(top), *words.uncertain(top)])


_STEPS: dict[str, list[tuple[str, str, str, str]]] = {
    "instrument": [("funder", "funder", "instrument", "group"), ("instrument", "group", "recipient", "recipient")],
    "project": [("funder", "funder", "project", "group"), ("project", "group", "recipient", "recipient")],
    "none": [("funder", "funder", "recipient", "recipient")],
    "chain": [("organization", "funder", "organization", "recipient")],
}  # fmt: skip


def _step(
    top: pl.DataFrame, from_level: str, giver: str, to_level: str, getter: str
) -> pl.DataFrame:
    return top.with_columns(
        from_level=pl.lit(from_level),
        from_entity=giver,
        to_level=pl.lit(to_level),
        to_entity=getter,
    )


def _with_cycles(sums: pl.DataFrame) -> pl.DataFrame:
    """The links; `cycle` marks those on a circle. What is not stated is on none."""
    ends = [
        pl.concat_str(level, pl.lit(" "), entity).alias(level)
        for level, entity in (_ENDS[:2], _ENDS[2:])
    ]
    nodes = sums.select(ends)
    found = components(nodes.drop_nulls().unique().iter_rows())
    numbers = [nodes[name].replace_strict(found, default=None) for name in nodes.columns]
    return sums.with_columns(cycle=(numbers[0] == numbers[1]).fill_null(value=False))
