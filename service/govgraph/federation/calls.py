"""The SERVICE clauses of a query's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from govgraph.engine.places import Token, names_something, placed
from govgraph.vocabulary import PREFIXES, PROLOGUE

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Call:
    """A clause from its keyword to its closing brace; `body` begins with the opening one."""

    name: Token
    silent: bool
    start: int
    body: int
    end: int


class Text:
    """A query's text with its clauses; `calls` are those that are not within another, in order."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = list(placed(query))
        self._all = list(self._found())
        self.calls: list[Call] = []
        for call in self._all:
            if not self.calls or call.start >= self.calls[-1].end:
                self.calls.append(call)

    def _found(self) -> Iterator[Call]:
        for place, token in enumerate(self.tokens):
            if token.kind != "word" or token.text.upper() != "SERVICE":
                continue
            following = self.tokens[place + 1 : place + 4]
            silent = bool(following) and following[0].text.upper() == "SILENT"
            name, brace = [*following[silent:], None, None][:2]
            if name is None or brace is None or brace.text != "{" or not _is_name(name):
                continue
            closing = next(
                (t for t in self.tokens[place:] if t.kind == "close" and _closes(t, brace)), None
            )
            if closing is not None:
                yield Call(name, silent, token.start, brace.start, closing.end)

    def endpoint(self, call: Call) -> str | None:
        """The IRI of a call's endpoint, None for a variable or an unknown prefix."""
        name = call.name.text
        if call.name.kind == "iri":
            return _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)), name[1:-1])
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in self._prefixes:
            return None
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        found = dict(PREFIXES)
        declared = self.tokens
        for word, name, iri in zip(declared, declared[1:], declared[2:], strict=False):
            if word.says("PREFIX") and iri.kind == "iri":
                found[name.text.removesuffix(":")] = iri.text[1:-1]
        return found

    def question(self, call: Call) -> str:
        """The query that a call's endpoint is sent."""
        form = next((token.start for token in self.tokens if token.says(*_FORMS)), 0)
        pattern = self.query[call.body : call.end]
        return f"{PROLOGUE}{self.query[:form]}\nSELECT * WHERE {pattern}"

    def local(self, start: int = 0, end: int | None = None) -> str:
        """The text as if all its patterns were for us: the clauses' patterns without keywords and
        endpoints. It has the same variables in scope."""
        end = len(self.query) if end is None else end
        pieces = []
        for call in self._all:
            if start <= call.start < end:
                pieces.append(self.query[start : call.start])
                start = call.body
        return "".join((*pieces, self.query[start:end]))

    def replaced(self, answers: list[str]) -> str:
        """The text with each call replaced by what answers it."""
        pieces, start = [], 0
        for call, answer in zip(self.calls, answers, strict=True):
            pieces += [self.query[start : call.start], answer]
            start = call.end
        return "".join((*pieces, self.query[start:]))


def _is_name(token: Token) -> bool:
    return names_something(token) or token.text[0] in "?$"


def _closes(token: Token, brace: Token) -> bool:
    return token.start > brace.start and token.depth == brace.depth
