"""Constants of a query in SQL: their tag and values, by the encoder's own rules."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import NamedNode

from govgraph.engine.columnar.algebra import Constant
from govgraph.engine.columnar.ids import LANG_STRING, XSD, inline_id
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.values import Value, classify

ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})"


def quoted(text: str) -> str:
    """An SQL string. NotCompiled for the control characters that the printer uses itself."""
    if "\x00" in text or "\x02" in text or "\x03" in text:
        raise NotCompiled("control character in a constant")
    return "'" + text.replace("'", "''") + "'"


@lru_cache(maxsize=4096)
def tag_of(term: Constant) -> int:
    if isinstance(term, NamedNode):
        return 2
    inline = inline_id(term.value, term.datatype.value)
    return inline >> 56 if inline is not None else int(values_of(term).tag)


@lru_cache(maxsize=4096)
def values_of(term: Constant) -> Value:
    """Tag and values of a literal as the dictionary would hold them."""
    assert not isinstance(term, NamedNode)
    return classify(term.value, LANG_STRING if term.language else term.datatype.value)


def local_row(ident: int, term: Constant) -> str:
    """The row of `local`, the dictionary of constants that are not in the data."""
    if isinstance(term, NamedNode):
        return f"({ident}, {quoted(term.value)}, NULL, NULL, NULL, NULL, NULL, NULL)"
    v = values_of(term)
    datatype = LANG_STRING if term.language else term.datatype.value
    lang = quoted(term.language.lower()) if term.language else "NULL"
    instant = "NULL" if v.ts is None else f"make_timestamp({v.ts})"
    return (
        f"({ident}, {quoted(term.value)}, {quoted(datatype)}, {lang},"
        f" {'NULL' if v.num is None else format(v.num, 'f')}, {double(v.dbl)},"
        f" {instant}, {'NULL' if v.tz is None else str(v.tz).lower()})"
    )


def local_table(constants: dict[Constant, int]) -> str:
    """The CTE `local`."""
    rows = ", ".join(local_row(ident, term) for term, ident in constants.items())
    types = (
        "CAST(id AS BIGINT) AS id, CAST(lex AS VARCHAR) AS lex, CAST(dt AS VARCHAR) AS dt,"
        " CAST(lang AS VARCHAR) AS lang, CAST(num AS DECIMAL(38,12)) AS num,"
        " CAST(dbl AS DOUBLE) AS dbl, CAST(ts AS TIMESTAMP) AS ts, CAST(tz AS BOOLEAN) AS tz"
    )
    columns = "id, lex, dt, lang, num, dbl, ts, tz"
    return f"local AS (SELECT {types} FROM (VALUES {rows}) v({columns}))"


def double(value: float | None) -> str:
    return "NULL" if value is None else f"CAST('{value!r}' AS DOUBLE)"


__all__ = ["LANG_STRING", "XSD", "ZONE", "double", "local_table", "quoted", "tag_of", "values_of"]
