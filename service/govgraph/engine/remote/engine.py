"""The engine interface over a SPARQL 1.1 endpoint that holds a release."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from traceback import clear_frames
from typing import IO
from urllib.parse import urlencode

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Form, Formats, Row, Term
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.show import algebra_text
from govgraph.engine.explain import LINES, Explanation, measured
from govgraph.engine.guard import names_graphs
from govgraph.engine.oxigraph import form_of
from govgraph.engine.remote import results
from govgraph.engine.remote.binding import bound
from govgraph.engine.remote.connection import Endpoint
from govgraph.engine.remote.layout import Layout
from govgraph.engine.remote.marker import Held
from govgraph.engine.remote.reading import Body, Exchange, File, Replacing
from govgraph.engine.remote.text import sent
from govgraph.engine.stream import Pump
from govgraph.errors import GovgraphError
from govgraph.observed import note
from govgraph.vocabulary import PREFIXES

#: Headers by which Virtuoso says that it gives a part of an answer only.
_LIMITED = ("X-SPARQL-MaxRows", "X-SQL-State")
#: How Virtuoso names blank nodes in XML.
_NODE = b"<bnode>nodeID://"
log = logging.getLogger("govgraph")


class RemoteEngine:
    """Asks an endpoint about one release.

    Each answer comes from that release or not at all: GovgraphError(remote-release). Other errors
    are query-timeout, remote-unavailable, remote-credentials, remote-address, remote-failed and
    remote-cut. Syntax is judged here, before anything is sent.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        layout: Layout,
        moved: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.endpoint, self.layout = endpoint, layout
        self.held = None if layout.staged else Held(endpoint, layout, moved)

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        if form_of(query) != "select":
            raise TypeError("select() takes SELECT queries only")
        exchange = Exchange(self.endpoint.seconds)
        if not bindings:
            with self._asked(query, "select", dataset, exchange) as body:
                return list(results.rows(body))
        given = bound(query, bindings)
        with self._asked(given.text, "select", dataset, exchange) as body:
            return given.rows(results.rows(body))

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        note(engine="remote")
        form = form_of(query)
        wanted, exchange = formats[form], Exchange(self.endpoint.seconds)

        def produce(file: IO[bytes]) -> None:
            with self._asked(query, form, dataset, exchange) as body:
                results.write(body, form, file, wanted)

        return Answer(form, Pump(produce, exchange.stop))

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        """The query as the endpoint gets it stands in the place of a plan, which no protocol asks
        for."""
        form_of(query)
        run = measured(self.answer(query, LINES, dataset)) if analyse else None
        try:
            algebra = algebra_text(parse(query, prefixes=PREFIXES))
        except (NotCompiled, RecursionError):
            algebra = None
        text = sent(query, self.endpoint.server)
        return Explanation("remote", "by setting", algebra=algebra, plan=text, run=run)

    def graphs(self) -> list[str]:
        return list(self.layout.graphs)

    @contextmanager
    def _asked(
        self, query: str, form: Form, dataset: Dataset, exchange: Exchange
    ) -> Iterator[File]:
        """The body of an answer, with our names for its graphs. What is made of it counts only if
        nothing is raised at the end."""
        named = names_graphs(query)
        self._check(named)
        began = time.monotonic()
        content = [("query", sent(query, self.endpoint.server))]
        content += self.layout.parameters(query, dataset)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": results.ACCEPT[form],
        }
        encoded = urlencode(content).encode()
        with (
            self.endpoint.request("POST", encoded, headers, exchange=exchange) as reply,
            _whole(reply.body),
        ):
            if any(map(reply.header, _LIMITED)):
                raise GovgraphError("remote-cut")
            yield self._ours(reply.body)
        self._check(named, began if named else None)

    def _check(self, named: bool, since: float | None = None) -> None:
        if self.held is not None:
            self.held.check(named=named, since=since)

    def _ours(self, body: Body) -> File:
        """With blank nodes that are named as XML and SPARQL have it, and graphs that wait named as
        they will be."""
        file: File = Replacing(body, _NODE, b"<bnode>")
        return Replacing(file, self.layout.staging.encode(), b"") if self.layout.staged else file


@contextmanager
def _whole(body: Body) -> Iterator[None]:
    """GovgraphError(query-timeout, remote-cut) for a body that could not be read to its end, or is
    not what it should be."""
    try:
        yield
    except BaseException as error:
        # what was parsed may only be dropped by its own thread, but tracebacks travel
        clear_frames(error.__traceback__)
        if not isinstance(error, SyntaxError | ValueError | OSError):
            raise
        if body.error is None:
            log.warning("an endpoint's answer is not whole: %s", error)
        raise body.error or GovgraphError("remote-cut") from None
