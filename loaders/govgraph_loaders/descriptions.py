"""Datatype descriptions of the metadata to Datatypes (tabular-metadata §5.11)."""

from __future__ import annotations

import re
from typing import Any

from govgraph_loaders import datatypes, facets, formats
from govgraph_loaders.datatypes import Datatype
from govgraph_loaders.facets import Facet
from govgraph_loaders.node import Node
from govgraph_loaders.numbers import NumberFormat
from govgraph_loaders.problems import CellError
from govgraph_loaders.uri import is_iri

_NAMES = frozenset(
    {"@id", "@type", "base", "format", *facets.LENGTHS, *facets.LIMITS, *facets.ALIASES}
)
_NUMBER_NAMES = frozenset({"pattern", "groupChar", "decimalChar"})


def read_datatype(value: Any, column: Node, zh_numerals: bool) -> Datatype:
    """The datatype that a column's `datatype` property describes; string if there is none."""
    if not isinstance(value, str | dict | None):
        column.ignore("datatype")
        value = None
    described = value if isinstance(value, dict) else {"base": value or "string"}
    node = Node(described, f"{column.where}datatype/", column.ignored)
    node.check_names(_NAMES, described.get("@type", "Datatype"))
    return _Description(node).read(zh_numerals)


class _Description:
    def __init__(self, node: Node) -> None:
        self.node = node
        base = node.text("base") or "string"
        if base not in datatypes.KNOWN:
            node.ignore(f"base ({base})")
            base = "string"
        self.base = base

    def read(self, zh_numerals: bool) -> Datatype:
        numeric = self.base in datatypes.NUMBERS
        plain = Datatype(
            base=self.base,
            iri=self._iri(),
            format=None if numeric else self._format(),
            number=self._number() if numeric else None,
            zh_numerals=zh_numerals,
        )
        limits = tuple(self._facets(plain))
        self._check_facets({facet.name: facet.wanted for facet in limits})
        return Datatype(plain.base, plain.iri, plain.format, plain.number, zh_numerals, limits)

    def _iri(self) -> str:
        iri = self.node.text("@id")
        if iri is None:
            return datatypes.base_iri(self.base)
        builtin = {datatypes.base_iri(base) for base in datatypes.KNOWN}
        if not is_iri(iri) or iri in builtin:
            raise self.node.error(
                f"@id {iri!r} is not the URI of a datatype of its own",
                f"@id {iri!r} 不是自定数据类型的 URI",
            )
        return iri

    def _format(self) -> str | None:
        """The format, or None with a note if it is not one of the base type."""
        pattern = self.node.text("format")
        try:
            if pattern and self.base == "boolean":
                _check_boolean(pattern)
            elif pattern and self.base in datatypes.TIMES:
                formats.check_date_pattern(self.base, pattern)
            elif pattern and not datatypes.is_date_format(self.base, pattern):
                re.compile(pattern)
        except (ValueError, re.error, OverflowError, RecursionError):
            self.node.ignore(f"format ({pattern})")
            return None
        return pattern or None

    def _number(self) -> NumberFormat | None:
        given = self.node.value.get("format")
        if given is None:
            return None
        if not isinstance(given, dict):
            given = {"pattern": self.node.text("format")}
        node = Node(given, f"{self.node.where}format/", self.node.ignored)
        node.check_names(_NUMBER_NAMES, "")
        try:
            return NumberFormat(
                node.text("pattern"), node.text("groupChar"), node.text("decimalChar") or "."
            )
        except ValueError:
            self.node.ignore(f"format ({given.get('pattern')})")
            return None

    def _facets(self, plain: Datatype) -> list[Facet]:
        found: dict[str, Facet] = {}
        for name, value in self.node.value.items():
            name = facets.ALIASES.get(name, name)
            if name in facets.LENGTHS:
                found[name] = self._length(name, value)
            elif name in facets.LIMITS:
                found[name] = self._limit(name, value, plain)
        return list(found.values())

    def _length(self, name: str, value: Any) -> Facet:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if not whole or not datatypes.has_length(self.base):
            raise self._misplaced(name, value)
        return Facet(name, str(value), value)

    def _limit(self, name: str, value: Any, plain: Datatype) -> Facet:
        """A limit of value, in XSD form or in the format of the column."""
        if not datatypes.has_order(self.base) or isinstance(value, bool | dict | list | None):
            raise self._misplaced(name, value)
        lexical = self._lexical(str(value), Datatype(base=self.base)) or self._lexical(
            str(value), plain
        )
        wanted = None if lexical is None else facets.comparable(self.base, lexical)
        if wanted is None:
            raise self._misplaced(name, value)
        return Facet(name, str(value), wanted)

    def _lexical(self, text: str, datatype: Datatype) -> str | None:
        try:
            return datatype.parse(text)
        except CellError:
            return None

    def _misplaced(self, name: str, value: Any) -> Exception:
        return self.node.error(
            f"{name} {value!r} does not fit {self.base}", f"{name} {value!r} 与 {self.base} 不符"
        )

    def _check_facets(self, limits: dict[str, Any]) -> None:
        """Limits that no value can keep (tabular-metadata §5.11.2)."""
        size = limits.get("length")
        low, high = limits.get("minLength", size), limits.get("maxLength", size)
        first = limits.get("minInclusive", limits.get("minExclusive"))
        last = limits.get("maxInclusive", limits.get("maxExclusive"))
        wrong = (
            (low is not None and high is not None and low > high)
            or (size is not None and not (low <= size <= high))
            or {"minInclusive", "minExclusive"} <= set(limits)
            or {"maxInclusive", "maxExclusive"} <= set(limits)
            or (first is not None and last is not None and self._empty(first, last, limits))
        )
        if wrong:
            raise self.node.error("the limits contradict each other", "各项限制相互矛盾")

    def _empty(self, first: Any, last: Any, limits: dict[str, Any]) -> bool:
        closed = {"minInclusive", "maxInclusive"} <= set(limits)
        opened = {"minExclusive", "maxExclusive"} <= set(limits)
        return bool(first > last or (first == last and not closed and not opened))


def _check_boolean(pattern: str) -> None:
    yes, bar, no = pattern.partition("|")
    if not bar or "|" in no or yes == no:
        raise ValueError(pattern)
