"""Algebra and SQL for people to read: indented, a part a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import Query, Var
from govgraph.vocabulary import PREFIXES

INDENT = "  "
#: Shorter values stay on one line.
_WIDTH = 88
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STRING = r"'(?:[^']|'')*'"
_CLAUSE = (
    r"\b(?:WITH RECURSIVE|WITH|SELECT DISTINCT|SELECT|FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET"
    r"|UNION ALL|UNION|CROSS JOIN|LEFT JOIN|JOIN)\b"
)
_PARTS = re.compile(rf"{_STRING}|[()]|{_CLAUSE}|[^'()]")


def algebra_text(query: Query) -> str:
    """A query's algebra: an operator a line, what it works on below it."""
    return "\n".join(_lines(query, ""))


def _lines(value: object, label: str) -> Iterator[str]:
    whole = label + _flat(value)
    if len(whole) <= _WIDTH or not _parts(value):
        yield whole
        return
    yield label + (type(value).__name__ if is_dataclass(value) else "")
    for name, part in _parts(value):
        for line in _lines(part, f"{name}: " if name else ""):
            yield INDENT + line


def _parts(value: object) -> list[tuple[str, object]]:
    if isinstance(value, Var):
        return []
    if is_dataclass(value):
        named = [(f.name, getattr(value, f.name)) for f in fields(value)]
        return [(name, part) for name, part in named if part not in (None, ())]
    return [("", part) for part in value] if isinstance(value, tuple) else []


def _flat(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Var):
        return value.name if value.hidden else f"?{value.name}"
    if isinstance(value, NamedNode):
        return _short(value.value)
    if isinstance(value, Literal):
        return str(value)
    if is_dataclass(value):
        inner = ", ".join(_flat(part) for _, part in _parts(value))
        return f"{type(value).__name__}({inner})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_flat, value))}]"
    return str(value)


def _short(iri: str) -> str:
    """An IRI by one of the usual prefixes, if it has one and the rest is a plain name."""
    for prefix, namespace in PREFIXES.items():
        name = iri.removeprefix(namespace)
        if name != iri and _NAME.fullmatch(name):
            return f"{prefix}:{name}"
    return f"<{iri}>"


def sql_text(sql: str) -> str:
    """SQL with a clause a line, sub-selects indented. The same tokens, with other white space."""
    lines, depths = [""], [0]
    opened: list[bool] = []
    parts = _PARTS.findall(sql)
    for position, part in enumerate(parts):
        if part == "(":
            nested = "".join(parts[position + 1 : position + 3]).startswith(("SELECT", "WITH"))
            opened.append(nested)
            lines[-1] += part
            depths += [depths[-1] + 1] if nested else []
            lines += [""] if nested else []
        elif part == ")":
            if opened and opened.pop():
                depths.append(depths[-1] - 1)
                lines.append("")
            lines[-1] += part
        elif re.fullmatch(_CLAUSE, part) and lines[-1].strip() and (not opened or opened[-1]):
            depths.append(depths[-1])
            lines.append(part)
        else:
            lines[-1] += part
    shown = zip(lines, depths, strict=True)
    return "\n".join(INDENT * depth + line.strip() for line, depth in shown if line.strip())
