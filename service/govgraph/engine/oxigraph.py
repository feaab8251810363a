"""The conformant engine: an Oxigraph store opened read-only on a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from traceback import clear_frames
from typing import IO

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    serialize,
)

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Form, Formats, Row, Term
from govgraph.engine.explain import LINES, Explanation, measured
from govgraph.engine.extension import evaluated
from govgraph.engine.guard import names_its_dataset
from govgraph.engine.remembered import remembered
from govgraph.engine.stream import Prompt, Pump
from govgraph.errors import GovgraphError
from govgraph.observed import note
from govgraph.vocabulary import PREFIXES, is_inferred

Result = QuerySolutions | QueryBoolean | QueryTriples
Graph = NamedNode | BlankNode | DefaultGraph
Named = NamedNode | BlankNode
PREFIXED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
_EMPTY = Store()


class OxigraphEngine:
    """Evaluates on a pyoxigraph Store; evaluation releases the GIL."""

    #: What a query may use without declaring it.
    prefixes: Mapping[str, str] = PREFIXES
    base: str | None = None

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def open(cls, path: Path) -> OxigraphEngine:
        """Open a store folder read-only. OSError if it is none."""
        return cls(Store.read_only(str(path)))

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        solutions = self._evaluate(query, dataset, bindings)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("select() takes SELECT queries only")
        names = [variable.value for variable in solutions.variables]
        return [
            {name: term for name in names if (term := solution[name]) is not None}
            for solution in solutions
        ]

    def answer(
        self,
        query: str,
        formats: Formats,
        dataset: Dataset = EVERYTHING,
        *,
        lookup: Form | None = None,
    ) -> Answer:
        """As the interface has it. A `lookup`, given by its form, is tried in the reader's own
        thread first; its syntax is judged by the first `next`."""
        note(engine="oxigraph")
        form = lookup or self.form(query)
        wanted = formats[form]

        def produce(file: IO[bytes]) -> None:
            result = self._evaluate(query, dataset)
            try:
                _write(result, file, wanted)
            except BaseException as error:
                # the result may only be dropped by its own thread, but tracebacks travel
                clear_frames(error.__traceback__)
                if isinstance(error, OSError | RuntimeError):
                    raise GovgraphError("query-failed") from error
                raise
            finally:
                del result

        return Answer(form, Prompt(produce) if lookup else Pump(produce))

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        self.form(query)
        run = measured(self.answer(query, LINES, dataset)) if analyse else None
        return Explanation("oxigraph", "the release has no columns", run=run)

    def form(self, query: str) -> Form:
        """The form of a query. GovgraphError(query-syntax, function-arguments)."""
        return form_of(query)

    def graphs(self) -> list[str]:
        return [str(graph.value) for graph in self.store.named_graphs()]

    def has(self, node: NamedNode) -> bool:
        """Whether any triple has the node as its subject or object."""
        out = self.store.quads_for_pattern(node, None, None, None)
        into = self.store.quads_for_pattern(None, None, node, None)
        return next(out, None) is not None or next(into, None) is not None

    def linked(self, node: Term, link: NamedNode, forward: bool) -> Iterator[Term]:
        """The nodes that a node is linked to by a property, or that are linked to it."""
        if forward and not isinstance(node, Literal):
            for quad in self.store.quads_for_pattern(node, link, None, None):
                yield _term(quad.object)
        elif not forward:
            for quad in self.store.quads_for_pattern(None, link, node, None):
                yield _term(quad.subject)

    @cached_property
    def _asserted(self) -> list[str]:
        return [graph for graph in self.graphs() if not is_inferred(graph)]

    def _evaluate(
        self, query: str, dataset: Dataset, bindings: Mapping[str, Term] | None = None
    ) -> Result:
        default, named = self._scope(dataset, query)
        try:
            return evaluated(
                lambda functions: self.store.query(
                    query,
                    base_iri=self.base,
                    prefixes=dict(self.prefixes),
                    default_graph=default,
                    named_graphs=named,
                    substitutions={Variable(k): v for k, v in (bindings or {}).items()} or None,
                    custom_functions=functions,
                )
            )
        except SyntaxError as error:
            raise GovgraphError("query-syntax", why=str(error)) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise GovgraphError("query-failed") from error

    def _scope(self, dataset: Dataset, query: str) -> tuple[list[Graph] | None, list[Named] | None]:
        """The dataset in the engine's words. A dataset clause given by name says all it sees."""
        if dataset.default is None and dataset.named is None:
            if dataset.inference or names_its_dataset(query):
                return None, None
            default, named = self._asserted, self._asserted
        else:
            default, named = list(dataset.default or ()), list(dataset.named or ())
        return [NamedNode(graph) for graph in default], [NamedNode(graph) for graph in named]


def _term(term: object) -> Term:
    assert isinstance(term, NamedNode | BlankNode | Literal)
    return term


@remembered
def form_of(query: str) -> Form:
    """The form of a query with our prefixes, by Oxigraph's parser, which is the judge of syntax.

    GovgraphError(query-syntax, function-arguments)."""
    return parsed_form(query, PREFIXES)


def parsed_form(query: str, prefixes: Mapping[str, str], base: str | None = None) -> Form:
    """The same with other prefixes and a base IRI."""
    try:
        result = evaluated(
            lambda functions: _EMPTY.query(
                query, prefixes=dict(prefixes), base_iri=base, custom_functions=functions
            )
        )
    except SyntaxError as error:
        raise GovgraphError("query-syntax", why=str(error)) from None
    except (OSError, RuntimeError) as error:
        raise GovgraphError("query-failed") from error
    if isinstance(result, QueryTriples):
        return "graph"
    return "ask" if isinstance(result, QueryBoolean) else "select"


def _write(result: Result, file: IO[bytes], wanted: QueryResultsFormat | RdfFormat) -> None:
    if isinstance(result, QueryTriples):
        assert isinstance(wanted, RdfFormat)
        serialize(result, file, wanted, prefixes=PREFIXES if wanted in PREFIXED else None)
    else:
        assert isinstance(wanted, QueryResultsFormat)
        result.serialize(file, wanted)
