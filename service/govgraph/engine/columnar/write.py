"""Algebra printed back as SPARQL, for any engine to evaluate, with no more braces than it needs.

A blank node of a pattern is printed as a variable `?h_…`, which a solution can show.
"""

from __future__ import annotations

from pyoxigraph import Literal

from govgraph.engine.columnar import algebra as a


def printed(query: a.Query) -> str:
    """A query that means what the algebra says."""
    sources = "".join(f"FROM {iri}\n" for iri in query.default or ())
    sources += "".join(f"FROM NAMED {iri}\n" for iri in query.named or ())
    base = f"BASE <{query.base}>\n" if query.base else ""
    if query.form == "select":
        return base + _select(query.pattern, sources)
    where = f"{sources}WHERE {{ {_pattern(query.pattern)} }}"
    if query.form == "ask":
        return f"{base}ASK {where}"
    if query.form == "construct":
        triples = " ".join(_triple(triple, "_:") for triple in query.template)
        return f"{base}CONSTRUCT {{ {triples} }} {where}"
    return f"{base}DESCRIBE {' '.join(_node(node) for node in query.describe)} {where}"


def insertion(query: a.Query, target: str, seen: str) -> str:
    """A CONSTRUCT as an update that adds what it gives to the graph `target`. Its default graph is
    the graph `seen`."""
    triples = " ".join(_triple(triple, "_:") for triple in query.template)
    made = f"INSERT {{ GRAPH <{target}> {{ {triples} }} }}"
    return f"{made} USING <{seen}> WHERE {{ {_pattern(query.pattern)} }}"


def group_text(pattern: a.Pattern) -> str:
    """A pattern as what stands between the braces of a WHERE."""
    return _pattern(pattern)


# -- terms and paths -----------------------------------------------------------------------------


def _node(node: a.Node, blank: str = "?h_") -> str:
    if not isinstance(node, a.Var):
        return str(node)
    return blank + node.name[2:].replace(".", "x_") if node.hidden else f"?{node.name}"


def _triple(triple: a.TriplePattern, blank: str = "?h_") -> str:
    nodes = (triple.subject, triple.predicate, triple.object)
    return " ".join(_node(node, blank) for node in nodes) + " ."


def _path(path: a.PropertyPath) -> str:
    match path:
        case a.Link(iri):
            return str(iri)
        case a.Inverse(inner):
            return f"(^{_path(inner)})"
        case a.Sequence(left, right):
            return f"({_path(left)}/{_path(right)})"
        case a.Alternative(left, right):
            return f"({_path(left)}|{_path(right)})"
        case a.Repeat(inner, zero, many):
            return f"({_path(inner)}{'?' if not many else '*' if zero else '+'})"
        case a.Negated(forward, inverse):
            return f"!({'|'.join([*map(str, forward), *(f'^{iri}' for iri in inverse)])})"


# -- expressions ---------------------------------------------------------------------------------


def _list(expressions: tuple[a.Expression, ...]) -> str:
    return f"({', '.join(map(_expression, expressions))})"


def _expression(e: a.Expression) -> str:
    match e:
        case a.Or(left, right):
            return f"({_expression(left)} || {_expression(right)})"
        case a.And(left, right):
            return f"({_expression(left)} && {_expression(right)})"
        case a.Compare(op, left, right) | a.Arithmetic(op, left, right):
            return f"({_expression(left)} {op} {_expression(right)})"
        case a.Not(operand):
            return f"(! ({_expression(operand)}))"
        case a.Minus1(operand):
            return f"(- ({_expression(operand)}))"
        case a.Plus1(operand):
            return f"(+ ({_expression(operand)}))"
        case a.In(operand, choices, negated):
            return f"({_expression(operand)} {'NOT ' * negated}IN {_list(choices)})"
        case a.Call(name, args):
            return f"{name}{_list(args)}"
        case a.Function(iri, args, _):
            return f"{iri}{_list(args)}"
        case a.Exists(pattern, negated):
            return f"{'NOT ' * negated}EXISTS {{ {_pattern(pattern)} }}"
        case a.Aggregate():
            return _aggregate(e)
        case _:
            return _node(e)


