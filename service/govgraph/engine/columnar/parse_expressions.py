"""Expressions (grammar rules 110 to 128), aggregates and EXISTS among them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from govgraph.engine.columnar.algebra import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Exists,
    Expression,
    Function,
    In,
    Minus1,
    Not,
    Or,
    Pattern,
    Plus1,
    Var,
)
from govgraph.engine.columnar.builtins import AGGREGATES, ARITY, LATER, SYNONYMS
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse_triples import Triples
from govgraph.engine.columnar.tokens import unquote

_OR, _AND, _RELATION, _SUM, _PRODUCT = range(1, 6)
#: How tightly each operator binds. Relations do not associate: nothing follows `1 < 2`.
_BINDS = {
    "||": _OR, "&&": _AND, "=": _RELATION, "!=": _RELATION, "<": _RELATION, ">": _RELATION,
    "<=": _RELATION, ">=": _RELATION, "IN": _RELATION, "NOT": _RELATION,
    "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT,
}  # fmt: skip
_BINARY: dict[int, Callable[[Any, Expression, Expression], Expression]] = {
    _OR: lambda _, left, right: Or(left, right),
    _AND: lambda _, left, right: And(left, right),
    _RELATION: Compare,
    _SUM: Arithmetic,
    _PRODUCT: Arithmetic,
}
_UNARY: dict[str, type[Not | Minus1 | Plus1]] = {"!": Not, "-": Minus1, "+": Plus1}


class Expressions(Triples):
    #: The aggregates of the SELECT at hand and their variables; None where none may stand.
    aggregates: dict[Aggregate, Var] | None

    @abstractmethod
    def pattern(self) -> Pattern:
        """The pattern of a group with its filters, from brace to brace."""

    def expression(self, floor: int = _OR) -> Expression:
        """An expression of operators that bind at least as tightly as `floor`."""
        left = self._unary()
        while (binds := _BINDS.get(self.kind, 0)) >= floor:
            self.grow()
            op = self.kind
            if op == "IN" or op == "NOT":
                left = self._membership(left)
            else:
                self.take()
                left = _BINARY[binds](op, left, self.expression(binds + 1))
            if binds == _RELATION and _BINDS.get(self.kind) == _RELATION:
                raise self.error("relations do not associate")
        return left

    def constraint(self) -> Expression:
        """A condition that needs no parentheses of its own: `(…)`, a built-in or a function."""
        if self.kind == "(":
            return self.bracketed()
        if self.kind == "iri" or self.kind == "pname":
            return self._function(called=True)
        return self._builtin()

    def bracketed(self) -> Expression:
        self.expect("(")
        self.enter()
        expression = self.expression()
        self.expect(")")
        self.leave()
        return expression

    def _membership(self, operand: Expression) -> In:
        negated = self.accept("NOT")
        self.expect("IN")
        return In(operand, self._arguments(), negated)

    def _unary(self) -> Expression:
        if self.kind in _UNARY and not self.signed():
            node = _UNARY[self.take()]
            return node(self._primary())
        return self._primary()

    def _primary(self) -> Expression:
        kind = self.kind
        if kind == "var":
            return Var(self.take())
        if kind == "(":
            return self.bracketed()
        if kind == "pname" or kind == "iri":
            return self._function(called=False)
        if kind == "<<":
            raise NotCompiled("RDF-star")
        if kind.isupper() and kind != "TRUE" and kind != "FALSE":
            return self._builtin()
        return self.literal()

    def _function(self, *, called: bool) -> Expression:
        """A function call by IRI, or the IRI alone unless it must be `called`."""
        iri = self.iri()
        if not called and self.kind != "(":
            return iri
        distinct = self.kind == "(" and self.follows("DISTINCT")
        return Function(iri, self._arguments(distinct=distinct), distinct)

    def _arguments(self, *, distinct: bool = False) -> tuple[Expression, ...]:
        """`()` or `(expression, expression)`"""
        self.expect("(")
        if distinct:
            self.take()
        elif self.accept(")"):
            return ()
        self.enter()
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        self.expect(")")
        self.leave()
        return tuple(found)

    # -- built-ins -------------------------------------------------------------------------------

    def _builtin(self) -> Expression:
        name = self.kind
        if name in ARITY:
            return self._call(name)
        if name in AGGREGATES:
            return self._aggregate(name)
        if name == "EXISTS" or name == "NOT":
            return self._exists()
        if name in LATER:
            raise NotCompiled(f"{name} of SPARQL 1.2")
        raise self.error("expected an expression")

    def _call(self, name: str) -> Call:
        at = self.at
        self.take()
        args = self._arguments()
        least, most = ARITY[name]
        if not least <= len(args) <= most or (name == "BOUND" and not isinstance(args[0], Var)):
            raise self.tokens.error(at, f"wrong arguments of {name}")
        return Call(SYNONYMS.get(name, name), args)

    def _exists(self) -> Exists:
        negated = self.accept("NOT")
        self.expect("EXISTS")
        return Exists(self.pattern(), negated)

    def _aggregate(self, name: str) -> Var:
        """The variable that stands for an aggregate."""
        known = self.aggregates
        if known is None:
            raise self.error("an aggregate where none may stand")
        self.aggregates = None
        aggregate = self._aggregate_call(name)
        self.aggregates = known
        return self.aggregated(aggregate)

    def aggregated(self, aggregate: Aggregate) -> Var:
        """The variable of an aggregate of the SELECT at hand, the same one for equal aggregates."""
        assert self.aggregates is not None
        if aggregate not in self.aggregates:
            self.aggregates[aggregate] = self.fresh()
        return self.aggregates[aggregate]

    def _aggregate_call(self, name: str) -> Aggregate:
        self.take()
        self.expect("(")
        self.enter()
        distinct = self.accept("DISTINCT")
        operand = None if name == "COUNT" and self.accept("*") else self.expression()
        separator = self._separator() if name == "GROUP_CONCAT" else " "
        self.expect(")")
        self.leave()
        return Aggregate(name, operand, distinct, separator)

    def _separator(self) -> str:
        if not self.accept(";"):
            return " "
        self.expect("SEPARATOR")
        self.expect("=")
        return unquote(self.expect("string"))
