"""A shapes graph read into shapes. What is ill-formed or unknown is refused, naming the shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.engine.base import Term
from govgraph.errors import GovgraphError
from govgraph.validation import shapes
from govgraph.validation.components import Components
from govgraph.validation.parameters import OF_PROPERTIES, PARAMETERS, sh
from govgraph.validation.reading_paths import read_path
from govgraph.validation.shapes import Constraint, Shape, Target
from govgraph.validation.triples import TRUE, Triples
from govgraph.vocabulary import RDF, RDFS, SH

_TYPE, _SUBCLASS = NamedNode(RDF + "type"), NamedNode(RDFS + "subClassOf")
_TARGETS: dict[NamedNode, Callable[..., Target]] = {
    sh("targetClass"): shapes.ClassTarget,
    sh("targetNode"): shapes.NodeTarget,
    sh("targetSubjectsOf"): shapes.SubjectsTarget,
    sh("targetObjectsOf"): shapes.ObjectsTarget,
}
#: What a shape may say that is no constraint: descriptions, parts of other parameters, and what a
#: node that is also something else (a constraint, a component, an ontology) says as that.
_OTHER = frozenset(
    [
        "path",
        "severity",
        "message",
        "deactivated",
        "flags",
        "ignoredProperties",
        "name",
        "description",
        "order",
        "group",
        "defaultValue",
        "nodeShape",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint",
        "declare",
        "prefixes",
        "select",
        "ask",
        "entailment",
        "shapesGraph",
        "suggestedShapesGraph",
        "parameter",
        "optional",
        "labelTemplate",
        "validator",
        "nodeValidator",
        "propertyValidator",
        "targetClass",
        "targetNode",
        "targetSubjectsOf",
        "targetObjectsOf",
    ]
)


def read_shapes(graph: Triples) -> list[Shape]:
    """The shapes that have targets, with all that they refer to.

    GovgraphError(shape-refused) for an ill-formed shape, a recursive one, or one that uses what
    is neither SHACL Core nor SHACL-SPARQL.
    """
    return Reader(graph).roots()


class Reader:
    """Reads the shapes of one graph, each once."""

    def __init__(self, graph: Triples) -> None:
        self.graph = graph
        self.components = Components(graph)
        self._done: dict[Term, Shape] = {}
        self._open: list[Term] = []

    def roots(self) -> list[Shape]:
        for node in self.graph.subjects(sh("target")):
            raise refused(node, "sh:target")
        implicit = [node for node in self.graph.subjects(_TYPE) if self._is_class(node)]
        named = dict.fromkeys([*self.graph.subjects(*_TARGETS), *implicit])
        return [shape for shape in map(self.shape, named) if shape.targets]

    def shape(self, node: Term) -> Shape:
        """The shape that a node stands for. It may not refer to itself: recursion has no meaning
        that the recommendation defines (§3.4.3)."""
        if node in self._open:
            raise refused(node, "recursion")
        if node not in self._done:
            self._open.append(node)
            try:
                self._done[node] = self._read(node)
            except (ValueError, TypeError) as error:
                raise refused(node, str(error)) from None
            self._open.pop()
        return self._done[node]

    def shapes(self, node: Term) -> tuple[Shape, ...]:
        """The shapes of a list."""
        return tuple(map(self.shape, self.graph.items(node)))

    def _read(self, node: Term) -> Shape:
        active = TRUE not in self.graph.objects(node, sh("deactivated"))
        starts = self.graph.objects(node, sh("path"))
        if len(starts) > 1:
            raise ValueError("several values of sh:path")
        path = read_path(self.graph, starts[0]) if starts else None
        severity = self.graph.value(node, sh("severity"))
        messages = self.graph.objects(node, sh("message"))
        return Shape(
            name(node), node, path,
            severity.value if severity is not None else SH + "Violation",
            tuple(m for m in messages if isinstance(m, Literal)),
            tuple(self._constraints(node)) if active else (),
            tuple(self._targets(node)) if active else (),
        )  # fmt: skip

    def _targets(self, node: Term) -> Iterator[Target]:
        for predicate, kind in _TARGETS.items():
            for target in self.graph.objects(node, predicate):
                literal = isinstance(target, Literal) and kind is shapes.NodeTarget
                if not isinstance(target, NamedNode) and not literal:
                    raise ValueError(f"the target {target}")
                yield kind(target)
        if isinstance(node, NamedNode) and self._is_class(node):
            yield shapes.ClassTarget(node)

    def _is_class(self, node: Term) -> bool:
        """§2.1.3.3: a shape that is also an instance of rdfs:Class in the shapes graph."""
        types = {
            kind
            for stated in self.graph.objects(node, _TYPE)
            for kind in self.graph.reachable(stated, _SUBCLASS)
        }
        is_shape = bool({sh("NodeShape"), sh("PropertyShape")} & types)
        return is_shape and NamedNode(RDFS + "Class") in types

    def _constraints(self, node: Term) -> Iterator[Constraint]:
        has_path = self.graph.value(node, sh("path")) is not None
        for predicate in self.graph.predicates(node):
            word = predicate.value.removeprefix(SH)
            if not predicate.value.startswith(SH) or word in _OTHER:
                continue
            if word not in PARAMETERS:
                raise ValueError(f"sh:{word}")
            if word in OF_PROPERTIES and not has_path:
                raise ValueError(f"sh:{word} without sh:path")
            for value in self.graph.objects(node, predicate):
                yield from PARAMETERS[word](self, node, value)
        yield from self.components.constraints(node, of_property=has_path)


def name(node: Term) -> str:
    """How a shape is named in reports: its IRI, or the label of its blank node."""
    return node.value if isinstance(node, NamedNode | BlankNode) else str(node)


def refused(node: Term, what: str) -> GovgraphError:
    """The error for a shape that cannot be checked, and the construct that is why."""
    return GovgraphError("shape-refused", shape=name(node), what=what)
