"""RDF from outside, parsed with limits.

Oxigraph's parsers fall over deep nesting (10,000 levels of JSON, 200,000 of XML or of triple terms
end the process) and over the entities of a DOCTYPE, so each format is looked through first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from pyoxigraph import Quad, RdfFormat, Triple, parse

from govgraph.errors import GovgraphError

DEPTH = 100
#: Media types of a graph; what a file's name ends in, for parts that come without a type.
FORMATS: Mapping[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
ENDINGS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "owl": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "json": "application/ld+json",
}


def triples_of(content: bytes, media: str, base: str) -> list[Triple]:
    """The triples of a document, its blank nodes renamed so that they are like no others.

    GovgraphError(unsupported-media-type, not-utf8, upload-syntax, upload-refused)."""
    if media not in FORMATS:
        raise GovgraphError("unsupported-media-type", given=media or "(none)")
    wanted = FORMATS[media]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GovgraphError("not-utf8") from None
    try:
        _LOOKS.get(wanted, _look_at_turtle)(text)
        return [_triple(quad) for quad in _quads(text, wanted, base)]
    except (SyntaxError, expat.ExpatError, json.JSONDecodeError, ValueError) as error:
        raise GovgraphError("upload-syntax", media=media, why=str(error)) from None


def _quads(text: str, wanted: RdfFormat, base: str) -> Iterator[Quad]:
    return parse(
        text.encode(), wanted, base_iri=base, without_named_graphs=True, rename_blank_nodes=True
    )


def _triple(quad: Quad) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)


_TURTLE = re.compile(
    r"""\#[^\r\n]* | \\. | <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>
      | \"\"\"(?:[^\\]|\\.)*?\"\"\" | '''(?:[^\\]|\\.)*?'''
      | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
      | (?P<open><<|[\[({]) | (?P<close>>>|[\])}])""",
    re.VERBOSE | re.DOTALL,
)


def _look_at_turtle(text: str) -> None:
    depth = 0
    for token in _TURTLE.finditer(text):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        _limit(depth)


def _look_at_xml(text: str) -> None:
    depth = 0

    def opens(*_: object) -> None:
        nonlocal depth
        depth += 1
        _limit(depth)

    def closes(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise _refused("a DOCTYPE is not allowed", "不允许 DOCTYPE")

    parser = expat.ParserCreate("UTF-8")  # whatever the declaration says, as the parser after it
    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(text.encode(), True)


_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)


def _look_at_json(text: str) -> None:
    depth = 0
    for token in _JSON.finditer(text):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        _limit(depth)
    if any(map(_names_a_document, _contexts(json.loads(text)))):
        raise _refused("a context of another document is not allowed", "不允许引用外部 @context")


def _contexts(value: Any) -> Iterator[Any]:
    """Every `@context` in a document, those within contexts too."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and "@context" in value:
        yield value["@context"]
    for part in inside:
        yield from _contexts(part)


def _names_a_document(context: Any) -> bool:
    parts = context if isinstance(context, list) else [context]
    return any(
        isinstance(part, str) or (isinstance(part, dict) and "@import" in part) for part in parts
    )


_LOOKS: Mapping[RdfFormat, Callable[[str], None]] = {
    RdfFormat.RDF_XML: _look_at_xml,
    RdfFormat.JSON_LD: _look_at_json,
}


def _limit(depth: int) -> None:
    if depth > DEPTH:
        raise _refused(f"more than {DEPTH} levels of nesting", f"嵌套层数超过 {DEPTH}")


def _refused(why: str, why_zh: str) -> GovgraphError:
    return GovgraphError("upload-refused", why=why, why_zh=why_zh)
