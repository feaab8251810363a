"""The compiler's SQL in Spark's dialect: parsed by sqlglot, checked node by node, rewritten.

A node that is neither on the allow-list nor in REWRITES makes the query NotCompiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlglot
from sqlglot import exp

from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.spark.allowed import allow, name
from govgraph.engine.spark.numbers import demand_exact, touches_doubles
from govgraph.engine.spark.patterns import ends_text, java

Rewrite = Callable[[Any, bool], exp.Expr]
_WIDE = exp.DataType.build("DECIMAL(38, 0)")
_BILLION_BILLIONS = "1000000000000000000"


def parse(sql: str) -> exp.Query:
    """DuckDB's SQL as a tree."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def rewritten(tree: exp.Query) -> exp.Query:
    """The tree in Spark's words. NotCompiled where it may mean something else there."""
    doubles = touches_doubles(tree)
    for node in reversed(list(tree.walk(bfs=True))):  # what is inside comes first
        rewrite = REWRITES.get(type(node))
        if rewrite is None:
            allow(node)
        elif (new := rewrite(node, doubles)) is not node:
            node.replace(new)
    return tree


def text(tree: exp.Expr) -> str:
    """The SQL for Spark."""
    return tree.sql(dialect="spark", normalize_functions=False)


def _call(function: str, *arguments: exp.Expr | str) -> exp.Expr:
    return exp.Anonymous(this=function, expressions=list(map(exp.convert, arguments)))


def _cast(node: exp.Cast, doubles: bool) -> exp.Expr:
    kind, target = node.to.this, node.to
    if kind in (exp.DType.TEXT, exp.DType.DECIMAL, exp.DType.BIGINT, exp.DType.INT):
        _cast_exactly(node, doubles)
    elif kind == exp.DType.INT128:
        _cast_exactly(node, doubles)
        target = _WIDE
    elif kind == exp.DType.TIMESTAMPNTZ:
        target = exp.DataType(this=exp.DType.TIMESTAMPLTZ)
    elif kind == exp.DType.STRUCT:
        if not isinstance(node.this, exp.Null):
            raise NotCompiled("on Spark: cast to a struct")
    elif kind not in (exp.DType.BOOLEAN, exp.DType.DOUBLE):
        raise NotCompiled(f"on Spark: cast to {kind.value}")
    return exp.Cast(this=node.this, to=target.copy())


def _cast_exactly(node: exp.Cast, doubles: bool) -> None:
    """Doubles are printed and rounded in other ways."""
    source, table = node.this, node.find_ancestor(exp.CTE)
    constant = isinstance(source, exp.Literal | exp.Boolean | exp.Null | exp.Not)
    if constant or (table is not None and table.alias == "local"):  # the query's own constants
        return
    demand_exact(source, doubles, f"cast to {node.to.this.value}")


def _try_cast(node: exp.TryCast, _doubles: bool) -> exp.Expr:
    if node.to.this not in (exp.DType.DECIMAL, exp.DType.DATE):
        raise NotCompiled(f"on Spark: cast to {node.to.this.value}")
    return node


def _number(reason: str) -> Rewrite:
    def check(node: exp.Expr, doubles: bool) -> exp.Expr:
        demand_exact(node.this, doubles, reason)
        return node

    return check


def _sum(node: exp.Sum, doubles: bool) -> exp.Expr:
    summed = node.this
    if isinstance(summed, exp.Distinct):
        (summed,) = summed.expressions
    demand_exact(summed, doubles, "sum")
    return node


def _quotient(node: exp.IntDiv, _doubles: bool) -> exp.Expr:
    """`x * 10^18 // y` without a product that DECIMAL does not hold: the whole part and the rest
    apart. Spark's own DIV gives BIGINT, and its division rounds: only a multiple is divided."""
    over, under = node.this.unnest(), node.expression
    factor = over.expression.unnest() if isinstance(over, exp.Mul) else None
    if not isinstance(factor, exp.Cast) or factor.this.name != _BILLION_BILLIONS:
        raise NotCompiled("on Spark: integer division")
    x, y, unit = (
        over.this.sql("spark"),
        under.sql("spark"),
        f"CAST({_BILLION_BILLIONS} AS DECIMAL(19,0))",
    )
    rest = f"(({x}) % ({y})) * {unit}"
    whole, part = _multiple(x, y), _multiple(rest, y)
    return _parsed(f"(CAST({whole} * {unit} AS DECIMAL(38,0)) + {part})")


def _multiple(x: str, y: str) -> str:
    return f"CAST((({x}) - ({x}) % ({y})) / ({y}) AS DECIMAL(38,0))"


def _parsed(sql: str) -> exp.Expr:
    tree = sqlglot.parse_one(sql, read="spark")
    assert isinstance(tree, exp.Expr)
    return tree


def _struct(node: exp.Struct, _doubles: bool) -> exp.Expr:
    """With fields that may be NULL: PyArrow takes no NULL struct of fields that may not."""
    for field in node.expressions:
        when = exp.If(this=exp.true(), true=field.expression.copy())
        field.set("expression", exp.Case(ifs=[when]))
    return node


def _is_nan(node: exp.IsNan, _doubles: bool) -> exp.Expr:
    """Spark's isnan(NULL) is false."""
    test = _call("isnan", node.this)
    return exp.Case(ifs=[exp.If(this=exp.Not(this=node.this.copy().is_(exp.null())), true=test)])


def _is_infinite(node: exp.IsInf, _doubles: bool) -> exp.Expr:
    infinity = exp.cast(exp.Literal.string("inf"), "DOUBLE")
    return exp.Paren(this=exp.EQ(this=exp.Abs(this=node.this), expression=infinity))


