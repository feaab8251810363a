"""Pre-binding (Appendix A of SHACL): which queries allow it, and which are as well a join.

To pre-bind $this is to put one focus node in the place of the variable everywhere. A query whose
solutions all bind $this, and that looks at it only where it is bound, gives the same when it is
evaluated for all nodes at once and then joined with the focus nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.tokens import Tokens, tokenize
from govgraph.engine.columnar.visibility import certain, mentioned, tested, walk
from govgraph.validation.shapes import Sparql
from govgraph.vocabulary import PREFIXES

#: Bound from outside but no part of the graph: sub-selects need not pass them on.
_FREE = {"shapesGraph", "currentShape"}
#: What ends a SELECT clause, or the keys of GROUP BY and ORDER BY.
_ENDS = {"{", "}", "WHERE", "FROM", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}


def check(constraint: Sparql) -> None:
    """ValueError if the query uses what pre-binding does not allow; NotCompiled, a reason why it
    cannot be read at all."""
    query = parsed(constraint)
    bound = _bound(constraint)
    if query.form != constraint.form:
        raise ValueError(f"a query that is no {constraint.form.upper()}")
    if "PATH" in mentioned(query.pattern):
        raise ValueError("$PATH in a query of a node shape")
    if query.form == "select" and a.Var("this") not in query.vars:
        raise ValueError("a query that does not return $this")
    for node in walk(query.pattern):
        if isinstance(node, a.Minus | a.Values):
            raise ValueError(f"{type(node).__name__.upper()} in a query of sh:sparql")
        if isinstance(node, a.Extend) and node.var.name in bound:
            raise ValueError(f"AS ?{node.var.name}, which is bound already")
    for inner in _sub_selects(query):
        if lost := bound - _FREE - constraint.optional - {v.name for v in inner.vars}:
            raise ValueError(f"a sub-select that does not return ${min(lost)}")


def parsed(constraint: Sparql) -> a.Query:
    """The query's algebra."""
    return parse(constraint.prologue + constraint.text, prefixes=PREFIXES)


def set_at_a_time(constraint: Sparql) -> bool:
    """Whether a SELECT query may be evaluated for all focus nodes at once and joined with them."""
    query = parsed(constraint)
    pattern = query.pattern
    names = mentioned(pattern)
    if names & _FREE or "this" not in certain(pattern) or not _starts_plainly(constraint):
        return False
    if any(names & {"this"} - known for names, known in tested(pattern)):
        return False
    return _anchored(pattern) and all(map(_joins, walk(pattern)))


def exists_at_a_time(constraint: Sparql) -> bool:
    """Whether an ASK query may stand in EXISTS for all nodes at once: engines agree on variables
    from outside that triples bind inside, or that the outermost filters look at."""
    pattern = parsed(constraint).pattern
    outside = {"this", "value"}
    while isinstance(pattern, a.Filter):
        pattern = pattern.pattern
    names = mentioned(pattern) & outside
    plain = all(isinstance(n, a.Bgp | a.Join) for n in walk(pattern) if _is_pattern(n))
    return plain and names <= certain(pattern) and not mentioned(parsed(constraint).pattern) & _FREE


def _is_pattern(node: object) -> bool:
    return isinstance(node, a.Pattern)


def _joins(node: object) -> bool:
    """Whether a part of a pattern takes a join from outside as it would take the constant."""
    match node:
        case a.Slice():
            return False
        case a.LeftJoin(left, right):
            return "this" in certain(left) or "this" not in mentioned(right)
        case a.Group():
            return "this" in certain(node)
        case _:
            return True


def _anchored(pattern: a.Pattern) -> bool:
    """Whether a triple has to hold of $this: a path of no length starts outside the graph too."""
    return any(isinstance(n, a.Bgp) and "this" in mentioned(n) for n in walk(pattern))


def _bound(constraint: Sparql) -> set[str]:
    own = set() if constraint.component.endswith("#SPARQLConstraintComponent") else {"value"}
    if constraint.form == "select":
        own = set()
    return {"this", *_FREE, *own, *constraint.parameters}


