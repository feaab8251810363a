"""A named query as one would write it: its own text, terms in the place of its parameters.

What is run has the terms in its algebra (`binding`); this is what a reader sees, edits and copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from govgraph.catalog.entry import Entry
from govgraph.catalog.run import query_text
from govgraph.catalog.values import Given
from govgraph.engine.guard import tokens
from govgraph.engine.oxigraph import form_of
from govgraph.errors import GovgraphError

#: The lines that declare an entry say what the page says anyway.
_HEADER = re.compile(r"^#\+.*\n?", re.MULTILINE)


def readable(entry: Entry, parameters: Given) -> str:
    """The text of an entry that is a query, with its lines and prefixes. Where terms have no place
    in the text it is the printed algebra."""
    assert entry.query is not None
    terms = {name: ", ".join(map(str, found)) for name, found in parameters.terms().items()}
    text = "".join(_put(_decided(_HEADER.sub("", entry.query), terms), terms)).strip()
    try:
        form_of(text)
    except GovgraphError:
        return query_text(entry, parameters)
    return text


def _decided(query: str, terms: Mapping[str, str]) -> str:
    """The query with BOUND(?name) as true for what is given."""
    given = "|".join(map(re.escape, terms))
    return re.sub(rf"(?i)\bBOUND\s*\(\s*[?$](?:{given})\s*\)", "true", query) if terms else query


def _put(query: str, terms: Mapping[str, str]) -> Iterator[str]:
    """The pieces of the query; strings, IRIs and comments are tokens of their own and stay."""
    end = 0
    for token in tokens(query):
        yield query[end : token.start()]
        name = token[0][1:] if token[0][0] in "?$" else ""
        yield terms.get(name, token[0])
        end = token.end()
    yield query[end:]
