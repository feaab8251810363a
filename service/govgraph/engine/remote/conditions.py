"""Conditions and values in words that leave nothing to a server's notion of errors.

SPARQL has three truths: a comparison with an unbound variable is an error, which is neither true nor
false. Virtuoso answers it like a number, and writes truths as 1 and 0. So a condition is said twice,
as what makes it surely true and surely false, of comparisons whose variables are bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.visibility import walk
from govgraph.vocabulary import PREFIXES, RDF

#: Stands for what is not bound.
GAP = NamedNode("urn:govgraph:unbound")
TRUE, FALSE = (a.Compare("=", Literal(1), Literal(number)) for number in (1, 0))
#: An expression without a value, for no pattern binds it.
_NOTHING = a.Var("govgraph_unbound")
_BOOLEAN = NamedNode(PREFIXES["xsd"] + "boolean")
_ONE = Literal("1.0", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
#: Built-ins whose value is a truth, but for BOUND, which never fails.
_TESTS = {
    "CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "LANGMATCHES", "SAMETERM", "ISIRI", "ISURI",
    "ISBLANK", "ISLITERAL", "ISNUMERIC",
}  # fmt: skip
_REWORDED = {"COALESCE", "IF", "DATATYPE", "CONCAT", "ENCODE_FOR_URI"}
Judge = Callable[[a.Expression], a.Expression]


@dataclass(frozen=True)
class Wording:
    """How to say expressions of a pattern that surely binds the variables of these names."""

    sure: frozenset[str] = frozenset()

    def true(self, e: a.Expression) -> a.Expression:
        """What holds if and only if the condition is true, and never fails."""
        return self._judged(e, self.true, self.false, holds=True)

    def false(self, e: a.Expression) -> a.Expression:
        """What holds if and only if the condition is false, and never fails."""
        return self._judged(e, self.false, self.true, holds=False)

    def _judged(self, e: a.Expression, this: Judge, other: Judge, *, holds: bool) -> a.Expression:
        match e:
            case a.And(left, right) | a.Or(left, right):
                both = isinstance(e, a.And) == holds
                return (a.And if both else a.Or)(this(left), this(right))
            case a.Not(inner):
                return other(inner)
            case a.Call("COALESCE", args):
                return _first(args, this, other)
            case a.Call("IF", (test, yes, no)):
                chosen = a.And(self.true(test), this(yes)), a.And(self.false(test), this(no))
                return a.Or(*chosen)
            case Literal() if e.datatype == _BOOLEAN:
                return TRUE if (e.value in ("true", "1")) == holds else FALSE
            case a.Exists(pattern, negated):
                return a.Exists(pattern, negated == holds)
            case a.Call("BOUND", (a.Var() as var,)):
                return present(var) if holds else a.Not(present(var))
        said = _compared(e, self.value) if _is_test(e) else self.value(e)
        found = said if holds else a.Not(said)
        for var in reversed(self.needed((e,))):
            found = a.And(present(var), found)
        return found

    def rank(self, e: a.Expression) -> a.Expression:
        """What orders as the expression does."""
        return self._if(e, Literal(1), Literal(0)) if _is_truth(e) else self.value(e)

    def value(self, e: a.Expression) -> a.Expression:
        """What has the expression's value."""
        if _is_truth(e):
            truth = self._if(e, Literal("true"), Literal("false"))
            return a.Call("STRDT", (truth, _BOOLEAN))
        match e:
            case a.Call(name, args):
                return self._call(name, args)
            case a.Function(iri, args, distinct):
                return a.Function(iri, tuple(map(self.value, args)), distinct)
            case a.Arithmetic("/", left, right):
                return self._ratio(self.value(left), self.value(right))
            case a.Arithmetic(op, left, right):
                return a.Arithmetic(op, self.value(left), self.value(right))
            case a.Minus1(inner):
                return a.Minus1(self.value(inner))
            case a.Plus1(inner):
                return a.Plus1(self.value(inner))
        return e

    def _call(self, name: str, args: tuple[a.Expression, ...]) -> a.Expression:
        if name == "IF":
            return self._if(args[0], self.value(args[1]), self.value(args[2]))
        said = a.Call(name, tuple(map(self.value, args)))
        match name:
            case "ENCODE_FOR_URI":
                # beyond ASCII it writes a NUL at the end
                return a.Call("REPLACE", (said, Literal("%00$"), Literal("")))
            case "CONCAT":
                return self.chosen(said, said, _NOTHING)
            case "DATATYPE":
                tagged = a.Compare("!=", a.Call("LANG", said.args), Literal(""))
                return a.Call("IF", (tagged, NamedNode(RDF + "langString"), said))
        return said

    def _ratio(self, left: a.Expression, right: a.Expression) -> a.Expression:
        """Integers would be divided without rest, and nothing at all be answered for a zero."""
        ratio = a.Arithmetic("/", a.Arithmetic("*", _ONE, left), right)
        zero = a.Compare("!=", right, Literal(0))
        sure = isinstance(right, Literal) and right.value.strip("+-0.") != ""
        return ratio if sure else a.Call("IF", (zero, ratio, _NOTHING))

    def _if(self, test: a.Expression, yes: a.Expression, no: a.Expression) -> a.Expression:
        """IF, without a value where its condition has none."""
        if not self._may_fail(test):
            return a.Call("IF", (self.true(test), yes, no))
        return a.Call("IF", (self.true(test), yes, a.Call("IF", (self.false(test), no, _NOTHING))))

    def _may_fail(self, e: a.Expression) -> bool:
        match e:
            case a.And(left, right) | a.Or(left, right):
                return self._may_fail(left) or self._may_fail(right)
            case a.Not(inner):
                return self._may_fail(inner)
            case a.Call("COALESCE", args):
                return all(map(self._may_fail, args))
        return bool(self.needed((e,)))

    def chosen(self, e: a.Expression, yes: a.Expression, no: a.Expression) -> a.Expression:
        """One value if all variables of an expression are bound, and another if not."""
        names = self.needed((e,))
        if not names:
            return yes
        bound = present(names[0])
        for var in names[1:]:
            bound = a.And(bound, present(var))
        return a.Call("IF", (bound, yes, no))

    def needed(self, parts: Iterable[object]) -> list[a.Var]:
        """The variables that may be unbound and without which an expression fails: not those that
        COALESCE, IF and BOUND look at, nor those that stand for aggregates."""
        found: list[a.Var] = []
        for part in parts:
            match part:
                case a.Var(name):
                    found += [] if part.hidden or name in self.sure else [part]
                case a.Call("COALESCE" | "IF" | "BOUND") | a.Exists() | a.Aggregate():
                    continue
                case a.Call(_, args) | a.Function(_, args):
                    found += self.needed(args)
                case a.Compare(_, left, right) | a.Arithmetic(_, left, right):
                    found += self.needed((left, right))
                case a.And(left, right) | a.Or(left, right):
                    found += self.needed((left, right))
                case a.In(inner) | a.Not(inner) | a.Minus1(inner) | a.Plus1(inner):
                    found += self.needed((inner,))
        return list(dict.fromkeys(found))


