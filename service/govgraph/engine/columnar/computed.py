"""Values that are not variables: constants, results of functions, and choices between values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.algebra import Constant
from govgraph.engine.columnar.facets import Rank, Value, case, refuse
from govgraph.engine.columnar.ids import is_local
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import LANG_STRING, XSD, double, quoted, values_of

INTEGER_ID = (6 << 56) + t.BIAS


class Known(Value):
    """A constant."""

    def __init__(self, scope: Scope, term: Constant) -> None:
        self.ident = scope.context.id(term)
        super().__init__(scope, 1 << (self.ident >> 56), False)
        self.value = term
        if isinstance(term, Literal):
            self.constant = term
            self.scale = 0 if self.tags & t.INTEGER else min(len(term.value.partition(".")[2]), 12)
        if self.tags & (t.IRI | t.STRING) and not is_local(self.ident):
            self.rank = Rank(self.ident >> 56, str(self.ident))

    def _tag(self) -> str:
        return str(self.ident >> 56)

    def _id(self) -> str:
        return str(self.ident)

    def _lex(self) -> str:
        return quoted(self.value.value)

    def _num(self) -> str:
        if not self.tags & t.EXACT:
            return super()._num()
        values = values_of(self.value)
        if values.num is None:
            text = self.value.value
            if self.tags & (t.INTEGER_TERM | t.DECIMAL_TERM):
                return refuse("number too long")
        else:
            text = format(values.num, "f")
        return f"CAST('{text}' AS DECIMAL(38,{self.scale}))"

    def _dbl(self) -> str:
        return double(values_of(self.value).dbl) if self.tags & t.DOUBLE else super()._dbl()

    def _bool(self) -> str:
        if not self.tags & t.BOOLEAN:
            return super()._bool()
        return "true" if self.value.value in ("true", "1") else "false"

    def _ts(self) -> str:
        if self.tags & (t.DATE | t.DATETIME):
            step = 86_400_000_000 if self.tags & t.DATE else 1_000_000
            return str(((self.ident & t.PAYLOAD) - t.BIAS) * step)
        if not self.tags & t.TIMES:
            return super()._ts()
        moment = values_of(self.value).ts
        return refuse("instant") if moment is None else str(moment)

    def _zoned(self) -> str:
        zoned = self.tags & (t.DATE_TERM | t.DATETIME_TERM) and values_of(self.value).tz
        return "true" if zoned else "false"

    def _lang(self) -> str:
        language = self.constant.language if self.constant else None
        return quoted(language.lower()) if language else "''"

    def _dt(self) -> str:
        if isinstance(self.value, NamedNode):
            return "CAST(NULL AS VARCHAR)"
        return quoted(LANG_STRING if self.value.language else self.value.datatype.value)


class Computed(Value):
    """The result of a function: the facets it gives, the others derived from them."""

    def __init__(self, scope: Scope, tags: int, *, scale: int = 12, **facets: str) -> None:
        super().__init__(scope, tags, nullable=True)
        self.scale = scale
        self._known.update({name: scope.share(sql) for name, sql in facets.items()})

    def _lex(self) -> str:
        arms = [
            (self.has(t.BOOLEAN), f"CASE WHEN {self.bool} THEN 'true' ELSE 'false' END"),
            (self.has(t.INTEGERS), f"CAST(CAST({self.num} AS HUGEINT) AS VARCHAR)"),
            (self.has(t.DECIMALS), decimal_text(self.num)),
            (self.has(t.DOUBLE), double_text(self.dbl)),
        ]
        return case([arm for arm in arms if arm[0] != "false"], "CAST(NULL AS VARCHAR)")

    def _stored_dt(self) -> str:
        arms = [(self.has(t.DOUBLE), quoted(XSD + "double"))]
        arms.append((self.has(t.INTEGER_TERM), quoted(XSD + "integer")))
        return case(arms)

    def _id(self) -> str | None:
        if self.tags == t.INTEGER:
            return integer_id(self.num)
        if self.tags == t.BOOLEAN:
            return f"({5 << 56} + CAST({self.bool} AS BIGINT))"
        return None


def integer_id(number: str) -> str:
    """The id of an integer; one that no inline id holds ends the run."""
    limit = t.INTEGER_LIMIT - 1
    fits = f"{number} BETWEEN -{limit} AND {limit}"
    found = f"{INTEGER_ID} + CAST({number} AS BIGINT)"
    return (
        f"CASE WHEN {fits} THEN {found} WHEN {number} IS NOT NULL"
        f" THEN {refuse('integer too long')} END"
    )


def decimal_text(number: str) -> str:
    """The shortest lexical form of a DECIMAL."""
    return f"regexp_replace(CAST(CAST({number} AS DECIMAL(38,18)) AS VARCHAR), '\\.?0+$', '')"


def double_text(number: str) -> str:
    """A lexical form of a DOUBLE that reads back to it."""
    signed = f"CASE WHEN {number} > 0 THEN 'INF' ELSE '-INF' END"
    return (
        f"CASE WHEN isnan({number}) THEN 'NaN' WHEN isinf({number}) THEN {signed}"
        f" ELSE CAST({number} AS VARCHAR) END"
    )


class Choice(Value):
    """The first value whose condition holds: IF and COALESCE."""

    def __init__(self, scope: Scope, arms: Sequence[tuple[str, Value]], nullable: bool) -> None:
        tags = 0
        for _, value in arms:
            tags |= value.tags
        super().__init__(scope, tags, nullable)
        self.arms = [(scope.share(condition), value) for condition, value in arms]
        exact = [value.scale for _, value in arms if value.tags & t.EXACT]
        self.scale = max(exact, default=0)

    def _pick(self, facet: Callable[[Value], str]) -> str:
        return case([(condition, facet(value)) for condition, value in self.arms])

    def _tag(self) -> str:
        return self._pick(lambda value: value.tag)

    def _lex(self) -> str:
        return self._pick(lambda value: value.lex)

    def _num(self) -> str:
        wide = f"DECIMAL(38,{self.scale})"
        return self._pick(lambda v: f"CAST({v.num} AS {wide})" if v.tags & t.EXACT else "NULL")

    def _dbl(self) -> str:
        return self._pick(lambda value: value.dbl) if self.tags & t.DOUBLE else super()._dbl()

    def _bool(self) -> str:
        return self._pick(lambda value: value.bool) if self.tags & t.BOOLEAN else super()._bool()

    def _ts(self) -> str:
        return self._pick(lambda value: value.ts) if self.tags & t.TIMES else super()._ts()

    def _zoned(self) -> str:
        if not self.tags & (t.DATE_TERM | t.DATETIME_TERM):
            return "false"
        return self._pick(lambda value: value.zoned)

    def _lang(self) -> str:
        return self._pick(lambda value: value.lang) if self.tags & t.LANGUAGE else "''"

    def _dt(self) -> str:
        return self._pick(lambda value: value.dt)

    def _id(self) -> str | None:
        ids = [value.id for _, value in self.arms]
        if any(ident is None for ident in ids):
            return None
        return self._pick(lambda value: value.id or "")


def truth(scope: Scope, condition: str) -> Computed:
    """A boolean."""
    shared = scope.share(f"({condition})")
    tag = f"CASE WHEN {shared} IS NOT NULL THEN 5 END"
    return Computed(scope, t.BOOLEAN, tag=tag, bool=shared)


def string(scope: Scope, lex: str, *, tag: int = 3) -> Computed:
    """A simple literal, or an IRI with tag 2."""
    shared = scope.share(lex)
    return Computed(
        scope, 1 << tag, tag=f"CASE WHEN {shared} IS NOT NULL THEN {tag} END", lex=shared
    )


def integer(scope: Scope, number: str) -> Computed:
    shared = scope.share(f"CAST({number} AS DECIMAL(38,0))")
    tag = f"CASE WHEN {shared} IS NOT NULL THEN 6 END"
    return Computed(scope, t.INTEGER, scale=0, tag=tag, num=shared)


def error(scope: Scope) -> Computed:
    """An error, or an unbound variable."""
    return Computed(scope, t.STRING)


def in_language_of(scope: Scope, origin: Value, lex: str) -> Computed:
    """A string in the language of another string."""
    shared = scope.share(lex)
    tags = origin.tags & t.TEXT or t.STRING
    tag = f"CASE WHEN {shared} IS NOT NULL THEN {origin.tag} END"
    return Computed(scope, tags, tag=tag, lex=shared, lang=origin.lang)
