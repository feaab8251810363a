"""Columns of terms as plain values: IRIs, texts, booleans, days."""

from __future__ import annotations

import polars as pl

from govgraph.engine.columnar.ids import XSD

_TRUE = ["true", f'"true"^^<{XSD}boolean>', f'"1"^^<{XSD}boolean>']
_FALSE = ["false", f'"false"^^<{XSD}boolean>', f'"0"^^<{XSD}boolean>']


def iri(column: str) -> pl.Expr:
    """The IRIs of a column of terms; a blank node stays as its label."""
    return pl.col(column).cast(pl.String).str.strip_chars("<>").alias(column)


def lexical(column: str) -> pl.Expr:
    """The lexical forms of a column of literals of one line without escapes, such as dates."""
    return pl.col(column).cast(pl.String).str.extract(r'^"([^"\\]*)"').alias(column)


def truth(column: str) -> pl.Expr:
    """The booleans of a column of terms; other terms are null."""
    text = pl.col(column).cast(pl.String)
    value = pl.when(text.is_in(_TRUE)).then(True).when(text.is_in(_FALSE)).then(False)
    return value.alias(column)
