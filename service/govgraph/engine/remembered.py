"""Outcomes of looking at a text, remembered for texts of a usual length.

Programs ask the same query again; those who send long texts to fill the memory do not get to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

Look = TypeVar("Look", bound=Callable[..., Any])
#: Texts that are remembered for each question, and the longest of them, in characters.
TEXTS, LONGEST = 1024, 10_000


def remembered(look: Look) -> Look:
    """`look`, which is a function of a text and other values that can be hashed. Errors are not
    remembered."""
    known = lru_cache(TEXTS)(look)

    @wraps(look)
    def looked(text: str, *others: Any) -> Any:
        return (known if len(text) <= LONGEST else look)(text, *others)

    return cast(Look, looked)
