"""Group graph patterns to algebra, member by member (§18.2.2.5 to §18.2.2.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce

from govgraph.engine.columnar.algebra import (
    And,
    Bgp,
    Expression,
    Extend,
    Filter,
    Join,
    LeftJoin,
    Minus,
    Pattern,
    Union,
    Var,
)
from govgraph.engine.columnar.parse_triples import Block

#: The empty group, which Join leaves out.
UNIT = Bgp(())


@dataclass(slots=True)
class Group:
    """A group so far: its pattern, its filters, and the variables in scope (§18.2.1)."""

    pattern: Pattern = UNIT
    filters: list[Expression] = field(default_factory=list)
    scope: set[str] = field(default_factory=set)

    def whole(self) -> Pattern:
        """The pattern with the filters, which see the whole group wherever they stand."""
        return filtered(self.pattern, self.filters)

    def join(self, pattern: Pattern, scope: set[str]) -> None:
        self.pattern = join(self.pattern, pattern)
        self.scope |= scope

    def block(self, block: Block) -> None:
        """Adjacent triples: one basic graph pattern, and each path on its own."""
        if block.triples:
            self.pattern = join(self.pattern, Bgp(tuple(block.triples)))
        for path in block.paths:
            self.pattern = join(self.pattern, path)
        self.scope |= block.variables()

    def optional(self, group: Group) -> None:
        """Filters right in the optional group are the condition, so they see both sides."""
        condition = conjunction(group.filters) if group.filters else None
        self.pattern = LeftJoin(self.pattern, group.pattern, condition)
        self.scope |= group.scope

    def minus(self, group: Group) -> None:
        self.pattern = Minus(self.pattern, group.whole())

    def union(self, groups: list[Group]) -> None:
        scope = set().union(*(group.scope for group in groups))
        self.join(reduce(Union, (group.whole() for group in groups)), scope)

    def bind(self, var: Var, expression: Expression) -> None:
        self.pattern = Extend(self.pattern, var, expression)
        self.scope.add(var.name)


def join(left: Pattern, right: Pattern) -> Pattern:
    """Join without the empty group (§18.2.2.8)."""
    if left == UNIT:
        return right
    return left if right == UNIT else Join(left, right)


def filtered(pattern: Pattern, conditions: list[Expression]) -> Pattern:
    return Filter(conjunction(conditions), pattern) if conditions else pattern


def conjunction(conditions: list[Expression]) -> Expression:
    return reduce(And, conditions)
