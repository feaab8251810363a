"""Check digits that no pattern can express."""

from __future__ import annotations

from collections.abc import Callable

from govgraph_loaders.problems import CellError

_GB32100 = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def gb32100_digit(code: str) -> str:
    """The check character of an 18-character unified social credit code (GB 32100-2015 §4.4).

    ValueError for a character outside the code's alphabet.

    >>> gb32100_digit("91512081MA62K0260E")
    'E'
    """
    total = sum(_GB32100.index(ch) * pow(3, i, 31) for i, ch in enumerate(code[:17]))
    return _GB32100[(31 - total % 31) % 31]


def gb32100(text: str) -> None:
    """Raise CellError unless the text is a code whose last character is right."""
    if len(text) != 18 or not set(text) <= set(_GB32100):
        raise CellError("invalid-value", datatype="GB 32100-2015")
    expected = gb32100_digit(text)
    if text[17] != expected:
        raise CellError("invalid-check-digit", expected=expected)


#: name used in the `…ontology#check` annotation of a column -> check
CHECKS: dict[str, Callable[[str], None]] = {"gb32100": gb32100}
