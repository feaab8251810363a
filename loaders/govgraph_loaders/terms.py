"""RDF terms as N-Quads text, a column at a time."""

from __future__ import annotations

import polars as pl

_RAW = ["\\", '"', "\n", "\r"]
_ESCAPED = ["\\\\", '\\"', "\\n", "\\r"]
_SPECIAL = '[\\\\"\n\r]'


def escape(values: pl.Series) -> pl.Series:
    """Escape the characters that N-Triples does not allow in a literal."""
    special = values.str.contains(_SPECIAL)
    if not special.any():
        return values
    return values.str.replace_many(_RAW, _ESCAPED)


def iri(values: pl.Series) -> pl.Series:
    """`<…>`; the values are already percent-encoded."""
    return pl.select(pl.format("<{}>", pl.lit(values))).to_series()


def literal(values: pl.Series, datatype: str | None, lang: str | None) -> pl.Series:
    """`"…"`, with the language or the datatype when there is one."""
    suffix = f"@{lang}" if lang else f"^^<{datatype}>" if datatype else ""
    quoted = pl.lit('"') + pl.lit(escape(values)) + pl.lit('"' + suffix)
    return pl.select(quoted).to_series()