def present(var: a.Var) -> a.Expression:
    """Whether a variable is bound. Virtuoso takes BOUND for true of what a sub-select leaves open."""
    named = a.Call("STR", (a.Call("COALESCE", (var, GAP)),))
    return a.Compare("!=", named, Literal(GAP.value))


def is_plain(condition: a.Expression) -> bool:
    """Whether a filter's condition means the same to the server as it stands."""
    return not any(
        (isinstance(part, a.Call) and part.name in _REWORDED)
        or (isinstance(part, a.Arithmetic) and part.op == "/")
        for part in walk(condition)
    )


def _first(args: Sequence[a.Expression], this: Judge, other: Judge) -> a.Expression:
    """What the first of some conditions that does not fail comes to."""
    found = this(args[-1])
    for one in args[-2::-1]:
        if found == FALSE:
            found = this(one)
        elif found == TRUE:
            found = a.Not(other(one))
        else:
            found = a.Or(this(one), a.And(a.Not(other(one)), found))
    return found


def _is_test(e: a.Expression) -> bool:
    """Whether an expression compares values, so that it fails without them."""
    return isinstance(e, a.Compare | a.In) or (isinstance(e, a.Call) and e.name in _TESTS)


def _is_truth(e: a.Expression) -> bool:
    never_fails = isinstance(e, a.Exists) or (isinstance(e, a.Call) and e.name == "BOUND")
    return _is_test(e) or never_fails or isinstance(e, a.And | a.Or | a.Not)


def _compared(e: a.Expression, value: Judge) -> a.Expression:
    """A comparison of values in other words."""
    match e:
        case a.Compare(op, left, right):
            return a.Compare(op, value(left), value(right))
        case a.In(operand, choices, negated):
            return a.In(value(operand), tuple(map(value, choices)), negated)
        case a.Call(name, args):
            return a.Call(name, tuple(map(value, args)))
    raise TypeError(e)