def _aggregate(e: a.Aggregate) -> str:
    operand = "*" if e.operand is None else _expression(e.operand)
    end = f"; SEPARATOR = {Literal(e.separator)}" if e.name == "GROUP_CONCAT" else ""
    return f"{e.name}({'DISTINCT ' * e.distinct}{operand}{end})"


# -- patterns ------------------------------------------------------------------------------------


def _pattern(p: a.Pattern) -> str:
    """What stands between braces that mean the pattern."""
    match p:
        case a.Filter(condition, inner):
            return f"{_pattern(inner)} FILTER({_expression(condition)})"
        case _:
            return _sequence(p)


def _sequence(p: a.Pattern) -> str:
    """The same, as a beginning that more can follow: no filter stands outside braces."""
    match p:
        case a.Join(left, right):
            return f"{_sequence(left)} {_part(right)}"
        case a.LeftJoin(left, right, condition):
            test = f" FILTER({_expression(condition)})" if condition is not None else ""
            return f"{_sequence(left)} OPTIONAL {{ {_sequence(right)}{test} }}"
        case a.Minus(left, right):
            return f"{_sequence(left)} MINUS {{ {_pattern(right)} }}"
        case a.Extend(inner, var, expression):
            return f"{_sequence(inner)} BIND({_expression(expression)} AS {_node(var)})"
        case _:
            return _part(p)


def _part(p: a.Pattern) -> str:
    """A pattern as one thing to join, wherever it stands."""
    match p:
        case a.Bgp(triples):
            return " ".join(map(_triple, triples))
        case a.PathPattern(subject, path, object_):
            return f"{_node(subject)} {_path(path)} {_node(object_)} ."
        case a.Union(left, right):
            return f"{{ {_pattern(left)} }} UNION {{ {_pattern(right)} }}"
        case a.Graph(name, inner):
            return f"GRAPH {_node(name)} {{ {_pattern(inner)} }}"
        case a.Values(names, rows):
            return f"VALUES ({' '.join(map(_node, names))}) {{ {' '.join(map(_row, rows))} }}"
        case a.Filter() | a.Join() | a.LeftJoin() | a.Minus() | a.Extend():
            return f"{{ {_pattern(p)} }}"
        case a.Group():
            return f"{{ {_grouped(p)} }}"
        case _:
            return f"{{ {_select(p)} }}"


def _row(row: tuple[a.Constant | None, ...]) -> str:
    return f"({' '.join('UNDEF' if value is None else str(value) for value in row)})"


def _grouped(p: a.Group) -> str:
    keys = [
        _node(var) if var == expression else f"({_expression(expression)} AS {_node(var)})"
        for var, expression in p.keys
    ]
    shown = [_node(var) for var, _ in p.keys]
    shown += [f"({_aggregate(one)} AS {_node(var)})" for var, one in p.aggregates]
    by = f"GROUP BY {' '.join(keys)}" if keys else ""
    return f"SELECT {' '.join(shown)} WHERE {{ {_pattern(p.pattern)} }} {by}"


def _select(p: a.Pattern, sources: str = "") -> str:
    """The solution modifiers of one SELECT, from the outside in."""
    after = unique = order = ""
    names = "*"
    if isinstance(p, a.Slice):
        after = f"OFFSET {p.offset}" + (f" LIMIT {p.limit}" if p.limit is not None else "")
        p = p.pattern
    if isinstance(p, a.Distinct | a.Reduced):
        unique = type(p).__name__.upper()
        p = p.pattern
    if isinstance(p, a.Project):
        names = " ".join(map(_node, p.vars)) or "(1 AS ?h_none)"
        p = p.pattern
    if isinstance(p, a.OrderBy):
        keys = (f"{'DESC' if down else 'ASC'}({_expression(key)})" for key, down in p.keys)
        order = f"ORDER BY {' '.join(keys)}"
        p = p.pattern
    return f"SELECT {unique} {names} {sources}WHERE {{ {_pattern(p)} }} {order} {after}"
