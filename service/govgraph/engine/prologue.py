"""The operations of an update, and what is declared between them.

SPARQL lets each operation have a prologue of its own; Oxigraph 0.5.13 knows only the first. So the
PREFIXes of later ones are moved there, unless that would change what a name means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from govgraph.engine.places import Token

_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Step:
    """One operation of an update with the prologue before it: its text from `start` to `end`."""

    start: int
    end: int
    tokens: Sequence[Token]

    @property
    def carries_data(self) -> bool:
        """Whether it is INSERT DATA or DELETE DATA, whose keywords may be run together."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return any(
            word.kind == "word" and word.text.upper().endswith("DATA") and brace.text == "{"
            for word, brace in pairs
            if word.depth == 0
        )


@dataclass
class Declared:
    """The prefixes that the operations so far declare, and those of them to declare first."""

    known: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    clear: bool = True
    """Whether the first prologue says what it declares so that it can be read here."""

    def note(self, first: Step) -> Step:
        """The first operation, as it is; its prologue counts."""
        for place, token in enumerate(first.tokens[:-2]):
            name, iri = first.tokens[place + 1 : place + 3]
            if token.says("PREFIX"):
                self.known[name.text] = iri.text
            elif token.kind == "word" and token.word.upper().startswith("PREFIX"):
                self.clear = False
        return first

    def without_prologue(self, step: Step) -> Step:
        """A later operation without the declarations that can be moved."""
        left, found = list(step.tokens), dict[str, str]()
        while len(left) >= 3 and left[0].says("PREFIX"):
            name, iri = left[1].text, left[2].text
            if (self.known | found).get(name, iri) != iri or not _ABSOLUTE.match(iri):
                return step
            found[name] = iri
            del left[:3]
        if not (found and self.clear):
            return step
        self.known |= found
        self.moved |= found
        return replace(step, start=left[0].start if left else step.end, tokens=left)

    def hoisted(self) -> str:
        """The declarations to put before everything else."""
        return "".join(f"PREFIX {name} {iri}\n" for name, iri in self.moved.items())
