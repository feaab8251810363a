"""A look at a query's text before the engine sees it, in linear time.

Oxigraph's parser and planner have no limits of their own: some thousand nested braces overflow
the stack and end the process, a 256-pattern star keeps the planner busy for good. The limits are
those below which no such case was measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from govgraph.errors import GovgraphError

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<text>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[A-Za-z_][\w.-]*(?::[^\s{}()\[\];,]*)?)
      | (?P<open>[{(\[])
      | (?P<close>[})\]])
      | (?P<dot>[.;,])
      | (?P<chain>!|\|\||&&|[-+*/|^])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Limits:
    """The most of each construct that a query may have."""

    length: int = 200_000
    depth: int = 64
    groups: int = 200
    patterns: int = 80
    chained: int = 300


def guard(query: str, limits: Limits = Limits()) -> None:
    """Raise GovgraphError(query-refused) for a query that could harm the engine."""
    if len(query) > limits.length:
        raise _refused("length", limits.length)
    depth = groups = chained = patterns = 0
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "open":
            depth, groups, patterns = depth + 1, groups + (match[0] == "{"), 0
        elif kind == "close":
            depth, patterns = depth - 1, 0
        elif kind == "dot":
            patterns += 1
        elif kind == "chain":
            chained += 1
        elif kind == "word" and match[0].upper() in ("SERVICE", "LOAD"):
            why_zh, why = f"不允许 {match[0].upper()}", f"{match[0].upper()} is not allowed"
            raise GovgraphError("query-refused", why=why, why_zh=why_zh)
        for name, value in (
            ("depth", depth),
            ("groups", groups),
            ("chained", chained),
            ("patterns", patterns),
        ):
            if value > getattr(limits, name):
                raise _refused(name, getattr(limits, name))


_NAMES = {
    "length": ("characters", "字符数"),
    "depth": ("levels of nesting", "嵌套层数"),
    "groups": ("groups", "组数"),
    "patterns": ("patterns in a group", "一组中的模式数"),
    "chained": ("chained operators", "连用的运算符"),
}


def _refused(name: str, limit: int) -> GovgraphError:
    en, zh = _NAMES[name]
    return GovgraphError("query-refused", why=f"more than {limit} {en}", why_zh=f"{zh}超过 {limit}")
