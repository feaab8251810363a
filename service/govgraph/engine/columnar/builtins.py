"""The built-in functions of SPARQL 1.1 (grammar rules 121 and 127)."""

from __future__ import annotations

_ANY = 1 << 30
_BY_ARITY: dict[tuple[int, int], str] = {
    (0, 0): "NOW RAND STRUUID UUID",
    (0, 1): "BNODE",
    (0, _ANY): "COALESCE CONCAT",
    (1, 1): (
        "ABS BOUND CEIL DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IRI ISBLANK ISIRI ISLITERAL "
        "ISNUMERIC ISURI LANG LCASE MD5 MINUTES MONTH ROUND SECONDS SHA1 SHA256 SHA384 SHA512 "
        "STR STRLEN TIMEZONE TZ UCASE URI YEAR"
    ),
    (2, 2): ("CONTAINS LANGMATCHES SAMETERM STRAFTER STRBEFORE STRDT STRENDS STRLANG STRSTARTS"),
    (2, 3): "REGEX SUBSTR",
    (3, 3): "IF",
    (3, 4): "REPLACE",
}
#: name -> the least and the most arguments
ARITY = {name: arity for arity, names in _BY_ARITY.items() for name in names.split()}
#: Two names of one function; the algebra has the second.
SYNONYMS = {"URI": "IRI", "ISURI": "ISIRI"}
AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
#: Functions that came after SPARQL 1.1.
LATER = {
    "ADJUST", "HASLANG", "HASLANGDIR", "ISTRIPLE", "LANGDIR", "OBJECT", "PREDICATE", "STRLANGDIR",
    "SUBJECT", "TRIPLE",
}  # fmt: skip
