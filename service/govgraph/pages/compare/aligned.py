"""The table of a comparison: aspects in groups, cells with their values and citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from govgraph.governance.models.cells import KNOWN, Cell, Value
from govgraph.governance.models.compare import chosen
from govgraph.governance.models.exports.document import Comparison
from govgraph.governance.models.nodes import Words
from govgraph.governance.models.rows import Row
from govgraph.pages.page import Page

#: States in which a cell says something.
SAYS = KNOWN | {"unsourced"}
#: Kind and key of rows.
Differing = Set[tuple[str, str]]
#: Values of a cell that are shown at once.
VALUES = 5


@dataclass(frozen=True)
class Told:
    """A value: its words, how it is known if not from the source's own statement, the numbers of
    its citations as ranges. `weaker` values lack the source that others in the cell have."""

    words: Words
    basis: str | None
    weaker: bool
    cited: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Shown:
    """A cell as it is read; `more` values come after the first."""

    subject: str
    state: str
    disputed: bool
    values: tuple[Told, ...]
    more: tuple[Told, ...]


@dataclass(frozen=True)
class Line:
    """A row; `cells` is empty where only rows below it are shown."""

    row: Row
    differs: bool
    cells: tuple[Shown, ...]

    @property
    def known(self) -> int:
        """How many cells say something."""
        return sum(cell.state in SAYS for cell in self.cells)


@dataclass(frozen=True)
class Aspect:
    """A dimension as a whole, and what there is in it slot by slot."""

    whole: Line
    parts: tuple[Line, ...]

    @property
    def differs(self) -> bool:
        return self.whole.differs or any(part.differs for part in self.parts)


@dataclass(frozen=True)
class Group:
    """Aspects in which as many subjects say something; `known` is None where they are not parted."""

    known: int | None
    aspects: tuple[Aspect, ...]


def groups(page: Page, shown: Comparison, subjects: Sequence[str]) -> list[Group]:
    """The aspects: those that most subjects speak of come first, in each group those that differ;
    with `sort=order` all in the order of the ontology."""
    differing = {(row.kind, row.key) for row in chosen(shown.found, differences_only=True)}
    aspects = [
        _aspect([_line(page, shown, subjects, row, differing) for row in rows])
        for _, rows in _by_dimension(shown.rows)
    ]
    if page.request.query_params.get("sort") == "order":
        return [Group(None, tuple(aspects))] if aspects else []
    ordered = sorted(aspects, key=lambda aspect: (-aspect.whole.known, not aspect.differs))
    parted = groupby(ordered, lambda aspect: aspect.whole.known)
    return [Group(known, tuple(found)) for known, found in parted]


def _by_dimension(rows: Iterable[Row]) -> Iterable[tuple[str, Iterable[Row]]]:
    return groupby(rows, lambda row: row.dimension.iri)


def _line(
    page: Page, shown: Comparison, subjects: Sequence[str], row: Row, differing: Differing
) -> Line:
    cells = tuple(_shown(page, shown, subject, row) for subject in subjects)
    return Line(row, (row.kind, row.key) in differing, cells)


def _aspect(lines: Sequence[Line]) -> Aspect:
    if lines[0].row.kind == "dimension":
        return Aspect(lines[0], tuple(lines[1:]))
    dimension = lines[0].row.dimension
    whole = Row(dimension, "dimension", dimension.iri, dimension.names)
    return Aspect(Line(whole, False, ()), tuple(lines))


def _shown(page: Page, shown: Comparison, subject: str, row: Row) -> Shown:
    cell = shown.found.cell(subject, row)
    values = [_told(shown, cell, value) for value in _distinct(page, cell)]
    return Shown(subject, cell.state, cell.disputed, tuple(values[:VALUES]), tuple(values[VALUES:]))


def _distinct(page: Page, cell: Cell) -> list[Value]:
    """Values that say the same in the reader's language are one, with the sources of all."""
    found: dict[tuple[str, str], Value] = {}
    for value in cell.shown:
        said = page.plain(value.words), value.state
        before = found.get(said)
        sources = (*before.sources, *value.sources) if before else value.sources
        first = before or value
        found[said] = Value(first.state, first.words, first.basis, sources=sources)
    return list(found.values())


def _told(shown: Comparison, cell: Cell, value: Value) -> Told:
    numbers = shown.cited(Cell((value,)))
    plain = value.basis == "stated" or value.state in ("unknown", "unsourced")
    weaker = value.state == "unsourced" and cell.state != "unsourced"
    return Told(value.words, None if plain else value.basis, weaker, ranges(numbers))


def ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Numbers as runs of neighbours: 1, 2, 3, 7 are 1 to 3 and 7."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)
