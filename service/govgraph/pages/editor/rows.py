"""Solutions of a query as cells of a table: sorted, a page of them, entities by their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from govgraph.catalog.present import labels
from govgraph.pages.page import Page
from govgraph.pages.results import Cell
from govgraph.vocabulary import PREFIXES

#: Rows of a page; files have all.
ROWS = 100
#: Entities that are sorted by their names; more of them by their IRIs.
_NAMED = 2000
_NUMBERS = ("integer", "decimal", "double", "float", "int", "long", "short", "byte",
            "nonNegativeInteger", "positiveInteger")  # fmt: skip
Term = NamedNode | BlankNode | Literal | Triple
Row = Sequence[Term | None]
Names = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Order:
    """The column that rows are sorted by, `-name` from the last, "" for the query's own order; and
    the number of the first row that is shown."""

    column: str = ""
    offset: int = 0

    @property
    def name(self) -> str:
        return self.column.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.column.startswith("-")


@dataclass(frozen=True)
class Answered:
    """What a query came to: rows, a truth, or a graph as text."""

    form: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    offset: int = 0
    truth: bool = False
    text: str = ""
    cut: bool = False
    too_large: bool = False


def of_solutions(page: Page, solutions: QuerySolutions, order: Order) -> Answered:
    """A page of rows with entities by their names, and how many rows there are."""
    names = tuple(variable.value for variable in solutions.variables)
    every: list[Row] = [[row[name] for name in names] for row in solutions]
    if order.name in names:
        every = _sorted(page, every, names.index(order.name), descending=order.descending)
    offset = order.offset if order.offset < len(every) else 0
    shown = every[offset : offset + ROWS]
    known = _labels(page, (term for row in shown for term in row))
    rows = tuple(tuple(_cell(page, term, known) for term in row) for row in shown)
    return Answered("select", names, rows, len(every), offset)


def _sorted(page: Page, rows: list[Row], place: int, *, descending: bool) -> list[Row]:
    """Unbound first, then numbers, other literals, entities by the names that are shown."""
    iris = {term.value for row in rows if isinstance(term := row[place], NamedNode)}
    known = _labels(page, (NamedNode(iri) for iri in iris)) if len(iris) <= _NAMED else {}

    def key(row: Row) -> tuple[int, Decimal, str]:
        term = row[place]
        if isinstance(term, NamedNode):
            return 3, Decimal(), page.plain(known.get(term.value), term.value)
        number = _number(term)
        if number is not None:
            return 1, number, ""
        return (0, Decimal(), "") if term is None else (2, Decimal(), _text(term))

    return sorted(rows, key=key, reverse=descending)


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else str(term)


def _number(term: Term | None) -> Decimal | None:
    if not is_number(term):
        return None
    try:
        found = Decimal(_text(term))  # type: ignore[arg-type]
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def is_number(term: Term | None) -> bool:
    """Whether a term is a literal of one of the usual types of numbers."""
    return isinstance(term, Literal) and term.datatype.value.rpartition("#")[2] in _NUMBERS


def _labels(page: Page, terms: Iterable[Term | None]) -> Names:
    assert page.opened is not None
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    return labels(page.opened.engine, iris)


def _cell(page: Page, term: Term | None, known: Names) -> Cell:
    if term is None:
        return Cell(page.t("editor.unbound"), gap=True)
    if isinstance(term, NamedNode):
        text, lang = page.chosen(known.get(term.value) or {}, _short(page, term.value))
        link = page.entity(term.value) if term.value.startswith(("http:", "https:")) else None
        return Cell(text, link, lang if lang != page.language else None)
    if isinstance(term, Literal):
        goes_on = term.value == ".." and term.datatype.value.startswith(PREFIXES["edtf"])
        text = page.t("values.ongoing") if goes_on else term.value
        return Cell(text, lang=term.language, number=is_number(term))
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
