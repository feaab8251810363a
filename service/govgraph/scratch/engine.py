"""Queries on the scratch dataset: Oxigraph's, but for those that it is known to answer wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO

from pyoxigraph import Literal, Quad, Store, Triple

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Form, Formats
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.faults import oxigraph_errs
from govgraph.engine.oxigraph import OxigraphEngine, parsed_form
from govgraph.engine.stream import Pump
from govgraph.engine.temporary import own_folder

#: Quads that are worth encoding for one query.
MOST = 100_000


class ScratchEngine(OxigraphEngine):
    """Knows no prefixes but a query's own; relative IRIs are relative to `base`. The columns'
    answers take `seconds` at most."""

    prefixes: Mapping[str, str] = MappingProxyType({})

    def __init__(self, store: Store, base: str, seconds: float) -> None:
        super().__init__(store)
        self.base, self.seconds = base, seconds

    def form(self, query: str) -> Form:
        return parsed_form(query, self.prefixes, self.base)

    def answer(
        self,
        query: str,
        formats: Formats,
        dataset: Dataset = EVERYTHING,
        *,
        lookup: Form | None = None,
    ) -> Answer:
        exact = super().answer(query, formats, dataset, lookup=lookup)
        if len(self.store) > MOST or not self._errs(query):
            return exact

        def produce(file: IO[bytes]) -> None:
            content = self._by_columns(query, formats, dataset)
            for chunk in exact.chunks if content is None else (content,):
                file.write(chunk)

        return Answer(exact.form, Pump(produce, exact.chunks.close))

    def _errs(self, query: str) -> bool:
        try:
            return oxigraph_errs(parse(query, self.base))
        except (NotCompiled, RecursionError):
            return False

    def _by_columns(self, query: str, formats: Formats, dataset: Dataset) -> bytes | None:
        """The whole answer from columns made for it; None if there is no exact translation."""
        quads = list(self.store)
        if not all(map(_is_rdf_1_1, quads)):
            return None
        with TemporaryDirectory(dir=own_folder()) as folder:
            write_quads(quads, Path(folder) / "columns", merged=False)
            with Columns(Path(folder) / "columns") as columns:
                engine = ColumnarEngine(columns, self.seconds)
                try:
                    return engine.answer(f"BASE <{self.base}>\n{query}", formats, dataset).body()
                except NotCompiled:
                    return None


def _is_rdf_1_1(quad: Quad) -> bool:
    """Whether the columns can hold a quad: no triple terms, no direction of a text."""
    value = quad.object
    return not isinstance(value, Triple) and not (isinstance(value, Literal) and value.direction)
