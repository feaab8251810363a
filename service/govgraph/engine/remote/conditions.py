"""Conditions and values in words that leave nothing to a server's notion of errors.

SPARQL has three truths: a comparison with an unbound variable is an error, which is neither true nor
false. Virtuoso answers it like a number, and writes truths as 1 and 0. So a condition is said twice,
as what makes it surely true and surely false, of comparisons whose variables are bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.visibility import walk
from govgraph.vocabulary import PREFIXES, RDF

_BOOLEAN = NamedNode(PREFIXES["xsd"] + "boolean")
#: An expression without a value, for no pattern binds it.
_NOTHING = a.Var("govgraph_unbound")
TRUE, FALSE = (a.Compare("=", Literal(1), Literal(number)) for number in (1, 0))
#: Built-ins whose value is a truth, but for BOUND, which never fails.
_TESTS = {
    "CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "LANGMATCHES", "SAMETERM", "ISIRI", "ISURI",
    "ISBLANK", "ISLITERAL", "ISNUMERIC",
}  # fmt: skip


def true(e: a.Expression) -> a.Expression:
    """What holds if and only if the condition is true, and never fails."""
    match e:
        case a.And(left, right):
            return a.And(true(left), true(right))
        case a.Or(left, right):
            return a.Or(true(left), true(right))
        case a.Not(inner):
            return false(inner)
        case a.Call("COALESCE", args):
            return reduce(lambda rest, one: a.Or(true(one), a.And(a.Not(false(one)), rest)), args[-2::-1], true(args[-1]))
        case a.Call("IF", (test, yes, no)):
            return a.Or(a.And(true(test), true(yes)), a.And(false(test), true(no)))
        case Literal() if e.datatype == _BOOLEAN:
            return TRUE if e.value in ("true", "1") else FALSE
        case a.Exists() | a.Call("BOUND"):
            return e
    return _known(e, value(e) if not _is_test(e) else _test(e))


def false(e: a.Expression) -> a.Expression:
    """What holds if and only if the condition is false, and never fails."""
    match e:
        case a.And(left, right):
            return a.Or(false(left), false(right))
        case a.Or(left, right):
            return a.And(false(left), false(right))
        case a.Not(inner):
            return true(inner)
        case a.Call("COALESCE", args):
            return reduce(lambda rest, one: a.Or(false(one), a.And(a.Not(true(one)), rest)), args[-2::-1], false(args[-1]))
        case a.Call("IF", (test, yes, no)):
            return a.Or(a.And(true(test), false(yes)), a.And(false(test), false(no)))
        case Literal() if e.datatype == _BOOLEAN:
            return FALSE if e.value in ("true", "1") else TRUE
        case a.Exists(pattern, negated):
            return a.Exists(pattern, not negated)
        case a.Call("BOUND"):
            return a.Not(e)
    return _known(e, a.Not(value(e) if not _is_test(e) else _test(e)))


def value(e: a.Expression) -> a.Expression:
    """The same value, in such words."""
    if _is_truth(e):
        return _truth(e)
    match e:
        case a.Call("IF", (test, yes, no)):
            return _if(test, value(yes), value(no))
        case a.Call("ENCODE_FOR_URI", (text,)):
            # beyond ASCII it writes a NUL at the end
            plain = a.Call("ENCODE_FOR_URI", (value(text),))
            return a.Call("REPLACE", (plain, Literal("%00$"), Literal("")))
        case a.Call("CONCAT", args):
            return _guarded(args, a.Call("CONCAT", tuple(map(value, args))))
        case a.Call("DATATYPE", (term,)):
            tagged = a.Compare("!=", a.Call("LANG", (term,)), Literal(""))
            return a.Call("IF", (tagged, NamedNode(RDF + "langString"), a.Call("DATATYPE", (value(term),))))
        case a.Call(name, args):
            return a.Call(name, tuple(map(value, args)))
        case a.Function(iri, args, distinct):
            return a.Function(iri, tuple(map(value, args)), distinct)
        case a.Arithmetic("/", left, right):
            # integers would be divided without rest, and nothing at all be answered for a zero
            ratio = a.Arithmetic("/", a.Arithmetic("*", _ONE, value(left)), value(right))
            zero = a.Compare("!=", value(right), Literal(0))
            return ratio if isinstance(right, Literal) else a.Call("IF", (zero, ratio, _NOTHING))
        case a.Arithmetic(op, left, right):
            return a.Arithmetic(op, value(left), value(right))
        case a.Minus1(inner):
            return a.Minus1(value(inner))
        case a.Plus1(inner):
            return a.Plus1(value(inner))
    return e


_ONE = Literal("1.0", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))


def is_plain(e: a.Expression) -> bool:
    """Whether a filter's condition means the same to the server as it stands."""
    return not any(isinstance(part, a.Call) and part.name in ("COALESCE", "IF", "DATATYPE", "CONCAT", "ENCODE_FOR_URI") or isinstance(part, a.Arithmetic) and part.op == "/" for part in walk(e))


