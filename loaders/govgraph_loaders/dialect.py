"""The dialect of a file: how its bytes are cut into lines and cells (tabular-metadata §5.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from govgraph_loaders.annotations import check_common
from govgraph_loaders.node import Node
from govgraph_loaders.table import Dialect

_NAMES = frozenset(
    {
        "@id",
        "@type",
        "commentPrefix",
        "delimiter",
        "doubleQuote",
        "encoding",
        "header",
        "headerRowCount",
        "lineTerminators",
        "quoteChar",
        "skipBlankRows",
        "skipColumns",
        "skipInitialSpace",
        "skipRows",
        "trim",
    }
)
_TRIMS = ("true", "false", "start", "end")


def read_dialect(group: Node, table: Node, load: Callable[[str], Mapping[str, Any]]) -> Dialect:
    """A table's dialect, or else its group's. What the standard does not know has no effect.

    `load` gives a dialect that the metadata refers to.
    """
    given = _described(table if "dialect" in table.value else group, load)
    node = Node(given, f"{table.where}dialect/", table.ignored)
    node.check_names(_NAMES, "Dialect")
    check_common(node)
    _check_terminators(node)
    header = 1 if node.flag("header", True) else 0
    return Dialect(
        encoding=_encoding(node),
        delimiter=_character(node, "delimiter", ",") or ",",
        quote=_character(node, "quoteChar", '"'),
        double_quote=node.flag("doubleQuote", True),
        skip_rows=node.count("skipRows", 0),
        skip_columns=node.count("skipColumns", 0),
        header_rows=node.count("headerRowCount", header),
        comment=node.text("commentPrefix") or None,
        trim=_trim(node),
        skip_blank_rows=node.flag("skipBlankRows"),
        skip_initial_space=node.flag("skipInitialSpace"),
    )


def _described(owner: Node, load: Callable[[str], Mapping[str, Any]]) -> Mapping[str, Any]:
    value = owner.value.get("dialect")
    return load(value) if isinstance(value, str) else owner.child("dialect").value


def _check_terminators(node: Node) -> None:
    """Lines end as Python's universal newlines do; other ends are noted."""
    given = node.texts("lineTerminators") or ()
    if not set(given) <= {"\r\n", "\n", "\r"}:
        node.ignore("lineTerminators")


def _encoding(node: Node) -> str | None:
    name = node.text("encoding")
    try:
        if name:
            "".encode(name)
    except (LookupError, ValueError):
        node.ignore(f"encoding ({name})")
        return None
    return name or None


def _character(node: Node, name: str, default: str) -> str | None:
    """One character; `null` means that there is none."""
    if name in node.value and node.value[name] is None:
        return None
    text = node.text(name, default)
    if text is None or len(text) != 1 or text in "\r\n\0":
        node.ignore(name)
        return default
    return text


def _trim(node: Node) -> str:
    value = str(node.value.get("trim", False)).lower()
    if value not in _TRIMS:
        node.ignore("trim")
        return "false"
    return value
