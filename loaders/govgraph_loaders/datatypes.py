"""Text to RDF lexical forms: the CSVW datatypes with their formats and facets.

Each datatype has a scalar parser (text -> lexical form, or CellError) that defines it, and may
have a fast test: a pattern whose matches are valid and already in lexical form, so that a column
is mostly settled without leaving polars.
Source: https://www.w3.org/TR/tabular-metadata/ §5.11 and tabular-data-model §6.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from govgraph_loaders import edtf, formats, numerals
from govgraph_loaders.facets import DURATIONS, Facet
from govgraph_loaders.numbers import NumberFormat
from govgraph_loaders.problems import CellError

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CSVW = "http://www.w3.org/ns/csvw#"
Parser = Callable[[str], str]

#: integer types -> (lowest, highest) allowed value
INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
FLOATS = {"double", "float", "number"}
NUMBERS = {*INTEGERS, *FLOATS, "decimal"}
#: types whose white space is part of the value (tabular-data-model §6.4, steps 1 and 2)
VERBATIM = {"string", "json", "xml", "html", "anyAtomicType", "any"}
STRINGS = {*VERBATIM, "normalizedString", "token", "language", "Name", "NMTOKEN"}
TIMES = set(formats.ISO)
BINARIES = {"hexBinary", "base64Binary", "binary"}
_TZ = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
#: base -> pattern of its XSD lexical form
PATTERNS = {
    "gYear": rf"-?(?:[1-9][0-9]{{3,}}|0[0-9]{{3}}){_TZ}",
    "gYearMonth": rf"-?(?:[1-9][0-9]{{3,}}|0[0-9]{{3}})-(?:0[1-9]|1[0-2]){_TZ}",
    "gMonth": rf"--(?:0[1-9]|1[0-2]){_TZ}",
    "gDay": rf"---{_DAY}{_TZ}",
    "gMonthDay": rf"--(?:(?:0[13578]|1[02])-{_DAY}|(?:0[469]|11)-(?!31){_DAY}|02-(?!3){_DAY}){_TZ}",
    "duration": rf"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?{_TIME}",
    "dayTimeDuration": rf"-?P(?=.)(?:[0-9]+D)?{_TIME}",
    "yearMonthDuration": r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?",
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    "base64Binary": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "QName": r"(?:[^\W\d][\w.-]*:)?[^\W\d][\w.-]*",
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "Name": r"(?::|[^\W\d])[\w.:-]*",
    "NMTOKEN": r"[\w.:-]+",
    "anyURI": r"[^\x00-\x20<>\"{}|\\^`]*",
}
PATTERNS["binary"] = PATTERNS["base64Binary"]
_IRIS = {
    "any": XSD + "anyAtomicType",
    "number": XSD + "double",
    "binary": XSD + "base64Binary",
    "datetime": XSD + "dateTime",
    "json": CSVW + "JSON",
    "xml": RDF + "XMLLiteral",
    "html": RDF + "HTML",
}
KNOWN = NUMBERS | STRINGS | TIMES | set(PATTERNS) | {"boolean"}
_WORDS = re.compile(r"[^\\^$.*+?()\[\]{}]+")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(_DECIMAL.pattern + r"(?:[eE][+-]?[0-9]+)?|-?INF|NaN")
_SPECIAL = {"INF", "-INF", "NaN"}
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}
#: base -> pattern of values that are valid as they stand
_FAST = {
    "integer": r"^-?[0-9]{1,18}$",
    "decimal": r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$",
    "gYear": r"^[0-9]{4}$",
}
#: Of numbers with Chinese scale words, those that have none, as the parser would write them.
_FAST_NUMERAL = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$"


@dataclass(frozen=True)
class Datatype:
    """A CSVW datatype description, ready to parse cells. `format` belongs to texts, booleans,
    dates and times, `number` to numbers."""

    base: str = "string"
    iri: str = XSD + "string"
    format: str | None = None
    number: NumberFormat | None = None
    zh_numerals: bool = False
    facets: tuple[Facet, ...] = ()

    @property
    def is_edtf(self) -> bool:
        return self.iri.startswith("http://id.loc.gov/datatypes/edtf/")

    @cached_property
    def allowed(self) -> tuple[str, ...]:
        """The values of an enumeration: a string format that only lists words."""
        if self.base not in STRINGS or not self.format or "|" not in self.format:
            return ()
        return tuple(self.format.split("|")) if _WORDS.fullmatch(self.format) else ()

    @cached_property
    def dated(self) -> bool:
        """Whether the format is a pattern of date fields. The g types may have either kind."""
        if self.base in TIMES:
            return True
        return is_date_format(self.base, self.format) if self.format else False

    def parse(self, text: str) -> str:
        """The lexical form of a cell's text. CellError if the text is not of this type."""
        lexical = self._base_parser(text)
        for facet in self.facets:
            facet.check(self.base, lexical)
        return lexical

    @cached_property
    def _base_parser(self) -> Parser:
        if self.is_edtf:
            return _parse_edtf
        if self.zh_numerals or self.base in NUMBERS:
            return self._parse_number
        if self.base == "boolean":
            return self._parse_boolean
        return self._parse_time if self.dated else self._parse_text

    def fast(self, values: pl.Series) -> pl.Series | None:
        """Where the text is surely valid as it stands (boolean, null for null), or None."""
        if self.facets or self.is_edtf or self.number:
            return None
        if self.zh_numerals:
            return values.str.contains(_FAST_NUMERAL) if self.base == "decimal" else None
        if self.base in VERBATIM:
            return self._fast_text(values)
        if self.format:
            return None
        if self.base == "date":
            valid = values.str.to_date("%Y-%m-%d", strict=False).is_not_null()
            return values.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$") & valid
        return values.str.contains(_FAST[self.base]) if self.base in _FAST else None

    def _fast_text(self, values: pl.Series) -> pl.Series | None:
        if not self.format:
            return values.is_not_null()
        try:
            return values.str.contains(f"^(?:{self.format})$")
        except pl.exceptions.ComputeError:
            return None  # a pattern the linear-time engine lacks: the scalar parser has it

    def _parse_text(self, text: str) -> str:
        if self.format and not re.fullmatch(self.format, text):
            raise self._format_error()
        pattern = PATTERNS.get(self.base)
        if pattern and not re.fullmatch(pattern, text):
            code = "invalid-uri" if self.base == "anyURI" else "invalid-value"
            raise CellError(code, datatype=self.base)
        return text

    def _format_error(self) -> CellError:
        if not self.allowed:
            return CellError("format-mismatch", format=self.format)
        words = {"allowed": ", ".join(self.allowed), "allowed_zh": "、".join(self.allowed)}
        return CellError("not-allowed-value", near=self.allowed, **words)

    def _parse_number(self, text: str) -> str:
        try:
            plain = self._plain_number(text)
        except ValueError:
            raise CellError("invalid-number", datatype=self._expected) from None
        if self.base in INTEGERS:
            return self._check_integer(plain)
        pattern = _DOUBLE if self.base in FLOATS else _DECIMAL
        if not pattern.fullmatch(plain):
            raise CellError("invalid-number", datatype=self._expected)
        return plain

    def _plain_number(self, text: str) -> str:
        if self.zh_numerals:
            return numerals.parse(text)
        if self.number is None or (text in _SPECIAL and self.base in FLOATS):
            return text
        return self.number.parse(text)

    def _check_integer(self, plain: str) -> str:
        if not _INTEGER.fullmatch(plain):
            raise CellError("invalid-number", datatype=self._expected)
        low, high = INTEGERS[self.base]
        value = Decimal(plain)
        if (low is not None and value < low) or (high is not None and value > high):
            raise CellError("out-of-range", constraint=self.base)
        return plain

    def _parse_boolean(self, text: str) -> str:
        yes, _, no = (self.format or "").partition("|")
        words = {yes: "true", no: "false"} if self.format else _BOOLEANS
        if text not in words:
            raise CellError("invalid-boolean", expected=self.format or "true|false|1|0")
        return words[text]

    def _parse_time(self, text: str) -> str:
        patterns = (self.format,) if self.format else formats.ISO[self.base]
        try:
            return formats.parse_date(self.base, text, patterns)
        except ValueError:
            expected = patterns[0].replace(".SSSSSSSSS", "")
            raise CellError("invalid-date", expected=expected) from None

    @property
    def _expected(self) -> str:
        pattern = "万/亿" if self.zh_numerals else self.number.pattern if self.number else None
        return f"{self.base}, {pattern}" if pattern else self.base


def base_iri(base: str) -> str:
    """The datatype IRI of a CSVW base type."""
    return _IRIS.get(base, XSD + base)


def is_date_format(base: str, pattern: str) -> bool:
    """Whether a format of a g type is a date pattern; a regular expression is allowed too."""
    if not base.startswith("g"):
        return False
    try:
        formats.check_date_pattern(base, pattern)
    except ValueError:
        return False
    return True


def has_length(base: str) -> bool:
    """Whether length facets belong to a base type."""
    return base in STRINGS or base in BINARIES or base in ("anyURI", "QName")


def has_order(base: str) -> bool:
    """Whether value facets belong to a base type."""
    return base in NUMBERS or base in TIMES or base in DURATIONS or base.startswith("g")


def _parse_edtf(text: str) -> str:
    try:
        edtf.bounds(text)
    except ValueError:
        raise CellError("invalid-edtf") from None
    return text
