"""A look at a query's text before the engine sees it, in linear time.

Oxigraph's parser and planner have no limits of their own: some thousand nested braces overflow
the stack and end the process, a 256-pattern star keeps the planner busy for good. The limits are
those below which no such case was measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from govgraph.engine.remembered import remembered
from govgraph.errors import GovgraphError

_LOCAL = r"(?:[\w:·-]++|%[0-9A-Fa-f]{2}|\\.|\.++(?=[\w:%\\-]))*+"
_TOKEN = re.compile(
    rf"""(?P<skip>\#[^\r\n]* | \^\^ | @[A-Za-z0-9-]+)
      | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
      | (?P<term>\"\"\"(?:[^\\]|\\.)*?\"\"\" | '''(?:[^\\]|\\.)*?'''
               | "(?:[^"\\\r\n]++|\\.)*+" | '(?:[^'\\\r\n]++|\\.)*+'
               | \d*\.\d+ | [?$]\w+ | :{_LOCAL})
      | (?P<word>\w+)(?::{_LOCAL})?
      | (?P<open><<|[{{(\[])
      | (?P<close>>>|[}})\]])
      | (?P<end>[.;,])
      | (?P<chain>!|\|\||&&|[-+*/|^])""",
    re.VERBOSE | re.DOTALL,
)
#: Declarations at the start of a query: plain ones, whose IRIs cannot be anything else.
_PROLOGUE = re.compile(r"(?:\s*+PREFIX\s++[\w-]*+:\s*+<[\w:/#.~?=%-]*+>)*+", re.IGNORECASE)
#: Brackets around a node that has triples of its own.
_NODES = ("[", "<<")
#: Words after which a pattern may follow without a dot.
_CLAUSES = {"FILTER", "BIND"}


@dataclass(frozen=True)
class Limits:
    """The most of each construct that a query may have."""

    length: int = 200_000
    depth: int = 64
    groups: int = 200
    patterns: int = 80
    chained: int = 300


def guard(query: str, limits: Limits = Limits()) -> None:
    """Raise GovgraphError(query-refused, remote-refused) for a query that could harm the engine
    or that would have it open connections."""
    guard_length(len(query), limits)
    _guard_text(query, limits)


@remembered
def _guard_text(query: str, limits: Limits) -> None:
    guard_tokens(_tokens(_after_prologue(query)), limits)


def guard_length(length: int, limits: Limits = Limits()) -> None:
    """GovgraphError(query-refused) for a text of more characters than the limit."""
    if length > limits.length:
        raise _refused("length", limits.length)


def guard_depth(depth: int, limits: Limits = Limits()) -> None:
    """GovgraphError(query-refused) for brackets deeper than the limit."""
    if depth > limits.depth:
        raise _refused("depth", limits.depth)


def guard_tokens(found: Iterable[tuple[str, str]], limits: Limits = Limits()) -> None:
    """The same for the (kind, text) of tokens."""
    count = _Count()
    for kind, text in found:
        count.add(kind, text)
        for name in ("depth", "groups", "patterns", "chained"):
            if getattr(count, name) > getattr(limits, name):
                raise _refused(name, getattr(limits, name))


def tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens of SPARQL or Turtle; `lastgroup` is the kind of each, None where none counts."""
    return _TOKEN.finditer(text)


def names_its_dataset(query: str) -> bool:
    """Whether the query has a FROM clause of its own (a word outside strings, IRIs and names)."""
    return _has_word(query, "FROM", "FROMNAMED")


def names_graphs(query: str) -> bool:
    """Whether the query asks for graphs by name, in a clause of its own or with GRAPH."""
    return _has_word(query, "FROM", "FROMNAMED", "GRAPH")


@remembered
def _has_word(query: str, *words: str) -> bool:
    """A word outside strings, IRIs and names; of a prefixed name the prefix counts."""
    body = _after_prologue(query)
    return _standing(words).search(body) is not None and any(
        kind == "word" and text.upper() in words for kind, text in _tokens(body)
    )


