"""Shapes evaluated set at a time: one query or few for each constraint, whatever the data.

A shape is applied to a scope, a pattern of focus nodes. Each constraint asks for its violations
among the scope's value nodes. A nested shape is tested by an expression in that query where one
says it exactly (conditions.py); otherwise the nodes of its scope that fail are found in the same
way, and sets are combined here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatchmethod

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Engine, Term
from govgraph.validation import shapes as s
from govgraph.validation.conditions import Conditions, is_one, typed
from govgraph.validation.findings import Finding
from govgraph.validation.lexical import is_well_formed, sure
from govgraph.validation.natives import Natives, no_natives
from govgraph.validation.paths import Predicate, reaches_itself, sparql
from govgraph.validation.scopes import Scope, Subclasses, Values, linked, targets
from govgraph.validation.sparql_constraints import SparqlConstraints
from govgraph.vocabulary import RDFS

_SUBCLASS = f"<{RDFS}subClassOf>"
Pairs = set[tuple[Term, Term]]


def subclasses(engine: Engine) -> Subclasses:
    """Each class that has subclasses, with all of them and itself. Blank nodes are left out: they
    cannot be named in a query, and what is said to be an instance of one is typed otherwise too."""
    found: dict[NamedNode, dict[NamedNode, None]] = {}
    query = f"SELECT DISTINCT ?sub ?class WHERE {{ ?sub {_SUBCLASS}+ ?class FILTER(isIRI(?sub)) }}"
    for row in engine.select(query):
        sub, kind = row["sub"], row["class"]
        if isinstance(kind, NamedNode) and isinstance(sub, NamedNode):
            found.setdefault(kind, {kind: None})[sub] = None
    return {kind: tuple(subs) for kind, subs in found.items()}


class Evaluator:
    """Evaluates shapes on an engine's default graph; `shapes_graph` names the graph that holds
    the shapes, for queries that look at them; `natives` are other ways to what some queries ask."""

    def __init__(
        self,
        engine: Engine,
        shapes_graph: NamedNode | None = None,
        natives: Natives = no_natives,
    ) -> None:
        self.engine = engine
        self.subclasses = subclasses(engine)
        self.conditions = Conditions(self.subclasses)
        self.sparql = SparqlConstraints(engine, shapes_graph, natives(engine))
        self._failing: dict[tuple[s.Shape, Scope], frozenset[Term]] = {}

    def findings(self, shape: s.Shape) -> Iterator[Finding]:
        """All violations of a shape by its targets. Nothing is kept from the shape before, so that
        the queries that are asked are all that its judgement rests on."""
        self._failing.clear()
        scope = targets(shape.targets, self.subclasses)
        return (finding for _, finding in self._of_shape(shape, scope))

    def _of_shape(self, shape: s.Shape, scope: Scope) -> Iterator[tuple[Term, Finding]]:
        """(node of the scope, finding). What a property shape finds at a value counts for each
        node that has the value."""
        values = Values(scope, shape.path)
        for constraint in shape.constraints:
            if isinstance(constraint, s.Property):
                inner = list(self._of_shape(constraint.shape, values.nodes()))
                holders = self._holders(values, {node for node, _ in inner})
                yield from ((focus, found) for node, found in inner for focus in holders[node])
            else:
                yield from ((f.focus, f) for f in self._violations(constraint, shape, values))

    def _holders(self, values: Values, nodes: set[Term]) -> dict[Term, list[Term]]:
        """Value node -> the focus nodes that have it."""
        found: dict[Term, list[Term]] = {node: [] for node in nodes}
        for focus, value in self._among(values, frozenset(nodes)):
            found[value].append(focus)
        return found

    def failing(self, shape: s.Shape, scope: Scope) -> frozenset[Term]:
        """The nodes of a scope that do not conform to a shape."""
        key = shape, scope
        if key not in self._failing:
            values = Values(scope, shape.path)
            self._failing[key] = frozenset(
                node for c in shape.constraints for node in self._failing_one(c, shape, values)
            )
        return self._failing[key]

    def _failing_one(
        self, constraint: s.Constraint, shape: s.Shape, values: Values
    ) -> Iterator[Term]:
        if isinstance(constraint, s.Property):
            constraint = s.Logical("Node", (constraint.shape,))
        return (finding.focus for finding in self._violations(constraint, shape, values))

    # -- one constraint --------------------------------------------------------------------------

    def _violations(
        self, constraint: s.Constraint, shape: s.Shape, values: Values
    ) -> Iterator[Finding]:
        """The findings of one constraint, its own and not those of shapes that it refers to."""
        if isinstance(constraint, s.Closed):
            return self._closed(constraint, shape, values)
        if isinstance(constraint, s.Sparql):
            return self.sparql.findings(constraint, shape, values)
        condition = self._condition(constraint, values)
        found = (
            self._found(constraint, values)
            if condition is None
            else self._pairs(values, f"FILTER(!{condition})")
        )
        return (Finding(focus, shape.path, v, shape, constraint) for focus, v in found)

    def _condition(self, constraint: s.Constraint, values: Values) -> str | None:
        """The condition that a single value has to meet."""
        if isinstance(constraint, s.HasValue):
            return None
        return self.conditions.value(constraint, values.value)

    @singledispatchmethod
    def _found(self, constraint: object, _values: Values) -> Iterable[tuple[Term, Term | None]]:
        """(focus node, value or None) of each violation. No kind of constraint is passed over."""
        raise TypeError(f"no evaluation of {constraint}")

    @_found.register
    def _(self, constraint: s.Datatype, values: Values) -> Iterable[tuple[Term, Term | None]]:
        """Values of other datatypes, and those that are ill-typed: only doubtful texts are looked
        at here."""
        datatype = constraint.iri
        pattern = sure(datatype.value)
        surely = f' && REGEX(STR({values.value}), "{pattern}")' if pattern else " && false"
        doubtful = self._pairs(values, f"FILTER(!({typed(datatype, values.value)}{surely}))")
        for focus, value in doubtful:
            literal = value if isinstance(value, Literal) else None
            if literal is None or literal.datatype != datatype or not is_well_formed(literal):
                yield focus, value

    @_found.register
    def _(self, constraint: s.Count, values: Values) -> Iterable[tuple[Term, Term | None]]:
        if constraint.name == "MinCount":
            return self._too_few(constraint.limit, values)
        if constraint.limit == 0:
            return self._foci(values, "")
        counted = f"HAVING (COUNT(DISTINCT {values.value}) > {constraint.limit})"
        return self._grouped(values.pattern, values, counted)

    def _too_few(self, limit: int, values: Values) -> Iterable[tuple[Term, Term | None]]:
        assert values.path is not None
        scope = values.scope
        if limit <= reaches_itself(values.path):
            return ()
        if limit == 1:
            absent = f"FILTER NOT EXISTS {{ {_link(values)} }}"
            return self._foci(Values(scope, None), absent)
        optional = linked(values.path, scope, values.value)
        pattern = f"{scope.distinct()} OPTIONAL {{ {optional} }}"
        return self._grouped(pattern, values, f"HAVING (COUNT(DISTINCT {values.value}) < {limit})")

    @_found.register
    def _(self, _constraint: s.UniqueLang, values: Values) -> Iterable[tuple[Term, Term | None]]:
        focus, value = values.focus, values.value
        rows = self.engine.select(
            f"SELECT {focus} ?lang WHERE {{ {values.pattern} FILTER(isLiteral({value})) "
            f'BIND(LCASE(LANG({value})) AS ?lang) FILTER(?lang != "") }} '
            f"GROUP BY {focus} ?lang HAVING (COUNT(DISTINCT {value}) > 1)"
        )
        return ((row[values.scope.name], None) for row in rows)

    @_found.register
    def _(self, constraint: s.HasValue, values: Values) -> Iterable[tuple[Term, Term | None]]:
        absent = ""
        if values.path is not None:
            link = f"{values.focus} {sparql(values.path)} {constraint.term} ."
            absent = f"FILTER NOT EXISTS {{ {link} }}"
        if values.path is None or reaches_itself(values.path):
            absent += f" FILTER(!{is_one(values.focus, (constraint.term,))})"
        return self._foci(Values(values.scope, None), absent)

    @_found.register
    def _(self, constraint: s.Pair, values: Values) -> Iterable[tuple[Term, Term | None]]:
        predicate, focus, value = constraint.predicate, values.focus, values.value
        match constraint.name:
            case "Disjoint":
                return self._pairs(values, f"{focus} {predicate} {value} .")
            case "Equals":
                return self._unequal(predicate, values)
            case name:
                op = "<" if name == "LessThan" else "<="
                return self._unordered(predicate, op, values)

    def _unequal(self, predicate: NamedNode, values: Values) -> Iterator[tuple[Term, Term | None]]:
        """Values of one of the two that the other does not have."""
        focus, value = values.focus, values.value
        yield from self._pairs(values, f"FILTER NOT EXISTS {{ {focus} {predicate} {value} }}")
        other = Values(values.scope, Predicate(predicate))
        if values.path is None:
            yield from self._pairs(other, f"FILTER(!sameTerm({other.focus}, {other.value}))")
            return
        lacking = f"FILTER NOT EXISTS {{ {_link(values)} }}"
        if reaches_itself(values.path):
            lacking += f" FILTER(!sameTerm({focus}, {value}))"
        yield from self._pairs(other, lacking)

    def _unordered(
        self, predicate: NamedNode, op: str, values: Values
    ) -> Iterator[tuple[Term, Term | None]]:
        """One finding for each pair that is not in order, or not comparable."""
        focus, value = values.focus, values.value
        rows = self.engine.select(
            f"SELECT DISTINCT {focus} {value} ?other WHERE {{ {values.pattern} "
            f"{focus} {predicate} ?other . FILTER(!COALESCE({value} {op} ?other, false)) }}"
        )
        return ((row[values.scope.name], row[values.name]) for row in rows)

    @_found.register
    def _(self, constraint: s.Logical, values: Values) -> Iterable[tuple[Term, Term | None]]:
        scope = values.nodes()
        sets = [self.failing(shape, scope) for shape in constraint.shapes]
        match constraint.name:
            case "Node" | "And":
                bad = frozenset[Term]().union(*sets)
            case "Or":
                bad = sets[0].intersection(*sets[1:]) if sets else self._nodes(scope)
            case "Not":
                bad = self._nodes(scope) - sets[0]
            case _:
                bad = frozenset(
                    node
                    for node in self._nodes(scope)
                    if sum(node not in failing for failing in sets) != 1
                )
        return self._among(values, bad)

    @_found.register
    def _(self, constraint: s.Qualified, values: Values) -> Iterable[tuple[Term, Term | None]]:
        scope = values.nodes()
        bad = self.failing(constraint.shape, scope)
        for sibling in constraint.siblings:
            bad |= self._nodes(scope) - self.failing(sibling, scope)
        counts = dict.fromkeys(self._nodes(values.scope), 0)
        for focus, value in self._pairs(values, ""):
            counts[focus] += value not in bad
        too_few = constraint.name == "QualifiedMinCount"
        for focus, count in counts.items():
            if count < constraint.limit if too_few else count > constraint.limit:
                yield focus, None

    def _closed(self, constraint: s.Closed, shape: s.Shape, values: Values) -> Iterator[Finding]:
        allowed = ", ".join(map(str, constraint.allowed))
        limit = f"FILTER(?p NOT IN ({allowed}))" if allowed else ""
        rows = self.engine.select(
            f"SELECT DISTINCT {' '.join(_shown(values))} ?p ?o WHERE {{ {values.pattern} "
            f"{values.value} ?p ?o . {limit} }}"
        )
        for row in rows:
            predicate = row["p"]
            assert isinstance(predicate, NamedNode)
            focus = row[values.scope.name]
            yield Finding(focus, Predicate(predicate), row["o"], shape, constraint)

    # -- queries ---------------------------------------------------------------------------------

    def _pairs(self, values: Values, condition: str) -> Iterator[tuple[Term, Term]]:
        query = (
            f"SELECT DISTINCT {' '.join(_shown(values))} WHERE {{ {values.pattern} {condition} }}"
        )
        return ((row[values.scope.name], row[values.name]) for row in self.engine.select(query))

    def _foci(self, values: Values, condition: str) -> Iterator[tuple[Term, None]]:
        query = f"SELECT DISTINCT {values.focus} WHERE {{ {values.pattern} {condition} }}"
        return ((row[values.scope.name], None) for row in self.engine.select(query))

    def _grouped(self, pattern: str, values: Values, having: str) -> Iterator[tuple[Term, None]]:
        query = f"SELECT {values.focus} WHERE {{ {pattern} }} GROUP BY {values.focus} {having}"
        return ((row[values.scope.name], None) for row in self.engine.select(query))

    def _nodes(self, scope: Scope) -> frozenset[Term]:
        rows = self.engine.select(f"SELECT DISTINCT {scope.var} WHERE {{ {scope.pattern} }}")
        return frozenset(row[scope.name] for row in rows)

    def _among(self, values: Values, bad: frozenset[Term]) -> Iterator[tuple[Term, Term]]:
        """The focus nodes that have one of the values, with it."""
        if not bad:
            return iter(())
        if values.path is None:
            return ((node, node) for node in bad)
        return (pair for pair in self._pairs(values, "") if pair[1] in bad)


def _shown(values: Values) -> dict[str, None]:
    """The variables of focus node and value, one where they are the same."""
    return dict.fromkeys((values.focus, values.value))


def _link(values: Values) -> str:
    assert values.path is not None
    return f"{values.focus} {sparql(values.path)} {values.value} ."
