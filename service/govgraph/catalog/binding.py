"""Terms put for the variables of a query's parameters, as SHACL pre-binds `$this`.

A value is a term before it comes here and is written as N-Triples in place of a token that is a
variable: no text of a caller is ever read as syntax. What has no value stays an unbound variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from govgraph.catalog.entry import Entry
from govgraph.engine.columnar.tokens import Tokens, tokenize

Terms = Mapping[str, Sequence[NamedNode | Literal]]
_ENDS = ("earliest", "latest")


def variables(entry: Entry) -> set[str]:
    """The variables that an entry's parameters speak for."""
    dates = [p.name for p in entry.parameters if p.type == "date"]
    return {p.name for p in entry.parameters} | {f"{name}_{end}" for name in dates for end in _ENDS}


def bound(query: str, terms: Terms) -> str:
    """The query with terms for variables; `BOUND(?name)` of one that has a term is true.

    ValueError where a variable of several terms stands elsewhere than alone in `IN ( )`.
    """
    tokens, text = _tokens(query), []
    at = 0
    for number, name in _uses(tokens):
        if name not in terms:
            continue
        first = number
        if tokens.kinds[number - 2 : number] == ["BOUND", "("]:
            first, last, put = number - 2, number + 1, "true"
        else:
            last, put = number, _written(tokens, number, terms[name])
        text += [tokens.text[at : _begin(tokens, first)], put]
        at = tokens.ends[last]
    return "".join([*text, tokens.text[at:]])


def misused(query: str, names: set[str]) -> str | None:
    """A parameter that a query shows or gives a value to, which only the caller may."""
    tokens = _tokens(query)
    opening = tokens.kinds.index("{")
    for number, name in _uses(tokens):
        if name in names and (number < opening or tokens.kinds[number - 1] == "AS"):
            return name
    return None


def _written(tokens: Tokens, number: int, terms: Sequence[NamedNode | Literal]) -> str:
    if len(terms) == 1:
        return str(terms[0])
    around = tokens.kinds[number - 2 : number] + tokens.kinds[number + 1 : number + 2]
    if around != ["IN", "(", ")"]:
        raise ValueError(f"?{tokens.texts[number]} has several values and is not alone in IN ( )")
    return ", ".join(map(str, terms))


def _uses(tokens: Tokens) -> Iterator[tuple[int, str]]:
    """The tokens that are variables, with their names."""
    return (
        (number, tokens.texts[number]) for number, kind in enumerate(tokens.kinds) if kind == "var"
    )


def _begin(tokens: Tokens, number: int) -> int:
    """Where a token begins; a variable's text is without its mark."""
    mark = tokens.kinds[number] == "var"
    return tokens.ends[number] - len(tokens.texts[number]) - mark


@lru_cache(256)
def _tokens(query: str) -> Tokens:
    return tokenize(query)
