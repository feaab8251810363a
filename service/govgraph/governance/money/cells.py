"""Terms of query results as values: IRIs, texts, amounts, years, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import frames
from govgraph.governance.kept import kept
from govgraph.vocabulary import PROLOGUE

#: Amounts and rates are exact decimals of so many digits after the point; what has more is rounded.
SCALE = 10
AMOUNT = pl.Decimal(38, SCALE)
_LEXICAL = r'^"?(.*?)"?(?:\^\^<[^<>]*>|@[A-Za-z0-9-]+)?$'
_ESCAPES = {r"\"": '"', r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\\": "\\"}
_Frame = TypeVar("_Frame", pl.DataFrame, pl.LazyFrame)


@kept
def read(engine: Engine, query: str) -> pl.DataFrame:
    """The rows of a SELECT query with the usual prefixes; columns of texts of terms."""
    found = frames.frame(engine, PROLOGUE + query, frames.terms())
    return found.with_columns(pl.all().cast(pl.String))


def iri(column: str) -> pl.Expr:
    """IRIs without their brackets; null for literals."""
    return pl.col(column).str.extract(r"^<(.*)>$").alias(column)


def text(column: str) -> pl.Expr:
    """The lexical form of literals, without language or datatype."""
    lexical = pl.col(column).str.extract(_LEXICAL)
    return lexical.str.replace_many(list(_ESCAPES), list(_ESCAPES.values())).alias(column)


def language(column: str) -> pl.Expr:
    """The language of literals, in small letters; null where there is none."""
    return pl.col(column).str.extract(r'"@([A-Za-z0-9-]+)$').str.to_lowercase()


def amount(column: str) -> pl.Expr:
    """Decimals as AMOUNT; null for what is no decimal."""
    number = pl.col(column).str.extract(r'^"?([+-]?[0-9]*\.?[0-9]+)\.?(?:"|$)')
    return number.str.to_decimal(scale=SCALE).cast(AMOUNT).alias(column)


def year(column: str) -> pl.Expr:
    """Years (xsd:gYear) as numbers."""
    return pl.col(column).str.extract(r'^"?(-?[0-9]{4,})').cast(pl.Int64).alias(column)


def day(column: str) -> pl.Expr:
    """Days (xsd:date, without a time zone)."""
    return (
        pl.col(column).str.extract(r'^"(\d{4}-\d\d-\d\d)"').str.to_date(strict=False).alias(column)
    )


def plain(found: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The amounts of some columns with no more digits after the point than they need, so that
    334000 reads as such."""
    fractions = (
        pl.col(column).cast(pl.String).str.extract(r"\.(\d*?)0*$").str.len_chars().max()
        for column in columns
    )
    digits = found.select(pl.max_horizontal(0, *fractions)).item() if columns else 0
    return found.with_columns(pl.col(columns).cast(pl.Decimal(38, int(digits or 0))))


def shaped(found: _Frame, schema: Mapping[str, pl.DataType | type[pl.DataType]]) -> _Frame:
    """A frame with the columns of a schema, in its order."""
    return found.select(pl.col(name).cast(kind) for name, kind in schema.items())
