"""The operations of an update to a dataset whose default graph is the union of all its graphs.

Oxigraph's default graph is a graph by itself, and its updates do not say what they did. So what an
operation would delete and insert is put into marker graphs that name the graph meant: the caller
sees each statement, those of the union too, and does with it what is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from govgraph.engine.places import Token
from govgraph.engine.updates import steps
from govgraph.errors import GovgraphError

DELETED, INSERTED = "urn:govgraph:deleted:", "urn:govgraph:inserted:"
_BEGINS = re.compile("INSERT|DELETE|WITH|CLEAR|DROP|CREATE|ADD|MOVE|COPY")
_MANAGES = re.compile("CLEAR|DROP|CREATE|ADD|MOVE|COPY")
Kind = Literal["data", "pattern", "management"]


@dataclass(frozen=True)
class Operation:
    """One operation. `said` is its own text; `marking` leaves it all in marker graphs (that of a
    `management` operation does what it says); `document` is what INSERT DATA inserts, as TriG."""

    kind: Kind
    said: str
    marking: str
    document: str | None = None


class _Part(NamedTuple):
    """Some triples of a template or of data; `graph` is the text that names theirs, if it does."""

    graph: str | None
    triples: str


class _Block(NamedTuple):
    """`{…}` by the places of its brackets among the tokens of an operation."""

    opening: int
    closing: int


def operations(text: str, check: Callable[[str], None]) -> list[Operation]:
    """The operations of an update that the guard has let pass, each with the declarations before
    it; `check` raises for the text of one that is not valid SPARQL.

    GovgraphError(query-refused) for one whose keywords and names run together."""
    prologue, found = "", list[Operation]()
    for step in steps(text):
        first = next((n for n, token in enumerate(step.tokens) if _begins(step.tokens, n)), None)
        if first is None:
            prologue += text[step.start : step.end] + "\n"
            continue
        start = step.tokens[first].start
        prologue += text[step.start : start]
        check(prologue + text[start : step.end])
        found.append(_Reader(text, step.tokens[first:], step.end).read(prologue))
    check(prologue + "INSERT DATA {}")  # what is left may be no prologue
    return found


def _begins(tokens: Sequence[Token], place: int) -> bool:
    """Whether an operation begins at a token; a name that is declared may look like it."""
    token, declared = tokens[place], place > 0 and tokens[place - 1].says("PREFIX")
    if token.kind != "word" or declared or not _BEGINS.match(token.word.upper()):
        return False
    if ":" in token.text:
        why, why_zh = (
            f"write a space before the name in {token.text}",
            f"{token.text} 中名称前应有空格",
        )
        raise GovgraphError("query-refused", why=why, why_zh=why_zh)
    return True


class _Reader:
    """Reads one operation: its tokens, and where its text ends."""

    def __init__(self, text: str, tokens: Sequence[Token], end: int) -> None:
        self.text, self.tokens, self.end = text, tokens, end

    def read(self, prologue: str) -> Operation:
        said = prologue + self.text[self.tokens[0].start : self.end]
        if _MANAGES.match(self.tokens[0].text.upper()):
            return Operation("management", said, said)
        blocks = list(self._blocks())
        words = self._words(blocks[0].opening)
        if words in ("INSERTDATA", "DELETEDATA"):
            return self._data(prologue, said, blocks[0], DELETED if words[0] == "D" else INSERTED)
        return Operation("pattern", said, prologue + self._pattern(words, blocks))

    def _words(self, end: int) -> str:
        """The keywords up to a token in one, for they may be run together."""
        found = (t.text for t in self.tokens[:end] if t.kind == "word" and ":" not in t.text)
        return "".join(found).upper()

    def _blocks(self) -> Iterator[_Block]:
        opening = 0
        for place, token in enumerate(self.tokens):
            if token.depth == 0 and token.text == "{":
                opening = place
            elif token.depth == 0 and token.text == "}":
                yield _Block(opening, place)

    def _data(self, prologue: str, said: str, block: _Block, mark: str) -> Operation:
        parts = list(self._parts(block))
        document = "".join(
            f"{f'GRAPH {part.graph} ' if part.graph else ''}{{ {part.triples}\n}}\n"
            for part in parts
        )
        marks = _Marks()
        template = "".join(marks.around(part, mark) for part in parts)
        marking = f"{prologue}INSERT {{ {template} }} WHERE {{ {marks.bindings()} }}"
        inserts = mark == INSERTED
        return Operation("data", said, marking, prologue + document if inserts else None)

    def _pattern(self, words: str, blocks: list[_Block]) -> str:
        """The same operation with templates that only mark. Of its blocks the last is WHERE's."""
        marks = _Marks()
        with_graph = self._with() if words.startswith("WITH") else None
        templates = blocks[:1] if words == "DELETEWHERE" else blocks[:-1]
        template = ""
        for block in templates:
            mark = self._mark(block)
            for part in self._parts(block):
                named = part._replace(graph=part.graph or with_graph)
                template += marks.around(named, mark)
        where = self._inside(blocks[-1])
        using = self._between(templates[-1], blocks[-1]) if words != "DELETEWHERE" else " WHERE "
        head = f"WITH {with_graph} " if with_graph else ""
        return f"{head}INSERT {{ {template} }}{using}{{ {{ {where}\n}} {marks.bindings()} }}"

    def _with(self) -> str:
        return next(t.text for t in self.tokens if t.kind != "word" or ":" in t.text)

    def _mark(self, block: _Block) -> str:
        """What becomes of a template; DELETE WHERE is one by itself."""
        word = self.tokens[block.opening - 1].text.upper()
        return INSERTED if word.endswith("INSERT") else DELETED

    def _inside(self, block: _Block) -> str:
        return self.text[self.tokens[block.opening].end : self.tokens[block.closing].start]

    def _between(self, block: _Block, other: _Block) -> str:
        return self.text[self.tokens[block.closing].end : self.tokens[other.opening].start]

    def _parts(self, block: _Block) -> Iterator[_Part]:
        place = start = block.opening + 1
        while place < block.closing:
            end = self._graph_from(place, block)
            if end is None:
                place += 1
                continue
            yield from self._plain(start, place)
            name, brace = self.tokens[place + 1 : place + 3]
            inside = self.text[brace.end : self.tokens[end].start]
            yield _Part(name.text, inside)
            place = start = end + 1 + (self.tokens[end + 1].text == ".")
        yield from self._plain(start, place)

    def _graph_from(self, place: int, block: _Block) -> int | None:
        """Where the `GRAPH name {…}` that begins at a token ends, if one does."""
        token = self.tokens[place]
        if token.kind != "word" or token.depth != 1 or token.text.upper() != "GRAPH":
            return None
        after = range(place + 3, block.closing)
        if self.tokens[place + 2].text != "{":
            return None
        return next((n for n in after if self.tokens[n].depth == 1), None)

    def _plain(self, start: int, end: int) -> Iterator[_Part]:
        """The triples outside of GRAPH, up to the next token: a tag or a comment may follow."""
        if start < end:
            yield _Part(None, self.text[self.tokens[start].start : self.tokens[end].start])


class _Marks:
    """Names marker graphs: by variables, for only the engine knows which IRI a name stands for."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], str] = {}

    def around(self, part: _Part, mark: str) -> str:
        """The triples of a part in the marker graph of theirs."""
        if part.graph is None:
            return f"GRAPH <{mark}> {{ {part.triples}\n}} "
        key = mark, part.graph
        name = self.names.setdefault(key, f"?govgraph_marker_{len(self.names)}")
        return f"GRAPH {name} {{ {part.triples}\n}} "

    def bindings(self) -> str:
        return " ".join(
            f'BIND(IRI(CONCAT("{mark}", ENCODE_FOR_URI(STR({graph})))) AS {name})'
            for (mark, graph), name in self.names.items()
        )
