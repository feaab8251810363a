"""What judging gives: cases, the runs of days of one status in each, and the facts behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from govgraph.governance.rules.spans import MAY

#: The worst comes first.
BROKEN, CANNOT_BE_TOLD, KEPT = "broken", "cannot be told", "kept"
STATUSES = (BROKEN, CANNOT_BE_TOLD, KEPT)
#: What may leave a day open: the adoption, the first post, what it is held against, and whether
#: there is a post at all.
DOUBTS = ("adoption", "first", "second", "post")


@dataclass(frozen=True)
class Judged:
    """`subjects`: `subject`, `demand`, `place`, `person` (null where nobody in particular is
    bound), `untold` (the condition is not known); `runs`: `subject`, `status` (number in STATUSES),
    `first`, `last`, `doubt_…` and, of counts, `fewest` and `greatest` holders; `facts`: `subject`,
    `fact` and the days on which it may hold."""

    subjects: pl.DataFrame
    runs: pl.DataFrame
    facts: pl.DataFrame


def numbered(due: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The distinct subjects of rows (`untold`), by their demand and the columns named."""
    found = due.group_by("demand", *names, maintain_order=True).agg(pl.col("untold").any())
    return found.with_row_index("subject")


def status(broken: pl.Expr, due: pl.Expr, kept: pl.Expr) -> pl.Expr:
    """The status of a step on which something may be `due`: broken under every reading, kept under
    every reading, or neither."""
    told = pl.when(broken).then(0).when(kept).then(2).otherwise(1)
    return pl.when(due).then(told).cast(pl.Int8)


def doubts(**doubted: pl.Expr) -> list[pl.Expr]:
    """For steps.runs: whether something is open on any day of a run."""
    none = {name: pl.lit(False) for name in DOUBTS} | doubted
    return [expression.any().alias(f"doubt_{name}") for name, expression in none.items()]


def evidence(*layers: pl.DataFrame) -> pl.DataFrame:
    """The facts of layers, each subject's once."""
    return pl.concat(rows.select("subject", "fact", *MAY) for rows in layers).unique()


def may(layer: str) -> pl.Expr:
    """Whether any row of a layer may hold on a step."""
    return pl.col(f"{layer}_may") > 0


def sure(layer: str) -> pl.Expr:
    """Whether some row of a layer surely holds on a step."""
    return pl.col(f"{layer}_sure") > 0


def gathered(judged: Iterable[Judged]) -> Judged:
    """The cases of several forms, numbered anew."""
    shift, parts = 0, []
    for part in judged:
        moved = pl.col("subject") + pl.lit(shift, pl.UInt32)
        parts.append([f.with_columns(moved) for f in (part.subjects, part.runs, part.facts)])
        shift += part.subjects.height
    subjects, runs, facts = zip(*parts, strict=True)
    counted = pl.DataFrame(schema={"fewest": pl.Int64, "greatest": pl.Int64})
    return Judged(
        pl.concat(subjects, how="diagonal"),
        pl.concat([*runs, counted], how="diagonal"),
        pl.concat(facts),
    )
