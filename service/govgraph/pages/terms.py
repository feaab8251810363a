"""What properties are called: as the release's ontology says, or else in words of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from govgraph.catalog.present import labels
from govgraph.engine.base import Engine
from govgraph.pages.words import texts
from govgraph.vocabulary import PREFIXES

Names = Mapping[str, str]


def names_of(engine: Engine, terms: Iterable[str]) -> dict[str, Names]:
    """The names of properties by language; the last part of an IRI that nothing names (`und`)."""
    wanted = list(dict.fromkeys(terms))
    found = labels(engine, wanted)
    return {term: named(term, found.get(term)) for term in wanted}


def named(term: str, known: Names | None) -> Names:
    """The names of one property whose labels are `known`."""
    return known or borrowed(term) or {"und": term.rpartition("/")[2].rpartition("#")[2] or term}


def borrowed(term: str) -> Names:
    """What we call a term of another vocabulary; nothing if the data is not known to use it."""
    for prefix, namespace in PREFIXES.items():
        if term.startswith(namespace):
            both = texts().get(f"borrowed.{prefix}-{term.removeprefix(namespace)}", {})
            return {str(language): text for language, text in both.items()}
    return {}
