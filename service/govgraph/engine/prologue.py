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

    def without_prologue(self, step: Step, *, first: bool) -> Step:
        """The step without the declarations that can be moved; those of the first stay."""
        left = list(step.tokens)
        while len(left) >= 3 and left[0].says("PREFIX"):
            name, iri = left[1].text, left[2].text
            if self.known.setdefault(name, iri) != iri or not (first or _ABSOLUTE.match(iri)):
                return step
            if not first:
                self.moved[name] = iri
            del left[:3]
        if first or len(left) == len(step.tokens):
            return step
        start = left[0].start if left else step.end
        return replace(step, start=start, tokens=left)

    def hoisted(self) -> str:
        """The declarations to put before everything else."""
        return "".join(f"PREFIX {name} {iri}\n" for name, iri in self.moved.items())
