"""Cells of a comparison: what is said of a subject in a row, and how far it is known.

A cell has exactly one state and is never blank (decision 17).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from govgraph.governance.models.nodes import NOTHING, Language, Words

State = Literal["sourced", "unsourced", "unknown", "absent", "notApplicable"]
#: From what decides a cell to what leaves it open.
STATES: tuple[State, ...] = ("sourced", "absent", "unsourced", "notApplicable", "unknown")
#: States in which something is known for sure.
KNOWN: frozenset[State] = frozenset({"sourced", "absent"})
#: Facts that are given as evidence of one value, before the rest is only counted.
PROVEN = 100
#: Ways of knowing, the strongest first.
BASES = ("stated", "interpreted", "computed", "inferred", "synthetic", "generalKnowledge")


@dataclass(frozen=True)
class Value:
    """One thing said: its words, how it is known, what proves it, and our codes for it."""

    state: State
    words: Words = NOTHING
    basis: str = "stated"
    verbatim: str | None = None
    codes: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What is said of one subject in one row."""

    values: tuple[Value, ...]

    @property
    def state(self) -> State:
        """The strongest state of its values: one source outweighs what has none, and a source
        that says something is there outweighs one that says it is not (see `disputed`)."""
        held = {value.state for value in self.values}
        return next((state for state in STATES if state in held), "unknown")

    @property
    def deciding(self) -> tuple[Value, ...]:
        """The values that have the cell's state."""
        return tuple(value for value in self.values if value.state == self.state)

    @property
    def disputed(self) -> bool:
        """Whether sources contradict each other: one says that it is there, one that it is not."""
        return {"sourced", "absent"} <= {value.state for value in self.values}

    @property
    def basis(self) -> str | None:
        """The strongest way in which the deciding values are known; None where nothing is."""
        if self.state == "unknown":
            return None
        held = {value.basis for value in self.deciding}
        return next((basis for basis in BASES if basis in held), min(held, default=None))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the deciding values."""
        return frozenset(code for value in self.deciding for code in value.codes)

    @property
    def sources(self) -> list[str]:
        """The entities whose rows prove the cell, each once."""
        return list(dict.fromkeys(source for value in self.shown for source in value.sources))

    @property
    def shown(self) -> tuple[Value, ...]:
        """What a reader is told: why something is not known only where nothing is."""
        return tuple(v for v in self.values if v.state != "unknown" or self.state == "unknown")

    def text(self, language: Language) -> str:
        """All that is said, in one language; what has no source is marked where some has."""
        texts = [_marked(value, self.state, language) for value in self.shown]
        joint = "；" if language == "zh" else "; "
        return joint.join(dict.fromkeys(text for text in texts if text)) or _NOT_SAID[language]

    @property
    def verbatim(self) -> str | None:
        """The wording of what was recorded as a statement, values parted by ` | `."""
        return " | ".join(value.verbatim for value in self.values if value.verbatim) or None


_NOT_SAID = {"zh": "所查资料没有说", "en": "the sources at hand do not say"}
_UNSOURCED = {"zh": "（无出处）", "en": " (unsourced)"}


def _marked(value: Value, state: State, language: Language) -> str | None:
    words = value.words.filled()
    text = words.zh if language == "zh" else words.en
    weaker = value.state == "unsourced" and state != "unsourced"
    return text + _UNSOURCED[language] if text and weaker else text


def state_of(basis: str) -> State:
    """The state of a fact by how its row is asserted."""
    return "unsourced" if basis == "generalKnowledge" else "sourced"


def cell(values: Iterable[Value]) -> Cell:
    """A cell of values in a fixed order: by state, statements first."""
    found = list(dict.fromkeys(values))
    if not found:
        return Cell((Value("unknown"),))
    order: Sequence[State] = STATES
    return Cell(
        tuple(sorted(found, key=lambda v: (order.index(v.state), not v.verbatim, v.sources)))
    )
