"""What tells namesakes apart: the class of an entity, what stands above it, its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from govgraph.lookup.entities import Context
from govgraph.lookup.search import Hit
from govgraph.vocabulary import PROLOGUE

Labels = Mapping[str, str]
_ABOVE = """SELECT ?entity ?above WHERE { VALUES ?entity { %s }
  ?entity gov:parentPlace|gov:place|org:subOrganizationOf|org:postIn ?above } ORDER BY ?entity ?above"""
_CODES = """SELECT ?entity ?code WHERE { VALUES ?entity { %s }
  ?entity gov:statCode|gov:uscc|dcterms:identifier ?code } ORDER BY ?entity ?code"""
_CLASSES = """SELECT ?entity ?label WHERE { VALUES ?entity { %s } ?entity rdfs:label ?label }"""


@dataclass(frozen=True)
class Found:
    """A hit with its names and the name of its class; `above` are the IRIs and names of what it is
    in, the nearest first, at most two."""

    hit: Hit
    type: str | None
    id: str
    names: Labels
    kind: Labels
    above: Sequence[tuple[str, Labels]]
    code: str | None

    def as_dict(self, context: Context) -> dict[str, Any]:
        """The hit as an answer has it."""
        above = [context.reference(iri, {iri: dict(names)}) for iri, names in self.above]
        return {
            "iri": self.hit.iri,
            "type": self.type,
            "id": self.id,
            "label": self.names,
            "class": self.hit.type,
            "kind": self.kind,
            "parent": above[0] if above else None,
            "within": above[1:],
            "code": self.code,
            "matched": self.hit.label,
            "matched_by": self.hit.how,
        }


def described(context: Context, hits: Sequence[Hit]) -> list[Found]:
    """Hits with what tells them apart."""
    iris = [hit.iri for hit in hits]
    above = _above(context, iris)
    higher = _above(context, above.values())
    labels = context.labels([*iris, *above.values(), *higher.values()])
    codes = {row["entity"].value: row["code"].value for row in _rows(context, _CODES, iris)}
    classes = _class_names(context, {hit.type for hit in hits if hit.type})
    return [
        Found(
            hit,
            *context.split(hit.iri),
            labels.get(hit.iri) or {hit.lang or "und": hit.label},
            classes.get(hit.type or "", {}),
            [(iri, labels.get(iri, {})) for iri in _chain(hit.iri, above, higher)],
            codes.get(hit.iri),
        )
        for hit in hits
    ]


def _chain(iri: str, above: Mapping[str, str], higher: Mapping[str, str]) -> list[str]:
    first = above.get(iri)
    second = higher.get(first) if first else None
    return [one for one in (first, second) if one and one != iri]


def _above(context: Context, iris: Iterable[str]) -> dict[str, str]:
    """What each entity is in: the first of several."""
    rows = reversed(_rows(context, _ABOVE, iris))
    return {r["entity"].value: r["above"].value for r in rows if isinstance(r["above"], NamedNode)}


def _class_names(context: Context, classes: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the release's ontology calls the classes."""
    found: dict[str, dict[str, str]] = {}
    for row in _rows(context, _CLASSES, classes):
        label = row["label"]
        if isinstance(label, Literal):
            found.setdefault(row["entity"].value, {})[label.language or "und"] = label.value
    return found


def _rows(context: Context, query: str, iris: Iterable[str]) -> list[Any]:
    values = " ".join(str(NamedNode(iri)) for iri in sorted(set(iris)))
    return context.engine.select(PROLOGUE + query % values) if values else []
