"""Numbers written with Chinese scale words, in columns that are declared so."""

from __future__ import annotations

import re
from decimal import Decimal

from govgraph_loaders.numbers import shift

_SMALL = {"": 0, "十": 1, "百": 2, "千": 3}
_LARGE = {"": 0, "万": 4, "萬": 4, "亿": 8, "億": 8, "万亿": 12, "萬億": 12}
_NUMBER = re.compile(
    r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*([十百千]?)(万亿|萬億|[万萬亿億]?)元?"
)
#: Full-width digits and signs stand 0xFEE0 above the ASCII ones.
_WIDE = {0xFEE0 + ord(char): char for char in ",.+-0123456789"}


def parse(text: str) -> str:
    """The exact value of a number such as 33.4万, 1,200 or 2.5千亿. ValueError if it is none.

    >>> parse("33.4万")
    '334000'
    """
    match = _NUMBER.fullmatch(text.strip().translate(_WIDE))
    if match is None:
        raise ValueError(text)
    sign, whole, fraction, small, large = match.groups()
    number = Decimal(sign + whole.replace(",", "") + (fraction or ""))
    return shift(number, _SMALL[small] + _LARGE[large])
