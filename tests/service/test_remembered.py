"""What is remembered of texts, and what is not."""

from __future__ import annotations

import pytest

from govgraph.engine.remembered import LONGEST, remembered


class Looks:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def at(self, text: str, more: int = 0) -> int:
        self.texts.append(text)
        if not text:
            raise ValueError
        return len(text) + more


def test_a_usual_text_is_looked_at_once() -> None:
    looks = Looks()
    look = remembered(looks.at)
    assert [look("abc"), look("abc"), look("abc", 1)] == [3, 3, 4]
    assert looks.texts == ["abc", "abc"]


def test_a_long_text_is_not_kept() -> None:
    looks = Looks()
    look = remembered(looks.at)
    long = "x" * (LONGEST + 1)
    assert look(long) == look(long)
    assert looks.texts == [long, long]


def test_errors_are_not_kept() -> None:
    looks = Looks()
    look = remembered(looks.at)
    for _ in range(2):
        with pytest.raises(ValueError):
            look("")
    assert looks.texts == ["", ""]