def _sub_selects(query: a.Query) -> list[a.Project]:
    found = [node for node in walk(query.pattern) if isinstance(node, a.Project)]
    # the outermost is the query's own, where the algebra has it
    return [p for p in found if query.form == "ask" or p.vars != query.vars or p is not found[0]]


# -- the text ------------------------------------------------------------------------------------


def substituted(text: str, words: Mapping[str, str]) -> str:
    """The query's text with other words in the place of variables, wherever they stand."""
    tokens = tokenize(text)
    spans = (
        (tokens.ends[at] - len(name) - 1, tokens.ends[at], words[name])
        for at, name in _variables(tokens, words)
    )
    return _replaced(tokens.text, spans)


def prebound(text: str, constants: Mapping[str, str]) -> str:
    """The query's text with constants in the place of variables.

    A SELECT clause goes on returning the variable, BOUND() of it is true, and a key of GROUP BY
    or ORDER BY is put into parentheses.
    """
    tokens = tokenize(text)
    clauses = _clauses(tokens)
    spans = (
        _span(tokens, at, constants[name], clauses[at])
        for at, name in _variables(tokens, constants)
    )
    return _replaced(tokens.text, spans)


def _variables(tokens: Tokens, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for at, (kind, name) in enumerate(zip(tokens.kinds, tokens.texts, strict=True)):
        if kind == "var" and name in names:
            yield at, name


def _span(tokens: Tokens, at: int, constant: str, clause: str | None) -> tuple[int, int, str]:
    """(start, end, new text) for the variable at an index."""
    start, end = tokens.ends[at] - len(tokens.texts[at]) - 1, tokens.ends[at]
    if tokens.kinds[at - 2 : at] == ["BOUND", "("]:
        return tokens.ends[at - 2] - len("BOUND"), tokens.ends[at + 1], "(true)"
    if clause == "SELECT":
        nested = "SELECT" in tokens.kinds[1:at]
        shown = f"{tokens.texts[at]}{at}_" if nested else tokens.texts[at]
        return start, end, f"({constant} AS ?{shown})"
    return start, end, f"({constant})" if clause == "BY" else constant


def _clauses(tokens: Tokens) -> list[str | None]:
    """For each token the clause in which it stands outside parentheses: SELECT, BY or none."""
    found: list[str | None] = []
    clause, depth, outside = None, 0, 0
    for kind in tokens.kinds:
        depth += {"(": 1, ")": -1}.get(kind, 0)
        if kind in ("SELECT", "BY"):
            clause, outside = kind, depth
        elif kind in _ENDS:
            clause = None
        found.append(clause if depth == outside else None)
    return found


def _replaced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    parts, done = [], 0
    for start, end, word in spans:
        parts += [text[done:start], word]
        done = end
    return "".join([*parts, text[done:]])


def as_select(text: str) -> str:
    """An ASK query as a SELECT query that has a row where it is true."""
    tokens = tokenize(text)
    start = tokens.ends[tokens.kinds.index("ASK")]
    return f"{tokens.text[: start - 3]}SELECT (1 AS ?holds){tokens.text[start:]}"


def ask_body(text: str) -> str | None:
    """The group of an ASK query, braces included; None if there is more to the query."""
    tokens = tokenize(text)
    start = tokens.kinds.index("{")
    plain = tokens.kinds[:start] in (["ASK"], ["ASK", "WHERE"])
    last = max(at for at, kind in enumerate(tokens.kinds) if kind != "end")
    closed = tokens.kinds[last] == "}" and _depth(tokens, start) == last
    return tokens.text[tokens.ends[start] - 1 : tokens.ends[last]] if plain and closed else None


def _depth(tokens: Tokens, start: int) -> int:
    """The index of the brace that closes the one at `start`."""
    depth = 0
    for at in range(start, len(tokens.kinds)):
        depth += {"{": 1, "}": -1}.get(tokens.kinds[at], 0)
        if not depth:
            return at
    return -1


def _starts_plainly(constraint: Sparql) -> bool:
    """Whether the text can be a sub-select: no prologue and no dataset of its own."""
    kinds = tokenize(constraint.text).kinds
    return kinds[0] == "SELECT" and "FROM" not in kinds
