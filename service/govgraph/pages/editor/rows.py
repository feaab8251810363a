"""Solutions of a query as cells of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from govgraph.catalog.present import labels
from govgraph.pages.page import Page
from govgraph.pages.results import Cell
from govgraph.vocabulary import PREFIXES

#: Rows that a page shows; files have all.
ROWS = 500
Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Answered:
    """What a query came to: rows, a truth, or a graph as text."""

    form: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    truth: bool = False
    text: str = ""
    too_large: bool = False


def of_solutions(page: Page, solutions: QuerySolutions) -> Answered:
    """The first rows with entities by their names, and how many rows there are."""
    names = tuple(variable.value for variable in solutions.variables)
    every = [[row[name] for name in names] for row in solutions]
    shown = every[:ROWS]
    known = _labels(page, (term for row in shown for term in row))
    rows = tuple(tuple(_cell(page, term, known) for term in row) for row in shown)
    return Answered("select", names, rows, len(every))


def _labels(page: Page, terms: Iterable[Term | None]) -> dict[str, dict[str, str]]:
    assert page.opened is not None
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    return labels(page.opened.engine, iris)


def _cell(page: Page, term: Term | None, known: dict[str, dict[str, str]]) -> Cell:
    if term is None:
        return Cell()
    if isinstance(term, NamedNode):
        text, lang = page.chosen(known.get(term.value) or {}, _short(page, term.value))
        link = page.entity(term.value) if term.value.startswith(("http:", "https:")) else None
        return Cell(text, link, lang if lang != page.language else None)
    if isinstance(term, Literal):
        number = term.datatype.value.endswith(("#integer", "#decimal", "#double"))
        return Cell(term.value, lang=term.language, number=number)
    return Cell(str(term))


def _short(page: Page, iri: str) -> str:
    assert page.opened is not None
    base = page.opened.context.base
    if iri.startswith(base):
        return iri[len(base) :]
    for name, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{name}:{iri[len(start) :]}"
    return iri
