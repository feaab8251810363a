"""Group graph patterns (grammar rules 52 to 68)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from govgraph.engine.columnar.algebra import Constant, Graph, Pattern, Values, Var
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse_expressions import Expressions
from govgraph.engine.columnar.parse_triples import Block
from govgraph.engine.columnar.translate import Group


class Groups(Expressions):
    @abstractmethod
    def subselect(self) -> Group:
        """A SELECT inside of a group; only what it projects is in scope."""

    def pattern(self) -> Pattern:
        return self.group().whole()

    def group(self) -> Group:
        """From brace to brace."""
        self.expect("{")
        self.enter()
        known, self.aggregates = self.aggregates, None
        group = self.subselect() if self.kind == "SELECT" else self._members()
        self.aggregates = known
        self.expect("}")
        self.leave()
        return group

    def _members(self) -> Group:
        group = Group()
        block = Block()
        while self.kind != "}":
            self.grow()
            if self.kind == "FILTER":
                self.take()
                group.filters.append(self.constraint())
                self.accept(".")
            elif self.kind in _MEMBERS:
                group.block(block)
                block = Block()
                _MEMBERS[self.kind](self, group)
                self.accept(".")
            else:
                self._triples(block)
        group.block(block)
        return group

    def _triples(self, block: Block) -> None:
        """Triples up to what ends them: a brace or a member of another kind."""
        while True:
            self.same_subject(block)
            dot = self.accept(".")
            if self.kind == "}" or self.kind == "FILTER" or self.kind in _MEMBERS:
                return
            if not dot:
                raise self.error("expected a dot")

    # -- members ---------------------------------------------------------------------------------

    def _optional(self, group: Group) -> None:
        self.take()
        group.optional(self.group())

    def _minus(self, group: Group) -> None:
        self.take()
        group.minus(self.group())

    def _union(self, group: Group) -> None:
        """`{…}`, or such groups with UNION between them."""
        groups = [self.group()]
        while self.accept("UNION"):
            self.grow()
            groups.append(self.group())
        group.union(groups)

    def _graph(self, group: Group) -> None:
        self.take()
        name = Var(self.take()) if self.kind == "var" else self.iri()
        inner = self.group()
        scope = inner.scope | {name.name} if isinstance(name, Var) else inner.scope
        group.join(Graph(name, inner.whole()), scope)

    def _bind(self, group: Group) -> None:
        self.take()
        self.expect("(")
        self.enter()
        expression = self.expression()
        self.expect("AS")
        if self.texts[self.at] in group.scope:
            raise self.error("BIND to a variable that is in scope already")
        group.bind(self.variable(), expression)
        self.expect(")")
        self.leave()

    def _values(self, group: Group) -> None:
        values = self.values()
        group.join(values, {var.name for var in values.vars})

    def _refuse(self, _group: Group) -> None:
        raise NotCompiled(self.kind)

    # -- inline data -----------------------------------------------------------------------------

    def values(self) -> Values:
        """`VALUES ?x { 1 }` or `VALUES (?x ?y) { (1 UNDEF) }`"""
        self.expect("VALUES")
        if self.kind == "var":
            column = self.variable()
            self.expect("{")
            return Values((column,), tuple((value,) for value in self._cells("}")))
        self.expect("(")
        columns = [self.variable() for _ in iter(lambda: self.accept(")"), True)]
        if len({column.name for column in columns}) < len(columns):
            raise self.error("a variable twice in VALUES")
        return Values(tuple(columns), tuple(self._rows(len(columns))))

    def _rows(self, width: int) -> list[tuple[Constant | None, ...]]:
        rows = []
        self.expect("{")
        while not self.accept("}"):
            self.expect("(")
            rows.append(tuple(self._cells(")")))
            if len(rows[-1]) != width:
                raise self.error("a row of VALUES with another number of values")
        return rows

    def _cells(self, closing: str) -> list[Constant | None]:
        cells: list[Constant | None] = []
        while not self.accept(closing):
            cells.append(self._cell())
        return cells

    def _cell(self) -> Constant | None:
        if self.accept("UNDEF"):
            return None
        if self.kind == "iri" or self.kind == "pname":
            return self.iri()
        if self.kind == "<<":
            raise NotCompiled("RDF-star")
        return self.literal()


_MEMBERS: dict[str, Callable[[Groups, Group], None]] = {
    "{": Groups._union,
    "OPTIONAL": Groups._optional,
    "MINUS": Groups._minus,
    "GRAPH": Groups._graph,
    "BIND": Groups._bind,
    "VALUES": Groups._values,
    "SERVICE": Groups._refuse,
    "LATERAL": Groups._refuse,
}
