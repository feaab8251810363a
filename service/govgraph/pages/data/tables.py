"""The kinds of tables that need no metadata: their titles and columns, from their declarations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import NamedNode

from govgraph.gate.files import standard_tables
from govgraph.pages.terms import borrowed
from govgraph.pages.vocabulary.store import LABEL, graph, texts
from govgraph.vocabulary import PREFIXES
from govgraph_loaders.dataset import METADATA

Labels = Mapping[str, str]
_LANGUAGES = {"zh": ", in Chinese", "en": ", in English"}


@dataclass(frozen=True)
class Column:
    """A column of a file: its name in the header, its titles, whether each row needs it, whether a
    cell may have several values, and the form of a value if its declaration has one."""

    name: str
    titles: Labels
    required: bool
    separator: str | None
    format: str | None


@dataclass(frozen=True)
class Kind:
    """A kind of table: the name of its file, its title, its columns and its key."""

    name: str
    title: Labels
    columns: tuple[Column, ...]
    key: tuple[str, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds, by the names of their files."""
    files = sorted(standard_tables().glob(f"*{METADATA}"))
    found = (_kind(json.loads(file.read_text("utf-8"))) for file in files)
    return {kind.name: kind for kind in found}


def labels(table: Mapping[str, Any]) -> Labels:
    """The title of a table of a report: in both languages if it is of a kind, else as it is."""
    kind = kinds().get(table["table"].removesuffix(".gz"))
    return kind.title if kind else {"und": table["title"]}


def _kind(document: dict[str, Any]) -> Kind:
    schema = document["tableSchema"]
    title = {text["@language"]: text["@value"] for text in document.get("dc:title", ())}
    key = schema.get("primaryKey", ())
    columns = tuple(_column(c) for c in schema["columns"] if not c.get("virtual"))
    return Kind(document["url"], title, columns, (key,) if isinstance(key, str) else tuple(key))


def _titles(column: dict[str, Any]) -> Labels:
    """What a column is called. In English that is often its name in the header: then what the
    ontology calls its property, and the language of its texts."""
    name, titles = column["name"], dict(column.get("titles", {}))
    if titles.get("en", name) == name:
        url = column.get("propertyUrl", "")
        prefix, _, term = url.partition(":")
        iri = PREFIXES[prefix] + term if prefix in PREFIXES else url
        called = (texts(graph("ontology"), NamedNode(iri), LABEL) if iri else {}) or borrowed(iri)
        language = _LANGUAGES.get(column.get("lang", ""), "")
        titles["en"] = (called.get("en") or name.replace("_", " ")) + language
    return titles


def _column(column: dict[str, Any]) -> Column:
    datatype = column.get("datatype")
    return Column(
        column["name"],
        _titles(column),
        bool(column.get("required")),
        column.get("separator"),
        datatype.get("format") if isinstance(datatype, dict) else None,
    )
