"""A query as an endpoint gets it: with the prefixes that it uses, in words that the server knows."""

from __future__ import annotations

import re
from functools import lru_cache

from govgraph.vocabulary import PREFIXES

_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_USED = re.compile(r"(?<![\w<])([A-Za-z][\w.-]*):")


@lru_cache(1024)
def sent(query: str, server: str) -> str:  # noqa: ARG001
    """The text for a server, by what it calls itself."""
    own = set(_DECLARED.findall(query))
    used = dict.fromkeys(_USED.findall(query))
    missing = (name for name in used if name in PREFIXES and name not in own)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + query
