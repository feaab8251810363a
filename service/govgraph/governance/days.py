"""Which dates can be compared as days, and which facts have others.

Rules are judged on days, plain `xsd:date` without a time zone, as the loaders write them. A graph
may hold anything: what a comparison with another value means is left to SPARQL, on that part of the
graph where such a value can have a say.
"""

from __future__ import annotations

import polars as pl

from govgraph.engine.columnar.ids import XSD
from govgraph.governance.places import within
from govgraph.governance.stars import Facts

#: The columns that hold dates, by star.
DATED = {"adoption": ("adopted", "dropped"), "holding": ("from", "taken", "left", "to")}
_PLAIN = rf'^"(\d{{4}}-\d\d-\d\d)"\^\^<{XSD}date>$'


def day(column: str) -> pl.Expr:
    """The days of a column of terms, null where a term is no plain date."""
    text = pl.col(column).cast(pl.String).str.extract(_PLAIN)
    return text.str.to_date("%Y-%m-%d", strict=False).alias(column)


def text(column: str) -> pl.Expr:
    """The terms of a column of days."""
    return pl.format('"{}"^^<{}date>', pl.col(column).dt.to_string("%Y-%m-%d"), pl.lit(XSD)).alias(
        column
    )


def parted(facts: Facts) -> tuple[Facts, list[Facts]]:
    """The facts whose dates are all plain, and parts for SPARQL: the people with another date, and
    the adoptions with one. Every breach is found in one of them, and what is found is a breach."""
    adopted, holding = facts["adoption"], facts["holding"]
    strange = adopted.filter(_strange("adoption"))
    people = holding.filter(_strange("holding"))
    theirs = holding.join(people, on="person", how="semi")
    others = holding.join(people, on="person", how="anti")
    plain = facts | {"adoption": adopted.filter(~_strange("adoption")), "holding": others}
    parts = [facts | {"holding": theirs}, facts | {"adoption": strange, "holding": others}]
    return plain, [
        _concerned(part) for part in parts if part["adoption"].height and part["holding"].height
    ]


def _strange(star: str) -> pl.Expr:
    return pl.any_horizontal(
        pl.col(column).is_not_null() & day(column).is_null() for column in DATED[star]
    )


def _concerned(facts: Facts) -> Facts:
    """What of the facts can meet: holdings in places of adopters, and what leads from one to the
    other."""
    bound = within(facts["adoption"], facts["place"])
    post = facts["post"].join(bound, on="community", how="semi")
    holding = facts["holding"].join(post, on="post", how="semi")
    return facts | {
        "holding": holding,
        "post": post.join(holding, on="post", how="semi"),
        "place": facts["place"].join(bound, on="community", how="semi"),
        "person": facts["person"].join(holding, on="person", how="semi"),
    }
