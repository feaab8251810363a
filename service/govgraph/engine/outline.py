"""The outline of a query: its text without the IRIs that stand for values, found in microseconds.

Programs ask the same query of ever new things. Queries of one outline have the same tokens but for
those IRIs, so what was found out about one holds for all. Like `shape`, for fewer queries, but
without taking the text apart.
"""

from __future__ import annotations

import re
from collections.abc import Container

#: An IRI in which nothing could be taken for an operator, a bracket or an escape, and what makes it
#: a part of the prologue, which says what all prefixed and relative names are.
_IRI = re.compile(r"(?i:(PREFIX\s+[^\s<]*|BASE)\s*)?<([A-Za-z][A-Za-z0-9+.-]*:[\w/:.~%#?=&@;,-]*)>")
#: Where an IRI is more than a thing: a type of literals, or a function.
_MORE = re.compile(r"\^\^\s*<|>\s*\(")
LONGEST = 4_096


def outline(query: str, schema: Container[str]) -> str | None:
    """The text with `<>` for each IRI outside the schema (the predicates, classes and graphs of a
    release, which tell how much there is to do). None for a text that may have comments, in which
    an IRI could be anything, or in which IRIs are more than things."""
    if len(query) > LONGEST or _MORE.search(query):
        return None
    signs = 0

    def left(found: re.Match[str]) -> str:
        nonlocal signs
        signs += found[0].count("#")
        return found[0] if found[1] or found[2] in schema else "<>"

    text = _IRI.sub(left, query)
    return text if signs == query.count("#") else None
