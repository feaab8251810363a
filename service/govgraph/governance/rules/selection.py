"""Which findings an answer is about: by model, rule, type, place and time."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from govgraph.governance.kept import kept
from govgraph.governance.places import within
from govgraph.governance.rules.judge import Verdict
from govgraph.governance.terms import iri
from govgraph.governance.time import Moment

_IRIS = ("rule", "model", "slot", "second", "site")


@dataclass(frozen=True)
class Selection:
    """What a caller asked for; None lets everything through. IRIs in full."""

    model: str | None = None
    place: str | None = None
    rule: str | None = None
    rule_type: str | None = None
    person: str | None = None

    def demands(self, verdict: Verdict) -> pl.DataFrame:
        """The demands asked for, with plain IRIs."""
        wanted = {"model": self.model, "rule": self.rule, "type": self.rule_type}
        given = {column: value for column, value in wanted.items() if value is not None}
        return named(verdict).filter(**given)

    def subjects(self, verdict: Verdict, demands: pl.DataFrame) -> pl.DataFrame:
        """The subjects of those demands: the person, in the place and below it."""
        found = verdict.judged.subjects
        if demands.height < verdict.demands.height:
            found = found.join(demands, on="demand", how="semi")
        if self.person is not None:
            found = found.filter(iri("person") == self.person)
        return self.placed(verdict, found)

    def adoptions(self, verdict: Verdict) -> pl.DataFrame:
        """The adoptions of the model that bind the place or places below it."""
        found = self.placed(verdict, verdict.adoptions)
        return found if self.model is None else found.filter(iri("model") == self.model)

    def placed(self, verdict: Verdict, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows whose `place` is the place asked for or lies in it."""
        if self.place is None:
            return rows
        return rows.join(_inside(verdict, self.place), on="place", how="semi")


@kept
def named(verdict: Verdict) -> pl.DataFrame:
    """All demands with plain IRIs."""
    return verdict.demands.with_columns(map(iri, _IRIS))


@kept
def _inside(verdict: Verdict, place: str) -> pl.DataFrame:
    """`place`: a place and those in it."""
    here = pl.DataFrame({"this": [f"<{place}>"]}, {"this": verdict.places.schema["community"]})
    return within(here, verdict.places).select(place="community")


def touching(
    runs: pl.DataFrame, at: Moment | None, start: Moment | None, end: Moment | None
) -> pl.DataFrame:
    """The runs (`first`, `last`) that may have a day at the moment and in the period asked for, with
    `at`: yes if the moment lies in the run whatever day it is, unknown if only some of its days do,
    null if no moment is asked for."""
    first, last = pl.col("first"), pl.col("last")
    kept: list[pl.Expr] = []
    kept += [(first <= at.last) & (last >= at.first)] if at else []
    kept += [last >= start.first] if start else []
    kept += [first <= end.last] if end else []
    whole = (first <= at.first) & (last >= at.last) if at else None
    told = (
        pl.lit(None, pl.String)
        if whole is None
        else pl.when(whole).then(pl.lit("yes")).otherwise(pl.lit("unknown"))
    )
    return (runs.filter(*kept) if kept else runs).with_columns(at=told)
