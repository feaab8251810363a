"""A class among others as a picture: what points at it on the left, what it points at on the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from govgraph.pages.vocabulary.ontology import Ontology, Term

#: Pixels of a row, and where the rows begin.
ROW, TOP = 38, 12
#: Rows of a side that are drawn; the table has all.
DRAWN = 24


@dataclass(frozen=True)
class Use:
    """A property between two classes, or a class and a datatype; `inherited` from a wider class."""

    property: str
    subject: str
    object: str | None
    inherited: bool = False


@dataclass(frozen=True)
class Neighbours:
    """The properties of a class's things (`of`) and those that point at them (`at`), the classes
    right above and below."""

    term: Term
    of: Sequence[Use]
    at: Sequence[Use]
    above: Sequence[str]
    below: Sequence[str]

    @property
    def rows(self) -> Sequence[Use]:
        """All uses, those between the class and itself once."""
        return *(use for use in self.at if use not in self.of), *self.of

    @property
    def drawn(self) -> Sequence[tuple[int, Sequence[Use]]]:
        """The uses that the picture has, each with its height, for the left and for the right."""
        sides = (self.at, [use for use in self.of if not use.inherited])
        return tuple((TOP + ROW * min(len(side), DRAWN), side[:DRAWN]) for side in sides)

    @property
    def span(self) -> tuple[int, int]:
        """Where the picture begins and how wide it is: a side on which there is nothing is left
        out."""
        begin = 0 if self.at else 440
        return begin, (1120 if self.drawn[1][1] else 680) - begin

    @property
    def height(self) -> int:
        return max(TOP * 2 + ROW * 2, *(height + TOP for height, _ in self.drawn))


def neighbours(found: Ontology, iri: str) -> Neighbours:
    """What the ontology says of a class's things."""
    wider = list(_wider(found, iri))
    return Neighbours(
        found.classes[iri],
        sorted(_of(found, iri, wider), key=lambda use: (use.inherited, use.property)),
        sorted(_at(found, iri), key=lambda use: use.property),
        found.classes[iri].links.get("subClassOf", ()),
        found.tree.get(iri, ()),
    )


def _wider(found: Ontology, iri: str) -> Iterator[str]:
    """The classes above a class, the nearest first."""
    seen, waiting = {iri}, [iri]
    while waiting:
        term = found.classes.get(waiting.pop(0))
        for above in term.links.get("subClassOf", ()) if term else ():
            if above not in seen:
                seen.add(above)
                waiting.append(above)
                yield above


def _of(found: Ontology, iri: str, wider: Sequence[str]) -> Iterator[Use]:
    for name, term in found.properties.items():
        for subject in term.links.get("domain", ()):
            if subject == iri or subject in wider:
                yield from (Use(name, subject, one, subject != iri) for one in _objects(term))


def _at(found: Ontology, iri: str) -> Iterator[Use]:
    for name, term in found.properties.items():
        if iri in _objects(term):
            yield from (Use(name, one, iri) for one in term.links.get("domain", ()))


def _objects(term: Term) -> Sequence[str | None]:
    links: Mapping[str, Sequence[str]] = term.links
    return links.get("range") or links.get("rangeIncludes") or (None,)
