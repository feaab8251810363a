"""The flows of a graph: who gave whom how much, when, as part of what."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.money import amounts, cells

#: Column -> property. A flow has at most one value of each (shapes/funding.ttl).
PROPERTIES = {
    "funder": "gov:funder",
    "recipient": "gov:recipient",
    "instrument": "gov:instrument",
    "value": "gov:amount",
    "lower": "gov:lower",
    "upper": "gov:upper",
    "currency": "gov:currency",
    "precision": "gov:precision",
    "fiscal_year": "gov:fiscalYear",
    "date": "gov:date",
    "first": "gov:dateEarliest",
    "last": "gov:dateLatest",
    "whole": "gov:partOfFlow",
}
_IRIS = ("flow", "funder", "recipient", "instrument", "precision", "whole")
QUERY = (
    f"SELECT ?flow {' '.join(f'?{name}' for name in PROPERTIES)} WHERE {{ ?flow a gov:FundingFlow . "
    + " ".join(f"OPTIONAL {{ ?flow {path} ?{name} }}" for name, path in PROPERTIES.items())
    + " }"
)


@kept
def flows(engine: Engine) -> pl.DataFrame:
    """All flows, each once: the columns of PROPERTIES after `flow`, then `year`.

    IRIs are texts; `value`, `lower` and `upper` are AMOUNT, null where not known or not bounded;
    `fiscal_year` and `year` are numbers; `first` and `last` are the days that the flow can be of:
    those of its date, else of its fiscal year, which is taken for a calendar year; null is not
    bounded. `year` is the fiscal year, else the one year that the date lies in.
    """
    found = cells.read(engine, QUERY).with_columns(
        *map(cells.iri, _IRIS),
        *map(cells.amount, ("value", "lower", "upper")),
        *map(cells.text, ("currency", "date")),
        *map(cells.day, ("first", "last")),
        cells.year("fiscal_year"),
    )
    if found["flow"].n_unique() < found.height:  # more than one value of something
        found = found.sort(found.columns).unique("flow", keep="first")
    found = found.with_columns(amounts.bounded())
    first, last, fiscal = pl.col("first"), pl.col("last"), pl.col("fiscal_year")
    dated = first.is_not_null() | last.is_not_null()
    of_date = pl.when(first.dt.year() == last.dt.year()).then(first.dt.year().cast(pl.Int64))
    return found.with_columns(
        year=pl.coalesce(fiscal, of_date),
        first=pl.when(dated).then(first).otherwise(pl.date(fiscal, 1, 1)),
        last=pl.when(dated).then(last).otherwise(pl.date(fiscal, 12, 31)),
    )


@kept
def projects(engine: Engine) -> pl.DataFrame:
    """`flow`, `project`: what each flow pays for, each pair once."""
    return _linked(engine, "gov:forProject", "project")


@kept
def proposers(engine: Engine) -> pl.DataFrame:
    """`flow`, `proposer`: who proposed each flow, each pair once."""
    return _linked(engine, "gov:proposer", "proposer")


def _linked(engine: Engine, path: str, name: str) -> pl.DataFrame:
    query = f"SELECT DISTINCT ?flow ?{name} WHERE {{ ?flow a gov:FundingFlow ; {path} ?{name} }}"
    return cells.read(engine, query).select(cells.iri("flow"), cells.iri(name)).drop_nulls()


def purposes(engine: Engine) -> pl.DataFrame:
    """`flow`, `purpose`, `purpose_zh`, `purpose_en`: a text in each language; `purpose` is the
    Chinese one, else the English one, else any."""
    query = "SELECT ?flow ?text WHERE { ?flow a gov:FundingFlow ; gov:purpose ?text }"
    return _in_languages(cells.read(engine, query))


@kept
def described(engine: Engine) -> pl.DataFrame:
    """The columns of `purposes`, and `projects`, a list, and `identifier`, the least if a flow has
    several; of flows that have any of it."""
    query = """SELECT ?flow ?property ?text WHERE {
      VALUES ?property { gov:purpose gov:forProject dcterms:identifier }
      ?flow a gov:FundingFlow ; ?property ?text }"""
    said = cells.read(engine, query)
    purpose = pl.col("property").str.ends_with("purpose>")
    project = pl.col("property").str.ends_with("forProject>")
    others = said.filter(~purpose).select(
        cells.iri("flow"),
        project=pl.when(project).then(cells.iri("text")),
        number=pl.when(~project).then(cells.text("text")),
    )
    lists = pl.col("project").drop_nulls().unique().sort()
    others = others.group_by("flow").agg(projects=lists, identifier=pl.col("number").min())
    texts = _in_languages(said.filter(purpose))
    return texts.join(others, on="flow", how="full", coalesce=True)


def _in_languages(found: pl.DataFrame) -> pl.DataFrame:
    """Texts of flows, side by side."""
    told = found.select(cells.iri("flow"), cells.text("text"), spoken=cells.language("text"))
    texts = {
        name: pl.col("text").filter(pl.col("spoken").str.starts_with(name)).min()
        for name in ("zh", "en")
    }
    return told.group_by("flow").agg(
        pl.coalesce(texts["zh"], texts["en"], pl.col("text").min()).alias("purpose"),
        texts["zh"].alias("purpose_zh"),
        texts["en"].alias("purpose_en"),
    )


@kept
def identifiers(engine: Engine) -> pl.DataFrame:
    """`flow`, `identifier`, `number`: the source's own numbers of flows (dcterms:identifier).
    `number` is the identifier with its table, since two tables may both count from 1."""
    query = """SELECT DISTINCT ?flow ?identifier ?table WHERE {
      ?flow a gov:FundingFlow ; dcterms:identifier ?identifier
      OPTIONAL { ?flow prov:wasDerivedFrom/gov:inTable ?table } }"""
    found = cells.read(engine, query)
    number = pl.concat_str("identifier", "table", separator=" ", ignore_nulls=True)
    return found.select(cells.iri("flow"), cells.text("identifier"), number=number)
