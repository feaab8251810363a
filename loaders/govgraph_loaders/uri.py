"""URI templates (RFC 6570) over columns: expanded a batch at a time, percent-encoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urljoin

import polars as pl

_EXPRESSION = re.compile(r"\{([+#./;?&]?)([^{}]*)\}")
_VARIABLE = re.compile(r"([\w.%]+)(?::(\d{1,4})|(\*))?")
#: RFC 3986 reserved characters but for brackets, which only an IP address may have.
_RESERVED = ":/?#@!$&'()*+,;="
_TRIPLET = re.compile(r"%[0-9A-Fa-f]{2}")
_SAFE = r"^[A-Za-z0-9._~-]*$"
_SAFE_RESERVED = r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=-]*$"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = r"(?:[^/?#@:\[\]]*|\[[0-9A-Fa-f:.]+\])"
_IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://(?:[^/?#@\[\]]*@)?{_HOST}(?::[0-9]*)?(?:[/?][^#\[\]]*)?|(?!//)[^#\[\]]*)"
    r"(?:#[^#\[\]]*)?"
)
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f]|%(?![0-9A-Fa-f]{2})")
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


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that N-Quads can hold (RFC 3987)."""
    return bool(_IRI.fullmatch(text)) and not _NOT_IN_IRI.search(text)


def resolve(iri: str, base: str) -> str:
    """Resolve a reference against an absolute base IRI (RFC 3986 §5.2).

    A text that cannot be resolved comes back as it is, for `is_iri` to judge.
    """
    try:
        return iri if _SCHEME.match(iri) else urljoin(base, iri)
    except ValueError:
        return iri


#: IRIs of a batch as their common start and the rest of each; no rest where all are the same.
Expanded = tuple[str, pl.Series | None]


@dataclass(frozen=True)
class Variable:
    """A variable of an expression; `prefix` is its greatest number of characters."""

    name: str
    prefix: int | None = None

    def value(self, text: str) -> str:
        return text[: self.prefix] if self.prefix else text


@dataclass(frozen=True)
class Expression:
    """`{…}` in a template."""

    operator: str
    variables: tuple[Variable, ...]

    @property
    def reserved(self) -> bool:
        return _OPERATORS[self.operator][4]

    @property
    def simple(self) -> bool:
        """Whether the expansion is just the encoded value."""
        alone = len(self.variables) == 1 and self.variables[0].prefix is None
        return alone and self.operator in ("", "+")

    def expand(self, values: Mapping[str, str | list[str] | None]) -> str:
        first, separator, named, if_empty, reserved = _OPERATORS[self.operator]
        parts = []
        for variable in self.variables:
            value = values.get(variable.name)
            if value is None:
                continue
            items = [value] if isinstance(value, str) else value
            encoded = ",".join(encode(variable.value(item), reserved) for item in items)
            label = f"{variable.name}={encoded}" if encoded else variable.name + if_empty
            parts.append(label if named else encoded)
        return first + separator.join(parts) if parts else ""


