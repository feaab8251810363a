"""A found entity, and why it was found."""

from __future__ import annotations

from dataclasses import dataclass

#: Why an entity is found; the first four are what a label is to it, in the order of its rank.
HOW = (
    "name", "alternative", "code", "purpose", "pinyin", "initials", "identifier", "sound", "near",
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A found entity with the label that matched, and how it did: one of `HOW`."""

    iri: str
    type: str | None
    label: str
    lang: str | None
    how: str = "name"
