"""What an amount's words say: a value with bounds, or nothing.

`domain.md`, decision 5: exact → value and both bounds; “nearly” (approxBelow) → an upper bound, no
lower; “more than” (atLeastApprox) → a lower bound, no upper; “about” (approx) → bounds only where
they are stated; unknown → nothing. No amount is below zero.
"""

from __future__ import annotations

import polars as pl

from govgraph.vocabulary import GOV


def bounded() -> list[pl.Expr]:
    """`lower` and `upper` of flows with the columns `value`, `lower`, `upper` (as stated) and
    `precision` (IRI); null is no bound."""
    exact, above, below = (_is(name) for name in ("exact", "atLeastApprox", "approxBelow"))
    value, lower, upper = pl.col("value"), pl.col("lower"), pl.col("upper")
    least = pl.when(exact | above).then(pl.coalesce(lower, value)).otherwise(lower)
    most = pl.when(exact | below).then(pl.coalesce(upper, value)).otherwise(upper)
    return [
        pl.when(exact & value.is_not_null()).then(value).otherwise(least).alias("lower"),
        pl.when(exact & value.is_not_null()).then(value).otherwise(most).alias("upper"),
    ]


def _is(precision: str) -> pl.Expr:
    return (pl.col("precision") == GOV + precision).fill_null(value=False)
