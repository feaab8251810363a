"""The value of an expression as facets: SQL for its tag, lexical form, number, instant, …

Facets are printed only when asked for. `tag` is NULL for an error or an unbound variable, and a
facet is NULL wherever it does not apply, so most rules of SPARQL's errors are SQL's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pyoxigraph import Literal

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import LANG_STRING, XSD, quoted

#: The datatype that a tag implies; the others are in the dictionary.
_DATATYPES = {
    3: XSD + "string", 4: LANG_STRING, 5: XSD + "boolean", 6: XSD + "integer",
    8: XSD + "decimal", 9: XSD + "decimal", 11: XSD + "date", 12: XSD + "date",
    13: XSD + "dateTime", 14: XSD + "dateTime",
}  # fmt: skip
NULL = {
    "lex": "CAST(NULL AS VARCHAR)",
    "num": "NULL",
    "dbl": "CAST(NULL AS DOUBLE)",
    "bool": "CAST(NULL AS BOOLEAN)",
    "ts": "CAST(NULL AS BIGINT)",
    "tag": "CAST(NULL AS INTEGER)",
}


def refuse(reason: str) -> str:
    """SQL that ends the run: what cannot be answered exactly is left to the other engine."""
    return f"error('NotCompiled: {reason}')"


def case(arms: Sequence[tuple[str, str]], otherwise: str = "NULL") -> str:
    """CASE without the arms that cannot match."""
    arms = [arm for arm in arms if arm[0] != "false"]
    if not arms or arms[0][0] == "true":
        return arms[0][1] if arms else otherwise
    whens = " ".join(f"WHEN {condition} THEN {result}" for condition, result in arms)
    return f"CASE {whens} ELSE {otherwise} END"


class Rank(NamedTuple):
    """Ids whose order is the order of lexical forms, among terms of one tag."""

    tag: int
    sql: str


class Value:
    """An expression's value. Subclasses override the underlined makers."""

    constant: Literal | None = None
    rank: Rank | None = None
    scale: int = 12
    """`num` is a DECIMAL with this many fraction digits. Two scales never meet uncast: DuckDB would
    round one of them."""

    def __init__(self, scope: Scope, tags: int, nullable: bool) -> None:
        self.scope = scope
        self.tags = tags & t.ALL
        self.nullable = nullable
        self._known: dict[str, str] = {}

    def _facet(self, name: str, make: Callable[[], str]) -> str:
        if name not in self._known:
            self._known[name] = self.scope.share(make())
        return self._known[name]

    @property
    def tag(self) -> str:
        return self._facet("tag", self._tag)

    @property
    def lex(self) -> str:
        return self._facet("lex", self._lex)

    @property
    def num(self) -> str:
        """Integers and decimals, exactly; an overflow ends the run."""
        return self._facet("num", self._num)

    @property
    def dbl(self) -> str:
        """Floats and doubles only."""
        return self._facet("dbl", self._dbl)

    @property
    def double(self) -> str:
        """Any number as a DOUBLE."""
        return self._facet("double", self._double)

    @property
    def bool(self) -> str:
        return self._facet("bool", self._bool)

    @property
    def ts(self) -> str:
        """Microseconds since 1970, UTC if zoned."""
        return self._facet("ts", self._ts)

    @property
    def zoned(self) -> str:
        return self._facet("zoned", self._zoned)

    @property
    def lang(self) -> str:
        return self._facet("lang", self._lang)

    @property
    def dt(self) -> str:
        return self._facet("dt", self._dt)

    @property
    def id(self) -> str | None:
        """The term as an id, if it always is one."""
        made = self._known.get("id") or self._id()
        if made is None:
            return None
        return self._facet("id", lambda: made)

    @property
    def term(self) -> str:
        """The term as a STRUCT."""
        return self._facet("term", self._term)

    @property
    def ebv(self) -> str:
        """The effective boolean value."""
        return self._facet("ebv", self._ebv)

    def has(self, mask: int) -> str:
        """SQL: the tag is one of the mask; NULL or false for an error."""
        hit = self.tags & mask
        if hit == 0:
            return "false"
        if hit == self.tags:
            return f"{self.tag} IS NOT NULL" if self.nullable else "true"
        numbers = t.numbers(hit)
        if len(numbers) == 1:
            return f"{self.tag}={numbers[0]}"
        if numbers[-1] - numbers[0] == len(numbers) - 1:
            return f"{self.tag} BETWEEN {numbers[0]} AND {numbers[-1]}"
        return f"{self.tag} IN ({', '.join(map(str, numbers))})"

    def when(self, mask: int, sql: str, kind: str = "lex") -> str:
        """The SQL where the tag is one of the mask, else NULL."""
        return case([(self.has(mask), sql)], NULL.get(kind, "NULL"))

    # -- makers --------------------------------------------------------------------------------

    def _tag(self) -> str:
        return NULL["tag"]

    def _lex(self) -> str:
        return NULL["lex"]

    def _num(self) -> str:
        return NULL["num"]

    def _dbl(self) -> str:
        return NULL["dbl"]

    def _bool(self) -> str:
        return NULL["bool"]

    def _ts(self) -> str:
        return NULL["ts"]

    def _zoned(self) -> str:
        return "false"

    def _lang(self) -> str:
        return "''"

    def _id(self) -> str | None:
        return None

    def _stored_dt(self) -> str:
        return "NULL"

    def _double(self) -> str:
        exact, double = self.tags & t.EXACT, self.tags & t.DOUBLE
        if exact and double:
            return case([(self.has(t.DOUBLE), self.dbl)], f"CAST({self.num} AS DOUBLE)")
        return self.dbl if double else f"CAST({self.num} AS DOUBLE)"

    def _dt(self) -> str:
        implied = [(n, _DATATYPES[n]) for n in t.numbers(self.tags) if n in _DATATYPES]
        stored = self.tags & (t.INTEGER_TERM | t.DOUBLE | t.OTHER)
        names = {name for _, name in implied}
        if len(names) == 1 and not stored and not self.tags & t.RESOURCE and not self.nullable:
            return quoted(names.pop())
        otherwise = self._stored_dt() if stored else NULL["lex"]
        return case([(self.has(1 << n), quoted(name)) for n, name in implied], otherwise)

    def _term(self) -> str:
        coarse = case(
            [
                (self.has(t.INTEGER), "7"),
                (self.has(t.DECIMAL), "9"),
                (self.has(t.DATE), "12"),
                (self.has(t.DATETIME), "14"),
            ],
            self.tag,
        )
        struct = (
            f"struct_pack(tag := CAST({coarse} AS INTEGER), lex := {self.lex},"
            f" dt := coalesce({self.dt}, ''), lang := {self.lang})"
        )
        return f"CASE WHEN {self.tag} IS NOT NULL THEN {struct} END" if self.nullable else struct

    def _ebv(self) -> str:
        ill = f"{self.dt} IN ({', '.join(quoted(XSD + n) for n in _EBV_TYPES)})"
        arms = [
            (t.BOOLEAN, self.bool),
            (t.EXACT, f"{self.num}<>0" if self.tags & t.EXACT else ""),
            (t.DOUBLE, f"{self.dbl}<>0 AND NOT isnan({self.dbl})"),
            (t.TEXT, f"{self.lex}<>''" if self.tags & t.TEXT else ""),
            (t.OTHER, f"CASE WHEN {ill} THEN false END" if self.tags & t.OTHER else ""),
        ]
        present = [(self.has(mask), sql) for mask, sql in arms if self.tags & mask]
        if len(present) == 1 and self.tags & ~(t.BOOLEAN | t.EXACT | t.TEXT) == 0:
            return f"({present[0][1]})"
        return case(present, NULL["bool"])


_EBV_TYPES = ("boolean", "integer", "decimal", "double", "float", "int", "long")
