"""The `@context` of a metadata document: its base URL and its language (tabular-metadata §5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from govgraph_loaders.node import Node

CSVW = "http://www.w3.org/ns/csvw"
#: A language tag as BCP 47 builds it: a language, or `x` or `i` before other subtags.
LANGUAGE = re.compile(r"(?:[A-Za-z]{2,8}|[xXiI](?=-))(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Context:
    """`base` is what URLs are relative to, itself relative to the document; `language` is that of
    titles and common properties that have none of their own."""

    base: str = ""
    language: str | None = None


def read_context(document: Node) -> Context:
    """The context of a document; MetadataError if it is none of CSVW."""
    value = document.value.get("@context", CSVW)
    if value == CSVW:
        return Context()
    local = value[1] if isinstance(value, list) and len(value) == 2 else {}
    known = isinstance(value, list) and value[:1] == [CSVW] and len(value) <= 2
    if not known or not isinstance(local, dict) or set(local) - {"@base", "@language"}:
        raise document.error("@context is not that of CSVW", "@context 不是 CSVW 的上下文")
    node = Node(local, "@context/", document.ignored)
    return Context(node.text("@base") or "", language_of(node, "@language"))


def language_of(node: Node, name: str) -> str | None:
    """A property that is a language tag; one that is none is ignored."""
    value: Any = node.text(name)
    if value and not LANGUAGE.fullmatch(value):
        node.ignore(name)
        return None
    return value or None
