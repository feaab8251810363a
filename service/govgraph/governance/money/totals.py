"""How much money by whom, to whom, for what, where and when."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.kept import kept
from govgraph.governance.money import cells, words
from govgraph.governance.money.aggregate import aggregated, unconverted
from govgraph.governance.money.flows import identifiers
from govgraph.governance.money.keys import GROUP, By, keyed
from govgraph.governance.money.ledger import Ledger, ledger_of
from govgraph.governance.money.nearby import nearby
from govgraph.governance.money.rates import applied, rates
from govgraph.governance.money.repeats import once
from govgraph.governance.money.selection import Selection
from govgraph.governance.money.sums import outermost
from govgraph.governance.time import Moment

_KEY = [*GROUP, "currency"]
_MONEY = (
    "value", "lower", "upper", "parts_value", "parts_lower", "parts_upper", "once_least", "once_most",
)  # fmt: skip


def totals(
    engine: Engine,
    *,
    by: By = "all",
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
    """Sums of the flows selected, a row for each group and currency; with `currency`, converted
    where there is a rate for it, and left as they are where there is none (`converted`).

    A total and its parts are counted once: a flow counts if no selected total contains it. What a
    group has inside totals that are counted elsewhere stands beside it (`parts…`). `value` sums the
    amounts that are known, `lower` and `upper` are what the sum is at least and at most; null is
    not known, not bounded. Flows that are perhaps outside the period (`uncertain`) add nothing to
    `value` and `lower`.
    """
    if not currency:  # rates are the whole graph's
        engine = nearby(engine, funder=funder, recipient=recipient, project=project, place=place)
    ledger = ledger_of(engine)
    wanted = Selection(funder, recipient, project, instrument, place, year, at, start, end)
    selected = keyed(engine, wanted.of(engine, ledger.flows), by)
    left_out = wanted.left_out(engine, ledger.flows)
    if not selected.height and not currency:
        found = _of_none(engine)
        return Answer(found, words.of_sums(selected, selected, found, left_out))
    found, top = summed(engine, ledger, selected, currency)
    return Answer(_in_english(found, selected), words.of_sums(selected, top, found, left_out))


@kept
def _of_none(engine: Engine) -> pl.DataFrame:
    """The rows for no flow, which is what most organizations pay and are paid."""
    ledger = ledger_of(engine)
    none = keyed(engine, Selection().of(engine, ledger.flows.clear()), "all")
    return _in_english(summed(engine, ledger, none)[0], none)


def _in_english(found: pl.DataFrame, selected: pl.DataFrame) -> pl.DataFrame:
    """The rows with `group_text_en`: purposes in English, years as they are."""
    if "purpose_en" not in selected.columns:
        return found.with_columns(group_text_en="group_text")
    english = selected.group_by("group_text").agg(group_text_en=pl.col("purpose_en").min())
    return found.join(english, on="group_text", how="left")


def summed(
    engine: Engine, ledger: Ledger, selected: pl.DataFrame, currency: str | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `totals` for flows with their groups, and the flows that are counted."""
    known = rates(engine) if currency else None
    top = ledger.counted(selected)
    within = _within(ledger, selected, top).with_columns(inside=True)
    rows = _priced(pl.concat([top.with_columns(inside=False), within]), known, currency)
    both = aggregated(ledger, rows, [*_KEY, "inside"])
    sums, parts = both.filter(~pl.col("inside")), both.filter("inside")
    parts = parts.select(
        *_KEY, parts="flows", parts_known="known", parts_value="value", parts_lower="lower",
        parts_upper="upper", parts_source="source",
    )  # fmt: skip
    found = sums.join(parts, on=_KEY, how="full", coalesce=True, nulls_equal=True)
    repeated = once(rows.filter(~pl.col("inside")), identifiers(engine), _KEY)
    found = found.join(repeated, on=_KEY, how="left", nulls_equal=True)
    return _shown(found, currency), top


def _within(ledger: Ledger, selected: pl.DataFrame, top: pl.DataFrame) -> pl.DataFrame:
    """The selected flows inside others, the outermost of each group."""
    rest = selected.join(top, on="flow", how="anti")
    if not rest.height:
        return rest
    named = rest.select("flow", group=pl.struct(GROUP))
    return rest.join(outermost(ledger, named), on="flow", how="semi")


def _priced(rows: pl.DataFrame, known: pl.DataFrame | None, target: str | None) -> pl.DataFrame:
    """The rows with `rate` and `factor`, in the target currency where there is a factor."""
    if known is None or target is None:
        return unconverted(rows)
    converted = pl.when(pl.col("factor").is_not_null()).then(pl.lit(target))
    return applied(rows, known, target).with_columns(currency=converted.otherwise("currency"))


def _shown(found: pl.DataFrame, target: str | None) -> pl.DataFrame:
    counts = ("flows", "known", "unknown", "uncertain", "parts", "parts_known", "repeated")
    lists = ("source", "parts_source")
    empty = pl.lit([], dtype=pl.List(pl.String))
    found = found.with_columns(
        *(pl.col(name).fill_null(0).cast(pl.Int64) for name in counts),
        source=pl.concat_list(*(pl.coalesce(name, empty) for name in lists)),
        converted=pl.lit(None, pl.Boolean) if target is None else pl.col("currency") == target,
    )
    found = found.select(
        *_KEY, "converted", "flows", "known", "unknown", "uncertain", *_MONEY[:3], "parts",
        "parts_known", *_MONEY[3:6], "repeated", *_MONEY[6:], "source",
    )  # fmt: skip
    return cells.plain(found.sort(_KEY, nulls_last=True), _MONEY)


def by_year(
    engine: Engine,
    *,
    funder: str | None = None,
    recipient: str | None = None,
    project: str | None = None,
    instrument: str | None = None,
    place: str | None = None,
    currency: str | None = None,
) -> Answer:
    """The sums of `totals` for each year; flows without one stand in a row without a year."""
    found = totals(
        engine, by="year", funder=funder, recipient=recipient, project=project,
        instrument=instrument, place=place, currency=currency,
    )  # fmt: skip
    years = found.frame.with_columns(year=pl.col("group_text").cast(pl.Int64))
    return Answer(years.sort("year", "currency", nulls_last=True), found.coverage)
