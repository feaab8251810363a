"""Ids of terms: a tag in SPARQL's order of terms, then a value or a rank in the dictionary.

`id = tag << 56 | payload`. The five inline tags hold the value itself, and only when it prints back
to the same lexical form; the others hold a rank (1, 2, …) in the table `term`, where each tag is
sorted by (lex, dt, lang). The rule for each inline tag stands here
twice, in Python and as SQL for bulk work.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import IntEnum

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LANG_STRING = RDF + "langString"

PAYLOAD_BITS = 56
PAYLOAD_MASK = (1 << PAYLOAD_BITS) - 1
#: Added to signed inline values; in a dictionary tag, where the constants of one query begin.
OFFSET = 1 << 55
MANTISSA_BITS = 52
MANTISSA_OFFSET = 1 << 51
#: Inline numbers have at most 15 digits, and decimals at most 12 after the point: all of them are
#: exact as DECIMAL(38,12).
MAX_DIGITS = 15
MAX_SCALE = 12


class Tag(IntEnum):
    """What kind of term an id stands for, in the order that SPARQL's ORDER BY gives the kinds."""

    BLANK = 1
    IRI = 2
    STRING = 3
    LANG_STRING = 4
    BOOLEAN = 5
    INTEGER = 6
    OTHER_INTEGER = 7
    DECIMAL = 8
    OTHER_DECIMAL = 9
    FLOATING = 10
    DATE = 11
    OTHER_DATE = 12
    DATE_TIME = 13
    OTHER_DATE_TIME = 14
    OTHER = 15


INLINE = frozenset({Tag.BOOLEAN, Tag.INTEGER, Tag.DECIMAL, Tag.DATE, Tag.DATE_TIME})
DATATYPES = {
    Tag.BOOLEAN: XSD + "boolean",
    Tag.INTEGER: XSD + "integer",
    Tag.DECIMAL: XSD + "decimal",
    Tag.DATE: XSD + "date",
    Tag.DATE_TIME: XSD + "dateTime",
}
_TAGS = {datatype: tag for tag, datatype in DATATYPES.items()}

_BOOLEANS = ("false", "true", "0", "1")
_INTEGER = "0|-?[1-9][0-9]{0,14}"
_DECIMAL = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?"
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DATE = _YEAR + "-[0-9]{2}-[0-9]{2}"
_DATE_TIME = _DATE + "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY = 86_400


def tag_of(ident: int) -> Tag:
    return Tag(ident >> PAYLOAD_BITS)


def make(tag: Tag, payload: int) -> int:
    return tag << PAYLOAD_BITS | payload


def is_local(ident: int) -> bool:
    """Whether an id stands for a constant of one query that the data does not have."""
    return tag_of(ident) not in INLINE and ident & PAYLOAD_MASK >= OFFSET


# -- in Python -----------------------------------------------------------------------------------


def inline_id(lex: str, datatype: str) -> int | None:
    """The id of a literal whose value fits into it; None for every other literal."""
    tag = _TAGS.get(datatype)
    if tag is None:
        return None
    payload = _ENCODERS[tag](lex)
    return None if payload is None else make(tag, payload)


def inlined(ident: int) -> tuple[str, str]:
    """(lexical form, datatype) of an inline id."""
    tag = tag_of(ident)
    return _DECODERS[tag](ident & PAYLOAD_MASK), DATATYPES[tag]


def _encode_boolean(lex: str) -> int | None:
    return _BOOLEANS.index(lex) if lex in _BOOLEANS else None


def _encode_integer(lex: str) -> int | None:
    return int(lex) + OFFSET if re.fullmatch(_INTEGER, lex) else None


def _encode_decimal(lex: str) -> int | None:
    if not re.fullmatch(_DECIMAL, lex):
        return None
    whole, _, fraction = lex.partition(".")
    mantissa = int(whole + fraction)
    negative = lex.startswith("-")
    if len(whole + fraction) - negative > MAX_DIGITS or (negative and mantissa == 0):
        return None
    return len(fraction) << MANTISSA_BITS | mantissa + MANTISSA_OFFSET


