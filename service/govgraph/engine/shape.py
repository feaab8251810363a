"""The shape of a query: what is left of it when values are taken out.

Programs ask the same lookup with ever new values. Queries of one shape are the same work, so the
route of one is that of all, and none but the first has to be parsed for it.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import pairwise

from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.tokens import tokenize

Shape = tuple[str, ...]


def shape(query: str, schema: Container[str]) -> Shape | None:
    """The tokens, without the texts of strings and of IRIs outside the schema (the predicates,
    classes and graphs of a release, which tell how much there is to do). None if it has none.

    IRIs of the prologue stay: they say what all prefixed and relative names are."""
    try:
        tokens = tokenize(query)
    except NotCompiled:
        return None
    before = ["", "", *tokens.kinds]
    return tuple(
        kind if kind == "string" or (kind == "iri" and _is_value(text, past, schema)) else text
        for kind, text, past in zip(tokens.kinds, tokens.texts, pairwise(before), strict=False)
    )


def _is_value(text: str, past: tuple[str, str], schema: Container[str]) -> bool:
    declared = past[0] == "PREFIX" or past[1] == "BASE"
    return not declared and text[1:-1] not in schema
