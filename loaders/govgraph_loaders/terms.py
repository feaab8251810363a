"""RDF terms as N-Quads text, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

_RAW = ["\\", '"', "\n", "\r"]
_ESCAPED = ["\\\\", '\\"', "\\n", "\\r"]
_SPECIAL = '[\\\\"\n\r]'


@dataclass(frozen=True)
class Terms:
    """A column of terms: `before` and `after` are the same in every row and written but once per
    statement; `values` (text, null where there is no term) stand between them. `values` None: the
    term is `before` in every row."""

    before: str
    values: pl.Series | None = None
    after: str = ""

    @property
    def parts(self) -> tuple[str | pl.Series, ...]:
        return (self.before,) if self.values is None else (self.before, self.values, self.after)

    def gather(self, rows: pl.Series) -> Terms:
        """The terms of some rows."""
        return self if self.values is None else replace(self, values=self.values.gather(rows))

    def where(self, mask: pl.Series) -> Terms:
        """The same, but none where the mask is false."""
        values = pl.lit("" if self.values is None else self.values)
        kept = pl.select(pl.when(pl.lit(mask)).then(values)).to_series()
        return replace(self, values=kept)

    def text(self, length: int) -> pl.Series:
        """The terms in full."""
        if self.values is None:
            return pl.repeat(self.before, length, dtype=pl.String, eager=True)
        return joined(self.parts)

    def iris(self, length: int) -> pl.Series:
        """The IRIs of terms that are such, without their brackets."""
        return Terms(self.before[1:], self.values).text(length).str.strip_suffix(">")


def joined(parts: tuple[str | pl.Series, ...]) -> pl.Series:
    """The parts of each row as one text, null where any is null; one of them at least is a column."""
    return pl.select(
        pl.concat_str([pl.lit(part) for part in parts if not _empty(part)])
    ).to_series()


def _empty(part: str | pl.Series) -> bool:
    return isinstance(part, str) and not part


def escape(values: pl.Series) -> pl.Series:
    """Escape the characters that N-Triples does not allow in a literal."""
    special = values.str.contains(_SPECIAL)
    if not special.any():
        return values
    return values.str.replace_many(_RAW, _ESCAPED)


def iri(start: str, rest: pl.Series | None = None) -> Terms:
    """`<…>` with a common start; start and rest are already percent-encoded."""
    return Terms(f"<{start}>") if rest is None else Terms(f"<{start}", rest, ">")


def literal(values: pl.Series | str, datatype: str | None, lang: str | None) -> Terms:
    """`"…"`, with the language or the datatype when there is one."""
    suffix = f"@{lang}" if lang else f"^^<{datatype}>" if datatype else ""
    if isinstance(values, str):
        return Terms(f'"{escape(pl.Series([values]))[0]}"{suffix}')
    return Terms('"', escape(values), f'"{suffix}')
