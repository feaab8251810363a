"""Names of entities in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

import polars as pl
from pyoxigraph import Literal, NamedNode

from govgraph.engine.base import Engine
from govgraph.vocabulary import PROLOGUE

#: What names an entity, the best first: documents have a title, flows a purpose.
_NAMING = ("skos:prefLabel", "dcterms:title", "gov:purpose", "rdfs:label")
_LABELS = """SELECT ?entity ?label WHERE { VALUES ?entity { %s } ?entity %s ?label }
ORDER BY ?entity ?label"""
#: Entities of one query.
_BATCH = 500


def labels(engine: Engine, iris: Iterable[str | None]) -> pl.DataFrame:
    """`iri`, `zh`, `en` and `named` of each entity: the other language where one has no label, and
    the last part of the IRI where none has, which is not `named`."""
    wanted = sorted({iri for iri in iris if iri and not iri.startswith("_:")})
    found = _found(engine, wanted)
    languages = {"zh": ("zh", "en"), "en": ("en", "zh")}
    return pl.DataFrame(
        {"iri": wanted}
        | {name: [_name(iri, found, order) for iri in wanted] for name, order in languages.items()}
        | {"named": [iri in found for iri in wanted]},
        schema={"iri": pl.String, "zh": pl.String, "en": pl.String, "named": pl.Boolean},
    )


def _found(engine: Engine, wanted: list[str]) -> Mapping[str, Mapping[str, str]]:
    """The first label of each language by the best property that an entity has."""
    found: dict[str, dict[str, str]] = {}
    for naming in _NAMING:
        nameless = [iri for iri in wanted if iri not in found]
        for start in range(0, len(nameless), _BATCH):
            values = " ".join(str(NamedNode(iri)) for iri in nameless[start : start + _BATCH])
            for row in engine.select(PROLOGUE + _LABELS % (values, naming)):
                label = row["label"]
                language = label.language if isinstance(label, Literal) else None
                found.setdefault(row["entity"].value, {}).setdefault(language or "", label.value)
    return found


def _name(iri: str, found: Mapping[str, Mapping[str, str]], languages: Iterable[str]) -> str:
    for language in (*languages, ""):
        if label := found.get(iri, {}).get(language):
            return label
    return unquote(iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2])
