"""Nodes of the graph with some of their properties, and texts in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance.frames import answered
from govgraph.governance.kept import kept
from govgraph.vocabulary import PREFIXES, PROLOGUE

Language = Literal["zh", "en"]
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z]+))?')
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SIGNS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, order=True)
class Words:
    """A text in Chinese and English; either may be missing."""

    zh: str | None = None
    en: str | None = None

    def either(self) -> str | None:
        """The text in one of the languages, Chinese first."""
        return self.zh or self.en

    def filled(self) -> Words:
        """Each missing language taken from the other, so that no text is lost to a reader."""
        return Words(self.zh or self.en, self.en or self.zh)


NOTHING = Words()


@dataclass(frozen=True)
class Node:
    """A subject and the terms of its properties, each property by its prefixed name; terms are
    texts as in TSV: `<iri>`, `"text"@zh`, `5`."""

    iri: str
    properties: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def iris(self, name: str) -> tuple[str, ...]:
        """The entities that a property leads to, sorted."""
        terms = self.properties.get(name, ())
        return tuple(sorted(term[1:-1] for term in terms if term.startswith("<")))

    def one(self, name: str) -> str | None:
        """The least value of a property as text, None without one."""
        return min(map(_plain, self.properties.get(name, ())), default=None)

    def integer(self, name: str) -> int | None:
        """A count; None if it is not stated."""
        value = self.one(name)
        return None if value is None else int(value)

    def words(self, name: str) -> Words:
        """The texts of a property by language; one without a language is Chinese and English."""
        found: dict[str, str] = {}
        for text, language in self._literals(name):
            found[language] = min(text, found.get(language, text))
        return Words(found.get("zh", found.get("")), found.get("en", found.get("")))

    def texts(self, name: str) -> frozenset[str]:
        """All texts of a property, in whatever language."""
        return frozenset(text for text, _ in self._literals(name))

    def _literals(self, name: str) -> Iterator[tuple[str, str]]:
        """Texts with the first part of their language, which may be empty."""
        for term in self.properties.get(name, ()):
            if found := _LITERAL.match(term):
                yield _read(found[1]), (found[2] or "").lower()


def _plain(term: str) -> str:
    """What a term says, without brackets, quotes, language and datatype."""
    found = _LITERAL.match(term)
    return _read(found[1]) if found else term.removeprefix("<").removesuffix(">")


def _read(text: str) -> str:
    """The text of a literal, its escapes resolved."""
    return _ESCAPED.sub(_sign, text) if "\\" in text else text


def _sign(found: re.Match[str]) -> str:
    escape = found[1]
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _SIGNS.get(escape, escape)


def listed(iris: Iterable[str]) -> str:
    """IRIs as SPARQL terms, for VALUES and IN. ValueError for what is no IRI."""
    return " ".join(str(NamedNode(iri)) for iri in sorted(set(iris)))


@kept
def nodes(engine: Engine, pattern: str, properties: Sequence[str]) -> dict[str, Node]:
    """The subjects ?s of a pattern with those of the properties (prefixed names) that they have."""
    found: dict[str, dict[str, list[str]]] = {}
    names = {f"<{_iri(name)}>": name for name in properties}
    query = (
        f"SELECT ?s ?p ?o WHERE {{ {pattern} ?s ?p ?o FILTER (?p IN ({', '.join(properties)})) }}"
    )
    # a node reads only the terms that it is asked for
    rows = answered(engine, PROLOGUE + query).body().decode()
    for row in rows.split("\n")[1:-1]:
        subject, name, value = row.split("\t")
        if subject.startswith("_"):  # a blank node has no row that proves it
            continue
        terms = found.setdefault(subject[1:-1], {}).setdefault(names[name], [])
        if value not in terms:
            terms.append(value)
    return {iri: Node(iri, found[iri]) for iri in sorted(found)}


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def labels(engine: Engine, iris: Iterable[str]) -> dict[str, Words]:
    """The preferred labels of entities; one without any is called by the end of its IRI."""
    wanted = sorted(set(iris))
    if not wanted:
        return {}
    found = nodes(engine, f"VALUES ?s {{ {listed(wanted)} }}", ("skos:prefLabel", "rdfs:label"))
    return {iri: _label(iri, found.get(iri)) for iri in wanted}


def _label(iri: str, node: Node | None) -> Words:
    preferred, other = (
        node.words(name) if node else Words() for name in ("skos:prefLabel", "rdfs:label")
    )
    words = preferred if preferred.either() else other
    return words.filled() if words.either() else Words(*[iri.rpartition("/")[2]] * 2)
