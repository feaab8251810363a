"""Two engines as one: lookups go to Oxigraph, analysis to the columns, by estimated work.

The columns also take what Oxigraph is known to answer wrongly, and every query that names graphs or
whose dataset is not the whole release: the Oxigraph store of a release that is not served from
memory holds the merge of its graphs alone. What the columns cannot answer exactly goes to Oxigraph,
and if it names graphs to one that has them all.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Form, Formats, Row, Term
from govgraph.engine.columnar.algebra import Query
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.show import algebra_text
from govgraph.engine.columnar.write import printed
from govgraph.engine.estimate import Estimate
from govgraph.engine.explain import LINES, Explanation, measured
from govgraph.engine.fallback import Fallback, log_return
from govgraph.engine.faults import may_err, oxigraph_errs
from govgraph.engine.guard import names_graphs, names_its_dataset
from govgraph.engine.narrow import narrowed
from govgraph.engine.oxigraph import OxigraphEngine, form_of
from govgraph.engine.remembered import remembered
from govgraph.engine.shape import Shape, shape
from govgraph.engine.whole import WholeEngine
from govgraph.vocabulary import PREFIXES

Choice = Literal["auto", "oxigraph", "columns"]
#: Oxigraph takes 6 to 8 microseconds a probe, the columns have a floor of 10 to 30 ms a query.
PROBES = 4_000
ROUTES = 1024


@dataclass(frozen=True)
class Route:
    """Which engine answers a query and why; `sql` is what the columns run."""

    engine: Literal["oxigraph", "columns"]
    reason: str
    probes: float | None = None
    sql: str | None = None
    lookup: Form | None = None
    """The form of a query that Oxigraph is to answer at once."""
    query: str | None = None
    """What Oxigraph is asked instead (narrow.py)."""


class HybridEngine:
    """The engine interface over both. `choice` forces one of them; a forced engine that cannot
    answer exactly still hands the query to the other. `oxigraph` holds the merge, `whole` the named
    graphs too; it is the same one if it is not given."""

    def __init__(
        self,
        oxigraph: OxigraphEngine,
        columns: ColumnarEngine,
        choice: Choice = "auto",
        whole: OxigraphEngine | None = None,
    ) -> None:
        self._stored, self.columns, self.choice = oxigraph, columns, choice
        self.whole = whole or oxigraph
        #: Whether all there is, by graph too, is little and in memory by now.
        self.in_memory = False
        self.estimate = Estimate(columns.columns)  # type: ignore[arg-type]
        self._route = remembered(self._decide)
        self._lookups: dict[Shape, Route] = {}

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        if self._is_at_hand(query, dataset):
            if bindings or self.is_prompt(query):
                return self.oxigraph.select(query, bindings)
            route = self.route(query)
            if route.engine == "oxigraph":
                return self.oxigraph.select(route.query or query)
        try:
            return self.columns.select(query, bindings, dataset)
        except NotCompiled as error:
            log_return(error)
        return self._exact(query, dataset).select(query, bindings, dataset)

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        route = self.route(query, dataset)
        asked = route.query or query
        other = partial(self._exact(query, dataset).answer, asked, formats, dataset)
        if route.engine == "oxigraph":
            return other(lookup=route.lookup)
        mine = self.columns.answer(query, formats, dataset)
        return Answer(mine.form, Fallback(mine.chunks, lambda: other().chunks))

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        """As the interface has it: a query that the columns give up in the run is Oxigraph's."""
        form_of(query)
        route = self.route(query, dataset)
        if route.engine == "columns":
            try:
                found = self.columns.explain(query, dataset, analyse=analyse)
                return replace(found, reason=route.reason, estimate=route.probes)
            except NotCompiled as error:
                route = replace(route, engine="oxigraph", reason=f"the columns gave up: {error}")
        exact = self._exact(query, dataset)
        run = measured(exact.answer(query, LINES, dataset)) if analyse else None
        algebra, seconds = _parsed(query)
        return Explanation(
            "oxigraph", route.reason, route.probes, algebra, seconds=seconds, run=run
        )

    def graphs(self) -> list[str]:
        return self.columns.graphs()

    @property
    def schema(self) -> Container[str]:
        """The predicates, classes and graphs of the data, on which depends how much there is to do."""
        return self.columns.columns.schema

    def _exact(self, query: str, dataset: Dataset) -> OxigraphEngine:
        """The Oxigraph that has all that a query sees."""
        return self.whole if self._for_columns(query, dataset) else self.oxigraph

    def is_prompt(self, query: str) -> bool:
        """Whether memory answers a query of all there is, right and sooner than any way to it is
        found."""
        if not self.in_memory or names_its_dataset(query):
            return False
        if not may_err(query):
            return True
        parsed = _algebra(query)
        return parsed is not None and not oxigraph_errs(parsed, self.oxigraph.has)

    @property
    def oxigraph(self) -> OxigraphEngine:
        """The Oxigraph of lookups: the one in memory once it is there, else the one of files."""
        return self.whole if self.in_memory else self._stored

    def load(self) -> bool:
        """Take what is little into memory, if that may be, and answer from there from now on. Say
        whether it is there."""
        whole = self.whole
        if isinstance(whole, WholeEngine) and whole.is_served and self.choice == "auto":
            whole.load()
            self.in_memory = True
        return self.in_memory

    def _is_at_hand(self, query: str, dataset: Dataset) -> bool:
        """Whether Oxigraph has what a query sees: the merge, or graphs by name if all is in memory.
        Graphs that are to be merged for the query it would not merge."""
        if dataset != EVERYTHING:
            return False
        return not names_graphs(query) or (self.in_memory and not names_its_dataset(query))

    def _for_columns(self, query: str, dataset: Dataset) -> bool:
        """Whether a query sees more than the merge."""
        return dataset != EVERYTHING or names_graphs(query)

    def route(self, query: str, dataset: Dataset = EVERYTHING) -> Route:
        """The engine for a query, and why. GovgraphError(query-syntax) if it cannot be parsed."""
        return self._route(query) if dataset == EVERYTHING else self._decide(query, dataset)

    def _decide(self, query: str, dataset: Dataset = EVERYTHING) -> Route:
        try:
            return self._known(query, dataset) or self._estimated(query, dataset)
        except (NotCompiled, RecursionError) as error:
            return Route("oxigraph", f"not compiled: {error}")

    def _known(self, query: str, dataset: Dataset) -> Route | None:
        """The route of a lookup that differs from an earlier one in its values only."""
        if dataset != EVERYTHING or not self._lookups:
            return None
        outline = shape(query, self.schema)
        return self._lookups.get(outline) if outline else None

    def _estimated(self, query: str, dataset: Dataset) -> Route:
        form_of(query)  # the judge of syntax; our own parser accepts a little more and less
        named, parsed = names_graphs(query), _algebra(query)
        if parsed is not None and (found := self._narrowed(query, parsed, dataset)):
            return found
        if parsed is not None and oxigraph_errs(parsed, self.oxigraph.has):
            return self._mended(query, parsed, dataset)
        safe = parsed is not None and not oxigraph_errs(parsed)  # whatever terms it names
        if self.choice == "oxigraph":
            probes = None if parsed is None else self.estimate.probes(parsed)
            prompt = safe and probes is not None and probes <= PROBES and not named
            return Route(
                "oxigraph", "by setting", probes, lookup=form_of(query) if prompt else None
            )
        parsed = parsed or parse(query, prefixes=PREFIXES)  # which says why it does not know it
        whole = self._is_at_hand(query, dataset)
        probes = self.estimate.probes(parsed)
        if self.choice == "auto" and whole and probes <= PROBES:
            return self._lookup(query, probes, safe and not named)
        sql = self.columns.plan(query, dataset).sql
        if self.choice == "columns":
            return Route("columns", "by setting", probes, sql)
        why = f"about {probes:.0f} probes" if whole else "it names graphs, or has its own dataset"
        return Route("columns", why, probes, sql)

    def _narrowed(self, query: str, parsed: Query, dataset: Dataset) -> Route | None:
        """The route of a query that is a lookup once what it says of the nodes that it names is
        worked out, if it is none as it stands."""
        if self.choice != "auto" or names_graphs(query) or dataset != EVERYTHING:
            return None
        if not oxigraph_errs(parsed) and self.estimate.probes(parsed) <= PROBES:
            return None
        found = narrowed(parsed, self.oxigraph.linked)
        probes = self.estimate.probes(found)
        if found == parsed or probes > PROBES or oxigraph_errs(found, self.oxigraph.has):
            return None
        why = f"a lookup from the nodes that it names: about {probes:.0f} probes"
        return Route("oxigraph", why, probes, lookup=form_of(query), query=printed(found))

    def _lookup(self, query: str, probes: float, safe: bool) -> Route:
        """The route of a lookup. One that is safe with these terms only is no example for others, and
        what names graphs does not go the short way."""
        why = f"a lookup: about {probes:.0f} probes"
        route = Route("oxigraph", why, probes, lookup=form_of(query) if safe else None)
        outline = shape(query, self.schema) if safe else None
        if outline and len(self._lookups) < ROUTES:
            self._lookups[outline] = route
        return route

    def _mended(self, query: str, parsed: Query, dataset: Dataset) -> Route:
        """The columns, whatever the work, for what Oxigraph answers wrongly. NotCompiled."""
        sql = self.columns.plan(query, dataset).sql
        why = "Oxigraph is known to answer it wrongly"
        return Route("columns", why, self.estimate.probes(parsed), sql)


@remembered
def _algebra(query: str) -> Query | None:
    """A query's algebra, None if our parser does not know it."""
    try:
        return parse(query, prefixes=PREFIXES)
    except (NotCompiled, RecursionError):
        return None


def _parsed(query: str) -> tuple[str | None, dict[str, float]]:
    """A query's algebra to read, if our parser knows it, and the seconds to parse it."""
    began = time.perf_counter()
    parsed = _algebra(query)
    seconds = {"parse": time.perf_counter() - began}
    return (None, {}) if parsed is None else (algebra_text(parsed), seconds)
