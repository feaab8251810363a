"""What every engine offers: questions in, rows or chunks of bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from pyoxigraph import BlankNode, NamedNode, QueryResultsFormat, RdfFormat
from pyoxigraph import Literal as RdfLiteral

from govgraph.engine.stream import Chunks

if TYPE_CHECKING:
    from govgraph.engine.explain import Explanation

Term = NamedNode | BlankNode | RdfLiteral
Row = dict[str, Term]
Form = Literal["select", "ask", "graph"]


@dataclass(frozen=True)
class Dataset:
    """What a query sees. None means: the union of all graphs, and all graphs by name."""

    default: Sequence[str] | None = None
    named: Sequence[str] | None = None
    inference: bool = True


@dataclass(frozen=True)
class Answer:
    """A serialised answer: `form` says which formats it could have. The query runs while the
    chunks are read: an error comes from the `next` that meets it."""

    form: Form
    chunks: Chunks

    def body(self) -> bytes:
        """The whole answer in one piece."""
        return b"".join(self.chunks)


Formats = Mapping[str, QueryResultsFormat | RdfFormat]


class Engine(Protocol):
    """Evaluates SPARQL over one release. Implementations are safe to call from many threads."""

    def select(
        self, query: str, bindings: Mapping[str, Term] = ..., dataset: Dataset = ...
    ) -> list[Row]:
        """The rows of a SELECT query. GovgraphError(query-syntax) if it cannot be parsed."""
        ...

    def answer(self, query: str, formats: Formats, dataset: Dataset = ...) -> Answer:
        """The answer of any query form, serialised in the format for that form.

        GovgraphError(query-syntax) if it cannot be parsed."""
        ...

    def explain(self, query: str, dataset: Dataset = ..., *, analyse: bool = False) -> Explanation:
        """How a query is answered; `analyse` runs it, within the limits.

        GovgraphError(query-syntax) if it cannot be parsed."""
        ...

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        ...


EVERYTHING = Dataset()
__all__ = ["EVERYTHING", "Answer", "Dataset", "Engine", "Form", "Formats", "Row", "Term"]
