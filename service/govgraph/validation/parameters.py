"""The parameters of SHACL Core and sh:sparql: each makes constraints of one of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Term
from govgraph.validation import shapes
from govgraph.validation.components import sparql_constraint
from govgraph.validation.shapes import Constraint
from govgraph.validation.triples import TRUE
from govgraph.vocabulary import SH

if TYPE_CHECKING:
    from govgraph.validation.reading import Reader

Made = Iterator[Constraint]
Parameter = Callable[["Reader", Term, Term], Made]
T = TypeVar("T", NamedNode, Literal)

#: Parameters that only property shapes may have.
OF_PROPERTIES = frozenset(
    ["minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"]
)
_KINDS = frozenset(
    ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
)


def sh(name: str) -> NamedNode:
    """A term of the SHACL vocabulary."""
    return NamedNode(SH + name)


def _a(kind: type[T], value: Term | None) -> T:
    """The value, if it is of the kind that its parameter takes."""
    if not isinstance(value, kind):
        raise ValueError(f"the parameter value {value}")
    return value


def _constant(value: Term) -> NamedNode | Literal:
    if not isinstance(value, NamedNode | Literal):
        raise ValueError("a blank node as a parameter value")
    return value


def _upper(word: str) -> str:
    return word[0].upper() + word[1:]


def _class(_reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.Class(_a(NamedNode, value))


def _datatype(_reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.Datatype(_a(NamedNode, value))


def _node_kind(_reader: Reader, _node: Term, value: Term) -> Made:
    kind = _a(NamedNode, value).value.removeprefix(SH)
    if kind not in _KINDS:
        raise ValueError(f"the node kind {value}")
    yield shapes.NodeKind(kind)


def _bound(word: str, op: str, _reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.Bound(_upper(word), op, _a(Literal, value))  # type: ignore[arg-type]


def _length(word: str, op: str, _reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.Length(_upper(word), op, int(_a(Literal, value).value))  # type: ignore[arg-type]


def _count(word: str, _reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.Count(_upper(word), int(_a(Literal, value).value))


def _pattern(reader: Reader, node: Term, value: Term) -> Made:
    flags = reader.graph.value(node, sh("flags"))
    yield shapes.Pattern(_a(Literal, value).value, flags.value if flags is not None else "")


def _language_in(reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.LanguageIn(tuple(_a(Literal, i).value for i in reader.graph.items(value)))


def _in(reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.In(tuple(map(_constant, reader.graph.items(value))))


def _unique_lang(_reader: Reader, _node: Term, value: Term) -> Made:
    if value == TRUE:
        yield shapes.UniqueLang()


def _has_value(_reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.HasValue(_constant(value))


def _pair(word: str, _reader: Reader, _node: Term, value: Term) -> Made:
    yield shapes.Pair(_upper(word), _a(NamedNode, value))


def _closed(reader: Reader, node: Term, value: Term) -> Made:
    if value != TRUE:
        return
    stated = (reader.graph.value(p, sh("path")) for p in reader.graph.objects(node, sh("property")))
    ignored = reader.graph.value(node, sh("ignoredProperties"))
    allowed = [*stated, *(reader.graph.items(ignored) if ignored is not None else ())]
    yield shapes.Closed(tuple(p for p in allowed if isinstance(p, NamedNode)))


def _one(word: str, reader: Reader, _node: Term, value: Term) -> Made:
    """sh:node and sh:not."""
    yield shapes.Logical(_upper(word), (reader.shape(value),))


def _several(word: str, reader: Reader, _node: Term, value: Term) -> Made:
    """sh:and, sh:or and sh:xone."""
    yield shapes.Logical(_upper(word), reader.shapes(value))


def _property(reader: Reader, _node: Term, value: Term) -> Made:
    shape = reader.shape(value)
    if shape.path is None:
        raise ValueError("sh:property without sh:path")
    yield shapes.Property(shape)


def _qualified(reader: Reader, node: Term, value: Term) -> Made:
    shape = reader.shape(value)
    disjoint = TRUE in reader.graph.objects(node, sh("qualifiedValueShapesDisjoint"))
    siblings = tuple(map(reader.shape, _siblings(reader, node, value))) if disjoint else ()
    for word in ("qualifiedMinCount", "qualifiedMaxCount"):
        for limit in reader.graph.objects(node, sh(word)):
            number = int(_a(Literal, limit).value)
            yield shapes.Qualified(_upper(word), number, shape, siblings)


def _siblings(reader: Reader, node: Term, own: Term) -> list[Term]:
    """§4.7.3: the qualified shapes of all property shapes of the same parents, but the own."""
    graph = reader.graph
    parents = [
        p for p in graph.subjects(sh("property")) if node in graph.objects(p, sh("property"))
    ]
    found = {
        shape: None
        for parent in parents
        for property_shape in graph.objects(parent, sh("property"))
        for shape in graph.objects(property_shape, sh("qualifiedValueShape"))
        if shape != own
    }
    return list(found)


def _sparql(reader: Reader, node: Term, value: Term) -> Made:
    if TRUE not in reader.graph.objects(value, sh("deactivated")):
        yield sparql_constraint(reader.graph, node, value)


PARAMETERS: dict[str, Parameter] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": partial(_bound, "minExclusive", ">"),
    "minInclusive": partial(_bound, "minInclusive", ">="),
    "maxExclusive": partial(_bound, "maxExclusive", "<"),
    "maxInclusive": partial(_bound, "maxInclusive", "<="),
    "minLength": partial(_length, "minLength", ">="),
    "maxLength": partial(_length, "maxLength", "<="),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
    "minCount": partial(_count, "minCount"),
    "maxCount": partial(_count, "maxCount"),
    "uniqueLang": _unique_lang,
    "hasValue": _has_value,
    **{
        word: partial(_pair, word)
        for word in ["equals", "disjoint", "lessThan", "lessThanOrEquals"]
    },
    "closed": _closed,
    **{word: partial(_one, word) for word in ("node", "not")},
    **{word: partial(_several, word) for word in ("and", "or", "xone")},
    "property": _property,
    "qualifiedValueShape": _qualified,
    "sparql": _sparql,
}
