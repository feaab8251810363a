"""Answers of different engines, read into bags that can be compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Context, InvalidOperation

from pyoxigraph import Literal, RdfFormat, parse

from bench.data import Query

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMERIC = {
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "short",
    "nonNegativeInteger")
}  # fmt: skip
#: Engines sum decimals exactly or in floating point; so many significant digits have to agree.
DIGITS = 12
_ROUNDED = Context(prec=DIGITS)

Bag = Counter[Hashable]


@dataclass(frozen=True)
class Answer:
    """`solutions` of the query; `rows` are None where the engine may choose which to give."""

    solutions: int
    rows: Bag | None


def read_answer(query: Query, body: bytes, solutions: int | None = None) -> Answer:
    """Read JSON results, or the N-Triples of a CONSTRUCT whose `solutions` are counted elsewhere.

    ValueError if the body is cut or not such a document.
    """
    rows = _triples(body) if query.constructs else _rows(body)
    count = rows.total() if solutions is None else solutions
    chosen = query.any_rows is not None and count >= query.any_rows
    return Answer(count, None if chosen else rows)


def counted(body: bytes) -> int:
    """The number that a counting query gives."""
    (row,) = json.loads(body)["results"]["bindings"]
    return int(row["n"]["value"])


def difference(one: Answer, other: Answer) -> str | None:
    """How two answers differ; None if they agree."""
    if one.solutions != other.solutions:
        return f"{one.solutions} solutions, not {other.solutions}"
    if one.rows is None or other.rows is None or one.rows == other.rows:
        return None
    extra, missing = one.rows - other.rows, other.rows - one.rows
    example = next(iter(extra or missing))
    return f"{extra.total()} rows too many, {missing.total()} missing, such as {example}"


def _rows(body: bytes) -> Bag:
    bindings = json.loads(body)["results"]["bindings"]
    return Counter(frozenset((name, _term(t)) for name, t in row.items()) for row in bindings)


def _term(term: Mapping[str, str]) -> Hashable:
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return "iri", value
    if kind == "bnode":
        return ("blank",)
    return _literal(value, term.get("datatype", ""), term.get("xml:lang", ""))


def _literal(value: str, datatype: str, language: str) -> Hashable:
    if datatype in NUMERIC:
        try:
            return "number", str(_ROUNDED.create_decimal(value).normalize())
        except InvalidOperation:
            pass
    return "literal", value, language.lower() or datatype.removeprefix(XSD + "string")


def _triples(body: bytes) -> Bag:
    """The distinct triples: an engine may give one more than once."""
    distinct = {(q.subject, q.predicate, q.object) for q in parse(body, format=RdfFormat.N_TRIPLES)}
    return Counter((str(s), str(p), _object(o)) for s, p, o in distinct)


def _object(term: object) -> Hashable:
    if isinstance(term, Literal):
        return _literal(term.value, term.datatype.value, term.language or "")
    return str(term)
