"""Terms as people write them: IRIs, prefixed names, type and key, literals."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from govgraph.engine.base import Term
from govgraph.errors import GovgraphError
from govgraph.vocabulary import PREFIXES, RDF

_KEY = re.compile(r"([a-z][a-z-]*)/(.+)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def read_term(text: str, name: str, base: str) -> Term:
    """The term that a text stands for: `<iri>` or an IRI, `prefix:name`, `type/key` of our
    instances, `a`, or a literal as in Turtle. GovgraphError(invalid-parameter) names `name`."""
    iri = _iri(text.strip(), base)
    try:
        return _literal(text) if iri is None else NamedNode(iri)
    except (SyntaxError, ValueError) as error:
        why = f"{text} is no IRI, prefixed name, type/key or Turtle literal ({error})"
        why_zh = f"{text} 不是 IRI、前缀名、类型/标识，也不是 Turtle 字面量"
        raise GovgraphError("invalid-parameter", name=name, why=why, why_zh=why_zh) from None


def _iri(text: str, base: str) -> str | None:
    """The IRI of a text; None if it is to be read as a literal."""
    if text[:1] in ("'", '"'):
        return None
    if text.startswith("<"):
        return text[1:].removesuffix(">")
    prefix, colon, local = text.partition(":")
    if text == "a":
        return RDF + "type"
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if "://" in text or text.startswith("urn:"):
        return text
    key = _KEY.fullmatch(text)
    return f"{base}{key[1]}/{quote(key[2], safe='')}" if key else None


def _literal(text: str) -> Literal:
    """ValueError or SyntaxError for what is no single literal."""
    turtle = f"{_PREFIXES}<urn:s> <urn:p> {text} ."
    objects = [quad.object for quad in parse(turtle, format=RdfFormat.TURTLE)]
    if len(objects) == 1 and isinstance(objects[0], Literal):
        return objects[0]
    raise ValueError("not a literal")


def plainest(term: Term) -> Term:
    """A term as Oxigraph stores it: numbers and dates in their plainest form."""
    if not isinstance(term, Literal):
        return term
    node = NamedNode("urn:n")
    store = Store()
    store.add(Quad(node, node, term))
    return next(store.quads_for_pattern(node, node, None)).object  # type: ignore[return-value]


def short(term: Term, base: str) -> str:
    """A term as people read it: our terms and other usual ones by prefix, our instances by type
    and key."""
    if isinstance(term, BlankNode):
        return "[]"
    if isinstance(term, Literal):
        return _quoted(term, base)
    if term.value.startswith(base):
        return unquote(term.value.removeprefix(base))
    for prefix, namespace in PREFIXES.items():
        if term.value.startswith(namespace) and _NAME.fullmatch(term.value[len(namespace) :]):
            return f"{prefix}:{term.value[len(namespace) :]}"
    return str(term)


def _quoted(term: Literal, base: str) -> str:
    text = str(Literal(term.value))
    if term.language or term.datatype.value == PREFIXES["xsd"] + "string":
        return text + (f"@{term.language}" if term.language else "")
    return f"{text}^^{short(term.datatype, base)}"
