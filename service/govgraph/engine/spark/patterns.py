"""Regular expressions of RE2, as DuckDB has them, for Java: the part that both read alike.

Letters, digits, escaped punctuation, `.`, classes of plain characters and ranges, groups,
alternatives, greedy repetition and anchors. Case folding and Unicode classes differ between the
two by version, so they are refused. `(?d)` makes the newline the only end of a line.
"""

from __future__ import annotations

import re

from govgraph.engine.columnar.notcompiled import NotCompiled

_SET = r"\[\^?(?:[^\[\]\\&-]|\\[\[\]\\.*+?(){}^$|/-]|\\x[0-9a-f]{2}|(?<=[^\[])-)+\]"
_REPEAT = r"(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})"
_TOKEN = re.compile(
    rf"(?P<set>{_SET})|(?P<open>\()(?!\?)|(?P<close>\))|(?P<escape>\\[.*+?()\[\]{{}}^$|\\/-])"
    rf"|(?P<repeat>{_REPEAT}(?![*+?{{]))|(?P<anchor>[\^$])|(?P<plain>[^\\\[\](){{}}*+?^$])"
)
_MODE = re.compile(r"^\(\?(-?)s\)")


def java(pattern: str, whole: bool = False) -> str:
    """The pattern for Java's `find`; `whole` if it has to match the whole text.

    NotCompiled for a construct outside the common part."""
    mode = _MODE.match(pattern)
    rest = pattern[mode.end() :] if mode else pattern
    body = "".join(_tokens(rest))
    flags = "(?ds)" if mode and not mode[1] else "(?d)"
    return flags + (f"\\A(?:{body})\\z" if whole else body)


def ends_text(pattern: str) -> bool:
    """Whether the pattern matches at most once in a text: it is tied to the end, and not empty."""
    return pattern.endswith("+$") and "|" not in pattern


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise NotCompiled("on Spark: regular expression construct")
        # Java's own $ also matches before a last newline
        found.append("\\z" if token[0] == "$" else token[0])
        place = token.end()
    return found
