"""Queries about one thing: a SELECT of what is stated of an IRI, told from all others by its text.

`SELECT ?p ?o { <x> ?p ?o }` and `SELECT ?name { <x> skos:prefLabel ?name ; a org:Post }` are what
programs ask most. A text is taken apart only as far as these go, in linear time and without
recursion; of anything else, right or wrong, it is said that it is no such query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from govgraph.vocabulary import PREFIXES

#: Characters of a query, and patterns of one.
LONGEST, MOST_PATTERNS = 4_096, 8
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#: Absolute IRIs that are the same however they are resolved, and cannot be wrong.
_PART = r"(?:[\w/:~@;,=&+!-]|(?<!/)\.(?![./]))*+"
_HOST = r"https?://[A-Za-z][A-Za-z0-9.-]*+(?::[0-9]{1,5})?/"
_IRI = rf"(?:{_HOST}|urn:[a-z0-9]+:){_PART}(?:\#{_PART})?"
_W, _PREFIX, _NAME = r"[ \t\r\n]", r"(?:[A-Za-z][A-Za-z0-9_]*+)?", r"[A-Za-z_][A-Za-z0-9_]*+"
#: Keywords in letters of any case, but of ASCII: ſ is no S.
_DECLARE = "(?ai:PREFIX)"
#: What has to follow a prefixed name, so that it is no longer than that.
_ENDS = rf"(?={_W}|[;,]|\.?{_W}|\.?\Z)"
_QUERY = re.compile(
    rf"{_W}*+((?:{_DECLARE}{_W}++{_PREFIX}:{_W}*+<{_IRI}>{_W}*+)*+)"
    rf"(?ai:SELECT){_W}++([?$]{_NAME}(?:{_W}++[?$]{_NAME})*+|\*){_W}*+(?:(?ai:WHERE){_W}*+)?+"
    rf"\{{([^{{}}]*+)\}}{_W}*+"
)
#: What stands before the thing, the thing, and the rest, if it is named by its IRI.
_NAMING = re.compile(rf"([^{{}}]*+\{{{_W}*+<)({_IRI})(>[^{{}}]*+\}}{_W}*+)")
#: Two that stand in the place of a thing: what means the same of both does so of all.
_ANY = "urn:x:one", "urn:x:other"
_DECLARED = re.compile(rf"{_DECLARE}{_W}++({_PREFIX}):{_W}*+<({_IRI})>")
_TOKEN = re.compile(
    rf"{_W}*+(?:<({_IRI})>|[?$]({_NAME})(?!\w)|({_PREFIX}):([A-Za-z_][A-Za-z0-9_-]*+){_ENDS}"
    rf"|(a)(?={_W}|<)|([.;,])){_W}*+"
)


class Pattern(NamedTuple):
    """One thing that is asked: a predicate and an object, each the name of a variable or an IRI."""

    predicate: str | None = None
    object: str | None = None
    predicate_name: str = ""
    object_name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its variables, in the order of what is found for them."""
        return tuple(name for name in (self.predicate_name, self.object_name) if name)


class Shape(NamedTuple):
    """What is asked of a thing, and the variables whose values are shown."""

    patterns: tuple[Pattern, ...]
    names: tuple[str, ...]
    #: All variables, pattern by pattern.
    variables: tuple[str, ...]


def about(query: str) -> tuple[str, Shape] | None:
    """The thing that a query is about, and what it asks of it; None if it is no query of this kind.
    The service's prefixes are known in it."""
    if len(query) > LONGEST:
        return None
    if (named := _NAMING.fullmatch(query)) and (shape := _shape(named[1], named[3])):
        return named[2], shape
    return _read(query)


@lru_cache(256)
def _shape(before: str, after: str) -> Shape | None:
    """Programs ask the same of one thing after the other, so its text is taken apart once. None if
    that fails, or if it does for one of the things, as where another is named beside it."""
    one, other = (_read(before + thing + after) for thing in _ANY)
    return one[1] if one and other else None


@lru_cache(256)
def _read(query: str) -> tuple[str, Shape] | None:
    found = _QUERY.fullmatch(query)
    if found is None:
        return None
    prologue, shown, body = found.groups()
    known = {**PREFIXES, **dict(_DECLARED.findall(prologue))} if prologue else PREFIXES
    try:
        thing, patterns = _patterns(list(_tokens(body, known)))
    except _Other:
        return None
    names = tuple(name for pattern in patterns for name in pattern.names)
    wanted = sorted(names) if shown == "*" else [name[1:] for name in shown.split()]
    if len(set(names)) < len(names) or len(set(wanted)) < len(wanted):
        return None
    if not (names and set(wanted) <= set(names) and len(patterns) <= MOST_PATTERNS):
        return None
    return thing, Shape(patterns, tuple(wanted), names)


class _Other(Exception):
    """It is no query of this kind."""


#: Its kind (iri, name, sign) and its text.
_Token = tuple[str, str]


def _tokens(body: str, prefixes: Mapping[str, str]) -> Iterator[_Token]:
    at = 0
    while at < len(body):
        found = _TOKEN.match(body, at)
        if found is None:
            raise _Other
        iri, name, prefix, local, a, sign = found.groups()
        if iri is not None:
            yield "iri", iri
        elif name is not None:
            yield "name", name
        elif a is not None:
            yield "a", _RDF_TYPE
        elif sign is not None:
            yield "sign", sign
        elif prefix in prefixes:
            yield "iri", prefixes[prefix] + local
        else:
            raise _Other
        at = found.end()


def _patterns(tokens: list[_Token]) -> tuple[str, tuple[Pattern, ...]]:
    """The thing and its patterns. _Other if there is another subject, or none."""
    things: set[str] = set()
    patterns: list[Pattern] = []
    rest = [*reversed(tokens)]
    sign = "."
    while rest:
        if sign == ".":
            kind, thing = rest.pop()
            if kind != "iri":
                raise _Other
            things.add(thing)
        if sign != ",":
            verb = _taken(rest, "iri", "name", "a")
        patterns.append(_pattern(verb, _taken(rest, "iri", "name")))
        sign = _taken(rest, "sign")[1] if rest else "."
        if not rest and sign == ",":
            raise _Other
    if len(things) != 1:
        raise _Other
    return things.pop(), tuple(patterns)


def _taken(rest: list[_Token], *kinds: str) -> _Token:
    if not rest or rest[-1][0] not in kinds:
        raise _Other
    return rest.pop()


def _pattern(verb: _Token, object_: _Token) -> Pattern:
    named, shown = verb[0] == "name", object_[0] == "name"
    return Pattern(
        None if named else verb[1], None if shown else object_[1],
        verb[1] if named else "", object_[1] if shown else "",
    )  # fmt: skip
