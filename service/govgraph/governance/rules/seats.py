"""Who holds which slot where, who is bound by which model, and which places lie around which."""

from __future__ import annotations

import polars as pl

from govgraph.governance.places import within
from govgraph.governance.rules.demands import ABOVE, BELOW, ELSEWHERE, SAME
from govgraph.governance.rules.spans import SURE
from govgraph.governance.stars import Facts

_TRUE = ("true", '"true"', '"1"')
_FALSE = ("false", '"false"', '"0"')


def seats(facts: Facts, slots: pl.Series) -> pl.DataFrame:
    """`post`, `place`, `slot`: the posts of those slots. A post fills its post slot, the body slot
    of that, and the body slot that its body fills."""
    in_place = facts["post"].join(facts["body"].select("body", "place", "body_slot"), on="body")
    of_slot = facts["slot"].select("slot", of_slot="body_slot").unique()
    placed = in_place.join(of_slot, on="slot", how="left")
    parts = [
        placed.select("post", "place", slot=column).drop_nulls()
        for column in ("slot", "of_slot", "body_slot")
    ]
    wanted = slots.drop_nulls().unique().to_frame("slot")
    return pl.concat(part.join(wanted, on="slot", how="semi") for part in parts).unique()


def held(facts: Facts, seated: pl.DataFrame) -> pl.DataFrame:
    """`fact`, `person`, `place`, `slot` and days of each appointment to one of the seats."""
    return facts["holding"].join(seated, on="post").drop("post").unique()


def bound(facts: Facts, models: pl.Series) -> pl.DataFrame:
    """`model`, `place`, `adopter`, `fact` and days: the adoptions that bind a place, its own and
    those of the places around it."""
    adopted = facts["adoption"].join(models.unique().to_frame("model"), on="model", how="semi")
    below = within(adopted, facts["place"])
    return adopted.join(below, on="this").rename({"this": "adopter", "community": "place"})


def around(facts: Facts, places: pl.Series, tier: str) -> pl.DataFrame:
    """`place`, `other`: for each place those of a tier. ValueError for a tier that is none."""
    here = places.unique().to_frame("this")
    up = {"place": "this", "other": "community"}
    chain = here.select(this="this", community="this")
    if tier == SAME:
        return chain.select(**up)
    if tier == ABOVE:
        links = facts["place"].rename({"community": "parent", "parent": "community"})
        return _apart(within(here, links).select(**up))
    if tier == BELOW:
        return _apart(within(here, facts["place"]).select(**up))
    if tier == ELSEWHERE:
        return pl.concat([around(facts, places, ABOVE), around(facts, places, BELOW)]).unique()
    raise ValueError(tier)


def conditioned(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Rows with `condition` and `person` as far as the condition may hold; they hold for sure only
    where it does. `untold` says where it is not known."""
    if rows["condition"].null_count() == rows.height:
        return rows.with_columns(untold=pl.lit(False))
    members = people.select("person", yes=_is(*_TRUE), no=_is(*_FALSE)).group_by("person")
    asked = rows.join(members.agg(pl.col("yes", "no").any()), on="person", how="left")
    yes, no = pl.col("yes").fill_null(False), pl.col("no").fill_null(False)
    condition = pl.col("condition")
    member, other = yes & ~no, no & ~yes
    met = _either(condition, member, other)
    ruled_out = _either(condition, other, member)
    return (
        asked.filter(condition.is_null() | ~ruled_out)
        .with_columns(untold=condition.is_not_null() & ~met)
        .with_columns(pl.when(~pl.col("untold")).then(column).alias(column) for column in SURE)
        .drop("yes", "no")
    )


def _either(condition: pl.Expr, member: pl.Expr, other: pl.Expr) -> pl.Expr:
    """What goes with the condition; False for one that is not known here."""
    asks_member = pl.when(condition == "isPartyMember").then(member)
    return asks_member.when(condition == "isNotPartyMember").then(other).otherwise(False)


def _is(*texts: str) -> pl.Expr:
    party = pl.col("party").cast(pl.String)
    return pl.any_horizontal(party.str.starts_with(text) for text in texts)


def _apart(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.filter(pl.col("place") != pl.col("other"))
