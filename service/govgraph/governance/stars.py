"""The facts that post rules are judged by: nodes with some of their properties, as frames.

A star is asked for with one SELECT, a row for each combination of values, as SPARQL joins them; and
it can be written down again as the triples it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import frames
from govgraph.vocabulary import PREFIXES, PROLOGUE

Facts = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Star:
    """A node's name, its properties by column, and those that it may lack. A property may lead over
    one node in between, which no rule asks for: `org:postIn/gov:place`. `kind` is the class of the
    nodes, where their properties do not tell them from others."""

    node: str
    properties: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None

    def query(self) -> str:
        names = [self.node, *self.properties, *self.optional]
        classed = [f"a {self.kind}"] if self.kind else []
        needed = " ; ".join([*classed, *(f"{p} ?{name}" for name, p in self.properties.items())])
        others = (f"OPTIONAL {{ ?{self.node} {p} ?{n} }}" for n, p in self.optional.items())
        shown = " ".join(f"?{name}" for name in names)
        return f"{PROLOGUE}SELECT {shown} WHERE {{ ?{self.node} {needed} . {' '.join(others)} }}"

    def triples(self, found: pl.DataFrame) -> Iterator[str]:
        """The triples of some rows, a line of Turtle each."""
        for name, predicate in {**self.properties, **self.optional}.items():
            pairs = found.select(self.node, name).drop_nulls().unique()
            first, *rest = map(_iri, predicate.split("/"))
            before, after = (f"{first} [ {rest[0]}", " ]") if rest else (first, "")
            yield from (f"{node} {before} {value}{after} ." for node, value in pairs.iter_rows())


STARS = {
    "rule": Star(
        "rule",
        {
            "model": "gov:ofModel",
            "modality": "gov:modality",
            "type": "gov:ruleType",
            "slot": "gov:ifHolds",
            "second": "gov:thenHolds",
        },
        {"condition": "gov:condition"},
    ),
    "adoption": Star(
        "adoption",
        {"this": "gov:adopter", "model": "gov:adoptedModel", "adopted": "gov:startLatest"},
        {"dropped": "gov:endEarliest"},
    ),
    "place": Star("community", {"parent": "gov:parentPlace"}),
    "post": Star("post", {"slot": "gov:fillsPostSlot", "community": "org:postIn/gov:place"}),
    "holding": Star(
        "value",
        {"post": "gov:onPost", "person": "org:member"},
        {
            "from": "gov:startEarliest",
            "taken": "gov:startLatest",
            "left": "gov:endEarliest",
            "to": "gov:endLatest",
        },
    ),
    "person": Star("person", {"party": "gov:partyMember"}),
}


def read(engine: Engine) -> Facts:
    """All stars of an engine's graph, all columns of one type of terms."""
    kind = frames.terms()
    return {name: frames.frame(engine, star.query(), kind) for name, star in STARS.items()}


def turtle(facts: Facts) -> str:
    """The triples of the facts, blank nodes with their labels."""
    return "\n".join(line for name, star in STARS.items() for line in star.triples(facts[name]))


def _iri(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"
