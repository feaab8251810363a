"""The quads of a release that a change rests on, in memory, and what the change does to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from govgraph.edits import Lines, edits_graph, is_protected
from govgraph.errors import GovgraphError
from govgraph.vocabulary import is_inferred

#: Bytes of a line of N-Quads: what compares graphs reads no longer ones.
LONGEST = 4 << 20
_DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Change:
    """Lines of N-Quads that came to graphs and went from them."""

    came: Lines = frozenset()
    went: Lines = frozenset()

    def __bool__(self) -> bool:
        return bool(self.came or self.went)


@dataclass
class Ground:
    """Some lines of a release's graphs, those with some subjects or all, in a store that keeps the
    names of blank nodes. What is put and taken goes on record.

    Its default graph is the merge of the graphs; without `merged` it is empty."""

    base: str
    merged: bool = True
    store: Store = field(default_factory=Store)
    lines: list[str] = field(default_factory=list)
    quads: list[Quad] = field(default_factory=list)
    #: Whether a quad that was touched was there before.
    touched: dict[Quad, bool] = field(default_factory=dict)
    #: How values were spelled that the store spells in its own way, by property.
    spelled: dict[tuple[object, object], Literal] = field(default_factory=dict)

    def load(self, files: Iterable[Path], subjects: Collection[bytes] | None = None) -> None:
        """Take files of N-Quads in, or the lines with some subjects of them."""
        for path in files:
            lines = _lines(path, subjects)
            self.lines += lines
            self.quads += parse("\n".join(lines), RdfFormat.N_QUADS)
        self.store.bulk_extend(self.quads)
        if self.merged:
            self.store.bulk_extend(quad_of(quad.triple, _DEFAULT) for quad in self.quads)

    def put(self, quad: Quad) -> None:
        """Add a quad to its graph."""
        if quad in self.store:
            return
        self.touched.setdefault(quad, False)
        self.store.add(quad)
        if self.merged:
            self.store.add(quad_of(quad.triple, _DEFAULT))

    def take(self, quad: Quad) -> None:
        """Take a quad out of its graph."""
        if quad not in self.store:
            return
        self.touched.setdefault(quad, True)
        self.store.remove(quad)
        if self.merged and next(self.holders(quad.triple), None) is None:
            self.store.remove(quad_of(quad.triple, _DEFAULT))

    def holders(self, triple: Triple) -> Iterator[Quad]:
        """The quads of named graphs that state a triple."""
        found = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return (quad for quad in found if quad.graph_name != _DEFAULT)

    def take_everywhere(self, triple: Triple) -> None:
        """Take a triple out of every graph that asserts it; what is inferred stays so."""
        for quad in list(self.holders(triple)):
            if not is_inferred(_name(quad)):
                self.take(quad)

    def put_anywhere(self, triple: Triple) -> None:
        """Add a triple that is written without a graph."""
        self.put(quad_of(triple, NamedNode(edits_graph(self.base))))

    def change(self) -> Change:
        """What differs from how it was. GovgraphError(graph-protected, upload-refused)."""
        came = [q for q, before in self.touched.items() if not before and q in self.store]
        went = [q for q, before in self.touched.items() if before and q not in self.store]
        for graph in {_name(quad) for quad in (*came, *went)}:
            if is_protected(graph, self.base):
                raise GovgraphError("graph-protected", graph=graph)
        by_subject = self._spelled_by_subject(came)
        lines = _written(self._spell(quad, by_subject) for quad in came)
        return Change(lines, frozenset(self._lines_of(set(went))))

    def _lines_of(self, went: Collection[Quad]) -> Iterator[str]:
        """The lines of quads as they stand in the files."""
        subjects = {quad.subject for quad in went}
        for quad, line in zip(self.quads, self.lines, strict=True):
            if quad.subject in subjects and _canonical(quad) in went:
                yield line

    def _spelled_by_subject(
        self, came: Collection[Quad]
    ) -> Mapping[tuple[object, object], Literal]:
        """The values of subjects, as they are spelled, that the store would spell otherwise."""
        subjects = {quad.subject for quad in came}
        found = (quad for quad in self.quads if quad.subject in subjects)
        return {
            (quad.subject, canonical(quad.object)): quad.object
            for quad in found
            if isinstance(quad.object, Literal) and canonical(quad.object) != quad.object
        }

    def _spell(self, quad: Quad, by_subject: Mapping[tuple[object, object], Literal]) -> Quad:
        value = self.spelled.get((quad.predicate, quad.object)) or by_subject.get(
            (quad.subject, quad.object)
        )
        return Quad(quad.subject, quad.predicate, value, quad.graph_name) if value else quad


def quad_of(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    """A triple in a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _name(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return str(quad.graph_name.value)


def _lines(path: Path, subjects: Collection[bytes] | None) -> list[str]:
    """The lines of a file, or those with some subjects."""
    with path.open("rb") as stream:
        found = (
            stream
            if subjects is None
            else (line for line in stream if line.partition(b" ")[0] in subjects)
        )
        return [line[:-1].decode() for line in found]


def _written(quads: Iterable[Quad]) -> Lines:
    """Quads as lines. GovgraphError(upload-refused) for what a release cannot hold."""
    listed = [*quads]
    if any(map(_is_beyond_rdf_1_1, listed)):
        why, why_zh = (
            "triple terms and directions of texts are not supported",
            "不支持三元组项与文本方向",
        )
        raise GovgraphError("upload-refused", why=why, why_zh=why_zh)
    lines = (serialize(listed, format=RdfFormat.N_QUADS) or b"").split(b"\n")[:-1]
    if any(len(line) > LONGEST for line in lines):
        why, why_zh = f"a statement is longer than {LONGEST} bytes", f"一条陈述超过 {LONGEST} 字节"
        raise GovgraphError("upload-refused", why=why, why_zh=why_zh)
    return frozenset(line.decode() for line in lines)


def _is_beyond_rdf_1_1(quad: Quad) -> bool:
    value = quad.object
    return isinstance(value, Triple) or (isinstance(value, Literal) and value.direction is not None)


def _canonical(quad: Quad) -> Quad:
    value = quad.object
    if not isinstance(value, Literal):
        return quad
    return Quad(quad.subject, quad.predicate, canonical(value), quad.graph_name)


@lru_cache(1 << 16)
def canonical(value: Literal) -> Literal:
    """A literal as Oxigraph's store spells it."""
    store, node = Store(), NamedNode("urn:govgraph:value")
    store.add(Quad(node, node, value))
    found = next(iter(store)).object
    assert isinstance(found, Literal)
    return found
