"""CSVW metadata read once, checked before any row, and frozen into Tables.

Source: https://www.w3.org/TR/tabular-metadata/ . Beside the standard's properties a column may
carry four annotations of our own (absolute IRIs, as the standard allows): `…ontology#numerals`,
`…ontology#bounds`, `…ontology#check` and `…ontology#mustExist`; see docs/tables.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from govgraph_loaders import checks
from govgraph_loaders.descriptions import read_datatype
from govgraph_loaders.dialect import read_dialect
from govgraph_loaders.namespaces import DEFAULT_BASE, GOV, PREFIXES
from govgraph_loaders.node import MetadataError, Node
from govgraph_loaders.problems import CellError
from govgraph_loaders.table import Column, ForeignKey, Table
from govgraph_loaders.uri import Template, encode, is_iri

__all__ = ["DEFAULT_BASE", "GOV", "MetadataError", "Table", "read_metadata"]

_PREFIXED = re.compile(r"^([a-z][a-z0-9]*):(?!//)")
_LANG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_COMMON = frozenset({"@id", "@type"})
_INHERITED = frozenset(
    {
        "aboutUrl",
        "datatype",
        "default",
        "lang",
        "null",
        "ordered",
        "propertyUrl",
        "required",
        "separator",
        "textDirection",
        "valueUrl",
    }
)
_COLUMN = _COMMON | _INHERITED | {"name", "titles", "virtual", "suppressOutput"}
_SCHEMA = _COMMON | _INHERITED | {"@context", "columns", "foreignKeys", "primaryKey", "rowTitles"}
_BOTH = ["@context", "dialect", "notes", "tableDirection", "tableSchema", "transformations"]
_GROUP = _COMMON | _INHERITED | {*_BOTH, "tables"}
_TABLE = _COMMON | _INHERITED | {*_BOTH, "url", "suppressOutput"}
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
    reader = _Reader(Path(), table.base, table.strict)
    node = Node({"titles": name} if name else {}, "", reader.ignored)
    return reader.column(number, node, table.inherited)


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
            self.column(number, column, inherited)
            for number, column in enumerate(self._nodes(schema), start=1)
        ]
        result = Table(
            url=url,
            title=_title(table) or url,
            columns=tuple(columns),
            inherited=inherited,
            about=self._template(Node(inherited, schema.where, self.ignored), "aboutUrl", {}),
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

    def column(self, number: int, column: Node, outer: Mapping[str, Any]) -> Column:
        column.check_names(_COLUMN, "Column")
        titles = _titles(column)
        name = column.text("name") or (encode(titles[0]) if titles else f"_col.{number}")
        got = Node({**outer, **column.value}, column.where, self.ignored)
        known = {"_name": name, "_column": str(number), "_sourceColumn": str(number)}
        zh_numerals = column.value.get(GOV + "numerals") == "zh"
        result = Column(
            name=name,
            titles=titles,
            datatype=read_datatype(got.value.get("datatype"), got, zh_numerals),
            property=self._template(got, "propertyUrl", known)
            or Template("#" + encode(name, reserved=True)),
            about=self._template(got, "aboutUrl", known),
            value=self._template(got, "valueUrl", known),
            lang=_lang(got),
            null=("",) if (null := got.texts("null")) is None else null,
            default=got.text("default") or "",
            separator=got.text("separator") or None,
            ordered=got.flag("ordered"),
            required=got.flag("required"),
            virtual=column.flag("virtual"),
            suppress=column.flag("suppressOutput"),
            bounds=_bounds(column),
            check=_check_name(column),
            must_exist=column.flag(GOV + "mustExist"),
        )
        _check_column(result, column)
        return result

    def _template(self, node: Node, name: str, known: Mapping[str, str]) -> Template | None:
        text = node.text(name)
        if text is None:
            return None
        match = _PREFIXED.match(text)
        if match and match[1] in PREFIXES:
            text = PREFIXES[match[1]] + text[match.end() :]
        if text.startswith(DEFAULT_BASE):
            text = self.base + text[len(DEFAULT_BASE) :]
        try:
            return Template(text, known)
        except ValueError as error:
            raise node.error(str(error), f"{name} 不是合法的 URI 模板：{text}") from None


def _schema_id(table: Node, schema: Node) -> str:
    """The URL by which a foreign key can refer to all tables of a schema."""
    place = table.value.get("tableSchema")
    return place if isinstance(place, str) else str(schema.value.get("@id", ""))


def _inherit(*levels: Node) -> dict[str, Any]:
    """Inherited properties, the inner level winning."""
    merged: dict[str, Any] = {}
    for level in levels:
        merged |= {key: level.value[key] for key in _INHERITED if key in level.value}
    return merged


def _titles(column: Node) -> tuple[str, ...]:
    value = column.value.get("titles")
    if not isinstance(value, dict):
        return column.texts("titles") or ()
    titles = Node(value, f"{column.where}titles/", column.ignored)
    return tuple(title for lang in value for title in titles.texts(lang) or ())


def _title(table: Node) -> str | None:
    value = table.value.get("dc:title")
    first = value[0] if isinstance(value, list) and value else value
    title = first.get("@value") if isinstance(first, dict) else first
    return title if isinstance(title, str) else None


def _lang(column: Node) -> str | None:
    lang = column.text("lang")
    if lang and not _LANG.fullmatch(lang):
        column.ignore("lang")
        return None
    return None if lang == "und" else lang


def _bounds(column: Node) -> tuple[str, str] | None:
    value = column.texts(GOV + "bounds")
    if value is None:
        return None
    if len(value) != 2 or not all(is_iri(iri) for iri in value):
        raise column.error("bounds are not two URIs", "bounds 应为两个 URI")
    return value[0], value[1]


def _check_name(column: Node) -> str | None:
    name = column.text(GOV + "check")
    if name is not None and name not in checks.CHECKS:
        raise column.error(f"unknown check {name!r}", f"未知校验 {name!r}")
    return name


def _check_column(column: Column, node: Node) -> None:
    """What would only show at the first row otherwise."""
    if column.bounds and (column.virtual or not column.datatype.is_edtf):
        raise node.error("bounds belong to an EDTF column", "bounds 只用于 EDTF 列")
    if column.must_exist and (column.virtual or column.value is None):
        raise node.error("mustExist needs a valueUrl", "mustExist 需要 valueUrl")
    if column.virtual and column.default:
        try:
            column.datatype.parse(column.default)
        except CellError:
            raise node.error("the default is not of its datatype", "default 不合数据类型") from None


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
