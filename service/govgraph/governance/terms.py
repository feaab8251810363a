"""Columns of terms as plain values: IRIs, texts, booleans, days."""

from __future__ import annotations

import polars as pl

from govgraph.engine.columnar.ids import XSD

#: What N-Triples and TSV escape in a literal.
_ESCAPES = {r"\\": "\\", r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\"": '"'}
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


def plain(column: str) -> pl.Expr:
    """IRIs and lexical forms of a column of terms as N-Triples writes them, escapes undone."""
    text = pl.col(column).cast(pl.String)
    literal = text.str.extract(r'^"(.*)"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?$')
    unescaped = literal.str.replace_many(_ESCAPES, leftmost=True)
    return pl.coalesce(unescaped, text.str.strip_chars("<>")).alias(column)
