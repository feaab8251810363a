"""Check digits that no pattern can express."""

from __future__ import annotations

from collections.abc import Callable

from govgraph_loaders.problems import CellError

_GB32100 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_GB32100)}
_WEIGHTS = [pow(3, place, 31) for place in range(17)]


def gb32100_digit(code: str) -> str:
    """The check character of an 18-character unified social credit code (GB 32100-2015 §4.4).

    KeyError for a character outside the code's alphabet.

    >>> gb32100_digit("91512081MA62K0260E")
    'E'
    """
    total = sum(_VALUES[char] * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    return _GB32100[(31 - total % 31) % 31]


def gb32100(text: str) -> None:
    """Raise CellError unless the text is a code whose last character is right."""
    if len(text) != 18 or not _VALUES.keys() >= set(text):
        raise CellError("invalid-value", datatype="GB 32100-2015")
    expected = gb32100_digit(text)
    if text[17] != expected:
        raise CellError("invalid-check-digit", expected=expected)


#: name used in the `…ontology#check` annotation of a column -> check
CHECKS: dict[str, Callable[[str], None]] = {"gb32100": gb32100}
