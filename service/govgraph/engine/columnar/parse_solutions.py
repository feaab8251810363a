"""SELECT clauses, and a query's pattern with its modifiers as algebra (§18.2.4 and §18.2.5)."""

from __future__ import annotations

from dataclasses import dataclass, field

from govgraph.engine.columnar.algebra import (
    Aggregate,
    Distinct,
    Expression,
    Extend,
    OrderBy,
    Pattern,
    Project,
    Reduced,
    Slice,
    Var,
)
from govgraph.engine.columnar.algebra import Group as Grouping
from govgraph.engine.columnar.parse_modifiers import Modified, Modifiers
from govgraph.engine.columnar.translate import Group, filtered, join
from govgraph.engine.columnar.variables import substitute, variables

_UNIQUE: dict[str, type[Distinct | Reduced]] = {"DISTINCT": Distinct, "REDUCED": Reduced}


@dataclass(slots=True)
class Selection:
    """What SELECT lists: each variable with its expression, if it has one."""

    unique: str = ""
    star: bool = False
    items: list[tuple[Var, Expression | None]] = field(default_factory=list)

    def expressions(self) -> list[tuple[Var, Expression]]:
        return [(var, expression) for var, expression in self.items if expression is not None]


class Solutions(Modified):
    def subselect(self) -> Group:
        selection = self.selection()
        self.accept("WHERE")
        pattern, names = self.selected(selection, self.group())
        return Group(pattern, scope={var.name for var in names})

    def selection(self) -> Selection:
        """`SELECT DISTINCT ?x (expression AS ?y)`; its aggregates count from here on."""
        self.expect("SELECT")
        self.aggregates = {}
        found = Selection(unique=self.take().upper() if self.kind in _UNIQUE else "")
        if self.accept("*"):
            found.star = True
            return found
        while self.kind == "var" or self.kind == "(":
            found.items.append(self._item())
        if not found.items:
            raise self.error("expected a variable")
        if len({var.name for var, _ in found.items}) < len(found.items):
            raise self.error("a variable twice in SELECT")
        return found

    def _item(self) -> tuple[Var, Expression | None]:
        if self.kind == "var":
            return self.variable(), None
        self.take()
        self.grow()
        self.enter()
        expression = self.expression()
        self.expect("AS")
        var = self.variable()
        self.expect(")")
        self.leave()
        return var, expression

    def selected(self, selection: Selection, group: Group) -> tuple[Pattern, tuple[Var, ...]]:
        """The pattern of a SELECT, and its columns. `SELECT *` lists them by name, as Oxigraph
        does, so that both engines print the same table."""
        modifiers = self.modifiers(group.scope)
        pattern, scope = self._solutions(group, modifiers, selection)
        names = tuple(var for var, _ in selection.items)
        if selection.star:
            names = tuple(Var(name) for name in sorted(scope))
        pattern = Project(_ordered(pattern, modifiers), names)
        if selection.unique:
            pattern = _UNIQUE[selection.unique](pattern)
        return _sliced(pattern, modifiers), names

    def solutions(self, group: Group) -> tuple[Pattern, set[str]]:
        """The pattern of a query without SELECT, and the variables in scope."""
        self.aggregates = {}
        modifiers = self.modifiers(group.scope)
        pattern, scope = self._solutions(group, modifiers, Selection())
        return _sliced(_ordered(pattern, modifiers), modifiers), scope

    def _solutions(
        self, group: Group, modifiers: Modifiers, selection: Selection
    ) -> tuple[Pattern, set[str]]:
        """All that comes before ORDER BY, and the variables visible there."""
        pattern, scope = group.whole(), group.scope
        if modifiers.keys or self.aggregates:
            pattern, scope = self._grouped(pattern, modifiers, selection)
        pattern = filtered(pattern, modifiers.having)
        if modifiers.values is not None:
            pattern = join(pattern, modifiers.values)
            scope = scope | {var.name for var in modifiers.values.vars}
        for var, expression in selection.expressions():
            if var.name in scope or var.name in group.scope:
                raise self.error(f"SELECT assigns ?{var.name}, which is in scope already")
            pattern = Extend(pattern, var, expression)
        return pattern, scope

    # -- grouping --------------------------------------------------------------------------------

    def _grouped(
        self, pattern: Pattern, modifiers: Modifiers, selection: Selection
    ) -> tuple[Pattern, set[str]]:
        """The groups; only their keys are visible. Other variables of HAVING and ORDER BY stand
        for one value of the group (§18.2.4.1); in SELECT they are errors (§11.4)."""
        keys = {var.name for var, _ in modifiers.keys}
        self._check_selection(selection, keys | _values_names(modifiers))
        named = keys | {var.name for var, _ in selection.items} | _values_names(modifiers)
        modifiers.having = [self._sampled(one, keys) for one in modifiers.having]
        modifiers.order = [(self._sampled(one, named), desc) for one, desc in modifiers.order]
        aggregates = tuple((var, one) for one, var in (self.aggregates or {}).items())
        visible = {name for name in keys if not name.startswith("_:")}
        return Grouping(pattern, tuple(modifiers.keys), aggregates), visible

    def _check_selection(self, selection: Selection, known: set[str]) -> None:
        if selection.star:
            raise self.error("SELECT * with groups")
        known = set(known)
        for var, expression in selection.items:
            used = {var.name} if expression is None else variables(expression)
            for name in used - known:
                if not name.startswith("_:"):
                    raise self.error(f"SELECT uses ?{name}, which is no key of GROUP BY")
            known.add(var.name)

    def _sampled(self, expression: Expression, known: set[str]) -> Expression:
        def sample(var: Var) -> Var:
            if var.hidden or var.name in known:
                return var
            return self.aggregated(Aggregate("SAMPLE", var))

        return substitute(expression, sample)


def _values_names(modifiers: Modifiers) -> set[str]:
    return {var.name for var in modifiers.values.vars} if modifiers.values else set()


def _ordered(pattern: Pattern, modifiers: Modifiers) -> Pattern:
    return OrderBy(pattern, tuple(modifiers.order)) if modifiers.order else pattern


def _sliced(pattern: Pattern, modifiers: Modifiers) -> Pattern:
    if modifiers.offset == 0 and modifiers.limit is None:
        return pattern
    return Slice(pattern, modifiers.offset, modifiers.limit)
