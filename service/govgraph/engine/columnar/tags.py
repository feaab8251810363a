"""The kinds of term as bits: which tags a column may hold decides what its SQL must cover."""

from __future__ import annotations

BLANK, IRI, STRING, LANGUAGE, BOOLEAN, INTEGER, INTEGER_TERM, DECIMAL, DECIMAL_TERM, DOUBLE = (
    1 << tag for tag in range(1, 11)
)
DATE, DATE_TERM, DATETIME, DATETIME_TERM, OTHER = (1 << tag for tag in range(11, 16))
#: Not a tag: the column may hold ids of constants that are not in the data.
LOCAL = 1 << 0

RESOURCE = BLANK | IRI
TEXT = STRING | LANGUAGE
INTEGERS = INTEGER | INTEGER_TERM
DECIMALS = DECIMAL | DECIMAL_TERM
EXACT = INTEGERS | DECIMALS
NUMERIC = EXACT | DOUBLE
DATES = DATE | DATE_TERM
DATETIMES = DATETIME | DATETIME_TERM
TIMES = DATES | DATETIMES
ALL = (1 << 16) - 2
LITERAL = ALL & ~RESOURCE
#: Terms whose value is in the id itself; the others have a row in `term`.
INLINE = BOOLEAN | INTEGER | DECIMAL | DATE | DATETIME

#: The classes within which values can be compared, by the lowest tag of each.
CLASSES = (BLANK, IRI, STRING, LANGUAGE, BOOLEAN, NUMERIC, DATES, DATETIMES, OTHER)

#: Inline payloads are offset by this.
BIAS = 1 << 55
PAYLOAD = (1 << 56) - 1
#: Inline integers are smaller than this in absolute value.
INTEGER_LIMIT = 10**15


def numbers(mask: int) -> list[int]:
    """The tags of a mask, ascending."""
    return [tag for tag in range(1, 16) if mask >> tag & 1]


def single(mask: int) -> int | None:
    """The only tag of a mask, or None."""
    mask &= ALL
    return mask.bit_length() - 1 if mask and mask & (mask - 1) == 0 else None


def classes(mask: int) -> list[int]:
    """The comparable classes that a mask touches."""
    return [group for group in CLASSES if group & mask]
