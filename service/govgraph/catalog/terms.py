"""Columns of terms, as engines write them in TSV, turned into columns of values by their type."""

from __future__ import annotations

import re

import polars as pl

from govgraph.catalog.entry import Column

_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(.)")


def typed(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The declared columns of a frame of terms, in their order.

    ValueError if one is missing or holds what is not of its type.
    """
    if missing := [column.name for column in columns if column.name not in frame.columns]:
        raise ValueError(f"the answer has no column {missing[0]}")
    try:
        return pl.DataFrame([_cast(_texts(frame[c.name]), c) for c in columns])
    except (pl.exceptions.InvalidOperationError, pl.exceptions.ComputeError) as error:
        raise ValueError(str(error)) from error


def _texts(terms: pl.Series) -> pl.Series:
    """IRIs without their brackets, literals without quotes, types and languages."""
    text = pl.col(terms.name).cast(pl.String)
    literal = text.str.extract(r'(?s)^"((?:[^"\\]|\\.)*)"', 1)
    plain = (
        pl.when(text.str.starts_with("<"))
        .then(text.str.slice(1, text.str.len_chars() - 2))
        .when(text.str.starts_with('"'))
        .then(_unescaped(literal))
        .otherwise(text)
    )
    return terms.to_frame().select(plain).to_series()


def _unescaped(text: pl.Expr) -> pl.Expr:
    escaped = text.str.contains("\\", literal=True)
    return pl.when(escaped).then(text.map_elements(_plain, pl.String)).otherwise(text)


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)


def _cast(texts: pl.Series, column: Column) -> pl.Series:
    match column.type:
        case "integer":
            return texts.cast(pl.Int64)
        case "decimal":
            return _decimals(texts)
        case "number":
            return texts.cast(pl.Float64)
        case "date":
            return texts.str.to_date("%Y-%m-%d")
        case "boolean":
            return texts.replace_strict(
                {"true": True, "1": True, "false": False, "0": False}, return_dtype=pl.Boolean
            )
        case "list":
            return _listed(texts, "|")
        case "source":
            return _listed(texts, " ")
        case _:
            return texts


def _decimals(texts: pl.Series) -> pl.Series:
    """Decimal numbers with the digits after the point that the longest of them has."""
    digits = texts.str.extract(r"\.([0-9]*)$", 1).str.len_chars().max()
    scale = min(digits, 18) if isinstance(digits, int) else 0
    found = texts.str.to_decimal(scale=scale)
    if found.null_count() > texts.null_count():
        raise ValueError(f"{texts.name} holds what is no decimal number")
    return found


def _listed(texts: pl.Series, separator: str) -> pl.Series:
    split = texts.str.split(separator)
    return split.list.eval(pl.element().filter(pl.element() != "")).fill_null([])
