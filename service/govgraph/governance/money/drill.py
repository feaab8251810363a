"""From a sum to its flows."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.money import cells, words
from govgraph.governance.money.keys import By, keyed
from govgraph.governance.money.ledger import ledger_of
from govgraph.governance.money.listing import with_words
from govgraph.governance.money.selection import Selection
from govgraph.governance.time import Moment


def drill(
    engine: Engine,
    *,
    by: By = "all",
    group: str | None = None,
    group_text: str | None = None,
    funder: str | None = None,
    recipient: str | None = None,
    project: str | None = None,
    instrument: str | None = None,
    place: str | None = None,
    year: int | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """The flows behind a row of `totals` with the same parameters; the row is named by its `group`
    or `group_text`, all rows without. `counted`: whether the flow is counted by itself, or stands
    inside a selected total (`within`, the outermost)."""
    ledger = ledger_of(engine)
    wanted = Selection(funder, recipient, project, instrument, place, year, at, start, end)
    selected = keyed(engine, wanted.of(engine, ledger.flows), by)
    top = ledger.counted(selected)["flow"]
    within = ledger.pairs.filter(pl.col("whole").is_in(top.implode())).select(
        "flow", within="whole"
    )
    if group or group_text:
        name, value = ("group", group) if group else ("group_text", group_text)
        selected = selected.filter(pl.col(name) == value)
    found = with_words(engine, ledger, selected).join(within, on="flow", how="left")
    shown = found.select(
        "group", "group_text", "flow", "funder", "recipient", "purpose_zh", "purpose_en",
        "fiscal_year", "date", "in_period", "value", "at_least", "at_most", "currency", "within",
        "source", counted=pl.col("flow").is_in(top.implode()),
    )  # fmt: skip
    shown = shown.sort("group", "group_text", "flow", nulls_last=True)
    return Answer(cells.plain(shown, ["value", "at_least", "at_most"]), [words.amounts(found)])
