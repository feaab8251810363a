"""SPARQL-based constraints (§5) and SPARQL-based constraint components (§6), read from RDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Term
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.validation import paths
from govgraph.validation.prebinding import check, substituted
from govgraph.validation.reading_paths import read_path
from govgraph.validation.shapes import Sparql
from govgraph.validation.triples import TRUE, Triples
from govgraph.vocabulary import OWL, RDF, RDFS, SH

_TYPE, _SUBCLASS = NamedNode(RDF + "type"), NamedNode(RDFS + "subClassOf")
_PARAMETER, _PATH = NamedNode(SH + "parameter"), NamedNode(SH + "path")


def sparql_constraint(graph: Triples, shape: Term, node: Term) -> Sparql:
    """The value of sh:sparql. ValueError if its query is not one that §5 allows."""
    return _sparql(graph, shape, node, SH + "SPARQLConstraintComponent", {}, frozenset())


@dataclass(frozen=True, slots=True)
class _Component:
    """A declared component: variables of its parameters, by predicate."""

    node: NamedNode
    required: dict[NamedNode, str]
    optional: dict[NamedNode, str]


class Components:
    """The constraint components that a shapes graph declares for itself."""

    def __init__(self, graph: Triples) -> None:
        self.graph = graph
        self.declared = [
            self._component(node)
            for node in graph.subjects(_PARAMETER)
            if isinstance(node, NamedNode) and self._is_component(node)
        ]

    def constraints(self, shape: Term, *, of_property: bool) -> Iterator[Sparql]:
        """What the parameters of the shape make of the declared components."""
        for component in self.declared:
            stated = {p: self.graph.objects(shape, p) for p in component.required}
            if component.required and all(stated.values()):
                if len(stated) > 1 and any(len(values) > 1 for values in stated.values()):
                    raise ValueError(f"several values of a parameter of {component.node}")
                for values in product(*stated.values()):
                    yield self._constraint(shape, component, values, of_property=of_property)

    def _is_component(self, node: NamedNode) -> bool:
        return not node.value.startswith(SH) and any(
            NamedNode(SH + "ConstraintComponent") in self.graph.reachable(kind, _SUBCLASS)
            for kind in self.graph.objects(node, _TYPE)
        )

    def _component(self, node: NamedNode) -> _Component:
        required: dict[NamedNode, str] = {}
        optional: dict[NamedNode, str] = {}
        for parameter in self.graph.objects(node, _PARAMETER):
            path = self.graph.value(parameter, _PATH)
            if isinstance(path, NamedNode):
                chosen = TRUE in self.graph.objects(parameter, NamedNode(SH + "optional"))
                local = path.value.rpartition("#")[2].rpartition("/")[2]
                (optional if chosen else required)[path] = local
        return _Component(node, required, optional)

    def _constraint(
        self, shape: Term, component: _Component, values: tuple[Term, ...], *, of_property: bool
    ) -> Sparql:
        bound = dict(zip(component.required.values(), values, strict=True))
        for predicate, variable in component.optional.items():
            for value in self.graph.objects(shape, predicate):
                bound[variable] = value
        if not all(isinstance(value, NamedNode | Literal) for value in bound.values()):
            raise ValueError(f"a blank node as a parameter of {component.node}")
        special = "propertyValidator" if of_property else "nodeValidator"
        for word in (special, "validator"):
            for validator in self.graph.objects(component.node, NamedNode(SH + word)):
                names = frozenset(component.optional.values())
                return _sparql(
                    self.graph, shape, validator, component.node.value, bound, names
                )  # fmt: skip
        raise ValueError(f"{component.node} without a validator that fits")


def _sparql(
    graph: Triples, shape: Term, node: Term, component: str, bound: dict[str, Term],
    optional: frozenset[str],
) -> Sparql:  # fmt: skip
    select, ask = (graph.value(node, NamedNode(SH + word)) for word in ("select", "ask"))
    text = select or ask
    if text is None:
        raise ValueError("sh:sparql without sh:select, or a validator without a query")
    path = graph.value(shape, _PATH)
    messages = graph.objects(node, NamedNode(SH + "message"))
    try:
        words = {"PATH": paths.sparql(read_path(graph, path))} if path is not None else {}
        found = Sparql(
            component, "select" if select is not None else "ask", _prologue(graph, node),
            substituted(text.value, words), bound, optional,
            tuple(m for m in messages if isinstance(m, Literal)),
        )  # fmt: skip
        check(found)
    except NotCompiled as error:
        raise ValueError(f"the query of sh:sparql: {error}") from None
    return found


def _prologue(graph: Triples, node: Term) -> str:
    """PREFIX lines of what sh:prefixes names and what that imports (§5.2.1)."""
    found: dict[str, str] = {}
    for start in graph.objects(node, NamedNode(SH + "prefixes")):
        for ontology in graph.reachable(start, NamedNode(OWL + "imports")):
            for declared in graph.objects(ontology, NamedNode(SH + "declare")):
                words = (graph.value(declared, NamedNode(SH + w)) for w in ("prefix", "namespace"))
                prefix, namespace = (word.value if word is not None else "" for word in words)
                if found.setdefault(prefix, namespace) != namespace:
                    raise ValueError(f"two namespaces of the prefix {prefix}")
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in found.items())
