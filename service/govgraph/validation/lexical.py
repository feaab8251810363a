"""Whether a literal's text is in the lexical space of its datatype, by XSD 1.1.

Most texts are told by a pattern that SPARQL can test, so that only doubtful values are fetched.
"""

from __future__ import annotations

import re

from pyoxigraph import Literal

from govgraph.engine.columnar.ids import XSD, Tag
from govgraph.engine.columnar.values import TYPED, classify

_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_CLOCK = r"T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?"
_PATTERNS = {
    "boolean": "true|false|1|0",
    "gYear": _YEAR + _ZONE,
    "gYearMonth": rf"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}",
    "gMonth": rf"--(0[1-9]|1[0-2]){_ZONE}",
    "gDay": rf"---(0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "gMonthDay": (
        rf"--((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
        rf"|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9])){_ZONE}"
    ),
    "time": _TIME + _ZONE,
    "duration": rf"-?P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+D)?({_CLOCK})?",
    "dayTimeDuration": rf"-?P(?=[0-9T])([0-9]+D)?({_CLOCK})?",
    "yearMonthDuration": r"-?P(?=[0-9])([0-9]+Y)?([0-9]+M)?",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
}
_COMPILED = {XSD + name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
#: Texts that are surely well-formed, where that is a small part of the rules.
_SURE = {
    "boolean": "true|false",
    "integer": "-?[0-9]+",
    "decimal": r"-?[0-9]+(\\.[0-9]+)?",
    "date": "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    "dateTime": "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z?",
    "double": r"-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?",
    "gYear": "[1-9][0-9]{3}",
}


def is_checked(datatype: str) -> bool:
    """Whether the datatype has a lexical space that texts can be outside of."""
    return datatype in TYPED or datatype in _COMPILED


def sure(datatype: str) -> str | None:
    """A regular expression, as it stands in a SPARQL string, of texts that are well-formed.

    None where such a pattern is not worth while: all values are doubtful then.
    """
    found = _SURE.get(datatype.removeprefix(XSD))
    return f"^({found})$" if found else None


def is_well_formed(literal: Literal) -> bool:
    """Whether the literal has a value; true for datatypes that are not checked."""
    text, datatype = literal.value, literal.datatype.value
    if datatype in TYPED:
        return classify(text, datatype).tag != Tag.OTHER
    pattern = _COMPILED.get(datatype)
    return pattern is None or pattern.fullmatch(text) is not None