def _encode_date(lex: str) -> int | None:
    if not re.fullmatch(_DATE, lex):
        return None
    try:
        return date.fromisoformat(lex).toordinal() - _EPOCH_DAY + OFFSET
    except ValueError:
        return None


def _encode_date_time(lex: str) -> int | None:
    if not re.fullmatch(_DATE_TIME, lex):
        return None
    try:
        moment = datetime.fromisoformat(lex)
    except ValueError:
        return None
    days = moment.toordinal() - _EPOCH_DAY
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return days * _DAY + seconds + OFFSET


def _decode_decimal(payload: int) -> str:
    scale = payload >> MANTISSA_BITS
    mantissa = (payload & (1 << MANTISSA_BITS) - 1) - MANTISSA_OFFSET
    digits = str(abs(mantissa)).rjust(scale + 1, "0")
    sign = "-" if mantissa < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else sign + digits


def _decode_date_time(payload: int) -> str:
    days, seconds = divmod(payload - OFFSET, _DAY)
    day = date.fromordinal(days + _EPOCH_DAY)
    return f"{day.isoformat()}T{datetime.fromtimestamp(seconds, UTC):%H:%M:%S}"


_ENCODERS = {
    Tag.BOOLEAN: _encode_boolean,
    Tag.INTEGER: _encode_integer,
    Tag.DECIMAL: _encode_decimal,
    Tag.DATE: _encode_date,
    Tag.DATE_TIME: _encode_date_time,
}
_DECODERS = {
    Tag.BOOLEAN: lambda payload: _BOOLEANS[payload],
    Tag.INTEGER: lambda payload: str(payload - OFFSET),
    Tag.DECIMAL: _decode_decimal,
    Tag.DATE: lambda payload: date.fromordinal(payload - OFFSET + _EPOCH_DAY).isoformat(),
    Tag.DATE_TIME: _decode_date_time,
}

# -- in SQL --------------------------------------------------------------------------------------


def inline_sql(lex: str, datatype: str) -> str:
    """`inline_id` of two VARCHAR columns, as an SQL expression that gives a BIGINT or NULL."""
    matches = f"regexp_full_match({lex}, '{{}}')"
    mantissa = f"try_cast(replace({lex}, '.', '') AS BIGINT)"
    digits = f"length(replace(ltrim({lex}, '-'), '.', ''))"
    scale = f"CASE WHEN contains({lex}, '.') THEN length({lex}) - strpos({lex}, '.') ELSE 0 END"
    return f"""CASE {datatype}
    WHEN '{DATATYPES[Tag.BOOLEAN]}' THEN CASE {lex} {
        " ".join(f"WHEN '{word}' THEN {make(Tag.BOOLEAN, n)}" for n, word in enumerate(_BOOLEANS))
    } END
    WHEN '{DATATYPES[Tag.INTEGER]}' THEN CASE WHEN {matches.format(_INTEGER)}
        THEN {make(Tag.INTEGER, OFFSET)} + try_cast({lex} AS BIGINT) END
    WHEN '{DATATYPES[Tag.DECIMAL]}' THEN CASE WHEN {matches.format(_DECIMAL)}
        AND {digits} <= {MAX_DIGITS} AND ({mantissa} <> 0 OR NOT starts_with({lex}, '-'))
        THEN {make(Tag.DECIMAL, MANTISSA_OFFSET)} + (({scale})::BIGINT << {MANTISSA_BITS})
            + {mantissa} END
    WHEN '{DATATYPES[Tag.DATE]}' THEN CASE WHEN {matches.format(_DATE)}
        THEN {make(Tag.DATE, OFFSET)} + (try_cast({lex} AS DATE) - DATE '1970-01-01') END
    WHEN '{DATATYPES[Tag.DATE_TIME]}' THEN CASE WHEN {matches.format(_DATE_TIME)}
        THEN {make(Tag.DATE_TIME, OFFSET)} + epoch_us(try_cast({lex} AS TIMESTAMP)) // 1000000 END
    END"""
