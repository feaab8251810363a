"""Variables as values: held as an id, or as the STRUCT of a computed term."""

from __future__ import annotations

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.facets import NULL, Rank, Value, case, refuse
from govgraph.engine.columnar.relation import Column
from govgraph.engine.columnar.scope import Scope

_TENTHS = " ".join(f"WHEN {i} THEN CAST('{10**-i:.{i}f}' AS DECIMAL(13,12))" for i in range(13))
_ISO = "%Y-%m-%dT%H:%M:%S"
_MANTISSA, _OFFSET = (1 << 52) - 1, 1 << 51


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
        # of the inline decimals, whatever scale `num` has for the sake of other literals
        self.one_scale = column.scale if column.scale is not None and column.scale <= 12 else None
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
        return f"(({self.column} & {_MANTISSA}) - {_OFFSET})"

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
        rest = self._field("lex") if self.tags & ~t.INLINE else NULL["lex"]
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
        return case(arms, NULL["ts"])

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
