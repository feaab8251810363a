"""The shape of a query: what is left of it when values are taken out.

Programs ask the same lookup with ever new values. Queries of one shape are the same work, so the
route of one is that of all, and none but the first has to be parsed for it.
"""

from __future__ import annotations

from collections.abc import Container

from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.tokens import tokenize

Shape = tuple[str, ...]


def shape(query: str, schema: Container[str]) -> Shape | None:
    """The tokens, without the texts of strings and of IRIs outside the schema (the predicates,
    classes and graphs of a release, which tell how much there is to do). None if it has none."""
    try:
        tokens = tokenize(query)
    except NotCompiled:
        return None
    return tuple(
        kind if kind == "string" or (kind == "iri" and text[1:-1] not in schema) else text
        for kind, text in zip(tokens.kinds, tokens.texts, strict=True)
    )
