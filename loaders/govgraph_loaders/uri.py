"""URI templates (RFC 6570) over columns: expanded a batch at a time, percent-encoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import polars as pl

_EXPRESSION = re.compile(r"\{([+#./;?&]?)([^{}]*)\}")
_VARIABLE = re.compile(r"([A-Za-z0-9_.%]+)(?::(\d{1,4})|(\*))?")
_RESERVED = ":/?#[]@!$&'()*+,;="
_TRIPLET = re.compile(r"%[0-9A-Fa-f]{2}")
_SAFE = r"^[A-Za-z0-9._~-]*$"
_SAFE_RESERVED = r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]*$"
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
#: operator -> (first, separator, named, if empty, reserved characters allowed): RFC 6570 appendix A
_OPERATORS = {
    "": ("", ",", False, "", False),
    "+": ("", ",", False, "", True),
    "#": ("#", ",", False, "", True),
    ".": (".", ".", False, "", False),
    "/": ("/", "/", False, "", False),
    ";": (";", ";", True, "", False),
    "?": ("?", "&", True, "=", False),
    "&": ("&", "&", True, "=", False),
}


def encode(text: str, reserved: bool = False) -> str:
    """Percent-encode a value; with `reserved`, keep reserved characters and triplets.

    >>> encode("西园/1")
    '%E8%A5%BF%E5%9B%AD%2F1'
    """
    if not reserved:
        return quote(text, safe="~")
    pieces, last = [], 0
    for match in _TRIPLET.finditer(text):
        pieces += [quote(text[last : match.start()], safe=_RESERVED + "~"), match[0]]
        last = match.end()
    return "".join([*pieces, quote(text[last:], safe=_RESERVED + "~")])


@dataclass(frozen=True)
class Variable:
    name: str
    prefix: int | None = None

    def value(self, text: str) -> str:
        return text[: self.prefix] if self.prefix else text


@dataclass(frozen=True)
class Expression:
    operator: str
    variables: tuple[Variable, ...]

    @property
    def simple(self) -> bool:
        return (
            self.operator in ("", "+")
            and len(self.variables) == 1
            and self.variables[0].prefix is None
        )

    def expand(self, values: Mapping[str, str | None]) -> str:
        first, separator, named, if_empty, reserved = _OPERATORS[self.operator]
        parts = []
        for variable in self.variables:
            text = values.get(variable.name)
            if text is None:
                continue
            encoded = encode(variable.value(text), reserved)
            label = f"{variable.name}={encoded}" if encoded else variable.name + if_empty
            parts.append(label if named else encoded)
        return first + separator.join(parts) if parts else ""


class Template:
    """A parsed URI template. ValueError if it is malformed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str | Expression] = []
        last = 0
        for match in _EXPRESSION.finditer(text):
            self._literal(text[last : match.start()])
            self.parts.append(Expression(match[1], _variables(match[2])))
            last = match.end()
        self._literal(text[last:])

    def _literal(self, text: str) -> None:
        if "{" in text or "}" in text:
            raise ValueError(f"unbalanced brace in URI template {self.text!r}")
        if text:
            self.parts.append(encode(text, reserved=True))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The variables, in order, each once."""
        found = [v.name for e in self.parts if isinstance(e, Expression) for v in e.variables]
        return tuple(dict.fromkeys(found))

    @cached_property
    def constant(self) -> str | None:
        """The expansion, if the template has no variable."""
        return None if self.names else "".join(str(part) for part in self.parts)

    def expand(self, values: Mapping[str, str | None]) -> str:
        """The expansion for one row."""
        return "".join(p if isinstance(p, str) else p.expand(values) for p in self.parts)

    def expand_column(
        self, column: Callable[[str], pl.Series], length: int, base: str
    ) -> pl.Series:
        """Absolute IRIs for a batch: null where every variable is null, resolved on `base`."""
        if self.constant is not None:
            return pl.Series([resolve(self.constant, base)]).new_from_index(0, length)
        names = {name: column(name) for name in self.names}
        columns = []
        for part in self.parts:
            if isinstance(part, str):
                columns.append(pl.lit(part))
            elif part.simple:
                name = part.variables[0].name
                columns.append(pl.lit(encode_column(names[name], part.operator == "+")))
            else:
                columns.append(pl.lit(_expand_expression(part, names)))
        text = pl.select(pl.concat_str(columns, ignore_nulls=True)).to_series()
        if len(text) != length:  # every part was a literal of length one
            text = text.new_from_index(0, length)
        known = pl.select(pl.any_horizontal([pl.lit(s).is_not_null() for s in names.values()]))
        text = pl.select(pl.when(known.to_series()).then(text)).to_series()
        return self._absolute(text, base)

    def _absolute(self, text: pl.Series, base: str) -> pl.Series:
        first = self.parts[0]
        if isinstance(first, str) and _SCHEME.match(first):
            return text
        if isinstance(first, str) and first.startswith("#"):
            return pl.select(pl.lit(base) + text).to_series()
        return map_unique(text, lambda value: resolve(value, base))


def _variables(text: str) -> tuple[Variable, ...]:
    variables = []
    for item in text.split(","):
        match = _VARIABLE.fullmatch(item.strip())
        if match is None:
            raise ValueError(f"bad variable {item!r} in URI template")
        variables.append(Variable(match[1], int(match[2]) if match[2] else None))
    return tuple(variables)


def _expand_expression(part: Expression, names: Mapping[str, pl.Series]) -> pl.Series:
    used = [variable.name for variable in part.variables]
    rows = zip(*(names[name].to_list() for name in used), strict=True)
    expanded = [part.expand(dict(zip(used, row, strict=True))) for row in rows]
    return pl.Series(expanded, dtype=pl.String)


def resolve(iri: str, base: str) -> str:
    """Resolve a reference against an absolute base IRI (RFC 3986 §5.2, the parts in use)."""
    if _SCHEME.match(iri):
        return iri
    base = base.partition("#")[0]
    if iri == "" or iri.startswith("#"):
        return base + iri
    if iri.startswith("/"):
        scheme, _, rest = base.partition("://")
        return f"{scheme}:{iri}" if iri[1:2] == "/" else f"{scheme}://{rest.split('/')[0]}{iri}"
    folder = base.rpartition("/")[0]
    while iri.startswith(("./", "../")):
        if iri.startswith("../"):
            folder = folder.rpartition("/")[0]
        iri = iri.partition("/")[2]
    return f"{folder}/{iri}"


def encode_column(values: pl.Series, reserved: bool) -> pl.Series:
    """`encode` over a column; values that need no encoding are left as they are."""
    safe = values.str.contains(_SAFE_RESERVED if reserved else _SAFE)
    if safe.all():
        return values
    return map_unique(values, lambda text: encode(text, reserved))


def map_unique(values: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """Apply a function of one string to a column, once for each distinct value."""
    distinct = values.drop_nulls().unique()
    mapped = pl.DataFrame(
        {"key": distinct, "value": pl.Series([function(v) for v in distinct], dtype=pl.String)}
    )
    found = values.to_frame("key").join(mapped, on="key", how="left", maintain_order="left")
    return found["value"]
