"""What demands are judged against: who is bound by them where, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from govgraph.governance.rules import seats
from govgraph.governance.rules.spans import DAYS
from govgraph.governance.stars import Facts

#: The columns of a layer (steps.py), with the fact that a row is.
LAYER = ("subject", "fact", *DAYS)


@dataclass(frozen=True)
class Practice:
    """The facts, seen from some demands."""

    facts: Facts
    demands: pl.DataFrame

    @cached_property
    def seated(self) -> pl.DataFrame:
        """The posts of the demands' slots (seats.seats)."""
        slots = pl.concat([self.demands["slot"], self.demands["second"]])
        return seats.seats(self.facts, slots)

    @cached_property
    def held(self) -> pl.DataFrame:
        """The appointments to those posts (seats.held)."""
        return seats.held(self.facts, self.seated)

    @cached_property
    def bound(self) -> pl.DataFrame:
        """The adoptions of the demands' models (seats.bound)."""
        return seats.bound(self.facts, self.demands["model"])

    def due(self, asked: pl.DataFrame) -> pl.DataFrame:
        """The appointments that demands speak of first, where their models bind, as far as the
        condition may hold."""
        wanted = asked.select("demand", "model", "condition", "slot")
        places = self.bound.select("model", "place").unique()
        found = self.held.join(wanted, on="slot").join(places, on=["model", "place"], how="semi")
        return seats.conditioned(found, self.facts["person"])

    def adopted(self, subjects: pl.DataFrame) -> pl.DataFrame:
        """The layer of adoptions that bind each subject (`demand`, `place`)."""
        modelled = subjects.join(self.demands.select("demand", "model"), on="demand")
        return modelled.join(self.bound, on=["model", "place"]).select(LAYER)
