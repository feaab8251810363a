"""Texts as they are compared: letters without case, width or accents, and words of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_ACCENT = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PART = re.compile(rf"{WIDE.pattern}|[^\W_\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def plain(text: str) -> str:
    """Lower case, of one width, without accents.

    >>> plain("Porto Alegre: ORÇAMENTO　１２")
    'porto alegre: orcamento 12'
    """
    if not text.isascii():
        text = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", text)
    return text.casefold()


def tokens(text: str) -> list[str]:
    """Words in lower case, every Chinese character a word of its own.

    >>> tokens("西园 Xiyuan-2")
    ['西', '园', 'xiyuan', '2']
    """
    return parts(plain(text))


def parts(text: str) -> list[str]:
    """The words of a plain text."""
    return _PART.findall(text)


def pairs(words: Sequence[str]) -> list[str]:
    """Each word with the one after it. Where words are single characters or syllables, names with
    several in a row are found by these: many names have 社 and 区 and 党, few have 党社.

    >>> pairs(["西", "园", "街", "道"])
    ['西园', '园街', '街道']
    """
    return [one + other for one, other in pairwise(words)]


def bare(text: str) -> str:
    """A plain text without what stands between its words, as names and codes are compared whole."""
    return " ".join(_WORD.findall(text))
