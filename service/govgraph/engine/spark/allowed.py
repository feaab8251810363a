"""The parts of compiled SQL that mean the same in DuckDB and Spark: an allow-list.

Each node of the parsed SQL has to be here or in `dialect.REWRITES`, with no argument but those
listed: what the compiler learns to write later is refused until somebody has compared it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from govgraph.engine.columnar.notcompiled import NotCompiled

_USUAL = frozenset({"this", "expression", "expressions", "alias", "to"})

#: Node -> arguments beside the usual ones. Spark runs with ANSI on, in UTC, and decimals keep
#: their scale: see `session`.
PLAIN: Mapping[type[exp.Expr], str] = {
    # queries
    exp.Select: "from_ joins where group order limit offset distinct with_",
    exp.From: "", exp.Where: "", exp.Group: "", exp.Limit: "", exp.Offset: "", exp.Order: "",
    exp.Ordered: "desc nulls_first", exp.Join: "kind side on", exp.Subquery: "", exp.Table: "",
    exp.TableAlias: "columns", exp.Alias: "", exp.Union: "distinct", exp.Values: "",
    exp.Tuple: "", exp.Distinct: "", exp.Star: "except_", exp.Exists: "", exp.In: "query",
    exp.Filter: "",
    # names, constants, types
    exp.Column: "table", exp.Identifier: "", exp.Literal: "is_string", exp.Boolean: "",
    exp.Null: "", exp.DataType: "", exp.DataTypeParam: "", exp.ColumnDef: "kind",
    # logic and comparison; texts are compared by their UTF-8 bytes, NaN is the greatest, in both
    exp.And: "", exp.Or: "", exp.Not: "", exp.Is: "", exp.EQ: "", exp.NEQ: "", exp.LT: "",
    exp.LTE: "", exp.GT: "", exp.GTE: "", exp.Between: "low high", exp.NullSafeEQ: "",
    exp.NullSafeNEQ: "", exp.Case: "ifs default", exp.If: "true", exp.Coalesce: "",
    # numbers
    exp.Paren: "", exp.Neg: "", exp.Add: "", exp.Sub: "", exp.Mul: "", exp.BitwiseAnd: "",
    exp.BitwiseOr: "", exp.BitwiseRightShift: "", exp.Abs: "", exp.Greatest: "ignore_nulls",
    exp.Least: "ignore_nulls",
    # texts
    exp.DPipe: "safe", exp.Contains: "", exp.StartsWith: "", exp.EndsWith: "", exp.Length: "",
    exp.Replace: "replacement", exp.Pad: "fill_pattern is_left", exp.StrPosition: "substr",
    exp.Right: "", exp.Lower: "", exp.Upper: "", exp.MD5: "", exp.SHA: "", exp.SHA2: "length",
    # times
    exp.Year: "", exp.Month: "", exp.Day: "", exp.Hour: "", exp.Minute: "",
    # structs and aggregates
    exp.PropertyEQ: "", exp.StructExtract: "", exp.Count: "big_int",
    exp.Min: "", exp.Max: "", exp.ArgMin: "", exp.ArgMax: "", exp.LogicalOr: "",
    exp.AnyValue: "", exp.IgnoreNulls: "", exp.GroupConcat: "separator", exp.RowNumber: "",
}  # fmt: skip
_PERMITTED = {kind: _USUAL | set(more.split()) for kind, more in PLAIN.items()}


def allow(node: exp.Expr) -> None:
    """NotCompiled if the node, or one of its arguments, is not on the list."""
    permitted = _PERMITTED.get(type(node))
    if permitted is None:
        raise NotCompiled(f"on Spark: {name(node)}")
    for argument, value in node.args.items():
        if value not in (None, False, []) and argument not in permitted:
            raise NotCompiled(f"on Spark: {name(node)} with {argument}")


def name(node: exp.Expr) -> str:
    """What a reader of the SQL calls the node."""
    return str(node.name or node.key) if isinstance(node, exp.Anonymous) else node.key