class Template:
    """A parsed URI template. ValueError if it is malformed.

    `known` are variables whose values hold for every row, such as the column's name.
    """

    def __init__(self, text: str, known: Mapping[str, str] | None = None) -> None:
        self.parts: list[str | Expression] = []
        self.text = ""
        last = 0
        for match in _EXPRESSION.finditer(text):
            self._literal(text[last : match.start()])
            expression = Expression(match[1], _variables(match[2]))
            if known and all(variable.name in known for variable in expression.variables):
                self._literal(expression.expand(known))
            else:
                self.parts.append(expression)
                self.text += match[0]
            last = match.end()
        self._literal(text[last:])
        self._check()

    def _literal(self, text: str) -> None:
        if "{" in text or "}" in text:
            raise ValueError(f"unbalanced brace in the URI template {text!r}")
        self.text += text
        if text:
            self.parts.append(encode(text, reserved=True))

    def _check(self) -> None:
        sample = self.expand(dict.fromkeys(self.names, "1"))
        if not is_iri(resolve(sample, "http://example.org/")):
            raise ValueError(f"the URI template {self.text!r} gives no valid URI")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The variables, in order, each once."""
        found = [v.name for e in self.parts if isinstance(e, Expression) for v in e.variables]
        return tuple(dict.fromkeys(found))

    @cached_property
    def constant(self) -> str | None:
        """The expansion, if the template has no variable."""
        return None if self.names else "".join(str(part) for part in self.parts)

    @cached_property
    def risky(self) -> bool:
        """Whether a value can decide if the expansion is a valid IRI."""
        first = self.parts[0] if self.parts else ""
        free = any(isinstance(part, Expression) and part.reserved for part in self.parts)
        return free or not (isinstance(first, str) and re.match(r"\w+://[^/]+/|#", first))

    def expand(self, values: Mapping[str, str | list[str] | None]) -> str:
        """The expansion for one row."""
        return "".join(p if isinstance(p, str) else p.expand(values) for p in self.parts)

    def expand_column(
        self, column: Callable[[str], pl.Series], base: str, *, whole: bool = True
    ) -> Expanded:
        """IRIs for a batch, resolved on `base`: null where a variable is null, if `whole`."""
        if self.constant is not None:
            return resolve(self.constant, base), None
        names = {name: column(name) for name in self.names}
        start, parts = self._started(base)
        rest = self._expand_parts(parts, names)
        if whole and len(parts) > 1:
            known = [pl.lit(values).is_not_null() for values in names.values()]
            rest = pl.select(pl.when(pl.all_horizontal(known)).then(pl.lit(rest))).to_series()
        elif not whole:
            rest = rest.fill_null("")
        return start, rest if start else map_unique(rest, lambda text: resolve(text, base))

    def _started(self, base: str) -> tuple[str, list[str | Expression]]:
        """The absolute IRI that every expansion starts with, if that is sure, and what follows."""
        first = self.parts[0]
        if isinstance(first, str) and _SCHEME.match(first):
            return first, self.parts[1:]
        if isinstance(first, str) and first.startswith("#"):
            return base + first, self.parts[1:]
        return "", self.parts

    def _expand_parts(
        self, parts: list[str | Expression], names: Mapping[str, pl.Series]
    ) -> pl.Series:
        expanded = [self._expand_part(part, names) for part in parts]
        if len(expanded) == 1 and isinstance(expanded[0], pl.Series):
            return expanded[0]
        texts = pl.concat_str([pl.lit(part) for part in expanded], ignore_nulls=True)
        return pl.select(texts).to_series()

    def _expand_part(
        self, part: str | Expression, names: Mapping[str, pl.Series]
    ) -> str | pl.Series:
        if isinstance(part, str):
            return part
        if part.simple:
            return encode_column(names[part.variables[0].name], part.reserved)
        return _expand_expression(part, names)


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


def encode_column(values: pl.Series, reserved: bool) -> pl.Series:
    """`encode` over a column; values that need no encoding are left as they are. Of lists each
    item is encoded, with commas between them (RFC 6570 §2.4.2)."""
    if values.dtype == pl.List(pl.String):
        return _encode_lists(values, reserved)
    safe = values.str.contains(_SAFE_RESERVED if reserved else _SAFE)
    if safe.all():
        return values
    return map_unique(values, lambda text: encode(text, reserved))


def _encode_lists(values: pl.Series, reserved: bool) -> pl.Series:
    items = pl.DataFrame({"row": pl.int_range(len(values), eager=True), "item": values})
    items = items.explode("item")
    items = items.with_columns(encode_column(items["item"], reserved).alias("item"))
    joined = items.group_by("row", maintain_order=True).agg(pl.col("item").str.join(","))
    return joined["item"]


def map_unique(values: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """Apply a function of one string to a column, once for each distinct value."""
    if values.null_count() == len(values):
        return values
    distinct = values.drop_nulls().unique()
    mapped = pl.DataFrame(
        {"key": distinct, "value": pl.Series([function(v) for v in distinct], dtype=pl.String)}
    )
    found = values.to_frame("key").join(mapped, on="key", how="left", maintain_order="left")
    return found["value"]
