"""The labels of a release's entities, read off a streamed answer, for a nation has millions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from pyoxigraph import QueryResultsFormat

from govgraph.engine.base import Engine
from govgraph.engine.columnar.ntriples import unescape
from govgraph.vocabulary import PROLOGUE

#: What a label is to its entity, as its place in `hit.HOW`.
USES = {
    "skos:prefLabel": 0, "dcterms:title": 0, "skos:altLabel": 1,
    "gov:statCode": 2, "gov:uscc": 2, "dcterms:identifier": 2, "gov:purpose": 3,
}  # fmt: skip
NAMES, CODE = (0, 1), 2
_LABELS = """SELECT ?entity ?label ?class WHERE {
  GRAPH ?table { ?entity %s ?label OPTIONAL { ?entity a ?class } }
} ORDER BY ?entity"""


class Label(NamedTuple):
    """One text of an entity, whose IRI is the base, its kind, `/` and its key."""

    kind: str
    key: str
    type: str | None
    use: int
    text: str
    lang: str | None


def labels(engine: Engine, base: str) -> Iterator[Label]:
    """All labels of the entities whose IRIs begin with the base."""
    return (label for name in USES for label in _stated(engine, base, name))


def _stated(engine: Engine, base: str, name: str) -> Iterator[Label]:
    """What one property calls our entities. It is put together here: a query that did so would need
    the texts of all terms at once."""
    answer = engine.answer(PROLOGUE + _LABELS % name, {"select": QueryResultsFormat.TSV})
    lines = (line.split("\t") for line in islice(_lines(answer.chunks), 1, None))
    for entity, rows in groupby(lines, key=itemgetter(0)):
        iri = entity[1:-1]
        kind, slash, key = iri.removeprefix(base).partition("/")
        if not slash or not iri.startswith(base) or "/table/" in iri:
            continue
        classes: dict[str, list[str]] = {}
        for _, text, found in rows:
            classes.setdefault(text, []).append(found[1:-1])
        for text, found_classes in sorted(classes.items()):
            type_ = min(filter(None, found_classes), default=None)
            yield Label(kind, key, type_, USES[name], *_literal(text))


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in whole)


def _literal(text: str) -> tuple[str, str | None]:
    """The lexical form and the language of a literal in TSV."""
    if not text.startswith('"'):
        return text, None  # a number, written bare
    lexical, _, rest = text[1:].rpartition('"')
    if "\\" in lexical:
        lexical = unescape(lexical)
    return lexical, rest[1:] if rest.startswith("@") else None