def _left(node: exp.Left, _doubles: bool) -> exp.Expr:
    """A negative count leaves out so many at the end."""
    count = node.expression
    if isinstance(count, exp.Neg):
        count = exp.Sub(this=_call("length", node.this.copy()), expression=count.this)
    return _call("substring", node.this, exp.Literal.number(1), _int(count))


def _substring(node: exp.Substring, _doubles: bool) -> exp.Expr:
    places = [node.args.get("start"), node.args.get("length")]
    return _call("substring", node.this, *(_int(place) for place in places if place is not None))


def _int(node: exp.Expr) -> exp.Expr:
    return exp.cast(node.copy(), "INT")


def _bracket(node: exp.Bracket, _doubles: bool) -> exp.Expr:
    """Characters of a text: [n], [n:], [n:m]. sqlglot counts a single place from 0."""
    (place,) = node.expressions
    if isinstance(place, exp.Literal):
        first, count = int(place.name) + 1, 1
    else:
        place = place if isinstance(place, exp.Slice) else None
        if place is None or not isinstance(place.this, exp.Literal):
            raise NotCompiled("on Spark: place in a text")
        first, last = int(place.this.name), place.args.get("expression")
        count = int(last.name) - first + 1 if last is not None else 1 << 30
    return _call("substring", node.this, exp.Literal.number(first), exp.Literal.number(count))


def _pattern(node: exp.Expr, *, whole: bool = False) -> exp.Expr:
    if not isinstance(node, exp.Literal) or not node.is_string:
        raise NotCompiled("on Spark: computed regular expression")
    return exp.Literal.string(java(node.name, whole))


def _matches(whole: bool) -> Rewrite:
    def match(node: exp.Expr, _doubles: bool) -> exp.Expr:
        pattern = _pattern(node.expression, whole=whole)
        return exp.Paren(this=exp.RegexpLike(this=node.this, expression=pattern))

    return match


def _extract(node: exp.RegexpExtract, _doubles: bool) -> exp.Expr:
    return _call("regexp_extract", node.this, _pattern(node.expression), node.args["group"])


def _replace(node: exp.RegexpReplace, _doubles: bool) -> exp.Expr:
    """Spark replaces each match: so does DuckDB with `g`, and where there can be only one."""
    modifiers, new = node.args.get("modifiers"), node.args["replacement"]
    everywhere = modifiers is not None and modifiers.name == "g"
    if not everywhere and not ends_text(node.expression.name):
        raise NotCompiled("on Spark: replacement of the first match")
    if not isinstance(new, exp.Literal) or "\\" in new.name or "$" in new.name:
        raise NotCompiled("on Spark: replacement string")
    return _call("regexp_replace", node.this, _pattern(node.expression), new)


def _trim(node: exp.Trim, _doubles: bool) -> exp.Expr:
    if node.args.get("position") != "LEADING" or not isinstance(node.expression, exp.Literal):
        raise NotCompiled("on Spark: trim")
    return node


def _moment(node: exp.UnixToTime, _doubles: bool) -> exp.Expr:
    if node.args["scale"].name != "6":
        raise NotCompiled("on Spark: make_timestamp")
    return _call("timestamp_micros", node.this)


_FORMATS = {"%Y-%m-%d": "yyyy-MM-dd", "%Y-%m-%dT%H:%M:%S": "yyyy-MM-dd'T'HH:mm:ss"}


def _formatted(node: exp.TimeToStr, _doubles: bool) -> exp.Expr:
    shape = _FORMATS.get(node.args["format"].name)
    if shape is None:
        raise NotCompiled("on Spark: format of a time")
    return _call("date_format", node.this, exp.Literal.string(shape))


def _window(node: exp.Window, _doubles: bool) -> exp.Expr:
    """Numbers in no order only have to differ; they hold because the table is computed once."""
    given = {argument for argument, value in node.args.items() if value}
    if not isinstance(node.this, exp.RowNumber) or given - {"this", "order", "over"}:
        raise NotCompiled("on Spark: window")
    if node.args.get("order"):
        return node
    table = node.find_ancestor(exp.CTE)
    if table is None or not table.args.get("materialized"):
        raise NotCompiled("on Spark: row numbers of a table that is not kept")
    return _call("monotonically_increasing_id")


def _function(node: exp.Anonymous, _doubles: bool) -> exp.Expr:
    """Functions that sqlglot has no node for."""
    match node.name.lower():
        case "error":
            return _call("raise_error", *node.expressions)
        case "row":
            return _call("struct", *node.expressions)
        case "epoch_us" if isinstance(node.expressions[0], exp.Column):
            return _call("unix_micros", *node.expressions)
    raise NotCompiled(f"on Spark: {name(node)}")


def _kept(node: exp.Expr, _doubles: bool) -> exp.Expr:
    return node


REWRITES: Mapping[type[exp.Expr], Rewrite] = {
    exp.Cast: _cast,
    exp.TryCast: _try_cast,
    exp.Sum: _sum,
    exp.IntDiv: _quotient,
    exp.Floor: _number("floor"),
    exp.Ceil: _number("ceil"),
    exp.Struct: _struct,
    exp.IsNan: _is_nan,
    exp.IsInf: _is_infinite,
    exp.Left: _left,
    exp.Substring: _substring,
    exp.Bracket: _bracket,
    exp.Slice: _kept,  # judged with its bracket
    exp.RegexpLike: _matches(whole=False),
    exp.RegexpFullMatch: _matches(whole=True),
    exp.RegexpExtract: _extract,
    exp.RegexpReplace: _replace,
    exp.Trim: _trim,
    exp.UnixToTime: _moment,
    exp.TimeToStr: _formatted,
    exp.Window: _window,
    exp.Anonymous: _function,
    exp.With: _kept,
    exp.CTE: _kept,
}
