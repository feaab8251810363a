"""CSVW metadata read once, checked before any row, and frozen into Tables.

Source: https://www.w3.org/TR/tabular-metadata/ . Beside the standard's properties a column may
carry five annotations of our own (absolute IRIs, as the standard allows): `…ontology#numerals`,
`…ontology#bounds`, `…ontology#precision`, `…ontology#check` and `…ontology#mustExist`; see
docs/tables.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from govgraph_loaders.annotations import check_common
from govgraph_loaders.columns import INHERITED, read_column, read_template
from govgraph_loaders.context import Context, read_context
from govgraph_loaders.dialect import read_dialect
from govgraph_loaders.namespaces import DEFAULT_BASE, GOV
from govgraph_loaders.node import MetadataError, Node
from govgraph_loaders.references import check_names, read_foreign_keys, read_primary_key
from govgraph_loaders.table import Column, Table
from govgraph_loaders.transformations import check_transformations

__all__ = ["DEFAULT_BASE", "GOV", "MetadataError", "Reading", "Table", "read_metadata"]

_COMMON = frozenset({"@id", "@type"})
_SCHEMA = _COMMON | INHERITED | {"@context", "columns", "foreignKeys", "primaryKey", "rowTitles"}
_BOTH = ["@context", "dialect", "notes", "tableDirection", "tableSchema", "transformations"]
_GROUP = _COMMON | INHERITED | {*_BOTH, "tables"}
_TABLE = _COMMON | INHERITED | {*_BOTH, "url", "suppressOutput"}
_DIRECTIONS = ("rtl", "ltr", "auto")


@dataclass(frozen=True)
class Reading:
    """How metadata is read. `load` gives the JSON object that a reference in the document names;
    `base` replaces the default base of instance IRIs; `strict` demands that a header match;
    `to_the_letter` reads as the standard has it where the loader has its own way."""

    load: Callable[[str], dict[str, Any]]
    base: str = DEFAULT_BASE
    strict: bool = True
    to_the_letter: bool = False


def read_metadata(path: Path, *, base: str = DEFAULT_BASE, strict: bool = True) -> list[Table]:
    """The tables that a metadata file declares. MetadataError if it cannot be used.

    `base` replaces the default base of instance IRIs; `strict` demands that a header match.
    """

    def load(reference: str) -> dict[str, Any]:
        target = (path.parent / reference).resolve()
        if path.parent.resolve() not in target.parents:
            raise MetadataError(f"{reference} is outside the folder", f"{reference} 在文件夹之外")
        return load_object(target)

    return read_tables(load_object(path), Reading(load, base, strict))


def read_tables(document: dict[str, Any], reading: Reading) -> list[Table]:
    """The tables that a metadata document declares, in its order."""
    reader = _Reader(document, reading)
    tables = [reader.table(table) for table in reader.tables()]
    return [replace(table, ignored=tuple(reader.ignored)) for table in tables]


def undeclared_column(table: Table, number: int, name: str | None) -> Column:
    """A column of a table whose metadata declares none, by its title or by its place."""
    node = Node({"titles": name} if name else {}, "", {})
    return read_column(number, node, table.inherited, table.base)


def load_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; MetadataError if there is none."""
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise MetadataError(f"{path.name}: {error}", f"{path.name}：{error}") from None
    if not isinstance(document, dict):
        raise MetadataError(f"{path.name}: not a JSON object", f"{path.name}：不是 JSON 对象")
    return document


class _Reader:
    """Turns one metadata document's JSON into Tables."""

    def __init__(self, document: dict[str, Any], reading: Reading) -> None:
        self.reading = reading
        self.ignored: dict[str, None] = {}
        self.root = Node(document, "", self.ignored)
        self.context: Context = read_context(self.root)
        self.group = Node({}, "", self.ignored) if "url" in document else self.root

    def tables(self) -> Iterator[Node]:
        """The descriptions of the tables."""
        if self.group is not self.root:
            yield self.root
            return
        self._check(self.root, _GROUP, "TableGroup")
        tables = self.root.objects("tables")
        if not tables:
            raise MetadataError("neither `url` nor `tables`", "既没有 url 也没有 tables")
        for table in tables:
            yield Node(table, f"{table.get('url')}/", self.ignored)

    def _check(self, node: Node, names: frozenset[str], kind: str) -> None:
        """What groups, tables and schemas have in common."""
        node.check_names(names, kind)
        node.word("tableDirection", _DIRECTIONS)
        check_common(node)
        check_transformations(node)

    def table(self, table: Node) -> Table:
        self._check(table, _TABLE, "Table")
        url = table.text("url")
        if not url:
            raise MetadataError("a table without `url`", "有一张表没有 url")
        schema = self._schema(table)
        inherited = _inherit(self.group, table, schema)
        columns = self._columns(schema, inherited)
        base, to_the_letter = self.reading.base, self.reading.to_the_letter
        about = Node(inherited, schema.where, self.ignored)
        result = Table(
            url=url,
            title=_title(table) or url,
            columns=columns,
            inherited=inherited,
            about=read_template(about, "aboutUrl", base),
            primary_key=read_primary_key(schema, columns, to_the_letter),
            foreign_keys=tuple(read_foreign_keys(schema)),
            dialect=read_dialect(self.group, table, self.reading.load),
            strict=self.reading.strict,
            suppress=table.flag("suppressOutput"),
            base=base,
            schema=_schema_id(table, schema),
            row_titles=schema.texts("rowTitles") or (),
            to_the_letter=to_the_letter,
            open="columns" not in schema.value and isinstance(self._described(table), dict | None),
        )
        check_names(result)
        return result

    def _columns(self, schema: Node, inherited: dict[str, Any]) -> tuple[Column, ...]:
        language = (self.context.language or "und") if self.reading.to_the_letter else None
        return tuple(
            read_column(number, column, inherited, self.reading.base, language)
            for number, column in enumerate(self._nodes(schema), start=1)
        )

    def _described(self, table: Node) -> Any:
        owner = table if "tableSchema" in table.value else self.group
        return owner.value.get("tableSchema")

    def _schema(self, table: Node) -> Node:
        value = self._described(table)
        if isinstance(value, str):
            schema = Node(self.reading.load(value), table.where, self.ignored)
        else:
            owner = table if "tableSchema" in table.value else self.group
            schema = Node(owner.child("tableSchema").value, table.where, self.ignored)
        schema.check_names(_SCHEMA, "Schema")
        check_common(schema)
        return schema

    def _nodes(self, schema: Node) -> Iterator[Node]:
        for number, column in enumerate(schema.objects("columns"), start=1):
            label = column.get("name") or column.get("titles") or number
            yield Node(column, f"{schema.where}{label}/", self.ignored)


def _schema_id(table: Node, schema: Node) -> str:
    """The URL by which a foreign key can refer to all tables of a schema."""
    place = table.value.get("tableSchema")
    return place if isinstance(place, str) else str(schema.value.get("@id", ""))


def _inherit(*levels: Node) -> dict[str, Any]:
    """Inherited properties, the inner level winning."""
    merged: dict[str, Any] = {}
    for level in levels:
        merged |= {key: level.value[key] for key in INHERITED if key in level.value}
    return merged


def _title(table: Node) -> str | None:
    value = table.value.get("dc:title")
    first = value[0] if isinstance(value, list) and value else value
    title = first.get("@value") if isinstance(first, dict) else first
    return title if isinstance(title, str) else None
