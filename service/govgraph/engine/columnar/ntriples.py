"""Terms as N-Triples texts: taken apart for the dictionary, and made for an answer."""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from govgraph.engine.columnar.ids import LANG_STRING, XSD

Term = NamedNode | BlankNode | Literal

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {
    "t": "\t",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
}


class Parts(NamedTuple):
    """A term: `kind` is `<` for an IRI, `_` for a blank node, `"` for a literal."""

    kind: str
    lex: str
    dt: str | None = None
    lang: str | None = None

    def term(self) -> Term:
        if self.kind == "<":
            return NamedNode(self.lex)
        if self.kind == "_":
            return BlankNode(self.lex)
        if self.lang:
            return Literal(self.lex, language=self.lang)
        return Literal(self.lex, datatype=NamedNode(self.dt or XSD + "string"))


def take_apart(text: str) -> Parts:
    """The parts of an N-Triples term. ValueError if it is none, or a term of RDF 1.2 only."""
    if text[:1] == "<" and text[-1:] == ">" and text[:2] != "<<":
        return Parts("<", unescape(text[1:-1]))
    if text[:2] == "_:":
        return Parts("_", text[2:])
    quoted, quote, rest = text[1:].rpartition('"')
    if text[:1] != '"' or not quote:
        raise ValueError(f"not a term in N-Triples: {text!r}")
    lex = unescape(quoted)
    if not rest:
        return Parts('"', lex, XSD + "string")
    if rest[0] == "@" and "--" not in rest:
        return Parts('"', lex, LANG_STRING, rest[1:].lower())
    if rest[:3] == "^^<" and rest[-1] == ">":
        return Parts('"', lex, unescape(rest[3:-1]))
    raise ValueError(f"not a term in N-Triples: {text!r}")


def parts_of(term: Term) -> Parts:
    """The parts of a pyoxigraph term, whose language tags are lower-case already."""
    if isinstance(term, NamedNode):
        return Parts("<", term.value)
    if isinstance(term, BlankNode):
        return Parts("_", term.value)
    return Parts('"', term.value, term.datatype.value, term.language)


def unescape(text: str) -> str:
    """ValueError for an escape that N-Triples does not have, or of half a surrogate pair."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        if match[3] not in _PLAIN:
            raise ValueError(f"not an escape in N-Triples: {match[0]!r}")
        return _PLAIN[match[3]]
    code = int(match[1] or match[2], 16)
    if 0xD800 <= code < 0xE000:
        raise ValueError(f"not a character: {match[0]!r}")
    return chr(code)
