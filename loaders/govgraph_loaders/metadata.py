"""CSVW metadata read once, checked before any row, and frozen into Tables.

Source: https://www.w3.org/TR/tabular-metadata/ . Beside the standard's properties a column may
carry four annotations of our own (absolute IRIs, as the standard allows): `…ontology#numerals`,
`…ontology#bounds`, `…ontology#check` and `…ontology#mustExist`; see docs/tables.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govgraph_loaders import checks, datatypes, formats
from govgraph_loaders.datatypes import Datatype
from govgraph_loaders.uri import Template, encode

GOV = "https://w3id.org/govgraph/ontology#"
DEFAULT_BASE = "https://w3id.org/govgraph/id/"
#: Prefixes that CSVW takes from the RDFa initial context, as far as they concern governance.
PREFIXES = {
    "csvw": "http://www.w3.org/ns/csvw#",
    "dc": "http://purl.org/dc/terms/",
    "dc11": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sioc": "http://rdfs.org/sioc/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PREFIXED = re.compile(r"^([a-z][a-z0-9]*):(?!//)")
_INHERITED = (
    "aboutUrl", "propertyUrl", "valueUrl", "datatype", "lang", "null", "separator", "ordered",
    "default", "required",
)  # fmt: skip
_LANG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class MetadataError(ValueError):
    """The metadata cannot be used. `why` and `why_zh` say what is wrong and where."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(why)
        self.why, self.why_zh = why, why_zh


@dataclass(frozen=True)
class Column:
    """A declared column. Templates are absolute or relative to the table's IRI."""

    name: str
    titles: tuple[str, ...]
    datatype: Datatype
    property: Template
    about: Template | None
    value: Template | None
    lang: str | None
    null: tuple[str, ...]
    default: str | None
    separator: str | None
    ordered: bool
    required: bool
    virtual: bool
    suppress: bool
    bounds: tuple[str, str] | None
    check: str | None
    must_exist: bool


@dataclass(frozen=True)
class ForeignKey:
    columns: tuple[str, ...]
    resource: str
    referenced: tuple[str, ...]


@dataclass(frozen=True)
class Dialect:
    encoding: str | None = None
    delimiter: str = ","
    quote: str | None = '"'
    double_quote: bool = True
    skip_rows: int = 0
    header_rows: int = 1
    comment: str | None = "#"
    trim: str = "false"
    skip_blank_rows: bool = False
    skip_initial_space: bool = False


@dataclass(frozen=True)
class Table:
    """A table's declaration: what its rows mean. `columns` empty means: all of the header."""

    url: str
    title: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    dialect: Dialect
    defaults: Mapping[str, Any]
    strict: bool
    suppress: bool
    base: str

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def read_metadata(path: Path, *, base: str = DEFAULT_BASE, strict: bool = True) -> list[Table]:
    """The tables that a metadata file declares. MetadataError if it cannot be used.

    `base` replaces the default base of instance IRIs; `strict` demands that a header match.
    """
    document = _load(path)
    return [Reader(path, base, strict).table(*pair) for pair in _tables(document)]


