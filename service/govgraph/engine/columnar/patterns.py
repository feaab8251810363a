"""XPath regular expressions as RE2: what the two read differently is not compiled."""

from __future__ import annotations

import re

from govgraph.engine.columnar.facets import Value
from govgraph.engine.columnar.notcompiled import NotCompiled

#: \w and \b differ in what a letter is, \i and \c are XML names, \1 refers back, (? is RE2's own.
_FOREIGN = re.compile(r"\\[wWbBiIcCAzZQEGKXR1-9]|\(\?|\[[^]]*-\[|\[\[:|\\p\{Is|&&|~~|\{,")
_ESCAPE = re.compile(r"\\.|\[|\]")


def constant(value: Value | None) -> str:
    """The text of an argument that has to be a plain string."""
    if value is None:
        return ""
    literal = value.constant
    if literal is None or literal.language or literal.datatype.value.rpartition("#")[2] != "string":
        raise NotCompiled("regular expression that is no constant string")
    return literal.value


def pattern(expression: Value, flags: Value | None) -> str:
    """The RE2 pattern of an XPath pattern and its flags."""
    text, letters = constant(expression), set(constant(flags))
    if letters - set("ismxq"):
        raise NotCompiled("regular expression flag")
    if "q" in letters:
        return ("(?i)" if "i" in letters else "") + _literal(text)
    if _FOREIGN.search(text):
        raise NotCompiled("regular expression construct")
    if "x" in letters:
        if "[" in text or "\\" in text:
            raise NotCompiled("regular expression flag x")
        text = re.sub(r"[\t\n\r ]", "", text)
    mode = "(?s)" if "s" in letters else "(?-s)"
    return mode + "".join(f"(?{c})" for c in "im" if c in letters) + _translated(text)


def _literal(text: str) -> str:
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def _translated(text: str) -> str:
    """Digits and spaces as XPath has them: all decimal digits, the four XML spaces."""
    inside = False

    def one(match: re.Match[str]) -> str:
        nonlocal inside
        found = match[0]
        if found in "[]":
            inside = found == "["
        spaces = r"\t\n\r "
        if found == r"\S" and inside:
            raise NotCompiled("regular expression class")
        return {
            r"\d": r"\p{Nd}",
            r"\D": r"\P{Nd}",
            r"\s": spaces if inside else f"[{spaces}]",
            r"\S": f"[^{spaces}]",
        }.get(found, found)

    return _ESCAPE.sub(one, text)


def replacement(value: Value, flags: Value | None) -> str:
    """The RE2 replacement of an XPath replacement: $1 is \\1."""
    text = constant(value)
    if "q" in constant(flags):
        return text.replace("\\", "\\\\")
    if re.search(
        r"\\(?![\\$])|\$(?![0-9])|\$[0-9]{2}", text.replace("\\\\", "").replace("\\$", "")
    ):
        raise NotCompiled("replacement string")
    parts = {"\\\\": "\\\\", "\\$": "$"}
    return re.sub(r"\\\\|\\\$|\$[0-9]", lambda m: parts.get(m[0]) or "\\" + m[0][1:], text)


def matches_empty(regex: str) -> bool:
    """Whether an RE2 pattern matches the empty string, which REPLACE takes for an error."""
    text = regex.replace("(?-s)", "").replace(r"\p{Nd}", r"\d").replace(r"\P{Nd}", r"\D")
    try:
        return re.search(text, "") is not None
    except re.error:
        raise NotCompiled("regular expression") from None
