"""Which numbers in compiled SQL are surely exact: Spark prints, rounds and sums doubles otherwise.

SQL text does not say the types of its columns. A query that touches no double has none; in any
other query only what is exact by its own text counts as exact.
"""

from __future__ import annotations

from sqlglot import exp

from govgraph.engine.columnar.notcompiled import NotCompiled

FLOATING = (exp.DType.DOUBLE, exp.DType.FLOAT)
_WHOLE = (exp.DType.BIGINT, exp.DType.INT, exp.DType.DECIMAL, exp.DType.INT128)
_COMBINED = (
    exp.Paren, exp.Neg, exp.Abs, exp.Add, exp.Sub, exp.Mul, exp.Greatest, exp.Least, exp.Coalesce,
)  # fmt: skip


def touches_doubles(tree: exp.Expr) -> bool:
    """Whether the query reads the dictionary's doubles or casts to them. (The table of a query's
    own constants has the column too; reading it goes by the same name.)"""
    return any(_reads(column) for column in tree.find_all(exp.Column)) or any(
        cast.to.this in FLOATING and not isinstance(cast.this, exp.Null | exp.Column)
        for cast in tree.find_all(exp.Cast, exp.TryCast)
    )


def _reads(column: exp.Column) -> bool:
    own = column.find_ancestor(exp.CTE)
    in_constants = own is not None and own.alias == "local"
    return (column.name == "dbl" or column.name.endswith("_dbl")) and not in_constants


def is_exact(node: exp.Expr) -> bool:
    """Whether the node is an integer or a decimal by its own text."""
    if isinstance(node, exp.Cast | exp.TryCast):
        return node.to.this in _WHOLE
    if isinstance(node, exp.Case):
        results = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        return all(map(is_exact, [*results, *([default] if default else [])]))
    if isinstance(node, _COMBINED):
        return all(map(is_exact, _operands(node)))
    if isinstance(node, exp.Column):
        return _is_exact_column(node)
    if isinstance(node, exp.Literal):
        return not node.is_string
    if isinstance(node, exp.Anonymous):
        return node.name in ("unix_micros", "length", "raise_error")
    return isinstance(
        node,
        exp.BitwiseAnd | exp.BitwiseOr | exp.BitwiseRightShift | exp.Length | exp.Count | exp.Null,
    )


#: Columns of the release's tables that hold no doubles.
_IDS = frozenset({"s", "p", "o", "g", "id", "num"})


def _is_exact_column(column: exp.Column) -> bool:
    """By the sub-select or the table of its FROM list that the column comes from."""
    select = column.find_ancestor(exp.Select)
    sources = _sources(select) if select is not None else {}
    source = sources.get(column.table) or (
        next(iter(sources.values())) if len(sources) == 1 else None
    )
    if isinstance(source, exp.Table):
        return column.name in _IDS
    if isinstance(source, exp.Values):
        return all(is_exact(cell) for row in source.expressions for cell in row.expressions)
    return isinstance(source, exp.Subquery) and _makes_exact(source.this, column.name)


def _makes_exact(query: exp.Expr, name: str) -> bool:
    """Whether a query's column is exact: by its own expression, or by the table that `*` is of."""
    if isinstance(query, exp.Union):
        return _makes_exact(query.this, name) and _makes_exact(query.expression, name)
    if isinstance(query, exp.Subquery):
        return _makes_exact(query.this, name)
    if not isinstance(query, exp.Select):
        return False
    for entry in query.expressions:
        if entry.alias_or_name == name:
            return is_exact(entry.unalias())
    stars = [e.table for e in query.expressions if isinstance(e, exp.Column) and e.is_star]
    sources = [source for table, source in _sources(query).items() if table in stars]
    return (
        len(sources) == 1
        and isinstance(sources[0], exp.Subquery)
        and _makes_exact(sources[0].this, name)
    )


def _sources(select: exp.Select) -> dict[str, exp.Expr]:
    first, joins = select.args.get("from_"), select.args.get("joins") or []
    found = [first.this] if first is not None else []
    return {source.alias_or_name: source for source in [*found, *(join.this for join in joins)]}


def _operands(node: exp.Expr) -> list[exp.Expr]:
    sides = [node.args.get("this"), node.args.get("expression"), *node.expressions]
    return [side for side in sides if isinstance(side, exp.Expr)]


def demand_exact(node: exp.Expr, doubles: bool, reason: str) -> None:
    """NotCompiled if the number may be a double."""
    if doubles and not is_exact(node):
        raise NotCompiled(f"on Spark: {reason} of what may be a double")