def _load(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise MetadataError(f"{path.name}: {error}", f"{path.name}:{error}") from None
    if not isinstance(document, dict):
        raise MetadataError(f"{path.name}: not a JSON object", f"{path.name}:不是 JSON 对象")
    return document


def _tables(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each table with what it inherits from its group."""
    lang = _context_language(document.get("@context"))
    group = {key: document[key] for key in (*_INHERITED, "dialect") if key in document}
    if lang:
        group["@language"] = lang
    tables = document.get("tables", [document] if "url" in document else None)
    if not isinstance(tables, list) or not tables:
        raise MetadataError("neither `url` nor `tables`", "既没有 url 也没有 tables")
    for table in tables:
        if not isinstance(table, dict) or not isinstance(table.get("url"), str):
            raise MetadataError("a table without `url`", "有一张表没有 url")
        yield table, ({} if table is document else group)


def _context_language(context: Any) -> str | None:
    parts = context if isinstance(context, list) else [context]
    found = [part.get("@language") for part in parts if isinstance(part, dict)]
    return found[0] if found else None


class Reader:
    """Turns one metadata document's JSON into Tables."""

    def __init__(self, path: Path, base: str, strict: bool) -> None:
        self.path, self.base, self.strict = path, base, strict

    def table(self, table: dict[str, Any], group: dict[str, Any]) -> Table:
        schema = self._schema(table, group)
        inherited = _inherit(group, table, schema)
        columns = [self._column(i, c, inherited) for i, c in enumerate(_columns(schema), start=1)]
        _check_names(columns)
        result = Table(
            url=table["url"],
            title=_title(table) or table["url"],
            columns=tuple(columns),
            primary_key=_names(schema.get("primaryKey")),
            foreign_keys=tuple(_foreign_keys(schema)),
            dialect=_dialect({**group.get("dialect", {}), **(table.get("dialect") or {})}),
            defaults=inherited,
            strict=self.strict,
            suppress=table.get("suppressOutput") is True,
            base=self.base,
        )
        _check_keys(result)
        return result

    def undeclared(self, name: str, table: Table) -> Column:
        """A column of a table whose metadata declares none: text under its own name."""
        return self._column(0, {"name": encode(name), "titles": name}, table.defaults)

    def _schema(self, table: dict[str, Any], group: dict[str, Any]) -> dict[str, Any]:
        schema = table.get("tableSchema", group.get("tableSchema", {}))
        if isinstance(schema, str):
            target = (self.path.parent / schema).resolve()
            if self.path.parent.resolve() not in target.parents:
                raise MetadataError(f"schema {schema} outside the folder", f"{schema} 在文件夹之外")
            schema = _load(target)
        if not isinstance(schema, dict):
            raise MetadataError("tableSchema is not an object", "tableSchema 不是对象")
        return schema

    def _column(self, number: int, column: dict[str, Any], outer: Mapping[str, Any]) -> Column:
        titles = _titles(column.get("titles"))
        name = column.get("name") or (encode(titles[0]) if titles else f"_col.{number}")
        where = f"column {name}"
        got = {**outer, **column}
        virtual = column.get("virtual") is True
        lang = got.get("lang")
        bounds = column.get(GOV + "bounds")
        return Column(
            name=name,
            titles=titles,
            datatype=_datatype(got.get("datatype"), where, column.get(GOV + "numerals") == "zh"),
            property=self._template(got.get("propertyUrl"), where) or Template("#" + encode(name)),
            about=self._template(got.get("aboutUrl"), where),
            value=self._template(got.get("valueUrl"), where),
            lang=lang if lang and lang != "und" and _LANG.fullmatch(lang) else None,
            null=tuple(_listed(got.get("null", ""))),
            default=got.get("default") or None,
            separator=got.get("separator") or None,
            ordered=got.get("ordered") is True,
            required=got.get("required") is True,
            virtual=virtual,
            suppress=column.get("suppressOutput") is True,
            bounds=(bounds[0], bounds[1]) if bounds else None,
            check=_check_name(column.get(GOV + "check"), where),
            must_exist=column.get(GOV + "mustExist") is True,
        )

    def _template(self, text: Any, where: str) -> Template | None:
        if text is None:
            return None
        if not isinstance(text, str):
            raise MetadataError(f"{where}: a URL is not a string", f"{where}:URL 不是字符串")
        match = _PREFIXED.match(text)
        if match and match[1] in PREFIXES:
            text = PREFIXES[match[1]] + text[match.end() :]
        if text.startswith(DEFAULT_BASE):
            text = self.base + text[len(DEFAULT_BASE) :]
        try:
            return Template(text)
        except ValueError as error:
            raise MetadataError(f"{where}: {error}", f"{where}:{error}") from None


def _inherit(*levels: Mapping[str, Any]) -> dict[str, Any]:
    """Inherited properties, the inner level winning."""
    merged: dict[str, Any] = {}
    for level in levels:
        merged |= {key: level[key] for key in _INHERITED if key in level}
    return merged


def _columns(schema: dict[str, Any]) -> list[dict[str, Any]]:
    columns = schema.get("columns", [])
    if not isinstance(columns, list) or not all(isinstance(c, dict) for c in columns):
        raise MetadataError("`columns` is not a list of objects", "columns 不是对象列表")
    return columns


def _listed(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _names(value: Any) -> tuple[str, ...]:
    return tuple(_listed(value)) if value else ()


def _titles(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(title for titles in value.values() for title in _listed(titles))
    return tuple(_listed(value)) if value else ()


def _title(table: dict[str, Any]) -> str | None:
    value = table.get("dc:title")
    first = value[0] if isinstance(value, list) and value else value
    return first.get("@value") if isinstance(first, dict) else first


def _datatype(value: Any, where: str, zh_numerals: bool) -> Datatype:
    """A datatype description; unknown bases, formats and facets are errors, not guesses."""
    described = value if isinstance(value, dict) else {"base": value or "string"}
    base = described.get("base", "string")
    if base not in datatypes.KNOWN:
        raise MetadataError(f"{where}: unknown datatype {base!r}", f"{where}:未知数据类型 {base!r}")
    pattern = described.get("format")
    number = pattern if isinstance(pattern, dict) else {"pattern": pattern}
    result = Datatype(
        base=base,
        iri=described.get("@id") or datatypes.base_iri(base),
        format=number.get("pattern"),
        group_char=number.get("groupChar", ","),
        decimal_char=number.get("decimalChar", "."),
        zh_numerals=zh_numerals,
        facets={k: v for k, v in described.items() if k in datatypes.FACETS},
    )
    _check_format(result, where)
    return result


def _check_format(datatype: Datatype, where: str) -> None:
    if datatype.format is None:
        return
    try:
        if datatype.base in datatypes.NUMBERS:
            formats.number_parser(datatype.format, datatype.group_char, datatype.decimal_char)
        elif datatype.base in datatypes.TIMES:
            formats.date_pattern(datatype.format)
        elif datatype.base == "boolean":
            if datatype.format.count("|") != 1:
                raise ValueError(f"a boolean format is `yes|no`, not {datatype.format!r}")
        else:
            re.compile(datatype.format)
    except (ValueError, re.error) as error:
        raise MetadataError(f"{where}: {error}", f"{where}:{error}") from None


def _check_name(name: Any, where: str) -> str | None:
    if name is not None and name not in checks.CHECKS:
        raise MetadataError(f"{where}: unknown check {name!r}", f"{where}:未知校验 {name!r}")
    return name


def _foreign_keys(schema: dict[str, Any]) -> Iterator[ForeignKey]:
    for key in schema.get("foreignKeys", []):
        reference = key.get("reference", {})
        resource = reference.get("resource") or reference.get("schemaReference")
        columns = _names(key.get("columnReference"))
        referenced = _names(reference.get("columnReference"))
        if not resource or not columns or len(columns) != len(referenced):
            raise MetadataError("a foreign key is incomplete", "外键不完整")
        yield ForeignKey(columns, resource, referenced)


def _dialect(given: Mapping[str, Any]) -> Dialect:
    encoding = given.get("encoding")
    header = given.get("headerRowCount", 1 if given.get("header", True) else 0)
    trim = given.get("trim", False)
    return Dialect(
        encoding=encoding,
        delimiter=given.get("delimiter") or ",",
        quote=given.get("quoteChar", '"'),
        double_quote=given.get("doubleQuote", True) is not False,
        skip_rows=int(given.get("skipRows", 0)),
        header_rows=int(header),
        comment=given.get("commentPrefix"),
        trim=str(trim).lower(),
        skip_blank_rows=given.get("skipBlankRows") is True,
        skip_initial_space=given.get("skipInitialSpace") is True,
    )


def _check_names(columns: list[Column]) -> None:
    names = [column.name for column in columns]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise MetadataError(f"column declared twice: {sorted(twice)}", f"列重复声明:{sorted(twice)}")


def _check_keys(table: Table) -> None:
    """Keys and templates name columns that exist."""
    if not table.columns:
        return
    known = {c.name for c in table.columns} | {"_row", "_sourceRow", "_name", "_column"}
    used = [*table.primary_key, *(name for key in table.foreign_keys for name in key.columns)]
    for column in table.columns:
        for template in (column.about, column.property, column.value):
            used += template.names if template else ()
    for name in used:
        if name not in known:
            raise MetadataError(f"unknown column {name!r} is used", f"引用了未声明的列 {name!r}")