def _is_test(e: a.Expression) -> bool:
    """Whether an expression compares values, so that it fails without them."""
    return isinstance(e, a.Compare | a.In) or (isinstance(e, a.Call) and e.name in _TESTS)


def _is_truth(e: a.Expression) -> bool:
    return _is_test(e) or isinstance(e, a.And | a.Or | a.Not | a.Exists) or (isinstance(e, a.Call) and e.name == "BOUND")


def _test(e: a.Expression) -> a.Expression:
    """A comparison of values in such words."""
    match e:
        case a.Compare(op, left, right):
            return a.Compare(op, value(left), value(right))
        case a.In(operand, choices, negated):
            return a.In(value(operand), tuple(map(value, choices)), negated)
        case a.Call(name, args):
            return a.Call(name, tuple(map(value, args)))
    raise TypeError(e)


def _truth(e: a.Expression) -> a.Expression:
    """A condition's value as a boolean."""
    yes, no = Literal("true"), Literal("false")
    return a.Function(_BOOLEAN, (_if(e, yes, no),))


def _if(test: a.Expression, yes: a.Expression, no: a.Expression) -> a.Expression:
    """IF, without a value where its condition has none."""
    if not _may_fail(test):
        return a.Call("IF", (true(test), yes, no))
    return a.Call("IF", (true(test), yes, a.Call("IF", (false(test), no, _NOTHING))))


def _may_fail(e: a.Expression) -> bool:
    match e:
        case a.And(left, right) | a.Or(left, right):
            return _may_fail(left) or _may_fail(right)
        case a.Not(inner):
            return _may_fail(inner)
        case a.Call("BOUND") | a.Exists() | Literal():
            return False
        case a.Call("COALESCE", args):
            return all(map(_may_fail, args))
    return bool(_needed((e,)))


def _needed(parts: Iterable[object]) -> list[a.Var]:
    """The variables without which an expression fails. Those of aggregates always have a value
    worth comparing; what COALESCE, IF and BOUND look at may be missing."""
    found: list[a.Var] = []
    for part in parts:
        match part:
            case a.Var():
                found += [part] if not part.hidden else []
            case a.Call("COALESCE" | "IF" | "BOUND") | a.Exists() | a.Aggregate():
                pass
            case a.Call(_, args) | a.Function(_, args):
                found += _needed(args)
            case a.Compare(_, left, right) | a.Arithmetic(_, left, right) | a.And(left, right) | a.Or(left, right):
                found += _needed((left, right))
            case a.In(operand, _):
                found += _needed((operand,))
            case a.Not(inner) | a.Minus1(inner) | a.Plus1(inner):
                found += _needed((inner,))
    return list(dict.fromkeys(found))


def _known(e: a.Expression, then: a.Expression) -> a.Expression:
    """`then`, of an expression whose variables are bound."""
    return reduce(lambda rest, var: a.And(a.Call("BOUND", (var,)), rest), reversed(_needed((e,))), then)


def _guarded(parts: Iterable[a.Expression], then: a.Expression) -> a.Expression:
    """A value that there is only if all variables are bound."""
    names = _needed(parts)
    if not names:
        return then
    bound = reduce(lambda rest, var: a.And(a.Call("BOUND", (var,)), rest), names[1:], a.Call("BOUND", (names[0],)))
    return a.Call("IF", (bound, then, _NOTHING))
