"""CSVW metadata read once, checked before any row, and frozen into Tables.

Source: https://www.w3.org/TR/tabular-metadata/ . Beside the standard's properties a column may
carry four annotations of our own (absolute IRIs, as the standard allows): `…ontology#numerals`,
`…ontology#bounds`, `…ontology#check` and `…ontology#mustExist`; see docs/tables.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from govgraph_loaders.columns import INHERITED, read_column, read_template
from govgraph_loaders.dialect import read_dialect
from govgraph_loaders.namespaces import DEFAULT_BASE, GOV
from govgraph_loaders.node import MetadataError, Node
from govgraph_loaders.table import Column, ForeignKey, Table

__all__ = ["DEFAULT_BASE", "GOV", "MetadataError", "Table", "read_metadata"]

_COMMON = frozenset({"@id", "@type"})
_SCHEMA = _COMMON | INHERITED | {"@context", "columns", "foreignKeys", "primaryKey", "rowTitles"}
_BOTH = ["@context", "dialect", "notes", "tableDirection", "tableSchema", "transformations"]
_GROUP = _COMMON | INHERITED | {*_BOTH, "tables"}
_TABLE = _COMMON | INHERITED | {*_BOTH, "url", "suppressOutput"}
_FOREIGN_KEY = {"columnReference", "reference", "resource", "schemaReference"}
#: Variables of a template that do not come from a column.
_ROW_VARIABLES = {"_row", "_sourceRow"}


def read_metadata(path: Path, *, base: str = DEFAULT_BASE, strict: bool = True) -> list[Table]:
    """The tables that a metadata file declares. MetadataError if it cannot be used.

    `base` replaces the default base of instance IRIs; `strict` demands that a header match.
    """
    reader = _Reader(path, base, strict)
    tables = [reader.table(table, group) for table, group in reader.tables(_load(path))]
    return [replace(table, ignored=tuple(reader.ignored)) for table in tables]


def undeclared_column(table: Table, number: int, name: str | None) -> Column:
    """A column of a table whose metadata declares none, by its title or by its place."""
    node = Node({"titles": name} if name else {}, "", {})
    return read_column(number, node, table.inherited, table.base)


def _load(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise MetadataError(f"{path.name}: {error}", f"{path.name}：{error}") from None
    if not isinstance(document, dict):
        raise MetadataError(f"{path.name}: not a JSON object", f"{path.name}：不是 JSON 对象")
    return document


class _Reader:
    """Turns one metadata document's JSON into Tables."""

    def __init__(self, path: Path, base: str, strict: bool) -> None:
        self.path, self.base, self.strict = path, base, strict
        self.ignored: dict[str, None] = {}

    def tables(self, document: dict[str, Any]) -> Iterator[tuple[Node, Node]]:
        """Each table with the group that it inherits from."""
        root = Node(document, "", self.ignored)
        if "url" in document:
            yield root, Node({}, "", self.ignored)
            return
        root.check_names(_GROUP, "TableGroup")
        tables = root.objects("tables")
        if not tables:
            raise MetadataError("neither `url` nor `tables`", "既没有 url 也没有 tables")
        for table in tables:
            yield Node(table, f"{table.get('url')}/", self.ignored), root

    def table(self, table: Node, group: Node) -> Table:
        table.check_names(_TABLE, "Table")
        url = table.text("url")
        if not url:
            raise MetadataError("a table without `url`", "有一张表没有 url")
        schema = self._schema(table, group)
        inherited = _inherit(group, table, schema)
        columns = [
            read_column(number, column, inherited, self.base)
            for number, column in enumerate(self._nodes(schema), start=1)
        ]
        result = Table(
            url=url,
            title=_title(table) or url,
            columns=tuple(columns),
            inherited=inherited,
            about=read_template(Node(inherited, schema.where, self.ignored), "aboutUrl", self.base),
            primary_key=schema.texts("primaryKey") or (),
            foreign_keys=tuple(_foreign_keys(schema)),
            dialect=read_dialect(group, table),
            strict=self.strict,
            suppress=table.flag("suppressOutput"),
            base=self.base,
            schema=_schema_id(table, schema),
        )
        _check_names(result)
        return result

    def _schema(self, table: Node, group: Node) -> Node:
        owner = table if "tableSchema" in table.value else group
        value = owner.value.get("tableSchema")
        if isinstance(value, str):
            target = (self.path.parent / value).resolve()
            if self.path.parent.resolve() not in target.parents:
                raise MetadataError(f"schema {value} outside the folder", f"{value} 在文件夹之外")
            schema = Node(_load(target), table.where, self.ignored)
        else:
            schema = Node(owner.child("tableSchema").value, table.where, self.ignored)
        schema.check_names(_SCHEMA, "Schema")
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


def _foreign_keys(schema: Node) -> Iterator[ForeignKey]:
    for value in schema.objects("foreignKeys"):
        key = Node(value, f"{schema.where}foreignKeys/", schema.ignored)
        reference = key.child("reference")
        by_schema = reference.text("schemaReference")
        resource = by_schema or reference.text("resource")
        columns = key.texts("columnReference") or ()
        referenced = reference.texts("columnReference") or ()
        if not resource or not columns or len(columns) != len(referenced):
            raise key.error("a foreign key is incomplete", "外键不完整")
        if {*key.value, *reference.value} - _FOREIGN_KEY:
            raise key.error("a foreign key has other properties", "外键含有其他属性")
        yield ForeignKey(columns, resource, referenced, by_schema=by_schema is not None)


def _check_names(table: Table) -> None:
    """Columns are declared once; keys and templates name columns that exist."""
    names = [column.name for column in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MetadataError(f"column declared twice: {twice}", f"列重复声明：{twice}")
    if all(column.virtual for column in table.columns):
        return
    cells = {column.name for column in table.columns if not column.virtual}
    used = [*table.primary_key, *(name for key in table.foreign_keys for name in key.columns)]
    for column in table.columns:
        for template in (column.about, column.property, column.value):
            used += [n for n in (template.names if template else ()) if n not in _ROW_VARIABLES]
    for name in used:
        if name not in cells:
            raise MetadataError(f"unknown column {name!r} is used", f"引用了未声明的列 {name!r}")
