"""A query as an endpoint gets it: with the prefixes that it uses, in words that the server knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.write import insertion, printed
from govgraph.engine.remote import virtuoso
from govgraph.vocabulary import PREFIXES

#: What a server calls itself begins with -> how it wants to be asked.
DIALECTS: dict[str, Callable[[a.Query], a.Query]] = {"Virtuoso": virtuoso.adapted}
#: Characters that a query may have in other words; a longer one is sent as it is.
LONGEST = 200_000
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_USED = re.compile(r"(?<![\w<])([A-Za-z][\w.-]*):")


@lru_cache(1024)
def sent(query: str, server: str) -> str:
    """The text for a server, by what it calls itself."""
    dialect = _dialect(server)
    if dialect:
        try:
            text = printed(dialect(parse(query, prefixes=PREFIXES)))
        except (NotCompiled, RecursionError):
            text = ""
        if 0 < len(text) <= LONGEST:
            return text
    own = set(_DECLARED.findall(query))
    used = dict.fromkeys(_USED.findall(query))
    missing = (name for name in used if name in PREFIXES and name not in own)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + query


def sent_as_update(query: str, target: str, seen: str, server: str) -> str:
    """An update that adds what a CONSTRUCT gives to the graph `target`, with the default graph
    `seen`. NotCompiled for a query that our own parser does not know."""
    parsed = parse(query, prefixes=PREFIXES)
    dialect = _dialect(server)
    return insertion(dialect(parsed) if dialect else parsed, target, seen)


def _dialect(server: str) -> Callable[[a.Query], a.Query] | None:
    return next((found for name, found in DIALECTS.items() if server.startswith(name)), None)
