"""SPARQL updates as texts: guarded before the engine sees them, and given the protocol's dataset.

Oxigraph has no way to switch LOAD off or to be told a dataset for an update, so both are done on
the tokens of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from pyoxigraph import Store

from govgraph.engine.base import Dataset
from govgraph.engine.extension import Functions, evaluated
from govgraph.engine.guard import Limits, guard_depth, guard_length, guard_tokens
from govgraph.engine.places import Token, names_something, placed
from govgraph.engine.prologue import Declared, Step
from govgraph.errors import GovgraphError

#: Data may be long and wide, but not deep.
_DATA = Limits(length=1 << 30, groups=1 << 30, patterns=1 << 30, chained=1 << 30)
_THERE = re.compile(r"graph <?([^<>]*)>? already exists")
_ABSENT = re.compile(r"graph <?([^<>]*)>? does not exist")


@dataclass(frozen=True)
class Prepared:
    """An update without its LOADs, which do nothing as if what they name were not there; it may be
    made if it does not `need` one of them, for want of SILENT."""

    text: str
    need: bool


def prepared(text: str, dataset: Dataset = Dataset()) -> Prepared:
    """The update that the engine may see: guarded, and with a dataset of the protocol's in USING
    clauses. GovgraphError(query-refused, remote-refused, update-dataset)."""
    using = _using(dataset)
    pieces, need, declared = list[str](), False, Declared()
    for step in steps(text):
        _guard(step)
        step = declared.without_prologue(step) if pieces else declared.note(step)
        load = _load(step)
        _refuse_other_loads(step.tokens[: len(step.tokens) - len(load)])
        if load:
            need = need or not load[1].says("SILENT")
            head, rest = text[step.start : load[0].start], text[load[-1].end : step.end]
            pieces.append(f"{head} INSERT DATA {{}} {rest}")
        else:
            pieces.append(_with_using(text, step, using) if using else text[step.start : step.end])
    return Prepared(declared.hoisted() + ";".join(pieces), need)


def steps(text: str) -> Iterator[Step]:
    """The operations between the semicolons."""
    begin, found = 0, list[Token]()
    for token in placed(text):
        guard_depth(token.depth)  # before all of a long text is read
        if token.text == ";" and token.depth == 0:
            yield Step(begin, token.start, found)
            begin, found = token.end, []
        else:
            found.append(token)
    yield Step(begin, len(text), found)


def _guard(step: Step) -> None:
    limits = _DATA if step.carries_data else Limits()
    guard_length(step.end - step.start, limits)
    guard_tokens(((token.kind, token.word) for token in step.tokens), limits)


def _load(step: Step) -> Sequence[Token]:
    """`LOAD [SILENT] <…> [INTO GRAPH <…>]` at the end of a step: all there may be but a prologue."""
    for shape in product(("LOAD",), ((), ("SILENT",)), ("",), ((), ("INTO", "GRAPH", ""))):
        words = [word for part in shape for word in ([part] if isinstance(part, str) else part)]
        last = step.tokens[-len(words) :]
        if len(last) == len(words) and all(
            token.says(word) if word else names_something(token)
            for token, word in zip(last, words, strict=True)
        ):
            return last
    return ()


def _refuse_other_loads(found: Sequence[Token]) -> None:
    """A word that begins with LOAD may be the keyword run on into a name, unless a name is all
    that it can be: declared by PREFIX, or with its colon between brackets."""
    before = ""
    for token in found:
        named = before == "PREFIX" or (token.depth > 0 and ":" in token.text)
        if token.kind == "word" and token.word.upper().startswith("LOAD") and not named:
            why, why_zh = f"{token.text} could be a LOAD", f"{token.text} 可能是 LOAD"
            raise GovgraphError("query-refused", why=why, why_zh=why_zh)
        before = token.text.upper()


def _using(dataset: Dataset) -> str:
    default = (f"USING <{graph}>" for graph in dataset.default or ())
    named = (f"USING NAMED <{graph}>" for graph in dataset.named or ())
    return " ".join((*default, *named))


def _with_using(text: str, step: Step, using: str) -> str:
    """The operation with clauses before its WHERE. DELETE WHERE has none, so it is written out."""
    words = [token for token in step.tokens if token.says("WHERE", "DELETEWHERE")]
    if not words:
        return text[step.start : step.end]
    if _names_its_dataset(step):
        raise GovgraphError("update-dataset")
    where, last = words[0], step.tokens[-1].end
    head, pattern, rest = (
        text[step.start : where.start],
        text[where.end : last],
        text[last : step.end],
    )
    if where.says("DELETEWHERE"):
        head = f"{head} DELETE "
    short = where.says("DELETEWHERE") or step.tokens[step.tokens.index(where) - 1].says("DELETE")
    return f"{head}{pattern if short else ''} {using} WHERE {pattern}{rest}"


def _names_its_dataset(step: Step) -> bool:
    before = ""
    for token in step.tokens:
        outside = token.kind == "word" and token.depth == 0 and before != "PREFIX"
        if outside and token.word.upper().startswith(("USING", "WITH")):
            return True
        before = token.text.upper()
    return False


def run_update(
    store: Store,
    text: str,
    base: str | None,
    known: Functions | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> None:
    """Make an update to a store, whole or not at all.

    GovgraphError(update-syntax, unknown-graph, graph-exists, function-arguments, update-failed)."""
    given = dict(prefixes) if prefixes else None
    try:
        evaluated(
            lambda functions: store.update(
                text, base_iri=base, prefixes=given, custom_functions=functions
            ),
            known,
        )
    except SyntaxError as error:
        raise GovgraphError("update-syntax", why=str(error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        if absent := _ABSENT.search(str(error)):
            raise GovgraphError("unknown-graph", graph=absent[1]) from None
        if there := _THERE.search(str(error)):
            raise GovgraphError("graph-exists", graph=there[1]) from None
        raise GovgraphError("update-failed") from error
