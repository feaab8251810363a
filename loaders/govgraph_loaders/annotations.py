"""Common properties and notes of the metadata as triples: JSON-LD in its simplest form.

Source: https://www.w3.org/TR/tabular-metadata/ §5.8 and https://www.w3.org/TR/csv2rdf/ §6.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from govgraph_loaders import datatypes
from govgraph_loaders.context import LANGUAGE, Context
from govgraph_loaders.datatypes import RDF, XSD
from govgraph_loaders.namespaces import PREFIXES
from govgraph_loaders.node import MetadataError, Node
from govgraph_loaders.uri import is_iri, resolve

CSVW = PREFIXES["csvw"]
_CLASSES = (
    "Cell", "Column", "Datatype", "Dialect", "Direction", "ForeignKey", "NumericFormat", "Row",
    "Schema", "Table", "TableGroup", "TableReference", "Transformation",
)  # fmt: skip
#: Names without a prefix that the context defines, and their IRIs.
TERMS = {
    **{base: datatypes.base_iri(base) for base in datatypes.KNOWN},
    **{name: CSVW + name for name in _CLASSES},
    "Template": CSVW + "Transformation",
    "describedby": "http://www.w3.org/2007/05/powder-s#describedby",
    "license": "http://www.w3.org/1999/xhtml/vocab#license",
    "role": "http://www.w3.org/1999/xhtml/vocab#role",
}
_TYPE = f"<{RDF}type>"
_KEYWORDS = {"@id", "@type", "@value", "@language"}


def is_common(name: str) -> bool:
    """Whether a property is not of CSVW's own but an annotation, which is free."""
    return ":" in name


def check_common(node: Node) -> None:
    """Raise MetadataError unless the annotations and notes of a description are well formed."""
    try:
        for _ in Annotations(Context(), "http://example.org/").of("_:x", node.value):
            pass
    except MetadataError as error:
        raise node.error(error.why, error.why_zh) from None


class Annotations:
    """Writes annotations as N-Triples, with IRIs resolved on `base` and blank nodes `_:a1` …"""

    def __init__(self, context: Context, base: str) -> None:
        self.context, self.base = context, base
        self.numbers = itertools.count(1)

    def of(self, subject: str, node: Mapping[str, Any]) -> Iterator[str]:
        """The triples of a description's annotations and notes."""
        for name, value in node.items():
            if is_common(name):
                yield from self._values(subject, _expand(name), value)
        notes = node.get("notes")
        if isinstance(notes, list):
            yield from self._values(subject, CSVW + "note", notes)

    def _values(self, subject: str, predicate: str, value: Any) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from self._values(subject, predicate, item)
            return
        if value is None:
            return
        term, more = self._term(value)
        yield f"{subject} <{predicate}> {term} .\n"
        yield from more

    def _term(self, value: Any) -> tuple[str, Iterator[str]]:
        """A value's term, and the triples that describe it."""
        if not isinstance(value, dict):
            return self._plain(value), iter(())
        _check_keywords(value)
        if "@value" in value:
            return self._literal(value), iter(())
        return self._described(value)

    def _plain(self, value: Any) -> str:
        if isinstance(value, str):
            return quoted(value) + (f"@{self.context.language}" if self.context.language else "")
        kind = {bool: "boolean", int: "integer", float: "double"}[type(value)]
        return f"{quoted(json.dumps(value))}^^<{XSD}{kind}>"

    def _literal(self, value: Mapping[str, Any]) -> str:
        content = value["@value"]
        text = content if isinstance(content, str) else json.dumps(content)
        if "@language" in value:
            return f"{quoted(text)}@{value['@language']}"
        if "@type" in value:
            return f"{quoted(text)}^^<{_expand_type(value['@type'])}>"
        return quoted(text) if isinstance(content, str) else self._plain(content)

    def _described(self, value: Mapping[str, Any]) -> tuple[str, Iterator[str]]:
        name = value.get("@id")
        term = f"_:a{next(self.numbers)}" if name is None else f"<{resolve(name, self.base)}>"
        return term, self._description(term, value)

    def _description(self, term: str, value: Mapping[str, Any]) -> Iterator[str]:
        kinds = value.get("@type", [])
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            yield f"{term} {_TYPE} <{_expand_type(kind)}> .\n"
        for name, inner in value.items():
            if name not in _KEYWORDS:
                yield from self._values(term, _expand(name), inner)


def quoted(text: str) -> str:
    """A text as a literal of N-Triples."""
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    return f'"{text}"'


def _check_keywords(value: Mapping[str, Any]) -> None:
    """What JSON-LD allows and CSVW does not (tabular-metadata §6.4.1)."""
    strange = [n for n in value if n.startswith("@") and n not in _KEYWORDS]
    if strange:
        raise _error(f"{strange[0]} is not allowed here", f"此处不能使用 {strange[0]}")
    if "@value" in value and (len(value) > 2 or set(value) - {"@value", "@type", "@language"}):
        raise _error("@value has other properties", "@value 旁有其他属性")
    if isinstance(value.get("@value", ""), dict | list | None):
        raise _error("@value is no string, number or boolean", "@value 不是字符串、数或布尔值")
    if "@language" in value and not _is_language(value):
        raise _error("@language is misplaced or not a language", "@language 位置不对或不是语言标签")
    if not _is_link(value.get("@id", "")):
        raise _error("@id is not a URL", "@id 不是 URL")


def _is_link(value: Any) -> bool:
    """Whether a value is a URL, absolute or relative, and no blank node."""
    text = isinstance(value, str) and not value.startswith("_:")
    return text and is_iri(resolve(value, "http://example.org/"))


def _is_language(value: Mapping[str, Any]) -> bool:
    return "@value" in value and bool(LANGUAGE.fullmatch(str(value["@language"])))


def _expand(name: str) -> str:
    """The IRI of a property: a term, a prefixed name or an absolute URL."""
    prefix, colon, local = name.partition(":")
    iri = PREFIXES[prefix] + local if colon and prefix in PREFIXES else TERMS.get(name, name)
    if not is_iri(iri):
        raise _error(f"{name!r} is not a property", f"{name!r} 不是属性")
    return iri


def _expand_type(name: Any) -> str:
    if not isinstance(name, str) or name.startswith("_:"):
        raise _error(f"@type {name!r} is not a type", f"@type {name!r} 不是类型")
    return _expand(name)


def _error(why: str, why_zh: str) -> MetadataError:
    return MetadataError(why, why_zh)
