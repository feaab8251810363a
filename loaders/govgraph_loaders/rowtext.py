"""Statements of a batch to one text a row, written in a single pass over the rows."""

from __future__ import annotations

from itertools import groupby

import polars as pl

from govgraph_loaders.terms import joined


class RowText:
    """Takes the statements of the rows in order. What all rows have in common is kept as text, the
    rest as columns; nothing is put together before `texts` asks for it, but for statements that
    only some rows make."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.parts: list[str | pl.Series] = []
        self.everywhere = 0
        self.elsewhere: list[pl.Series] = []

    def add(self, *parts: str | pl.Series) -> None:
        """One statement, in parts, for each row in which none of them is null."""
        columns = (part for part in parts if isinstance(part, pl.Series))
        nulls = max((column.null_count() for column in columns), default=0)
        if not nulls:
            self.parts += parts
            self.everywhere += 1
        elif nulls < self.size:
            text = joined(parts)
            self.parts.append(text)
            self.elsewhere.append(text.is_not_null().cast(pl.UInt32))

    def add_many(self, text: pl.Series) -> None:
        """Any number of statements for each row, one a line; null for none."""
        if text.null_count() < self.size:
            self.parts.append(text)
            count = text.str.count_matches("\n", literal=True)
            self.elsewhere.append(count.fill_null(0).cast(pl.UInt32))

    def texts(self) -> pl.Series:
        """What each row states."""
        columns: dict[str, pl.Series] = {}
        parts: list[pl.Expr] = []
        for fixed, run in groupby(self.parts, lambda part: isinstance(part, str)):
            if fixed:
                parts.append(pl.lit("".join(map(str, run))))
                continue
            for part in run:
                assert isinstance(part, pl.Series)
                name = str(id(part))
                columns[name] = part
                parts.append(pl.col(name))
        if not columns:
            text = "".join(map(str, self.parts))
            return pl.repeat(text, self.size, dtype=pl.String, eager=True)
        named = pl.DataFrame([column.alias(name) for name, column in columns.items()])
        return named.select(pl.concat_str(parts, ignore_nulls=True)).to_series()

    def counts(self) -> pl.Series:
        """How many statements each row makes (UInt32)."""
        counts = pl.repeat(self.everywhere, self.size, dtype=pl.UInt32, eager=True)
        for some in self.elsewhere:
            counts = counts + some
        return counts
