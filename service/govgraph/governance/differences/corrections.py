"""Statements that came and went as changes of entities, each in a sentence of zh and en."""

from __future__ import annotations

import re

import polars as pl

from govgraph.governance import terms
from govgraph.governance.differences.entities import Entities
from govgraph.vocabulary import GOV, PREFIXES

_ORG = PREFIXES["org"]
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_KEY = ["subject", "property", "language"]
#: What a change is called, by a type of the entity and how it changed, or by its property.
_ENTITIES = {
    (f"{GOV}Appointment", "added"): "took-post",
    (f"{GOV}Appointment", "withdrawn"): "term-withdrawn",
    (f"{_ORG}Organization", "added"): "body-added",
    (f"{_ORG}Organization", "withdrawn"): "body-withdrawn",
    (f"{_ORG}Post", "added"): "post-added",
    (f"{_ORG}Post", "withdrawn"): "post-withdrawn",
    (f"{GOV}ModelAdoption", "added"): "model-adopted",
    (f"{GOV}ModelAdoption", "withdrawn"): "adoption-withdrawn",
}
#: Properties of a number, which in a flow are those of its amount.
_NUMBERS = [f"{GOV}{name}" for name in ("amount", "value", "lower", "upper")]
_SENTENCES = {
    "added": ("新增{type}：{subject}", "New {type}: {subject}"),
    "withdrawn": ("撤回{type}：{subject}", "Withdrawn {type}: {subject}"),
    "stated": ("{subject}：{property}补为{after}", "{subject}: {property} is now {after}"),
    "unstated": (
        "{subject}：{property}不再是{before}",
        "{subject}: {property} is no longer {before}",
    ),
    "corrected": (
        "{subject}：{property}由{before}改为{after}",
        "{subject}: {property} changed from {before} to {after}",
    ),
}
#: Properties of other vocabularies, which the ontology uses without naming them anew.
REUSED = {
    f"{PREFIXES[prefix]}{local}": (zh, en)
    for prefix, local, zh, en in (
        ("skos", "prefLabel", "名称", "name"),
        ("skos", "altLabel", "别名", "other name"),
        ("skos", "note", "备注", "note"),
        ("skos", "broader", "上位概念", "broader concept"),
        ("rdf", "type", "类型", "type"),
        ("dcterms", "title", "标题", "title"),
        ("dcterms", "identifier", "编号", "identifier"),
        ("org", "member", "任职者", "holder"),
        ("org", "postIn", "所属组织", "body of the post"),
        ("org", "subOrganizationOf", "上级组织", "part of"),
        ("org", "role", "角色", "role"),
        ("prov", "wasDerivedFrom", "依据", "evidence"),
        ("prov", "wasRevisionOf", "修订自", "revision of"),
    )
}
_NAMED = ("type", "subject", "property")


def told(facts: pl.DataFrame, entities: Entities) -> pl.DataFrame:
    """Changes of statements with the types of their subjects: the columns of
    `releases.COLUMNS`."""
    whole = facts.filter(pl.col("old").fill_null(False) != pl.col("new").fill_null(False))
    both = facts.filter(pl.col("old").fill_null(False) == pl.col("new").fill_null(False))
    rows = pl.concat([_entities(whole), _values(both)])
    return _worded(rows.with_columns(_kind(), source=pl.concat_list("subject")), entities)


def _entities(facts: pl.DataFrame) -> pl.DataFrame:
    """A row for each entity that only one release has."""
    once = facts.unique("subject", keep="any").with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in ("property", "language")),
        *(pl.lit(None, pl.List(pl.String)).alias(name) for name in ("before", "after")),
        how=pl.when("new").then(pl.lit("added")).otherwise(pl.lit("withdrawn")),
    )
    return once.select(_ROW)


def _values(facts: pl.DataFrame) -> pl.DataFrame:
    """A row for each property, in each language, whose values differ."""
    spoken = facts.with_columns(
        terms.plain("object").alias("value"),
        language=pl.col("object").str.extract(r'"@([A-Za-z0-9-]+)$'),
    )
    value = pl.col("value")
    grouped = spoken.group_by(_KEY).agg(
        pl.col("types", "type").first(),
        before=value.filter(~pl.col("came")).sort(),
        after=value.filter("came").sort(),
    )
    gone, come = (pl.col(name).list.len() > 0 for name in ("before", "after"))
    how = (
        pl.when(gone & come).then(pl.lit("corrected"))
        .when(come).then(pl.lit("stated"))
        .otherwise(pl.lit("unstated"))
    )  # fmt: skip
    return grouped.with_columns(how=how).select(_ROW)


_ROW = ["how", "types", "type", "subject", "property", "language", "before", "after"]


def _kind() -> pl.Expr:
    """The change in the words of the domain, else as `how` has it."""
    kind: pl.Expr = pl.col("how")
    for (type_, how), name in _ENTITIES.items():
        of_type = pl.col("types").list.contains(type_).fill_null(False)
        kind = pl.when(of_type & (pl.col("how") == how)).then(pl.lit(name)).otherwise(kind)
    number = pl.col("property").is_in(_NUMBERS)
    ended = (pl.col("property") == f"{GOV}end") & (pl.col("after").list.first() != "..")
    return (
        pl.when(_is("Appointment") & ended).then(pl.lit("left-post"))
        .when(_is("FundingFlow") & number).then(pl.lit("amount-changed"))
        .when(number).then(pl.lit("value-changed"))
        .otherwise(kind).alias("kind")
    )  # fmt: skip


def _is(name: str) -> pl.Expr:
    return pl.col("types").list.contains(f"{GOV}{name}").fill_null(False)


def _worded(rows: pl.DataFrame, entities: Entities) -> pl.DataFrame:
    lists = [rows[name].explode() for name in ("before", "after")]
    iris = pl.concat([*(rows[name] for name in _NAMED), *lists]).unique().drop_nulls()
    names = entities.names(iri for iri in iris if _IRI.fullmatch(iri))
    sentences = [_sentence(rows, names, language) for language in ("zh", "en")]
    joined = [
        pl.when(pl.col(name).list.len() > 0).then(pl.col(name).list.join("|")).alias(name)
        for name in ("before", "after")
    ]
    return rows.with_columns(*sentences).with_columns(joined)


def _sentence(rows: pl.DataFrame, names: pl.DataFrame, language: str) -> pl.Series:
    named = {row["iri"]: row[language] for row in names.iter_rows(named=True)}
    named |= {iri: words[language == "en"] for iri, words in REUSED.items()}
    iris, texts = list(named), list(named.values())
    one = [pl.col(name).replace(iris, texts) for name in _NAMED]
    several = [
        pl.col(name).list.eval(pl.element().replace(iris, texts)).list.join(_AND[language])
        for name in ("before", "after")
    ]
    filled = rows.select("how", *one, *several)
    chosen: pl.Expr = pl.lit(None, pl.String)
    for how, (zh, en) in _SENTENCES.items():
        template = zh if language == "zh" else en
        parts = re.findall(r"\{(\w+)\}", template)
        text = pl.format(re.sub(r"\{\w+\}", "{}", template), *parts)
        chosen = pl.when(pl.col("how") == how).then(text).otherwise(chosen)
    return filled.select(chosen.alias(f"sentence_{language}")).to_series()


_AND = {"zh": "、", "en": ", "}
