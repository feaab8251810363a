"""Breaches of post rules as joins of intervals: what `shapes/post-rules.ttl` says in SPARQL.

The shape is the definition, word for word; here appointments are first flattened to (person, place,
slot, days), so that a person's posts in one place meet each other and nobody else's. All dates are
days. A date that is not known is null: an unknown beginning or end of a cover counts for it, an
unknown end of a duty lets it go on, and a duty without a latest beginning is none.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from govgraph.engine.columnar.ids import XSD
from govgraph.governance import days
from govgraph.governance.places import within
from govgraph.governance.stars import Facts
from govgraph.vocabulary import GOV

#: A breach: terms as texts, `kind` excepted; `other` is mustNot's.
COLUMNS = ("kind", "this", "value", "rule", "person", "other", "day")
_BOOLEAN = f"^^<{XSD}boolean>"
#: How engines write the two booleans.
_TRUE = ["true", f'"true"{_BOOLEAN}', f'"1"{_BOOLEAN}']
_FALSE = ["false", f'"false"{_BOOLEAN}', f'"0"{_BOOLEAN}']
#: Where covers are looked for, and when.
_NEED = ["person", "community", "second", "day"]


def breaches(facts: Facts) -> pl.DataFrame:
    """The breaches among facts whose dates are all plain, each once (COLUMNS)."""
    rules = _rules(facts["rule"])
    held = _held(facts, rules)
    due = _duties(facts, rules, held)
    must, must_not = due.filter("required"), due.filter(~pl.col("required"))
    found = {
        "fromStart": _from_start(must, held),
        "afterEnd": _after_end(must, held),
        "mustNot": _must_not(must_not, held),
    }
    return pl.concat(_told(kind, rows) for kind, rows in found.items())


# -- who has what duty ---------------------------------------------------------------------------


def _rules(stated: pl.DataFrame) -> pl.DataFrame:
    """rule, model, slot, second; `required` or forbidden; `party`, the membership it asks for."""
    modality, kind, condition = (pl.col(c) for c in ("modality", "type", "condition"))
    must = (modality == _gov("must")) & (
        (kind == _gov("concurrentPosts")) | (kind == _gov("conditionalAppointment"))
    )
    must_not = (modality == _gov("mustNot")) & (kind == _gov("incompatiblePosts"))
    return (
        stated.filter(must | must_not)
        .with_columns(required=must, party=condition == _gov("isPartyMember"))
        .select("rule", "model", "slot", "second", "required", "party")
    )


def _held(facts: Facts, rules: pl.DataFrame) -> pl.DataFrame:
    """Appointments to slots that rules speak of: value, person, community, slot, four days."""
    slots = pl.concat([rules.select("slot"), rules.select(slot="second")])
    posts = facts["post"].join(slots, on="slot", how="semi").unique()
    held = facts["holding"].join(posts, on="post").drop("post")
    return held.with_columns(map(days.day, days.DATED["holding"]))


def _duties(facts: Facts, rules: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Each appointment that a rule of a model adopted there speaks of first, with its days."""
    adopted = facts["adoption"].drop("adoption").with_columns(map(days.day, days.DATED["adoption"]))
    bound = rules.join(adopted, on="model").join(within(adopted, facts["place"]), on="this")
    first = held.drop("from", "to").drop_nulls("taken").unique()
    due = bound.drop("model").join(first, on=["community", "slot"])
    members = facts["person"].select("person", party=_truth("party")).drop_nulls()
    return pl.concat(
        [
            due.filter(pl.col("party").is_null()),
            due.join(members, on=["person", "party"], how="semi"),
        ]
    )


# -- the three constraints -----------------------------------------------------------------------


def _from_start(must: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The required post is not held on the first day of the duty."""
    due = must.with_columns(day=pl.max_horizontal("taken", "adopted")).filter(
        _open("dropped", pl.col("day") <= pl.col("dropped")),
        _open("left", pl.col("day") <= pl.col("left")),
    )
    begun = _open("from", pl.col("from") <= pl.col("day"))
    return _uncovered(due, held, begun, _open("to", pl.col("to") >= pl.col("day")))


def _after_end(must: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The required post was held on a day of the duty, but cannot be held on the next."""
    ends = _second(held, "to").drop_nulls("to").rename({"to": "day"}).unique()
    due = must.join(ends, on=["person", "community", "second"]).filter(
        pl.col("day") >= pl.col("adopted"),
        pl.col("day") >= pl.col("taken"),
        _open("dropped", pl.col("day") < pl.col("dropped")),
        _open("left", pl.col("day") < pl.col("left")),
    )
    # terms back to back leave no gap: the next begins within a day
    begun = _open("from", pl.col("from") <= pl.col("day") + timedelta(days=1))
    return _uncovered(due, held, begun, _open("to", pl.col("to") > pl.col("day")))


def _must_not(must_not: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The forbidden post is held beside the first."""
    others = _second(held, "value", "taken", "left").drop_nulls("taken").unique()
    names = {"value": "other", "taken": "other_taken", "left": "other_left"}
    both = must_not.join(others.rename(names), on=["person", "community", "second"])
    day = pl.max_horizontal("taken", "other_taken", "adopted")
    return both.with_columns(day=day).filter(
        pl.col("other") != pl.col("value"),
        *(_open(end, pl.col("day") <= pl.col(end)) for end in ("dropped", "left", "other_left")),
    )


def _uncovered(
    due: pl.DataFrame, held: pl.DataFrame, begun: pl.Expr, lasting: pl.Expr
) -> pl.DataFrame:
    """The duties on whose day no holding of the required post has begun and lasts."""
    covers = due.select(_NEED).unique().join(_second(held, "from", "to"), on=_NEED[:3])
    return due.join(covers.filter(begun, lasting), on=_NEED, how="anti")


def _second(held: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The holdings as a rule's second post."""
    return held.select("person", "community", *columns, second="slot")


def _open(end: str, kept: pl.Expr) -> pl.Expr:
    return pl.col(end).is_null() | kept


# -- terms ---------------------------------------------------------------------------------------


def _truth(column: str) -> pl.Expr:
    """Booleans as such; other terms are null, since they equal neither."""
    text = pl.col(column).cast(pl.String)
    return pl.when(text.is_in(_TRUE)).then(True).when(text.is_in(_FALSE)).then(False)


def _gov(name: str) -> str:
    return f"<{GOV}{name}>"


def _told(kind: str, found: pl.DataFrame) -> pl.DataFrame:
    other = pl.col("other") if "other" in found.columns else pl.lit(None).alias("other")
    texts = [pl.col(c).cast(pl.String) for c in ("this", "value", "rule", "person")]
    shown = found.select(
        pl.lit(kind).alias("kind"), *texts, other.cast(pl.String), days.text("day")
    )
    return shown.unique()
