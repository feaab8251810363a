"""Changes as sentences in zh and en."""

from __future__ import annotations

import re

import polars as pl
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance.differences.kinds import KINDS, LEFT, TOOK
from govgraph.governance.labels import labels
from govgraph.vocabulary import PROLOGUE

_MONEY = """SELECT ?thing ?amount ?currency WHERE { VALUES ?thing { %s }
  OPTIONAL { ?thing gov:amount ?amount } OPTIONAL { ?thing gov:currency ?currency } }"""
_UNKNOWN = {"zh": "金额未知", "en": "amount not known"}
_NOBODY = {"zh": "未说明者", "en": "someone not stated"}
_LANGUAGES = ("zh", "en")


def worded(engine: Engine, changes: pl.DataFrame) -> pl.DataFrame:
    """Changes with `sentence_zh`, `sentence_en`, `amount` and `currency`."""
    named = changes.with_columns(thing=pl.col("source").list.first())
    columns = ("thing", "subject", "object")
    names = labels(engine, pl.concat([named[column] for column in columns]).unique())
    for column in columns:
        named = _with_names(named, names, column)
    sentences = [_sentence(language) for language in _LANGUAGES]
    return _with_money(engine, named).with_columns(sentences)


def _with_money(engine: Engine, changes: pl.DataFrame) -> pl.DataFrame:
    things = changes.filter(kind="money")["thing"].unique().sort()
    values = " ".join(str(NamedNode(iri)) for iri in things)
    rows = engine.select(PROLOGUE + _MONEY % values) if values else []
    texts = [{name: term.value for name, term in row.items()} for row in rows]
    schema = dict.fromkeys(("thing", "amount", "currency"), pl.String)
    money = pl.DataFrame(texts, schema=schema).unique("thing", keep="first")
    amount = pl.col("amount").cast(pl.Decimal(38, 6), strict=False)
    return changes.join(money.with_columns(amount), on="thing", how="left")


def _with_names(changes: pl.DataFrame, names: pl.DataFrame, column: str) -> pl.DataFrame:
    names = names.select(
        pl.col("iri").alias(column),
        *(pl.col(lang).alias(f"{column}_{lang}") for lang in _LANGUAGES),
    )
    return changes.join(names, on=column, how="left").with_columns(
        pl.col(f"{column}_{lang}").fill_null(_NOBODY[lang]) for lang in _LANGUAGES
    )


def _sentence(language: str) -> pl.Expr:
    """The sentence of each change by its kind."""
    chosen: pl.Expr = pl.lit(None, pl.String)
    for kind in (TOOK, LEFT, *KINDS):
        template = kind.zh if language == "zh" else kind.en
        chosen = pl.when(kind=kind.name).then(_filled(template, language)).otherwise(chosen)
    return chosen.alias(f"sentence_{language}")


def _filled(template: str, language: str) -> pl.Expr:
    parts = re.findall(r"\{(\w+)\}", template)
    money = pl.format("{} {}", pl.col("amount").cast(pl.String).str.strip_chars_end("0")
                      .str.strip_chars_end("."), pl.col("currency").fill_null(""))  # fmt: skip
    values = {
        "date": pl.col("date"),
        "money": money.str.strip_chars_end().fill_null(_UNKNOWN[language]),
    }
    columns = [values.get(name, pl.col(f"{name}_{language}")) for name in parts]
    return pl.format(re.sub(r"\{\w+\}", "{}", template), *columns)
