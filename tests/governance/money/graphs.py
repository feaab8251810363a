"""Small graphs about money, and their answers with short names."""

from __future__ import annotations

from typing import Any

import polars as pl
from pyoxigraph import RdfFormat, Store, parse

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.vocabulary import GOV, PREFIXES

X = "http://x.example/"
PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
PROLOGUE += f"@prefix : <{X}> .\n"


def engine(turtle: str) -> Engine:
    """An engine on the triples given, with the usual prefixes and `:`."""
    store = Store()
    store.extend(parse(PROLOGUE + turtle, RdfFormat.TURTLE))
    return OxigraphEngine(store)


def flow(
    name: str,
    *,
    amount: int | None = None,
    precision: str | None = None,
    year: int | None = None,
    currency: str | None = "CNY",
    **said: str,
) -> str:
    """A flow; other properties by their names: `funder=":a"`."""
    known = precision or ("exact" if amount is not None else "unknown")
    parts = [f":{name} a gov:FundingFlow", f"gov:precision gov:{known}"]
    parts += [f"gov:amount {amount}.0"] if amount is not None else []
    parts += [f'gov:currency "{currency}"'] if currency else []
    parts += [f'gov:fiscalYear "{year}"^^xsd:gYear'] if year else []
    parts += [f"gov:{property_} {value}" for property_, value in said.items()]
    return " ; ".join(parts) + " .\n"


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns, IRIs by their local names, amounts as numbers."""
    return [tuple(map(_plain, row)) for row in frame.select(columns).iter_rows()]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(X).removeprefix(GOV)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return float(value) if hasattr(value, "as_tuple") else value
