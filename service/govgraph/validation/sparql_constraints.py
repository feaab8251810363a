"""Constraints written in SPARQL, evaluated for all focus nodes at once where that is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pyoxigraph import BlankNode, NamedNode

from govgraph.engine.base import Engine, Row, Term
from govgraph.engine.columnar.visibility import mentioned
from govgraph.errors import GovgraphError
from govgraph.validation import prebinding
from govgraph.validation.findings import Finding
from govgraph.validation.natives import Native, digest
from govgraph.validation.paths import Predicate
from govgraph.validation.scopes import Values
from govgraph.validation.shapes import Shape, Sparql


class SparqlConstraints:
    """Finds violations of SPARQL constraints. A query that is not as well a join is asked node by
    node, the node written into it; a blank node cannot be, and is refused."""

    def __init__(
        self, engine: Engine, shapes_graph: NamedNode | None, natives: Mapping[str, Native]
    ) -> None:
        self.engine, self.shapes_graph, self.natives = engine, shapes_graph, natives

    def findings(self, constraint: Sparql, shape: Shape, values: Values) -> Iterator[Finding]:
        """The violations among a scope's nodes. GovgraphError(shape-refused)."""
        constants = self._constants(constraint, shape)
        fixed = replace(constraint, text=prebinding.prebound(constraint.text, constants))
        if constraint.form == "ask":
            return self._ask(fixed, shape, values)
        return self._select(fixed, shape, values)

    def _constants(self, constraint: Sparql, shape: Shape) -> dict[str, str]:
        """What is the same for all nodes: parameters, the shape and the graph that holds it."""
        used = mentioned(prebinding.parsed(constraint).pattern)
        known = {
            **constraint.parameters,
            "currentShape": shape.term,
            "shapesGraph": self.shapes_graph,
        }
        return {name: _constant(term, name, shape) for name, term in known.items() if name in used}

    # -- SELECT finds violations -----------------------------------------------------------------

    def _select(self, constraint: Sparql, shape: Shape, values: Values) -> Iterator[Finding]:
        for row in self._rows(constraint, shape, values):
            focus, path, value = row["this"], row.get("path"), row.get("value")
            if value is None and shape.path is None:
                value = focus
            stated = Predicate(path) if isinstance(path, NamedNode) else None
            words = {**constraint.parameters, **row}
            yield Finding(focus, shape.path or stated, value, shape, constraint, words)

    def _rows(self, constraint: Sparql, shape: Shape, values: Values) -> Iterator[Row]:
        foci = values.scope.distinct("?this")
        if native := self.natives.get(digest(constraint)):
            yield from self._joined(native(constraint), foci)
            return
        if prebinding.set_at_a_time(constraint):
            query = f"SELECT * WHERE {{ {foci} {{ {constraint.text} }} }}"
            yield from self.engine.select(constraint.prologue + query)
            return
        for node in self.engine.select(f"SELECT ?this WHERE {{ {foci} }}"):
            words = {"this": _constant(node["this"], "this", shape)}
            text = constraint.prologue + prebinding.prebound(constraint.text, words)
            yield from ({**row, **node} for row in self.engine.select(text))

    def _joined(self, rows: Iterable[Row], foci: str) -> Iterator[Row]:
        """The rows of focus nodes."""
        found = list(rows)
        asked = self.engine.select(f"SELECT ?this WHERE {{ {foci} }}") if found else ()
        nodes = {row["this"] for row in asked}
        return (row for row in found if row["this"] in nodes)

    # -- ASK is true of good values --------------------------------------------------------------

    def _ask(self, constraint: Sparql, shape: Shape, values: Values) -> Iterator[Finding]:
        for row in self._lacking(constraint, shape, values):
            words = {**constraint.parameters, **row}
            yield Finding(row["this"], shape.path, row["value"], shape, constraint, words)

    def _lacking(self, constraint: Sparql, shape: Shape, values: Values) -> Iterator[Row]:
        """The pairs of $this and $value for which the query is false."""
        pairs = f"({values.focus} AS ?this) ({values.value} AS ?value)"
        pairs = f"{{ SELECT DISTINCT {pairs} WHERE {{ {values.pattern} }} }}"
        body = prebinding.ask_body(constraint.text)
        if body is not None and prebinding.exists_at_a_time(constraint):
            query = f"SELECT ?this ?value WHERE {{ {pairs} FILTER NOT EXISTS {body} }}"
            yield from self.engine.select(constraint.prologue + query)
            return
        for row in self.engine.select(f"SELECT ?this ?value WHERE {{ {pairs} }}"):
            words = {name: _constant(term, name, shape) for name, term in row.items()}
            text = prebinding.prebound(constraint.text, words)
            if not self.engine.select(constraint.prologue + prebinding.as_select(text)):
                yield row


def _constant(term: Term | None, name: str, shape: Shape) -> str:
    if term is None or isinstance(term, BlankNode):
        what = f"${name}" if term is None else f"${name} bound to a blank node"
        raise GovgraphError("shape-refused", shape=shape.name, what=what)
    return str(term)
