"""The value of an expression as facets: SQL for its tag, lexical form, number, instant, …

Facets are printed only when asked for. `tag` is NULL for an error or an unbound variable, and a
facet is NULL wherever it does not apply, so most rules of SPARQL's errors are SQL's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pyoxigraph import Literal

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.relation import Column
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import LANG_STRING, XSD, quoted

#: The datatype that a tag implies; the others are in the dictionary.
_DATATYPES = {
    3: XSD + "string", 4: LANG_STRING, 5: XSD + "boolean", 6: XSD + "integer",
    8: XSD + "decimal", 9: XSD + "decimal", 11: XSD + "date", 12: XSD + "date",
    13: XSD + "dateTime", 14: XSD + "dateTime",
}  # fmt: skip
_NULL = {
    "lex": "CAST(NULL AS VARCHAR)",
    "num": "NULL",
    "dbl": "CAST(NULL AS DOUBLE)",
    "bool": "CAST(NULL AS BOOLEAN)",
    "ts": "CAST(NULL AS BIGINT)",
    "tag": "CAST(NULL AS INTEGER)",
}
_TENTHS = " ".join(f"WHEN {i} THEN CAST('{10**-i:.{i}f}' AS DECIMAL(13,12))" for i in range(13))
_ISO = "%Y-%m-%dT%H:%M:%S"
MANTISSA, OFFSET = (1 << 52) - 1, 1 << 51


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
        return case([(self.has(mask), sql)], _NULL.get(kind, "NULL"))

    # -- makers --------------------------------------------------------------------------------

    def _tag(self) -> str:
        return _NULL["tag"]

    def _lex(self) -> str:
        return _NULL["lex"]

    def _num(self) -> str:
        return _NULL["num"]

    def _dbl(self) -> str:
        return _NULL["dbl"]

    def _bool(self) -> str:
        return _NULL["bool"]

    def _ts(self) -> str:
        return _NULL["ts"]

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
        otherwise = self._stored_dt() if stored else _NULL["lex"]
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
        return case(present, _NULL["bool"])


_EBV_TYPES = ("boolean", "integer", "decimal", "double", "float", "int", "long")


class Stored(Value):
    """A variable held as an id: inline values by arithmetic, the others from the dictionary."""

    def __init__(self, scope: Scope, variable: str, column: Column) -> None:
        super().__init__(scope, column.tags, column.nullable)
        self.variable = variable
        self.column = scope.column(variable)
        exact = self.tags & t.EXACT
        if exact == t.INTEGER:
            self.scale = 0
        elif column.scale is not None and exact and exact & ~(t.INTEGER | t.DECIMAL) == 0:
            self.scale = min(column.scale, 12)
        self.one_scale = self.scale if column.scale is not None and column.scale <= 12 else None
        tag = t.single(self.tags)
        if tag in (2, 3) and not column.tags & t.LOCAL:
            self.rank = Rank(tag, self.column)

    def _field(self, name: str) -> str:
        return self.scope.field(self.variable, name)

    @property
    def _payload(self) -> str:
        return f"(({self.column} & {t.PAYLOAD}) - {t.BIAS})"

    @property
    def _mantissa(self) -> str:
        return f"(({self.column} & {MANTISSA}) - {OFFSET})"

    def _id(self) -> str:
        return self.column

    def _tag(self) -> str:
        tag = t.single(self.tags)
        if tag is None:
            return f"({self.column} >> 56)"
        return f"CASE WHEN {self.column} IS NOT NULL THEN {tag} END" if self.nullable else str(tag)

    def _lex(self) -> str:
        c = self.column
        words = f"CASE {c} & 3 WHEN 1 THEN 'true' WHEN 0 THEN 'false' WHEN 2 THEN '0' ELSE '1' END"
        arms = [
            (t.BOOLEAN, words),
            (t.INTEGER, f"CAST({self._payload} AS VARCHAR)"),
            (t.DECIMAL, self._decimal_lex()),
            (t.DATE, f"strftime(make_timestamp({self._payload} * 86400000000), '%Y-%m-%d')"),
            (t.DATETIME, f"strftime(make_timestamp({self._payload} * 1000000), '{_ISO}')"),
        ]
        inline = [(self.has(mask), sql) for mask, sql in arms if self.tags & mask]
        rest = self._field("lex") if self.tags & ~t.INLINE else _NULL["lex"]
        return case(inline, rest)

    def _decimal_lex(self) -> str:
        if self.one_scale:
            return f"CAST({self._scaled()} AS VARCHAR)"
        m, scale = self._mantissa, f"CAST(({self.column} >> 52) & 15 AS INTEGER)"
        digits = f"CAST(abs({m}) AS VARCHAR)"
        padded = f"lpad({digits}, greatest({scale} + 1, CAST(length({digits}) AS INTEGER)), '0')"
        sign = f"CASE WHEN {m} < 0 THEN '-' ELSE '' END"
        padded = self.scope.share(padded)
        pointed = f"left({padded}, -{scale}) || '.' || right({padded}, {scale})"
        return f"{sign} || CASE WHEN {scale} = 0 THEN {padded} ELSE {pointed} END"

    def _scaled(self) -> str:
        s = self.one_scale or 0
        return (
            f"CAST({self._mantissa} AS DECIMAL(18,0)) * CAST('{10**-s:.{s}f}' AS DECIMAL({s},{s}))"
        )

    def _num(self) -> str:
        whole = f"CAST({self._payload} AS DECIMAL(18,0))"
        arms = [
            (t.INTEGER, whole),
            (t.DECIMAL, self._scaled() if self.one_scale else self._any_scale()),
        ]
        stored = t.INTEGER_TERM | t.DECIMAL_TERM
        if self.tags & stored:
            arms.append((stored, f"coalesce({self._field('num')}, {refuse('number too long')})"))
        present = [(self.has(mask), sql) for mask, sql in arms if self.tags & mask]
        if len(present) > 1:
            present = [(test, f"CAST({sql} AS DECIMAL(38,{self.scale}))") for test, sql in present]
        return case(present)

    def _any_scale(self) -> str:
        tenths = f"CASE ({self.column} >> 52) & 15 {_TENTHS} ELSE {refuse('scale')} END"
        return f"CAST(CAST({self._mantissa} AS DECIMAL(25,0)) * {tenths} AS DECIMAL(38,12))"

    def _dbl(self) -> str:
        return self._field("dbl") if self.tags & t.DOUBLE else super()._dbl()

    def _bool(self) -> str:
        return self.when(t.BOOLEAN, f"({self.column} & 1 = 1)", "bool")

    def _ts(self) -> str:
        arms = [
            (self.has(t.DATE), f"{self._payload} * 86400000000"),
            (self.has(t.DATETIME), f"{self._payload} * 1000000"),
        ]
        if self.tags & (t.DATE_TERM | t.DATETIME_TERM):
            moment = f"coalesce(epoch_us({self._field('ts')}), {refuse('instant')})"
            arms.append((self.has(t.DATE_TERM | t.DATETIME_TERM), moment))
        return case(arms, _NULL["ts"])

    def _zoned(self) -> str:
        if not self.tags & (t.DATE_TERM | t.DATETIME_TERM):
            return "false"
        return f"coalesce({self._field('tz')}, false)"

    def _lang(self) -> str:
        return f"coalesce({self._field('lang')}, '')" if self.tags & t.LANGUAGE else "''"

    def _stored_dt(self) -> str:
        return self._field("dt")


class Struct(Value):
    """A variable held as a STRUCT; its numbers and instants are read from the lexical form."""

    scale = 18

    def __init__(self, scope: Scope, variable: str, column: Column) -> None:
        coarse = {t.INTEGER: 7, t.DECIMAL: 9, t.DATE: 12, t.DATETIME: 14}
        kinds = column.tags
        for inline, number in coarse.items():
            if kinds & inline:
                kinds = kinds & ~inline | 1 << number
        super().__init__(scope, kinds, column.nullable)
        self.column = scope.column(variable)

    def _part(self, name: str) -> str:
        return f"struct_extract({self.column}, '{name}')"

    def _term(self) -> str:
        return self.column

    def _tag(self) -> str:
        return self._part("tag")

    def _lex(self) -> str:
        return self._part("lex")

    def _lang(self) -> str:
        return f"coalesce({self._part('lang')}, '')"

    def _dt(self) -> str:
        return self._part("dt") if not self.tags & t.RESOURCE else f"nullif({self._part('dt')}, '')"

    def _num(self) -> str:
        return self.when(t.EXACT, exactly(self.lex, self.scale), "num")

    def _dbl(self) -> str:
        return self.when(t.DOUBLE, f"CAST({self.lex} AS DOUBLE)", "dbl")

    def _bool(self) -> str:
        return self.when(t.BOOLEAN, f"{self.lex} IN ('true', '1')", "bool")

    def _ts(self) -> str:
        return self.when(t.TIMES, instant(self.lex), "ts")

    def _zoned(self) -> str:
        return zoned(self.lex)


def exactly(lex: str, scale: int) -> str:
    """The DECIMAL of a lexical form; one that it does not hold exactly ends the run."""
    longer = f"regexp_matches({lex}, '\\.[0-9]{{{scale + 1}}}')"
    number = f"TRY_CAST(CASE WHEN NOT {longer} THEN {lex} END AS DECIMAL(38,{scale}))"
    return f"CASE WHEN {lex} IS NOT NULL THEN coalesce({number}, {refuse('number too long')}) END"


def instant(lex: str) -> str:
    """Microseconds of the lexical form of a date or dateTime, UTC if zoned."""
    clock = (
        f"CASE WHEN {lex}[11]='T' THEN {lex} ELSE left({lex}, 10) || 'T00:00:00' || {lex}[11:] END"
    )
    zone = f"CASE WHEN {zoned(lex)} THEN '' ELSE '+00' END"
    return (
        f"epoch_us(CAST(replace(replace({clock}, 'T', ' '), 'Z', '+00') || {zone} AS TIMESTAMPTZ))"
    )


def zoned(lex: str) -> str:
    return f"coalesce(regexp_matches({lex}, '(Z|[+-][0-9][0-9]:[0-9][0-9])$'), false)"
