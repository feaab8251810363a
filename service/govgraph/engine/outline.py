"""The outline of a query: its text without the IRIs that stand for values, found in microseconds.

Programs ask the same query of ever new things. Queries of one outline have the same tokens but for
those IRIs, so what was found out about one holds for all. Like `shape`, for fewer queries, but
without taking the text apart.
"""

from __future__ import annotations

import re
from collections.abc import Container

#: An IRI in which nothing could be taken for an operator, a bracket or an escape.
_IRI = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[\w/:.~%#?=&@;,-]*)>")
#: What a text begins with, which says what all prefixed and relative names are.
_PROLOGUE = re.compile(r"(?:\s*+(?i:PREFIX\s++[^\s<:#]*+:|BASE)\s*+<[^<>\s]*+>)*+")
_DECLARED = re.compile(r"(?i:PREFIX\s|BASE\s*<)")
#: Where an IRI is more than a thing: a type of literals, or a function. Each begins with a sign of its
#: own, so that it is found as fast as the sign.
_TYPED, _CALLED = re.compile(r"\^\^\s*<"), re.compile(r">\s*\(")
LONGEST = 4_096


def outline(query: str, schema: Container[str]) -> str | None:
    """The text with `<>` for each IRI outside the schema (the predicates, classes and graphs of a
    release, which tell how much there is to do). None for a text that may have comments, in which
    an IRI could be anything, or declarations beyond its beginning, or in which IRIs are more than
    things."""
    begin = _PROLOGUE.match(query).end()  # type: ignore[union-attr]  # it matches nothing too
    body = query[begin:]
    if len(query) > LONGEST or _TYPED.search(body) or _CALLED.search(body) or _declares(body):
        return None
    signs = 0

    def left(found: re.Match[str]) -> str:
        nonlocal signs
        signs += found[0].count("#")
        return found[0] if found[1] in schema else "<>"

    text = query[:begin] + _IRI.sub(left, body)
    return text if signs == body.count("#") else None


def _declares(body: str) -> bool:
    """Whether there are, or seem to be, more declarations in a text."""
    upper = body.upper()
    return ("PREFIX" in upper or "BASE" in upper) and _DECLARED.search(body) is not None
