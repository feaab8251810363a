"""An entry of the catalogue, run on a release."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from govgraph.catalog.binding import bound, variables
from govgraph.catalog.entry import Entry, Sentence
from govgraph.catalog.terms import typed
from govgraph.catalog.values import Given, Texts, given
from govgraph.engine.base import Engine
from govgraph.errors import GovgraphError
from govgraph.governance import frames
from govgraph.governance.answer import Answer, Coverage
from govgraph.lookup.entities import Context

#: What a function's frame has for each type of column.
_DTYPES: Mapping[str, tuple[type[pl.DataType], ...]] = {
    "date": (pl.Date,),
    "integer": (pl.Int64,),
    "decimal": (pl.Decimal,),
    "number": (pl.Float64,),
    "boolean": (pl.Boolean,),
    "list": (pl.List,),
    "source": (pl.List,),
}


@dataclass(frozen=True)
class Result:
    """The whole answer of an entry: its frame has the declared columns in their order, of polars
    types (entities and IRIs are texts). `given` are the parameters as texts, defaults included."""

    entry: Entry
    given: Mapping[str, Sequence[str]]
    frame: pl.DataFrame
    coverage: Sequence[Coverage] = field(default_factory=tuple)


def run(context: Context, entry: Entry, texts: Texts) -> Result:
    """Answer an entry for what a caller gives, by texts.

    GovgraphError(invalid-parameter, invalid-date, unknown-value), and those of queries.
    """
    parameters = given(context, entry, texts)
    try:
        answer = _answer(context.engine, entry, parameters)
    except ValueError as error:
        raise GovgraphError("query-failed") from error
    return Result(entry, parameters.texts, answer.frame, answer.coverage)


def query_text(entry: Entry, parameters: Given) -> str:
    """The SPARQL of an entry that is a query, with its parameters in place."""
    assert entry.query is not None
    return bound(entry.query, parameters.terms(), variables(entry))


def _answer(engine: Engine, entry: Entry, parameters: Given) -> Answer:
    if entry.function is not None:
        answer = function(entry)(engine, **parameters.plain(entry))
        return Answer(_declared(answer.frame, entry), answer.coverage)
    found = frames.frame(engine, query_text(entry, parameters), pl.String())
    frame = typed(found, entry.columns)
    return Answer(frame, _coverage(frame, entry.coverage))


def function(entry: Entry) -> Callable[..., Answer]:
    """The function of `govgraph.governance` that answers an entry. ValueError if there is none."""
    assert entry.function is not None
    module, _, name = entry.function.partition(":")
    try:
        found: Any = getattr(importlib.import_module(f"govgraph.governance.{module}"), name)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"{entry.name}: {error}") from error
    return found  # type: ignore[no-any-return]


def _declared(frame: pl.DataFrame, entry: Entry) -> pl.DataFrame:
    """A function's frame with the declared columns. ValueError where it is not as declared."""
    names, schema = [column.name for column in entry.columns], frame.schema
    if missing := [name for name in names if name not in schema]:
        raise ValueError(f"{entry.name}: the answer has no column {missing[0]}")
    for column in entry.columns:
        wanted = _DTYPES.get(column.type, (pl.String,))
        if not isinstance(schema[column.name], wanted):
            raise ValueError(
                f"{entry.name}: {column.name} is {schema[column.name]}, not {column.type}"
            )
    return frame[names]


def _coverage(frame: pl.DataFrame, said: Sentence | None) -> Sequence[Coverage]:
    if said is None:
        return ()
    known, total = (int(frame[name].sum()) for name in (said.known, said.of))
    zh, en = (text.format(known=known, total=total) for text in (said.zh, said.en))
    return (Coverage(said.known, known, total, zh, en),)
