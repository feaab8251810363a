"""Money joined with office: people with posts on both sides of a flow when it was paid."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.money import cells, words
from govgraph.governance.money.flows import flows
from govgraph.governance.money.holdings import ALWAYS, NEVER, bodies_within, holdings
from govgraph.governance.money.selection import Selection
from govgraph.governance.time import Moment

_FLOW = ["flow", "funder", "other", "role", "fiscal_year", "date", "value", "currency", "precision"]
_HOLDING = ("appointment", "post", "body", "start", "end")
_SIDES = ("payer", "other")
#: What organizations do in the project that a flow pays for. A role of a slot is that of the bodies
#: that fill the slot in the project's place.
_ROLES = """SELECT DISTINCT ?flow ?role ?other WHERE {
  ?flow a gov:FundingFlow ; gov:forProject ?project .
  { ?project gov:carriedBy ?other BIND ("carrier" AS ?role) }
  UNION { ?project gov:sponsor ?other BIND ("sponsor" AS ?role) }
  UNION { ?project ^gov:inProject/gov:actor ?other BIND ("project-role" AS ?role) }
  UNION { ?project gov:place ?place ; ^gov:inProject/gov:actor ?slot .
          ?other gov:fillsSlot ?slot ; gov:place ?place BIND ("project-role" AS ?role) } }"""


def both_sides(
    engine: Engine,
    *,
    funder: str | None = None,
    recipient: str | None = None,
    place: str | None = None,
    year: int | None = None,
    at: Moment | None = None,
    parts: bool = True,
) -> Answer:
    """People with a post in the funder and another in the recipient of a flow, or in bodies that are
    part of them (`parts`), when the flow was paid. `both`: yes, if they surely held both on every
    day that the flow can be of; unknown, if dates are too coarse or missing to tell."""
    wanted = Selection(funder=funder, recipient=recipient, place=place, year=year, at=at)
    selected = wanted.of(engine, flows(engine))
    links = selected.with_columns(other="recipient", role=pl.lit("recipient"))
    return _answer(engine, links, selected, parts=parts)


def payer_and_project(
    engine: Engine,
    *,
    funder: str | None = None,
    project: str | None = None,
    place: str | None = None,
    year: int | None = None,
    at: Moment | None = None,
    parts: bool = True,
) -> Answer:
    """People with a post in the funder of a flow and another in an organization with a part in the
    project that it pays for: carrier, sponsor, evaluator (`role`). `both` as in `both_sides`."""
    wanted = Selection(funder=funder, project=project, place=place, year=year, at=at)
    selected = wanted.of(engine, flows(engine))
    roles = cells.read(engine, _ROLES).select(
        *map(cells.iri, ("flow", "other")), cells.text("role")
    )
    links = selected.join(roles.drop_nulls(), on="flow")
    return _answer(engine, links, selected, parts=parts)


def _answer(engine: Engine, links: pl.DataFrame, selected: pl.DataFrame, *, parts: bool) -> Answer:
    links = links.drop_nulls(["funder", "other"]).filter(pl.col("funder") != pl.col("other"))
    met = joined(links, _people(engine, links, parts=parts)).filter(pl.col("both") != "no")
    sides = [f"{side}_{name}" for side in _SIDES for name in _HOLDING]
    shown = met.select(
        *_FLOW, "person", "both", *sides, *_days(),
        source=pl.concat_list("flow", "payer_appointment", "other_appointment"),
    )  # fmt: skip
    shown = shown.sort("flow", "role", "other", "person", "payer_appointment", "other_appointment")
    return Answer(
        cells.plain(shown, ["value"]), [words.sides(selected, links), words.verdicts(met["both"])]
    )


def _people(engine: Engine, links: pl.DataFrame, *, parts: bool) -> pl.DataFrame:
    """`funder`, `other`, `person` and a holding on each side, all that are not in one body.

    A body that is part of both sides belongs to the nearer one.
    """
    pairs = links.select("funder", "other").unique()
    roots = pl.concat([pairs["funder"], pairs["other"]]).unique()
    bodies = bodies_within(engine, roots, parts=parts)
    held = holdings(engine).join(bodies, on="body")
    mine = held.rename({"root": "funder"}).join(pairs, on="funder")
    names = {name: f"other_{name}" for name in held.columns if name not in ("person", "root")}
    theirs = held.rename(names | {"root": "other"})
    met = mine.rename({name: f"payer_{name}" for name in names}).join(
        theirs, on=["other", "person"]
    )
    met = met.filter(pl.col("payer_body") != pl.col("other_body"))
    return _nearer(_nearer(met, bodies, "payer", "other"), bodies, "other", "funder")


def _nearer(met: pl.DataFrame, bodies: pl.DataFrame, side: str, far: str) -> pl.DataFrame:
    """Without the rows whose body on one side is nearer to the other side."""
    distances = bodies.rename({"root": far, "body": f"{side}_body", "distance": "away"})
    near = pl.col("away").is_null() | (pl.col(f"{side}_distance") <= pl.col("away"))
    return met.join(distances, on=[far, f"{side}_body"], how="left").filter(near).drop("away")


def joined(links: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Flows with the people on both sides and whether both posts were held (`both`) on the day of
    the flow, one of `first` … `last`; of these days, those on which both are surely and possibly
    held: `sure_from` … `maybe_to`."""
    first, last = pl.col("first").fill_null(NEVER), pl.col("last").fill_null(ALWAYS)
    met = links.join(people, on=["funder", "other"])
    for name in ("sure_from", "maybe_from"):
        held = pl.max_horizontal(f"payer_{name}", f"other_{name}")
        met = met.with_columns(pl.max_horizontal(held, first).alias(name))
    for name in ("sure_to", "maybe_to"):
        held = pl.min_horizontal(f"payer_{name}", f"other_{name}")
        met = met.with_columns(pl.min_horizontal(held, last).alias(name))
    surely = (pl.col("sure_from") <= first) & (pl.col("sure_to") >= last)
    never = pl.col("maybe_from") > pl.col("maybe_to")
    both = pl.when(never).then(pl.lit("no")).when(surely).then(pl.lit("yes"))
    return met.with_columns(both=both.otherwise(pl.lit("unknown")))


def _days() -> list[pl.Expr]:
    """The days of overlap; null where there is no bound, or no such day."""
    empty = pl.col("sure_from") > pl.col("sure_to")
    names = ("sure_from", "sure_to", "maybe_from", "maybe_to")
    shown = {name: pl.col(name).replace([NEVER, ALWAYS], None) for name in names}
    for name in names[:2]:
        shown[name] = pl.when(~empty).then(shown[name])
    return [column.alias(name) for name, column in shown.items()]
