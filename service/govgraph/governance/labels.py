"""Names of entities in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

import polars as pl
from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Engine
from govgraph.vocabulary import PROLOGUE

#: What names an entity, the best first: flows have a purpose, documents a title.
_LABELS = """SELECT ?entity ?rank ?label WHERE { VALUES ?entity { %s }
  VALUES (?p ?rank) { (skos:prefLabel 0) (dcterms:title 1) (gov:purpose 2) (rdfs:label 3) }
  ?entity ?p ?label } ORDER BY ?entity ?rank ?label"""
#: Entities of one query: few are looked up one by one, of many all are read and joined.
_FEW, _MANY = 100, 5_000


def labels(engine: Engine, iris: Iterable[str | None]) -> pl.DataFrame:
    """`iri`, `zh`, `en` and `named` of each entity: the other language where one has no label, and
    the last part of the IRI where none has, which is not `named`."""
    wanted = sorted({iri for iri in iris if iri and not iri.startswith("_:")})
    found: dict[str, dict[str, str]] = {iri: {} for iri in wanted}
    size = _FEW if len(wanted) <= 10 * _FEW else _MANY
    for start in range(0, len(wanted), size):
        values = " ".join(str(NamedNode(iri)) for iri in wanted[start : start + size])
        for row in engine.select(PROLOGUE + _LABELS % values):
            label = row["label"]
            language = label.language if isinstance(label, Literal) else None
            found[row["entity"].value].setdefault(language or "", label.value)
    return pl.DataFrame(
        {
            "iri": wanted,
            "zh": [_name(iri, found[iri], "zh", "en") for iri in wanted],
            "en": [_name(iri, found[iri], "en", "zh") for iri in wanted],
            "named": [bool(found[iri]) for iri in wanted],
        },
        schema={"iri": pl.String, "zh": pl.String, "en": pl.String, "named": pl.Boolean},
    )


def _name(iri: str, found: dict[str, str], *languages: str) -> str:
    for language in (*languages, ""):
        if language in found:
            return found[language]
    return unquote(iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2])
