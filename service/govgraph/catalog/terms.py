"""Columns of terms, as engines write them in TSV, turned into columns of values by their type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import polars as pl

from govgraph.catalog.entry import Column
from govgraph.governance import terms


def typed(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The declared columns of a frame of terms, in their order.

    ValueError if one is missing or holds what is not of its type.
    """
    if missing := [column.name for column in columns if column.name not in frame.columns]:
        raise ValueError(f"the answer has no column {missing[0]}")
    try:
        return _cast(frame, columns) if frame.height else _nothing(columns)
    except (pl.exceptions.InvalidOperationError, pl.exceptions.ComputeError) as error:
        raise ValueError(str(error)) from error


def _cast(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    cast = frame.select(_values(columns))
    decimals = [_decimals(cast[c.name]) for c in columns if c.type == "decimal"]
    return cast.with_columns(decimals) if decimals else cast


@lru_cache(256)
def _nothing(columns: tuple[Column, ...]) -> pl.DataFrame:
    """The columns without rows, which many a question about one thing is answered with."""
    return _cast(pl.DataFrame(schema=dict.fromkeys((c.name for c in columns), pl.String)), columns)


@lru_cache(256)
def _values(columns: tuple[Column, ...]) -> list[pl.Expr]:
    """The values of columns of terms; decimals are texts still. They are as many as the
    catalogue has columns, and writing them down takes longer than working out some rows."""
    return [_CASTS.get(c.type, _as_it_is)(terms.plain(c.name)).alias(c.name) for c in columns]


def _as_it_is(text: pl.Expr) -> pl.Expr:
    return text


def _listed(text: pl.Expr, separator: str) -> pl.Expr:
    parts = text.str.split(separator)
    return parts.list.eval(pl.element().filter(pl.element() != "")).fill_null([])


_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_CASTS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "integer": lambda text: text.cast(pl.Int64),
    "number": lambda text: text.cast(pl.Float64),
    "date": lambda text: text.str.to_date("%Y-%m-%d"),
    "boolean": lambda text: text.replace_strict(_TRUTH, return_dtype=pl.Boolean),
    "list": lambda text: _listed(text, "|"),
    "source": lambda text: _listed(text, " "),
}


def _decimals(texts: pl.Series) -> pl.Series:
    """Decimal numbers with the digits after the point that the longest of them has."""
    digits = texts.str.extract(r"\.([0-9]*)$", 1).str.len_chars().max()
    scale = min(digits, 18) if isinstance(digits, int) else 0
    found = texts.str.to_decimal(scale=scale)
    if found.null_count() > texts.null_count():
        raise ValueError(f"{texts.name} holds what is no decimal number")
    return found
