"""From a fact back to its cell: the table, row, line and column that stated it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from govgraph.vocabulary import CSVW, GOV, PROV
from govgraph_loaders import Source

_DERIVED = NamedNode(PROV + "wasDerivedFrom")
_IN_TABLE = NamedNode(GOV + "inTable")
_ROWNUM = NamedNode(CSVW + "rownum")
_LINE = NamedNode(GOV + "line")


@dataclass(frozen=True)
class Place:
    """A cell's coordinates, as far as they are known."""

    dataset: str | None = None
    table: str | None = None
    row: int | None = None
    line: int | None = None
    column: str | None = None


class Coordinates:
    """Looks up where facts of a store come from, given the sources they were loaded from."""

    def __init__(self, store: Store, sources: Iterable[Source]) -> None:
        self.store = store
        self.sources = {source.iri: source for source in sources}

    def find(self, focus: str, path: str | None = None, value: str | None = None) -> Place:
        """The row that describes the focus node, preferring one that states the value."""
        rows = list(self._rows(focus))
        stating = [row for row in rows if self._states(focus, path, value, row[0])]
        mapping = [row for row in rows if self._column(row[0], path)]
        for table, row in stating or mapping or rows:
            source = self.sources[table]
            return Place(
                source.dataset, source.path.name, self._number(row, _ROWNUM),
                self._number(row, _LINE), self._column(table, path),
            )  # fmt: skip
        return Place()

    def short(self, text: str) -> str:
        """A text with our instances by type and key only."""
        for base in {source.table.base for source in self.sources.values()}:
            text = text.replace(base, "")
        return text

    def _rows(self, focus: str) -> Iterable[tuple[str, NamedNode]]:
        if not focus.startswith(("http://", "https://")):
            return
        for quad in self.store.quads_for_pattern(NamedNode(focus), _DERIVED, None, None):
            table = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            row = quad.object
            if (
                table in self.sources
                and isinstance(row, NamedNode)
                and row.value.startswith(table + "#row=")
            ):
                yield table, row

    def _states(self, focus: str, path: str | None, value: str | None, table: str) -> bool:
        # the path of a result may be a blank node, as sequences and alternatives are
        if path is None or value is None or not path.startswith(("http://", "https://")):
            return False
        pattern = self.store.quads_for_pattern(
            NamedNode(focus), NamedNode(path), None, NamedNode(table)
        )
        return any(getattr(quad.object, "value", None) == value for quad in pattern)

    def _column(self, table: str, path: str | None) -> str | None:
        """The first column of a table that is mapped to a property."""
        for column in self.sources[table].table.columns if path else ():
            if not column.virtual and path in (column.property.constant, *(column.bounds or ())):
                return column.name
        return None

    def _number(self, row: NamedNode, predicate: NamedNode) -> int | None:
        for quad in self.store.quads_for_pattern(row, predicate, None, None):
            if isinstance(quad.object, Literal):
                return int(quad.object.value)
        return None
