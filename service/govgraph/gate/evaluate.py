"""What an update or a write of the Graph Store Protocol would change in a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from govgraph.edits import edits_graph
from govgraph.engine.base import Dataset
from govgraph.engine.updates import prepared, run_update
from govgraph.engine.whole import MOST_BYTES
from govgraph.errors import GovgraphError
from govgraph.gate.ground import Change, Ground, canonical, quad_of
from govgraph.gate.operations import DELETED, INSERTED, Operation, operations
from govgraph.release import Release
from govgraph.vocabulary import PREFIXES, is_inferred

_DEFAULT = DefaultGraph()


class Evaluation:
    """Writes to a release, evaluated but not made. A graph that has no triples is none."""

    def __init__(self, release: Release) -> None:
        self.base: str = release.manifest["base"]
        self.files = {
            graph: release.quads / name for graph, name in release.manifest["files"].items()
        }

    def update(self, text: str, using: Dataset, url: str) -> Change:
        """The outcome of an update that came to `url`, all of its operations or none.

        GovgraphError(update-syntax, update-dataset, update-size, query-refused, remote-refused,
        unknown-graph, graph-exists, function-arguments, default-graph, graph-protected)."""
        todo = _allowed(text, using, url)
        if all(operation.kind == "data" for operation in todo):
            ground = self._ground_of_data(todo, url)
        else:
            ground = self._whole()
        for operation in todo:
            _apply(ground, operation, url)
        return ground.change()

    def put(self, graph: str, triples: Sequence[Triple]) -> tuple[Change, bool]:
        """The outcome of making triples all of a graph, and whether there is none such now."""
        ground = self._one(graph)
        new = not ground.quads
        wanted = {canonical_quad(quad_of(triple, NamedNode(graph))) for triple in triples}
        for quad in set(ground.store) - wanted:
            ground.take(quad)
        _add(ground, triples, graph)
        return ground.change(), new

    def add(self, graph: str | None, triples: Sequence[Triple]) -> tuple[Change, bool]:
        """The outcome of merging triples into a graph, that of the edits if none is named, and
        whether the one named is a new one."""
        named = graph or edits_graph(self.base)
        ground = self._one(named)
        new = graph is not None and not ground.quads
        _add(ground, triples, named)
        return ground.change(), new

    def delete(self, graph: str) -> Change:
        """The outcome of taking a graph away. GovgraphError(unknown-graph)."""
        return self.put(self._known(graph), [])[0]

    def patch(self, graph: str, text: str, url: str) -> Change:
        """The outcome of an update to a graph, which it sees as its default graph.

        GovgraphError(other-graph) if it would change others, and what `update` raises."""
        ground, aside = self._one(self._known(graph)), Store()
        todo = _allowed(text, Dataset(), url)
        aside.extend(Quad(*quad.triple) for quad in ground.quads)
        for operation in todo:
            run_update(aside, operation.said, url, prefixes=PREFIXES)
            _note_spelling(ground, operation, url)
        if any(aside.named_graphs()):
            raise GovgraphError("other-graph")
        left = {quad.triple for quad in aside}
        for quad in [*ground.store]:
            if quad.triple not in left:
                ground.take(quad)
        for triple in left:
            ground.put(quad_of(triple, NamedNode(graph)))
        return ground.change()

    def _known(self, graph: str) -> str:
        path = self.files.get(graph)
        if path is None or not path.stat().st_size:
            raise GovgraphError("unknown-graph", graph=graph)
        return graph

    def _one(self, graph: str) -> Ground:
        ground = Ground(self.base, merged=False)
        ground.load([self.files[graph]] if graph in self.files else [])
        return ground

    def _whole(self) -> Ground:
        if sum(path.stat().st_size for path in self.files.values()) > MOST_BYTES:
            raise GovgraphError("update-size", limit=MOST_BYTES >> 20)
        ground = Ground(self.base)
        ground.load(self.files.values())
        return ground

    def _ground_of_data(self, todo: Iterable[Operation], url: str) -> Ground:
        """What is asserted of the subjects that data speaks of: all that it can meet."""
        aside = Store()
        for operation in todo:
            run_update(aside, operation.marking, url, prefixes=PREFIXES)
        subjects = {str(quad.subject).encode() for quad in aside}
        ground = Ground(self.base, merged=False)
        ground.load((p for graph, p in self.files.items() if not is_inferred(graph)), subjects)
        return ground


def canonical_quad(quad: Quad) -> Quad:
    """A quad as a store holds it."""
    value = quad.object
    if not isinstance(value, Literal):
        return quad
    return Quad(quad.subject, quad.predicate, canonical(value), quad.graph_name)


def _allowed(text: str, using: Dataset, url: str) -> list[Operation]:
    """The operations of an update that may be made: guarded, each of them valid SPARQL."""

    def check(operation: str) -> None:
        try:
            run_update(Store(), operation, url, prefixes=PREFIXES)
        except GovgraphError as error:
            if error.code in ("update-syntax", "function-arguments"):
                raise

    found = prepared(text, using)
    todo = operations(found.text, check)
    if found.need:
        raise GovgraphError("remote-refused", what="LOAD")
    return todo


def _apply(ground: Ground, operation: Operation, url: str) -> None:
    _note_spelling(ground, operation, url)
    if operation.kind == "management":
        _manage(ground, operation.said, url)
        return
    run_update(ground.store, operation.marking, url, prefixes=PREFIXES)
    marked = _marked(ground.store)
    for mark, graph, triple in sorted(marked, key=lambda item: item[0] != DELETED):
        if graph:
            named = quad_of(triple, NamedNode(graph))
            (ground.take if mark == DELETED else ground.put)(named)
        else:
            (ground.take_everywhere if mark == DELETED else ground.put_anywhere)(triple)


def _marked(store: Store) -> list[tuple[str, str, Triple]]:
    """What the marker graphs hold: the mark, the graph meant, if any, the triple. They go."""
    found = []
    for graph in list(store.named_graphs()):
        name = str(graph.value)
        mark = next((mark for mark in (DELETED, INSERTED) if name.startswith(mark)), None)
        if mark is None:
            continue
        meant = unquote(name.removeprefix(mark))
        found += [(mark, meant, q.triple) for q in store.quads_for_pattern(None, None, None, graph)]
        store.remove_graph(graph)
    return found


def _manage(ground: Ground, text: str, url: str) -> None:
    """CLEAR, DROP, CREATE, ADD, MOVE or COPY. The default graph is a union, which can be read and
    added to, and that is all. GovgraphError(default-graph)."""
    before = set(ground.store)
    run_update(ground.store, text, url, prefixes=PREFIXES)
    after = set(ground.store)
    gone, come = before - after, after - before
    if any(quad.graph_name == _DEFAULT for quad in gone):
        raise GovgraphError("default-graph")
    ground.store.extend(gone)
    for quad in come:
        ground.store.remove(quad)
    for quad in gone:
        ground.take(quad)
    for quad in come:
        if quad.graph_name == _DEFAULT:
            ground.put_anywhere(quad.triple)
        else:
            ground.put(quad)


def _add(ground: Ground, triples: Iterable[Triple], graph: str) -> None:
    for triple in triples:
        _spell(ground.spelled, triple)
        ground.put(canonical_quad(quad_of(triple, NamedNode(graph))))


def _note_spelling(ground: Ground, operation: Operation, url: str) -> None:
    """Keep how INSERT DATA spells its values, which the store may not. Such data are TriG as well,
    but for escapes outside of texts and names, which are left to the store."""
    if operation.document is None:
        return
    known = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    try:
        for quad in parse(known + operation.document, RdfFormat.TRIG, base_iri=url):
            _spell(ground.spelled, quad.triple)
    except SyntaxError:
        return


def _spell(spelled: dict[tuple[object, object], Literal], triple: Triple) -> None:
    value = triple.object
    if isinstance(value, Literal) and canonical(value) != value:
        spelled[triple.predicate, canonical(value)] = value
