"""The aggregates: for each the raw SQL sums it needs, and its value made of them.

An error in the operand makes SUM, AVG, MIN, MAX and GROUP_CONCAT an error; COUNT and SAMPLE pass
over it. The raw sums of an empty group are NULL or 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from govgraph.engine.columnar import algebra
from govgraph.engine.columnar import tags as t
from govgraph.engine.columnar.arithmetic import quotient
from govgraph.engine.columnar.compare import single
from govgraph.engine.columnar.computed import INTEGER_ID, Computed, integer
from govgraph.engine.columnar.expressions import stored
from govgraph.engine.columnar.facets import Value, case, refuse
from govgraph.engine.columnar.functions import FUNCTIONS
from govgraph.engine.columnar.order import kind, within
from govgraph.engine.columnar.relation import Column, Form
from govgraph.engine.columnar.scope import Scope
from govgraph.engine.columnar.terms import quoted

Reference = Callable[[str], str]


@dataclass(frozen=True)
class Sums:
    """Raw aggregates by column name; `finish` makes the value from references to them."""

    raw: Mapping[str, str]
    finish: Callable[[Scope, Reference], Value]


def count_rows(scope: Scope, distinct: bool) -> Sums:
    """COUNT(*)."""
    name = scope.context.fresh("a")
    sql = "count(*)"
    if distinct:
        seen = [scope.column(variable) for variable in scope.relation.variables]
        sql = f"count(DISTINCT row({', '.join(seen)}))" if seen else "least(count(*), 1)"
    return Sums({name: sql}, lambda over, ref: _counted(over, ref(name)))


def _counted(scope: Scope, number: str) -> Value:
    made = integer(scope, f"coalesce({number}, 0)")
    made.nullable = False
    # no count has more than 50 bits, so its id needs no sum that could overflow
    made._known.update(tag="6", id=f"({INTEGER_ID} | coalesce({number}, 0))")
    return made


def _count(scope: Scope, operand: Value, aggregate: algebra.Aggregate) -> Sums:
    name = scope.context.fresh("a")
    word = "DISTINCT " if aggregate.distinct else ""
    sql = f"count({word}{operand.id or operand.term})"
    return Sums({name: sql}, lambda over, ref: _counted(over, ref(name)))


def _failed(operand: Value, mask: int = t.ALL) -> str:
    """SQL: some operand of the group is an error, or not of the mask."""
    if not operand.nullable and not operand.tags & ~mask:
        return "false"
    wrong = [f"{operand.tag} IS NULL"] if operand.nullable else []
    if operand.tags & ~mask:
        wrong.append(operand.has(operand.tags & ~mask))
    return f"coalesce(bool_or({' OR '.join(wrong)}), false)"


def _numbers(scope: Scope, operand: Value, aggregate: algebra.Aggregate) -> Sums:
    """SUM and AVG."""
    name, tags = scope.context.fresh("a"), operand.tags & t.NUMERIC
    if not tags:
        return _no_numbers(name)
    summed = _once_each(operand) if aggregate.distinct else "sum({})".format
    counted = f"DISTINCT {operand.id or operand.term}" if aggregate.distinct else operand.tag
    raw = {f"{name}f": _failed(operand, t.NUMERIC), f"{name}c": f"count({counted})"}
    if tags & t.EXACT:
        raw[f"{name}s"] = summed(operand.num)
    if tags & t.DECIMALS and tags & t.INTEGERS:
        raw[f"{name}m"] = f"coalesce(bool_or({operand.has(t.DECIMALS)}), false)"
    if tags & t.DOUBLE:
        if single(operand) != "false":
            refusal = (
                f"CASE WHEN {single(operand)} THEN {refuse('float')} ELSE {operand.double} END"
            )
            raw[f"{name}d"] = summed(refusal)
        else:
            raw[f"{name}d"] = summed(operand.double)
        raw[f"{name}e"] = f"coalesce(bool_or({operand.has(t.DOUBLE)}), false)"
    average, scale = aggregate.name == "AVG", operand.scale
    return Sums(raw, lambda over, ref: _total(over, ref, name, tags, scale, average))


def _once_each(operand: Value) -> Callable[[str], str]:
    """SQL of the sum over distinct terms, which two of one value are ("1", "01"); in the order of
    values, so that a sum of doubles is the same in every run."""
    if operand.tags == t.INTEGER:
        return "sum(DISTINCT {})".format
    return lambda number: f"list_sum(list_sort({_distinct(operand, number)}))"


def _distinct(operand: Value, facet: str) -> str:
    """SQL of the list of a facet of the distinct terms."""
    term = operand.id or operand.term
    return f"[x.v FOR x IN list(DISTINCT struct_pack(k := {term}, v := {facet}))]"


def _no_numbers(name: str) -> Sums:
    """The sum of values of which none is a number: 0 for no values at all."""

    def finish(over: Scope, ref: Reference) -> Value:
        return integer(over, f"CASE WHEN coalesce({ref(name)}, 0)=0 THEN 0 END")

    return Sums({name: "count(*)"}, finish)


def _total(scope: Scope, ref: Reference, name: str, tags: int, scale: int, average: bool) -> Value:
    failed, count = ref(f"{name}f"), f"coalesce({ref(f'{name}c')}, 0)"
    facets: dict[str, str] = {}
    exact = f"coalesce({ref(f'{name}s')}, 0)" if tags & t.EXACT else "0"
    number = f"CAST({exact} AS DECIMAL(38,{scale}))"
    if average:
        share = quotient(number, scale, f"CAST({count} AS DECIMAL(38,0))", 0)
        number = f"CASE WHEN {count}=0 THEN 0 ELSE {share} END"
        number, scale = f"CAST({number} AS DECIMAL(38,18))", 18
    if not average and not tags & t.DECIMALS:
        kinds = "6"
    elif average:
        kinds = f"CASE WHEN {count}=0 THEN 6 ELSE 9 END"
    else:
        kinds = _decimal_or_integer(ref, name, tags, count)
    result = t.INTEGER | (0 if kinds == "6" else t.DECIMAL_TERM)
    if tags & t.DOUBLE:
        floating = f"coalesce({ref(f'{name}e')}, false)"
        double = f"{ref(f'{name}d')} / {count}" if average else ref(f"{name}d")
        facets["dbl"] = f"CASE WHEN {floating} THEN {double} END"
        number = f"CASE WHEN NOT {floating} THEN {number} END"
        kinds = f"CASE WHEN {floating} THEN 10 ELSE {kinds} END"
        result |= t.DOUBLE
    tag = f"CASE WHEN NOT coalesce({failed}, false) THEN {kinds} END"
    num = f"CASE WHEN NOT coalesce({failed}, false) THEN {number} END"
    return Computed(scope, result, scale=scale, tag=tag, num=num, **facets)


def _decimal_or_integer(ref: Reference, name: str, tags: int, count: str) -> str:
    if tags & t.INTEGERS:
        return f"CASE WHEN coalesce({ref(f'{name}m')}, false) THEN 9 ELSE 6 END"
    return f"CASE WHEN {count}=0 THEN 6 ELSE 9 END"


def _extreme(scope: Scope, operand: Value, aggregate: algebra.Aggregate) -> Sums:
    """MIN and MAX, of values of one comparable class; a mixed group ends the run."""
    name, function = scope.context.fresh("a"), aggregate.name.lower()
    sql, column = stored(operand, "")
    raw = {f"{name}f": _failed(operand)}
    keys = within(operand)
    if operand.id is not None and operand.rank is not None:
        raw[name] = f"{function}({sql})"
    else:
        alone = len(keys) == 1 and len(t.classes(operand.tags)) == 1
        key = keys[0] if alone else f"struct_pack({_packed(operand)})"
        raw[name] = f"arg_{function}({sql}, {key}) FILTER (WHERE {operand.tag} IS NOT NULL)"
    doubtful = _unordered_kinds(operand)
    if doubtful:
        raw[f"{name}k"] = doubtful

    def finish(over: Scope, ref: Reference) -> Value:
        tests = [(f"coalesce({ref(f'{name}f')}, false)", "NULL")]
        if f"{name}k" in raw:
            tests.insert(0, (ref(f"{name}k"), refuse("extreme of different kinds")))
        return Carried(over, case(tests, ref(name)), column)

    return Sums(raw, finish)


def _unordered_kinds(operand: Value) -> str:
    """SQL: the group has literals of two kinds, or of a datatype without an order."""
    tests = []
    if len(t.classes(operand.tags & t.LITERAL)) > 1:
        literal = f"FILTER (WHERE {operand.has(t.LITERAL)})"
        low, high = (f"{edge}({kind(operand)}) {literal}" for edge in ("min", "max"))
        tests.append(f"{low} IS DISTINCT FROM {high}")
    if operand.tags & t.OTHER:
        tests.append(f"coalesce(bool_or({operand.has(t.OTHER)}), false)")
    return " OR ".join(tests)


def _packed(operand: Value) -> str:
    """All keys of a value as one; each is NULL outside its class."""
    keys = [kind(operand), *within(operand)]
    return ", ".join(f"k{i} := {key}" for i, key in enumerate(keys))


class Carried(Value):
    """A term that an aggregate picked, as it is."""

    def __init__(self, scope: Scope, sql: str, column: Column) -> None:
        super().__init__(scope, column.tags, True)
        self.local = bool(column.tags & t.LOCAL)
        self.form: Form = column.form
        self.one_scale = column.scale
        self.sql = sql

    def _id(self) -> str | None:
        return self.sql if self.form == "id" else None

    def _term(self) -> str:
        return self.sql


def _sample(scope: Scope, operand: Value, _aggregate: algebra.Aggregate) -> Sums:
    name = scope.context.fresh("a")
    sql, column = stored(operand, "")
    return Sums({name: f"any_value({sql})"}, lambda over, ref: Carried(over, ref(name), column))


def _concatenated(scope: Scope, operand: Value, aggregate: algebra.Aggregate) -> Sums:
    """GROUP_CONCAT of the lexical forms of literals."""
    name = scope.context.fresh("a")
    text = FUNCTIONS["STR"](scope, operand).lex
    separator = quoted(aggregate.separator)
    joined = f"string_agg({text}, {separator})"
    if aggregate.distinct:
        joined = f"array_to_string({_distinct(operand, text)}, {separator})"
    raw = {f"{name}f": _failed(operand, t.LITERAL), name: joined}

    def finish(over: Scope, ref: Reference) -> Value:
        failed = f"coalesce({ref(f'{name}f')}, false)"
        lex = over.share(f"CASE WHEN NOT {failed} THEN coalesce({ref(name)}, '') END")
        return Computed(over, t.STRING, tag=f"CASE WHEN {lex} IS NOT NULL THEN 3 END", lex=lex)

    return Sums(raw, finish)


AGGREGATES: Mapping[str, Callable[[Scope, Value, algebra.Aggregate], Sums]] = {
    "COUNT": _count,
    "SUM": _numbers,
    "AVG": _numbers,
    "MIN": _extreme,
    "MAX": _extreme,
    "SAMPLE": _sample,
    "GROUP_CONCAT": _concatenated,
}
