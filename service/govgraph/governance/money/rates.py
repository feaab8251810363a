"""Exchange rates: amounts of one currency in another, by the rate of the day or not at all."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.money import cells

_QUERY = """SELECT ?rate ?base ?quote ?factor ?date ?first ?last ?origin WHERE {
  ?rate a gov:ExchangeRate ; gov:fromCurrency ?base ; gov:toCurrency ?quote ; gov:rate ?factor .
  OPTIONAL { ?rate gov:date ?date }
  OPTIONAL { ?rate gov:dateEarliest ?first }
  OPTIONAL { ?rate gov:dateLatest ?last }
  OPTIONAL { ?rate dcterms:source ?origin }
}"""
#: What the choice of a rate depends on.
_CASE = ["currency", "first", "last"]


def rates(engine: Engine) -> pl.DataFrame:
    """All rates, sorted: `rate` (IRI), `base` and `quote` (ISO 4217), `factor` (units of `quote`
    for one of `base`), `date` (EDTF: what it is the rate of; null is any time), `first`, `last`
    (its days), `origin` (who says so)."""
    found = cells.read(engine, _QUERY).with_columns(
        cells.iri("rate"),
        *map(cells.text, ("base", "quote", "date")),
        cells.amount("factor"),
        *map(cells.day, ("first", "last")),
        origin=pl.coalesce(cells.iri("origin"), cells.text("origin")),
    )
    return found.sort("base", "quote", "first", "rate", nulls_last=True)


def applied(flows: pl.DataFrame, known: pl.DataFrame, target: str) -> pl.DataFrame:
    """The flows with `rate` and `factor`: the rate into the target currency whose time covers all
    days that the flow can be of, the one of the shortest time if there are several. Null: there is
    none. Flows in the target currency have the factor 1 and no rate.

    Rates are used as stated: never inverted, never chained over a third currency.
    """
    cases = flows.select(_CASE).unique()
    offered = cases.join(known.filter(quote=target), left_on="currency", right_on="base")
    covers = _open("first_right", pl.col("first_right") <= pl.col("first")) & _open(
        "last_right", pl.col("last_right") >= pl.col("last")
    )
    length = pl.col("last_right") - pl.col("first_right")
    chosen = (
        offered.filter(covers.fill_null(value=False))
        .sort(length, pl.col("rate"), nulls_last=True)
        .unique(_CASE, keep="first", maintain_order=True)
        .select(*_CASE, "rate", "factor")
    )
    one = pl.when(pl.col("currency") == target).then(pl.lit(1, dtype=cells.AMOUNT))
    return flows.join(chosen, on=_CASE, how="left", nulls_equal=True).with_columns(
        factor=pl.coalesce(one, "factor")
    )


def _open(bound: str, covered: pl.Expr) -> pl.Expr:
    return pl.col(bound).is_null() | covered
