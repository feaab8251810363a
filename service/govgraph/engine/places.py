"""The tokens of a SPARQL text with their places, for changes that its author need not notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from govgraph.engine.guard import tokens


class Token(NamedTuple):
    """A token with its place; `text` is the whole of a prefixed name, `word` only its prefix.
    An opening bracket and the one that closes it have the depth around them."""

    kind: str
    text: str
    word: str
    start: int
    end: int
    depth: int

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords, outside of all brackets."""
        return self.kind == "word" and self.depth == 0 and self.text.upper() in words


def placed(text: str) -> Iterator[Token]:
    """The tokens that count for something, in order."""
    depth = 0
    for match in tokens(text):
        kind = match.lastgroup or "skip"
        if kind == "skip":
            continue
        depth = max(0, depth - (kind == "close"))
        yield Token(kind, match[0], match[kind], match.start(), match.end(), depth)
        depth += kind == "open"


def names_something(token: Token) -> bool:
    """Whether it is an IRI or a prefixed name."""
    return token.kind == "iri" or (token.kind in ("word", "term") and ":" in token.text)


def without_silent_services(query: str) -> str:
    """The query with each `SERVICE SILENT <…> { … }` answered as if nobody were there: by one empty
    solution, with the variables of its pattern in scope."""
    found = list(placed(query))
    changes: dict[int, str] = {}
    for place, token in enumerate(found[:-3]):
        silent, endpoint, brace = found[place + 1 : place + 4]
        words = token.text.upper(), silent.text.upper(), brace.text
        if words == ("SERVICE", "SILENT", "{") and names_something(endpoint):
            end = _closing(found, place + 3)
            changes |= {
                token.start: "{ OPTIONAL { FILTER(false) ",
                silent.start: "",
                endpoint.start: "",
            }
            changes |= {found[end].start: "} } }"} if end else {}
    return _changed(query, found, changes)


def _closing(found: list[Token], opening: int) -> int | None:
    """The place of the bracket that closes the one at `opening`."""
    depth = found[opening].depth
    after = range(opening + 1, len(found))
    return next((n for n in after if found[n].depth == depth and found[n].kind == "close"), None)


def _changed(text: str, found: list[Token], changes: dict[int, str]) -> str:
    """The text with tokens, known by where they start, replaced."""
    pieces, begin = list[str](), 0
    for token in found:
        if token.start in changes:
            pieces += text[begin : token.start], changes[token.start]
            begin = token.end
    return "".join((*pieces, text[begin:]))
