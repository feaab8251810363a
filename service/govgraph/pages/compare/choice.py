"""What a reader chose to compare: models, places and aspects, by key, address or name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import NamedNode

from govgraph.governance.models.dimensions import Dimension, dimensions
from govgraph.lookup.search import search
from govgraph.pages.page import Page
from govgraph.vocabulary import GOV

#: Columns that a page shows, and columns that stay at the left.
COLUMNS, PINS = 6, 2
#: Entities that a name may mean and that are offered.
OFFERED = 8
_EXISTS = "SELECT ?entity WHERE { ?entity ?p ?o } LIMIT 1"


@dataclass(frozen=True)
class Unclear:
    """A text that names nothing here, or several things: `offered` are the likeliest."""

    parameter: str
    text: str
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Models, places and dimensions by IRI, and the texts that could not be read."""

    models: tuple[str, ...]
    places: tuple[str, ...]
    pinned: tuple[str, ...]
    dimensions: tuple[str, ...]
    unclear: tuple[Unclear, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """Models and places in the order of their columns: what is pinned comes first."""
        chosen = (*self.models, *self.places)
        return (*self.pinned, *(each for each in chosen if each not in self.pinned))

    @property
    def shown(self) -> tuple[str, ...]:
        return self.subjects[:COLUMNS]


def choice(page: Page) -> Choice:
    """What the address chooses."""
    unclear: list[Unclear] = []
    models = _entities(page, "m", "model", unclear)
    places = _entities(page, "p", "place", unclear)
    chosen = {key(page, iri): iri for iri in (*models, *places)}
    pinned = [chosen[text] for text in _texts(page, "pin") if text in chosen][:PINS]
    return Choice(models, places, tuple(pinned), _dimensions(page, unclear), tuple(unclear))


def key(page: Page, iri: str) -> str:
    """An entity as an address of ours names it: by its key, or in full if it is not of ours."""
    assert page.opened is not None
    kind, slash, rest = iri.removeprefix(page.opened.context.base).partition("/")
    return rest if slash and "/" not in rest and kind in ("model", "place") else iri


def term(iri: str) -> str:
    """A dimension as an address names it."""
    return f"gov:{iri.removeprefix(GOV)}" if iri.startswith(GOV) else iri


def _texts(page: Page, parameter: str) -> list[str]:
    found = (text.strip() for name, text in page.address.parameters if name == parameter)
    return list(dict.fromkeys(text for text in found if text))


def _entities(page: Page, parameter: str, kind: str, unclear: list[Unclear]) -> tuple[str, ...]:
    found = []
    for text in _texts(page, parameter):
        named = entity_named(page, kind, text)
        if len(named) == 1:
            found.append(named[0])
        else:
            unclear.append(Unclear(parameter, text, tuple(named)))
    return tuple(dict.fromkeys(found))


def entity_named(page: Page, kind: str, text: str) -> list[str]:
    """The entity of a key, or the one that is called so, or those that come close."""
    assert page.opened is not None
    context = page.opened.context
    prefix = f"{context.base}{kind}/"
    iri = text if text.startswith(prefix) else prefix + quote(text, safe="%")
    if _is_iri(iri) and context.select(_EXISTS, entity=iri):
        return [iri]
    hits = search(page.opened.labels, text, limit=OFFERED, kind=kind)
    exact = [hit.iri for hit in hits if hit.label.casefold() == text.casefold()]
    return exact or [hit.iri for hit in hits]


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _dimensions(page: Page, unclear: list[Unclear]) -> tuple[str, ...]:
    assert page.opened is not None
    wanted = _texts(page, "dim")
    known = _terms(dimensions(page.opened.engine)) if wanted else {}
    unclear += [Unclear("dim", text) for text in wanted if text not in known]
    return tuple(dict.fromkeys(known[text] for text in wanted if text in known))


def _terms(every: Iterable[Dimension]) -> dict[str, str]:
    found: dict[str, str] = {}
    for dimension in every:
        found |= {dimension.iri: dimension.iri, term(dimension.iri): dimension.iri}
    return found


def without(subjects: Sequence[str], one: str) -> list[str]:
    """The subjects but one."""
    return [each for each in subjects if each != one]
