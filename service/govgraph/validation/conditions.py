"""What a good value is, as SPARQL expressions that are true or false and never an error.

A shape whose whole meaning can be said so is tested where it stands. The rest (paths of several
steps, counts above one, ill-typed literals …) has no expression and is evaluated as a set.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatchmethod

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.ids import LANG_STRING, XSD
from govgraph.validation import shapes as s
from govgraph.validation.lexical import is_checked
from govgraph.validation.paths import Path, sparql, steps_once
from govgraph.validation.scopes import Subclasses, instance

_KINDS = {"IRI": "isIRI", "BlankNode": "isBlank", "Literal": "isLiteral"}


class Conditions:
    """Writes the conditions of one validation; variables inside EXISTS are named once each."""

    def __init__(self, subclasses: Subclasses) -> None:
        self.subclasses = subclasses
        self._named = 0

    def shape(self, shape: s.Shape, var: str) -> str | None:
        """That the node conforms to a node shape, or to a property shape as a focus node."""
        found: list[str] = []
        for constraint in shape.constraints:
            if shape.path is None:
                condition = self.value(constraint, var)
            else:
                condition = self._of_path(constraint, shape.path, var)
            if condition is None:
                return None
            found.append(condition)
        return all_of(found)

    @singledispatchmethod
    def value(self, _constraint: object, _var: str) -> str | None:
        """That a single value satisfies a constraint; None if no expression says so exactly."""
        return None

    @value.register
    def _(self, constraint: s.Class, var: str) -> str | None:
        return f"EXISTS {{ {instance(var, constraint.iri, self.subclasses)} }}"

    @value.register
    def _(self, constraint: s.Datatype, var: str) -> str | None:
        return None if is_checked(constraint.iri.value) else typed(constraint.iri, var)

    @value.register
    def _(self, constraint: s.NodeKind, var: str) -> str | None:
        names = (name for name in _KINDS if name in constraint.kind.split("Or"))
        return any_of(f"{_KINDS[name]}({var})" for name in names)

    @value.register
    def _(self, constraint: s.Bound, var: str) -> str | None:
        return f"COALESCE({var} {constraint.op} {constraint.limit}, false)"

    @value.register
    def _(self, constraint: s.Length, var: str) -> str | None:
        return f"(!isBlank({var}) && STRLEN(STR({var})) {constraint.op} {constraint.limit})"

    @value.register
    def _(self, constraint: s.Pattern, var: str) -> str | None:
        flags = f", {Literal(constraint.flags)}" if constraint.flags else ""
        tested = f"REGEX(STR({var}), {Literal(constraint.regex)}{flags})"
        return f"(!isBlank({var}) && {tested})"

    @value.register
    def _(self, constraint: s.LanguageIn, var: str) -> str | None:
        tests = (f"LANGMATCHES(LANG({var}), {Literal(r)})" for r in constraint.ranges)
        return f"COALESCE(isLiteral({var}) && {any_of(tests)}, false)"

    @value.register
    def _(self, constraint: s.In, var: str) -> str | None:
        return is_one(var, constraint.terms)

    @value.register
    def _(self, constraint: s.HasValue, var: str) -> str | None:
        return is_one(var, (constraint.term,))

    @value.register
    def _(self, constraint: s.Property, var: str) -> str | None:
        return self.shape(constraint.shape, var)

    @value.register
    def _(self, constraint: s.Logical, var: str) -> str | None:
        found = [self.shape(shape, var) for shape in constraint.shapes]
        tests = [test for test in found if test is not None]
        if len(tests) < len(found):
            return None
        match constraint.name:
            case "Not":
                return f"(!{tests[0]})"
            case "Or":
                return any_of(tests)
            case "Xone":
                ones = [f"IF({test}, 1, 0)" for test in tests]
                return f"({' + '.join(ones)} = 1)" if len(ones) > 1 else all_of(tests)
            case _:
                return all_of(tests)

    def _of_path(self, constraint: s.Constraint, path: Path, var: str) -> str | None:
        """That the values of a path from the node satisfy a constraint."""
        if not steps_once(path):
            return None
        value = self._fresh()
        link = f"{var} {sparql(path)} {value} ."
        match constraint:
            case s.Count("MinCount", limit) if limit <= 1:
                return f"EXISTS {{ {link} }}" if limit == 1 else "true"
            case s.Count("MaxCount", 0):
                return f"NOT EXISTS {{ {link} }}"
            case s.Count() | s.UniqueLang() | s.Pair() | s.Closed() | s.Qualified() | s.Sparql():
                return None
            case s.HasValue(term):
                return f"EXISTS {{ {var} {sparql(path)} {term} . }}"
        condition = self.value(constraint, value)
        return None if condition is None else f"NOT EXISTS {{ {link} FILTER(!{condition}) }}"

    def _fresh(self) -> str:
        self._named += 1
        return f"?v{self._named}"


def all_of(tests: Iterable[str]) -> str:
    found = list(dict.fromkeys(tests))
    return found[0] if len(found) == 1 else f"({' && '.join(found) or 'true'})"


def any_of(tests: Iterable[str]) -> str:
    found = list(dict.fromkeys(tests))
    return found[0] if len(found) == 1 else f"({' || '.join(found) or 'false'})"


def typed(datatype: NamedNode, var: str) -> str:
    """That the value is a literal of a datatype."""
    return f"COALESCE(isLiteral({var}) && DATATYPE({var}) = {datatype}, false)"


def is_one(var: str, terms: Iterable[NamedNode | Literal]) -> str:
    """That the value is one of the terms themselves, not only equal to one.

    `=` compares IRIs, strings and strings with languages as terms.
    """
    plain: list[str] = []
    others: list[str] = []
    for term in terms:
        kind = "" if isinstance(term, NamedNode) else term.datatype.value
        (plain if kind in ("", XSD + "string", LANG_STRING) else others).append(str(term))
    tests = [f"sameTerm({var}, {term})" for term in others]
    if plain:
        tests.append(f"COALESCE({var} IN ({', '.join(plain)}), false)")
    return any_of(tests)
