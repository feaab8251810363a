"""How many hold a post at a time: numbers of holders and staffing formulas, per rule and place."""

from __future__ import annotations

import polars as pl

from govgraph.governance.rules import cases
from govgraph.governance.rules.cases import Judged, may, sure
from govgraph.governance.rules.practice import LAYER, Practice
from govgraph.governance.rules.spans import DAYS, EVER, MAY, ON, SURE
from govgraph.governance.rules.steps import joined, runs, steps

_SITE = ("demand", "place")
_FEWEST, _GREATEST = pl.col("holder_sure"), pl.col("holder_may")


def judge_counts(asked: pl.DataFrame, practice: Practice) -> Judged:
    """Broken where surely too few or too many people hold the slot in a place that has the body.

    Where no post of the slot is recorded at all, it cannot be told how many hold it.
    """
    sites = _sites(asked, practice)
    subjects = cases.numbered(sites, "place", "recorded")
    held = practice.due(asked).join(subjects.drop("untold"), on=_SITE)
    adopted = practice.adopted(subjects)
    layers = {
        "adoption": adopted,
        "body": sites.join(subjects, on=_SITE).select("subject", *DAYS),
        "holder": _holders(held),
    }
    limits = subjects.join(asked.select("demand", "least", "most"), on="demand")
    found = runs(
        steps(layers).join(limits, on="subject", how="left", maintain_order="left"),
        _status(),
        *cases.doubts(
            adoption=~sure("adoption"), second=_FEWEST != _GREATEST, post=~pl.col("recorded")
        ),
        fewest=_FEWEST.min(),
        greatest=_GREATEST.max(),
    )
    told = held.group_by("subject").agg(pl.col("untold").any())
    nobody = pl.lit(None, held.schema["person"])
    return Judged(
        subjects.select("subject", "demand", "place", person=nobody).join(
            told, on="subject", how="left"
        ),
        found,
        cases.evidence(adopted, held.select(LAYER)),
    )


def _status() -> pl.Expr:
    least, most = pl.col("least").fill_null(0), pl.col("most")
    short, over = (least > _GREATEST) & pl.col("recorded"), (most < _FEWEST).fill_null(False)
    enough, few = least <= _FEWEST, (most >= _GREATEST).fill_null(True)
    broken = sure("adoption") & sure("body") & (short | over)
    return cases.status(broken, may("adoption") & may("body"), enough & few)


def _sites(asked: pl.DataFrame, practice: Practice) -> pl.DataFrame:
    """Where holders are asked for, and when: `demand`, `place`, `recorded` (a post of the slot is),
    days. That is where a body fills the demand's body slot, or else where its posts are."""
    shown = ("demand", "model", "place", "slot", *DAYS)
    wanted = asked.select("demand", "model", "site", "slot")
    bodies = practice.facts["body"].rename({"body_slot": "site"})
    of_body = wanted.join(bodies, on="site").select(shown)
    places = practice.seated.select("place", "slot").unique()
    of_post = (
        wanted.join(places, on="slot")
        .join(of_body, on=_SITE, how="anti")
        .with_columns(may_first=EVER, may_last=ON, sure_first=EVER, sure_last=ON)
    )
    bound = practice.bound.select("model", "place").unique()
    found = pl.concat([of_body, of_post.select(shown)]).join(bound, on=bound.columns, how="semi")
    recorded = places.with_columns(recorded=True)
    marked = found.join(recorded, on=["place", "slot"], how="left")
    return marked.with_columns(pl.col("recorded").fill_null(False), untold=False)


def _holders(held: pl.DataFrame) -> pl.DataFrame:
    """The layer of people who hold the slot: back-to-back and overlapping terms count once."""
    people = held.select("subject", "person").unique().with_row_index("holder")
    of_person = held.join(people, on=["subject", "person"]).drop("subject")
    terms = of_person.select(*DAYS, subject="holder")
    parts = [
        joined(terms, days).select(
            pl.col("subject").alias("holder"), **dict(zip(days, ("first", "last"), strict=True))
        )
        for days in (MAY, SURE)
    ]
    found = pl.concat(parts, how="diagonal").join(people, on="holder")
    return found.select("subject", *DAYS)
