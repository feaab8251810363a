"""What follows the pattern: GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, VALUES (rules 18 to 28)."""

from __future__ import annotations

from dataclasses import dataclass, field

from govgraph.engine.columnar.algebra import Expression, Values, Var
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse_groups import Groups
from govgraph.engine.columnar.variables import variables

_ENDS = {"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}", "end"}


@dataclass(slots=True)
class Modifiers:
    keys: list[tuple[Var, Expression]] = field(default_factory=list)
    having: list[Expression] = field(default_factory=list)
    order: list[tuple[Expression, bool]] = field(default_factory=list)
    offset: int = 0
    limit: int | None = None
    values: Values | None = None


class Modified(Groups):
    def modifiers(self, scope: set[str]) -> Modifiers:
        """The modifiers of a query whose pattern has these variables in scope."""
        found = Modifiers()
        known, self.aggregates = self.aggregates, None
        if self._clause("GROUP"):
            found.keys = self._keys(scope)
        self.aggregates = known
        if self.accept("HAVING"):
            found.having = self._conditions()
        if self._clause("ORDER"):
            found.order = self._order()
        self._slice(found)
        if self.kind == "VALUES":
            found.values = self.values()
        return found

    def _clause(self, word: str) -> bool:
        """Whether `GROUP BY` or `ORDER BY` is next."""
        if not self.accept(word):
            return False
        self.expect("BY")
        return True

    def _conditions(self) -> list[Expression]:
        found = [self.constraint()]
        while self.kind not in _ENDS:
            self.grow()
            found.append(self.constraint())
        return found

    # -- GROUP BY --------------------------------------------------------------------------------

    def _keys(self, scope: set[str]) -> list[tuple[Var, Expression]]:
        keys = [self._key(scope)]
        named = {keys[0][0].name} - scope
        while self.kind not in _ENDS:
            var, expression = self._key(scope)
            if not isinstance(expression, Var) and variables(expression) & named:
                raise NotCompiled("a key of GROUP BY that uses the key before")
            keys.append((var, expression))
            named |= {var.name} - scope
        return list(dict.fromkeys(keys))

    def _key(self, scope: set[str]) -> tuple[Var, Expression]:
        if self.kind == "var":
            var = self.variable()
            return var, var
        if self.kind != "(":
            return self.fresh(), self.constraint()
        self.take()
        self.enter()
        expression = self.expression()
        var = self._key_name(expression, scope)
        self.expect(")")
        self.leave()
        return var, expression

    def _key_name(self, expression: Expression, scope: set[str]) -> Var:
        if not self.accept("AS"):
            return expression if isinstance(expression, Var) else self.fresh()
        if self.texts[self.at] in scope:
            raise self.error("a key of GROUP BY named as a variable that is in scope already")
        return self.variable()

    # -- ORDER BY, LIMIT, OFFSET -----------------------------------------------------------------

    def _order(self) -> list[tuple[Expression, bool]]:
        found = [self._order_key()]
        while self.kind not in _ENDS:
            found.append(self._order_key())
        return found

    def _order_key(self) -> tuple[Expression, bool]:
        if self.kind == "ASC" or self.kind == "DESC":
            return self._directed()
        return (self.variable() if self.kind == "var" else self.constraint()), False

    def _directed(self) -> tuple[Expression, bool]:
        descending = self.take().upper() == "DESC"
        return self.bracketed(), descending

    def _slice(self, found: Modifiers) -> None:
        """LIMIT and OFFSET in either order, each once."""
        first = self.kind
        self._slice_part(found)
        if self.kind != first:
            self._slice_part(found)

    def _slice_part(self, found: Modifiers) -> None:
        if self.accept("LIMIT"):
            found.limit = self._count()
        elif self.accept("OFFSET"):
            found.offset = self._count()

    def _count(self) -> int:
        digits = self.expect("integer").lstrip("0")
        if len(digits) > 18:
            raise NotCompiled("a LIMIT or OFFSET beyond 64 bits")
        return int(digits or "0")
