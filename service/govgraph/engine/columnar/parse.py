"""SPARQL 1.1 query text to algebra, by recursive descent (§19.8 to §18.2)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pyoxigraph import NamedNode

from govgraph.engine.columnar.algebra import Node, Pattern, Query, TriplePattern, Var
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse_solutions import Solutions
from govgraph.engine.columnar.parse_triples import Block
from govgraph.engine.columnar.translate import Group

NO_PREFIXES: Mapping[str, str] = MappingProxyType({})
_Dataset = tuple[tuple[NamedNode, ...] | None, tuple[NamedNode, ...] | None]


def parse(text: str, base: str | None = None, prefixes: Mapping[str, str] = NO_PREFIXES) -> Query:
    """The algebra of a query. `base` and `prefixes` hold unless the query has its own.

    Raises NotCompiled for SERVICE, for SPARQL 1.2 and for queries too large to walk safely;
    SparqlSyntaxError, a kind of it, for all that is no SPARQL 1.1 query.
    """
    try:
        return _Queries(text, base, prefixes).query()
    except RecursionError:  # the caller's own stack was deep already
        raise NotCompiled("too deep for the stack") from None


class _Queries(Solutions):
    def __init__(self, text: str, base: str | None, prefixes: Mapping[str, str]) -> None:
        super().__init__(text, base, prefixes)
        self.aggregates = None
        self.labels = {}

    def query(self) -> Query:
        self._prologue()
        forms = {
            "SELECT": self._select,
            "ASK": self._ask,
            "CONSTRUCT": self._construct,
            "DESCRIBE": self._describe,
        }
        if self.kind not in forms:
            raise self.error("expected SELECT, ASK, CONSTRUCT or DESCRIBE")
        query = forms[self.kind]()
        if self.kind != "end":
            raise self.error("expected the end")
        return query

    def _prologue(self) -> None:
        while True:
            if self.accept("PREFIX"):
                self._prefix()
            elif self.accept("BASE"):
                self.base = self.resolved(self.expect("iri")[1:-1])
            elif self.kind == "VERSION":
                raise NotCompiled("VERSION of SPARQL 1.2")
            else:
                return

    def _prefix(self) -> None:
        name = self.expect("pname")
        if name.find(":") != len(name) - 1:
            raise self.error("expected a prefix alone")
        self.prefixes[name[:-1]] = self.resolved(self.expect("iri")[1:-1])

    def _dataset(self) -> _Dataset:
        default: list[NamedNode] = []
        named: list[NamedNode] = []
        if self.kind != "FROM":
            return None, None
        while self.accept("FROM"):
            (named if self.accept("NAMED") else default).append(self.iri())
        return tuple(default), tuple(named)

    def _where(self) -> Group:
        self.accept("WHERE")
        return self.group()

    # -- the four forms --------------------------------------------------------------------------

    def _select(self) -> Query:
        selection = self.selection()
        default, named = self._dataset()
        pattern, names = self.selected(selection, self._where())
        return Query("select", pattern, names, default=default, named=named, base=self.base)

    def _ask(self) -> Query:
        self.take()
        default, named = self._dataset()
        pattern, _ = self.solutions(self._where())
        return Query("ask", pattern, default=default, named=named, base=self.base)

    def _describe(self) -> Query:
        self.take()
        nodes = self._described()
        default, named = self._dataset()
        group = self._where() if self.kind in ("WHERE", "{") else Group()
        pattern, scope = self.solutions(group)
        if not nodes:
            nodes = [Var(name) for name in sorted(scope)]
        return Query(
            "describe", pattern, describe=tuple(nodes), default=default, named=named, base=self.base
        )

    def _described(self) -> list[Node]:
        """What DESCRIBE names; nothing for `*`."""
        if self.accept("*"):
            return []
        nodes: list[Node] = [self._var_or_iri()]
        while self.kind in ("var", "iri", "pname"):
            nodes.append(self._var_or_iri())
        return nodes

    def _var_or_iri(self) -> Node:
        return self.variable() if self.kind == "var" else self.iri()

    def _construct(self) -> Query:
        self.take()
        template = self._template() if self.kind == "{" else None
        default, named = self._dataset()
        if template is None:
            self.expect("WHERE")
            template = self._template()
            group = Group()
            group.block(Block(triples=template))
        else:
            group = self._where()
        pattern: Pattern
        pattern, _ = self.solutions(group)
        return Query(
            "construct", pattern, template=tuple(template), default=default, named=named,
            base=self.base,
        )  # fmt: skip

    def _template(self) -> list[TriplePattern]:
        """Triples from brace to brace, without paths; blank node labels are its own."""
        block = Block(template=True)
        self.expect("{")
        while self.kind != "}":
            self.same_subject(block)
            if not self.accept("."):
                break
        self.expect("}")
        return block.triples
