"""Two engines as one: lookups go to Oxigraph, analysis to the columns, by estimated work.

The columns also take every query whose dataset is not the whole release, where Oxigraph would give
a triple once for each graph that holds it. What they cannot answer exactly goes to Oxigraph.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import duckdb
from pyoxigraph import Store

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Formats, Row, Term
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.estimate import Estimate
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError
from govgraph.vocabulary import PREFIXES

Choice = Literal["auto", "oxigraph", "columns"]
#: Oxigraph takes 6 to 8 microseconds a probe, the columns have a floor of 10 to 30 ms a query.
PROBES = 4_000
ROUTES = 1024
log = logging.getLogger("govgraph")


@dataclass(frozen=True)
class Route:
    """Which engine answers a query and why; `sql` is what the columns run."""

    engine: Literal["oxigraph", "columns"]
    reason: str
    probes: float | None = None
    sql: str | None = None


class HybridEngine:
    """The engine interface over both. `choice` forces one of them; a forced engine that cannot
    answer exactly still hands the query to the other."""

    def __init__(
        self, oxigraph: OxigraphEngine, columns: ColumnarEngine, choice: Choice = "auto"
    ) -> None:
        self.oxigraph, self.columns, self.choice = oxigraph, columns, choice
        self.estimate = Estimate(columns.columns)  # type: ignore[arg-type]
        self._empty = Store()
        self._route = lru_cache(ROUTES)(self._decide)

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        if not bindings and self.route(query, dataset).engine == "columns":
            try:
                return self.columns.select(query, None, dataset)
            except NotCompiled as error:
                _log_return(error)
        return self.oxigraph.select(query, bindings, dataset)

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        if self.route(query, dataset).engine == "columns":
            try:
                return self.columns.answer(query, formats, dataset)
            except NotCompiled as error:
                _log_return(error)
        return self.oxigraph.answer(query, formats, dataset)

    def graphs(self) -> list[str]:
        return self.oxigraph.graphs()

    def route(self, query: str, dataset: Dataset = EVERYTHING) -> Route:
        """The engine for a query, and why. GovgraphError(query-syntax) if it cannot be parsed."""
        whole = dataset == EVERYTHING
        try:
            return self._route(query, whole) if whole else self._decide(query, whole, dataset)
        except (NotCompiled, RecursionError) as error:
            return Route("oxigraph", f"not compiled: {error}")

    def _decide(self, query: str, whole: bool, dataset: Dataset = EVERYTHING) -> Route:
        if self.choice == "oxigraph":
            return Route("oxigraph", "by setting")
        self.judge(query)
        parsed = parse(query, prefixes=PREFIXES)
        whole = whole and parsed.default is None and parsed.named is None
        probes = self.estimate.probes(parsed)
        if self.choice == "auto" and whole and probes <= PROBES:
            return Route("oxigraph", f"a lookup: about {probes:.0f} probes", probes)
        sql = self.columns.plan(query, dataset).sql
        if self.choice == "columns":
            return Route("columns", "by setting", probes, sql)
        why = f"about {probes:.0f} probes" if whole else "a dataset of its own, merged exactly"
        return Route("columns", why, probes, sql)

    def judge(self, query: str) -> None:
        """Oxigraph's parser is the judge of syntax; our own accepts a little more and less."""
        try:
            self._empty.query(query, prefixes=PREFIXES)
        except SyntaxError as error:
            raise GovgraphError("query-syntax", why=str(error)) from None


_FORESEEN = (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.OutOfMemoryException)


def _log_return(error: NotCompiled) -> None:
    """A query that turned out not to be answerable exactly goes to Oxigraph after all. The SQL
    itself raises NotCompiled for values that it cannot treat exactly; another error is worth a
    line in the log."""
    foreseen = isinstance(error.__cause__, _FORESEEN) or "NotCompiled" in str(error)
    if error.__cause__ and not foreseen:
        log.warning("columns gave up: %s", error)
