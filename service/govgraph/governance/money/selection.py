"""Which flows a question is about, and whether they are surely of its period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.money.flows import projects
from govgraph.governance.money.where import below, flow_places
from govgraph.governance.time import Moment
from govgraph.vocabulary import GOV

INSTRUMENTS = (
    "total", "subsidy", "grant", "purchaseOfService", "jointFunding", "inKind", "allowance",
)  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """What a caller asks for; None is anything. Entities are IRIs; `instrument` is a local name;
    `place` means it and all below. `at` and `start` … `end` are periods: a flow is of a period if
    every day it can be of lies in it."""

    funder: str | None = None
    recipient: str | None = None
    project: str | None = None
    instrument: str | None = None
    place: str | None = None
    year: int | None = None
    at: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None

    def of(
        self, engine: Engine, flows: pl.DataFrame, places: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """The flows selected, with `in_period`: yes, or unknown where the flow's date is coarse or
        missing. Those surely outside are left out. `places` are where.flow_places, if they have
        been read."""
        kept = flows.filter(*self._stated())
        if self.project:
            pairs = projects(engine).filter(project=self.project)
            kept = kept.join(pairs, on="flow", how="semi")
        if self.place:
            found = flow_places(engine) if places is None else places
            found = found.join(below(engine, self.place), on="place", how="semi")
            kept = kept.join(found, on="flow", how="semi")
        if self.at is None and self.start is None and self.end is None:
            return kept.with_columns(in_period=pl.lit("yes"))
        kept = kept.with_columns(in_period=self._verdict())
        return kept.filter(pl.col("in_period") != "no")

    def left_out(self, engine: Engine, flows: pl.DataFrame) -> int:
        """How many flows a year that is asked for leaves out because they state none."""
        if self.year is None:
            return 0
        return replace(self, year=None).of(engine, flows.filter(pl.col("year").is_null())).height

    def _stated(self) -> Sequence[pl.Expr]:
        instrument = GOV + self.instrument if self.instrument else None
        wanted = {
            "funder": self.funder,
            "recipient": self.recipient,
            "instrument": instrument,
            "year": self.year,
        }
        return [pl.col(name) == value for name, value in wanted.items() if value is not None]

    def _verdict(self) -> pl.Expr:
        """Of each flow: whether it is of all the periods asked for."""
        periods = [(self.at, self.at), (self.start, self.end)]
        verdicts = [
            within(start.first if start else None, end.last if end else None)
            for start, end in periods
        ]
        no = pl.any_horizontal(verdict == "no" for verdict in verdicts)
        yes = pl.all_horizontal(verdict == "yes" for verdict in verdicts)
        return (
            pl.when(no)
            .then(pl.lit("no"))
            .when(yes)
            .then(pl.lit("yes"))
            .otherwise(pl.lit("unknown"))
        )


def within(start: object, end: object) -> pl.Expr:
    """Whether a flow that is of some day from `first` to `last` (null: not bounded) is of a period
    (dates; None: not bounded): yes, no or unknown."""
    before, after = pl.lit(value=False), pl.lit(value=False)
    begun, over = pl.lit(value=True), pl.lit(value=True)
    if start is not None:
        before, begun = pl.col("last") < pl.lit(start), pl.col("first") >= pl.lit(start)
    if end is not None:
        after, over = pl.col("first") > pl.lit(end), pl.col("last") <= pl.lit(end)
    surely = begun.fill_null(value=False) & over.fill_null(value=False)
    never = before.fill_null(value=False) | after.fill_null(value=False)
    return (
        pl.when(never)
        .then(pl.lit("no"))
        .when(surely)
        .then(pl.lit("yes"))
        .otherwise(pl.lit("unknown"))
    )
