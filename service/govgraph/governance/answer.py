"""What a question of governance is answered with: rows, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

#: Columns of this name, or that begin with it and `_`, hold lists of the IRIs that prove a row.
SOURCE = "source"


@dataclass(frozen=True)
class Coverage:
    """How much of what an answer speaks of is known: `known` of `total` things, in words.

    A gap never reads as zero: `zh` and `en` are whole sentences such as “2 of 6 flows have an
    amount”. `code` is stable, for machines.
    """

    code: str
    known: int
    total: int
    zh: str
    en: str


@dataclass(frozen=True)
class Answer:
    """A frame of rows and its coverage.

    IRIs are texts in full; days are pl.Date; dates with their precision are EDTF texts; money is
    pl.Decimal; columns named `source` or `source_…` hold pl.List(pl.String), the entities whose
    rows and sentences prove the row. Null is unknown.
    """

    frame: pl.DataFrame
    coverage: Sequence[Coverage] = ()


def is_source(column: str) -> bool:
    """Whether a column holds evidence."""
    return column == SOURCE or column.startswith(f"{SOURCE}_")
