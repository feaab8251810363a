"""Flows one by one: those selected, those without an amount, totals with their parts."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.kept import kept
from govgraph.governance.money import cells, words
from govgraph.governance.money.flows import described
from govgraph.governance.money.ledger import Ledger, ledger_of
from govgraph.governance.money.nearby import nearby
from govgraph.governance.money.selection import Selection
from govgraph.governance.money.where import flow_places
from govgraph.governance.time import Moment

_PARTIES = ["flow", "funder", "recipient", "purpose_zh", "purpose_en", "instrument"]


def listing(
    engine: Engine,
    *,
    funder: str | None = None,
    recipient: str | None = None,
    project: str | None = None,
    instrument: str | None = None,
    place: str | None = None,
    year: int | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
    currency: str | None = None,
) -> Answer:
    """The flows selected, parts beside totals: what a sum is made of. `value` is as stated;
    `at_least` and `at_most` follow from the words of the amount and from totals and parts."""
    wanted = Selection(funder, recipient, project, instrument, place, year, at, start, end)
    engine = nearby(engine, funder=funder, recipient=recipient, project=project, place=place)
    ledger = ledger_of(engine)
    places = flow_places(engine)
    found = wanted.of(engine, ledger.flows, places)
    if currency:
        found = found.filter(currency=currency)
    shown = _listed(engine, ledger, found, places) if found.height else _of_none(engine)
    coverage = [words.amounts(found), *words.dated(found, wanted.left_out(engine, ledger.flows))]
    return Answer(shown, coverage)


@kept
def _of_none(engine: Engine) -> pl.DataFrame:
    """The rows for no flow, which is what most organizations pay and are paid."""
    ledger = ledger_of(engine)
    none = Selection().of(engine, ledger.flows.clear())
    return _listed(engine, ledger, none, flow_places(engine))


def _listed(
    engine: Engine, ledger: Ledger, found: pl.DataFrame, places: pl.DataFrame
) -> pl.DataFrame:
    """The rows of `listing` for flows."""
    found = with_words(engine, ledger, found).join(_single(places), on="flow", how="left")
    shown = found.select(
        *_PARTIES, "projects", "place", "fiscal_year", "date", "in_period", "value",
        "at_least", "at_most", "currency", "precision", "identifier", "source", part_of="whole",
    )  # fmt: skip
    shown = shown.sort("fiscal_year", "date", "flow", nulls_last=True)
    return cells.plain(shown, ["value", "at_least", "at_most"])


def unknown_amounts(
    engine: Engine, *, funder: str | None = None, place: str | None = None, year: int | None = None
) -> Answer:
    """The flows without an amount, with what is known of it all the same: bounds that are stated
    or follow from their total (`bound_by`) or their parts."""
    ledger = ledger_of(engine)
    bound_by = pl.concat([ledger.flows.select("flow", "whole").clear(), *ledger.bounding])
    found = Selection(funder=funder, place=place, year=year).of(engine, ledger.flows)
    missing = with_words(engine, ledger, found.filter(pl.col("value").is_null())).join(
        bound_by.rename({"whole": "bound_by"}), on="flow", how="left"
    )
    shown = missing.select(
        *_PARTIES, "fiscal_year", "at_least", "at_most", "currency", "bound_by", "source",
    )  # fmt: skip
    shown = shown.sort("fiscal_year", "flow", nulls_last=True)
    return Answer(cells.plain(shown, ["at_least", "at_most"]), [words.amounts(found)])


def parts(engine: Engine, *, flow: str | None = None) -> Answer:
    """Totals with all that is inside them, each with its `depth` and what its amount is at least
    and at most; with `flow`, that total only. `contradictory`: parts surely exceed a total."""
    engine = nearby(engine, flow=flow)
    ledger = ledger_of(engine)
    pairs = ledger.pairs
    outer = pairs.join(pairs, left_on="whole", right_on="flow", how="anti")
    pairs = (outer if flow is None else pairs.filter(whole=flow)).rename({"whole": "total"})
    totals = pairs.select("total", flow="total", depth=pl.lit(0, pl.Int64)).unique()
    members = pl.concat([totals, pairs.select("total", "flow", "depth")])
    found = members.join(with_words(engine, ledger, ledger.flows), on="flow")
    shown = found.select(
        "total", "depth", *_PARTIES, "value", "at_least", "at_most", "currency", "contradictory",
        "source", part_of="whole",
    )  # fmt: skip
    shown = shown.sort("total", "depth", "flow")
    return Answer(cells.plain(shown, ["value", "at_least", "at_most"]), [words.amounts(found)])


def with_words(engine: Engine, ledger: Ledger, found: pl.DataFrame) -> pl.DataFrame:
    """Flows with purposes, `projects` (a list), `identifier`, bounds as they are shown (null where
    nothing more than “not below zero” is known), and `source`: the flow and what its bounds rest
    on."""
    told = pl.col("lower").is_not_null() | (pl.col("least") > 0)
    shown = found.with_columns(at_least=pl.when(told).then("least"), at_most=pl.col("most"))
    grounds = ledger.grounds(found).group_by("flow").agg(pl.col("ground").unique().sort())
    shown = shown.join(grounds, on="flow", how="left").with_columns(
        source=pl.concat_list("flow", pl.col("ground").fill_null([])).list.unique(
            maintain_order=True
        )
    )
    return shown.join(described(engine), on="flow", how="left")


def _single(places: pl.DataFrame) -> pl.DataFrame:
    """`flow`, `place`, where it is one."""
    one = pl.col("place").n_unique() == 1
    return places.group_by("flow").agg(place=pl.when(one).then(pl.col("place").first()))