@cache
def _standing(words: tuple[str, ...]) -> re.Pattern[str]:
    """Where one of the words may be a token: not inside a longer word, as every IRI of ours has
    “govgraph”. A number may run on into a word."""
    return re.compile(rf"(?<![A-Za-z_])(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _after_prologue(query: str) -> str:
    """The query without plain declarations at its start: they have nothing to count."""
    begin = _PROLOGUE.match(query)
    return query[begin.end() :] if begin else query


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each token; of a prefixed name the prefix, which may be a keyword run on."""
    for match in tokens(query):
        kind = match.lastgroup or "skip"
        yield kind, match[kind]


class _Count:
    """What has been counted up to a token. Each open bracket has its own count of patterns."""

    def __init__(self) -> None:
        self.groups = self.chained = self.extra = 0
        self.stack: list[tuple[str, int]] = [("", 0)]

    @property
    def depth(self) -> int:
        return len(self.stack) - 1 + self.extra

    @property
    def patterns(self) -> int:
        return self.stack[-1][1]

    def add(self, kind: str, text: str) -> None:
        getattr(self, f"_{kind}")(text)

    def _skip(self, text: str) -> None:
        """Comments, language tags and datatype marks count for nothing."""

    def _open(self, text: str) -> None:
        self.groups += text == "{"
        self.stack.append((text, self.patterns if text in _NODES else 0))

    def _close(self, _text: str) -> None:
        if len(self.stack) > 1:
            opened, patterns = self.stack.pop()
            # what stood in […] or <<…>> belongs to the group around it, and a triple is a pattern;
            # {…} is one more thing to join
            one_more = opened in ("{", "<<") or (opened != "[" and self.stack[-1][0] == "(")
            self._set((patterns if opened in _NODES else self.patterns) + one_more)

    def _end(self, text: str) -> None:
        in_parentheses = self.stack[-1][0] == "("
        self._set(0 if in_parentheses and text == "," else self.patterns + 1)

    def _chain(self, _text: str) -> None:
        self.chained += 1
        if self.stack[-1][0] == "(":
            self._set(0)

    def _term(self, _text: str) -> None:
        """Terms side by side in parentheses are a collection, so each is a pattern."""
        if self.stack[-1][0] == "(":
            self._set(self.patterns + 1)

    def _word(self, text: str) -> None:
        word = text.upper()
        if "SERVICE" in word:  # the parser takes SERVICESILENT and 1SERVICE as two words
            raise GovgraphError("remote-refused", what="SERVICE")
        if word in _CLAUSES:
            self._set(self.patterns + 1)
        self._term(text)

    def _iri(self, text: str) -> None:
        """An IRI, or else a comparison `?a<(…)>…`, whose parentheses and operators count."""
        self.extra = max(0, self.extra + text.count("(") - text.count(")"))
        self.chained += max(0, sum(map(text.count, "!*+-/")) - _IRI_SIGNS)
        self._term(text)
        if text.count("(") > _IRI_SIGNS:
            raise _refused("depth", _IRI_SIGNS)

    def _set(self, patterns: int) -> None:
        self.stack[-1] = (self.stack[-1][0], patterns)


#: Signs such as - and ( that an IRI may have before they are taken for operators.
_IRI_SIGNS = 32
_NAMES = {
    "length": ("characters", "字符数"),
    "depth": ("levels of nesting", "嵌套层数"),
    "groups": ("groups", "组数"),
    "patterns": ("patterns in a group", "一组中的模式数"),
    "chained": ("chained operators", "连用的运算符"),
}


def _refused(name: str, limit: int) -> GovgraphError:
    en, zh = _NAMES[name]
    return GovgraphError("query-refused", why=f"more than {limit} {en}", why_zh=f"{zh}超过 {limit}")
