"""Column descriptions of the metadata to Columns (tabular-metadata §5.6 and §5.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from govgraph_loaders import checks
from govgraph_loaders.annotations import check_common
from govgraph_loaders.context import LANGUAGE, language_of
from govgraph_loaders.descriptions import read_datatype
from govgraph_loaders.namespaces import DEFAULT_BASE, GOV, PREFIXES
from govgraph_loaders.node import Node
from govgraph_loaders.problems import CellError
from govgraph_loaders.table import Column
from govgraph_loaders.uri import Template, encode, is_iri

INHERITED = frozenset(
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
_NAMES = INHERITED | {"@id", "@type", "name", "titles", "virtual", "suppressOutput"}
_PREFIXED = re.compile(r"^([a-z][a-z0-9]*):(?!//)")
#: A name can be a variable of a template and is none of those that templates have already.
_NAME = re.compile(r"(?!_)[\w.%]+")
DIRECTIONS = ("ltr", "rtl", "auto", "inherit")


def read_column(
    number: int, column: Node, outer: Mapping[str, Any], base: str, language: str | None = None
) -> Column:
    """A column at its place (from 1), with the properties it inherits from `outer`. `language` is
    that of the title that can name it; None: any can."""
    column.check_names(_NAMES, "Column")
    check_common(column)
    titled = _titles(column, language or "und")
    titles = tuple(text for text, _ in titled)
    given = _name(column)
    named = (text for text, lang in titled if language in (None, lang))
    name = given or _derived(next(named, None)) or f"_col.{number}"
    got = Node({**outer, **column.value}, column.where, column.ignored)
    known = {"_name": name, "_column": str(number), "_sourceColumn": str(number)}
    zh_numerals = column.value.get(GOV + "numerals") == "zh"
    result = Column(
        name=name,
        titles=titles,
        languages=tuple(lang for _, lang in titled),
        named=given is not None,
        datatype=read_datatype(got.value.get("datatype"), got, zh_numerals),
        property=read_template(got, "propertyUrl", base, known)
        or Template("#" + encode(name, reserved=True)),
        about=read_template(got, "aboutUrl", base, known),
        value=read_template(got, "valueUrl", base, known),
        lang=_lang(got),
        direction=got.word("textDirection", DIRECTIONS),
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
        precision=column.flag(GOV + "precision"),
    )
    _check_column(result, column)
    return result


def read_template(
    node: Node, name: str, base: str, known: Mapping[str, str] | None = None
) -> Template | None:
    """A property that is a URI template. `base` replaces the default base of instance IRIs."""
    text = node.text(name)
    if text is None and node.value.get(name) is None:
        return None
    text = text or ""  # what is no string has been noted and counts as an empty one
    match = _PREFIXED.match(text)
    if match and match[1] in PREFIXES:
        text = PREFIXES[match[1]] + text[match.end() :]
    if text.startswith(DEFAULT_BASE):
        text = base + text[len(DEFAULT_BASE) :]
    try:
        return Template(text, known)
    except ValueError as error:
        raise node.error(str(error), f"{name} 不是合法的 URI 模板：{text}") from None


def _name(column: Node) -> str | None:
    name = column.text("name")
    if name and not _NAME.fullmatch(name):
        column.ignore(f"name ({name})")
        return None
    return name or None


def _derived(title: str | None) -> str | None:
    """A title as the name of a variable: of the marks that URLs may have, these take no `-`, `~`."""
    return encode(title).replace("-", "%2D").replace("~", "%7E") if title else None


def _titles(column: Node, language: str) -> list[tuple[str, str]]:
    """The titles, each with its language."""
    value = column.value.get("titles")
    if not isinstance(value, dict):
        return [(title, language) for title in column.texts("titles") or ()]
    titles = Node(value, f"{column.where}titles/", column.ignored)
    for lang in value:
        if not LANGUAGE.fullmatch(lang):
            titles.ignore(lang)
    known = [lang for lang in value if LANGUAGE.fullmatch(lang)]
    return [(title, lang) for lang in known for title in titles.texts(lang) or ()]


def _lang(column: Node) -> str | None:
    lang = language_of(column, "lang")
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
    if column.precision and (column.virtual or column.suppress or column.separator):
        raise node.error(
            "precision belongs to a column of single values", "precision 只用于单值的列"
        )
    if column.virtual and column.default:
        try:
            column.datatype.parse(column.default)
        except CellError:
            raise node.error("the default is not of its datatype", "default 不合数据类型") from None
