"""Nodes of the graph with some of their properties, and texts in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine, Term
from govgraph.vocabulary import PREFIXES, PROLOGUE

Language = Literal["zh", "en"]


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
    """A subject and the terms of its properties, each property by its prefixed name."""

    iri: str
    properties: Mapping[str, Sequence[Term]] = field(default_factory=dict)

    def iris(self, name: str) -> tuple[str, ...]:
        """The entities that a property leads to, sorted."""
        terms = self.properties.get(name, ())
        return tuple(sorted(term.value for term in terms if isinstance(term, NamedNode)))

    def one(self, name: str) -> str | None:
        """The least value of a property as text, None without one."""
        return min((term.value for term in self.properties.get(name, ())), default=None)

    def integer(self, name: str) -> int | None:
        """A count; None if it is not stated."""
        value = self.one(name)
        return None if value is None else int(value)

    def words(self, name: str) -> Words:
        """The texts of a property by language; one without a language is Chinese and English."""
        texts = [t for t in self.properties.get(name, ()) if isinstance(t, RdfLiteral)]
        found = {text.language or "": text.value for text in sorted(texts, key=str)}
        return Words(found.get("zh", found.get("")), found.get("en", found.get("")))

    def texts(self, name: str) -> frozenset[str]:
        """All texts of a property, in whatever language."""
        terms = self.properties.get(name, ())
        return frozenset(term.value for term in terms if isinstance(term, RdfLiteral))


def listed(iris: Iterable[str]) -> str:
    """IRIs as SPARQL terms, for VALUES and IN. ValueError for what is no IRI."""
    return " ".join(str(NamedNode(iri)) for iri in sorted(set(iris)))


def nodes(engine: Engine, pattern: str, properties: Sequence[str]) -> dict[str, Node]:
    """The subjects ?s of a pattern with those of the properties (prefixed names) that they have."""
    found: dict[str, dict[str, list[Term]]] = {}
    names = {_iri(name): name for name in properties}
    query = (
        f"SELECT ?s ?p ?o WHERE {{ {pattern} ?s ?p ?o FILTER (?p IN ({', '.join(properties)})) }}"
    )
    for row in engine.select(PROLOGUE + query):
        terms = found.setdefault(row["s"].value, {}).setdefault(names[row["p"].value], [])
        if row["o"] not in terms:
            terms.append(row["o"])
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
