"""A citation as RIS, which EndNote, Zotero and their kind read.

Source: Research Information Systems, RIS Format Specifications (2011): a tag, two blanks, a hyphen,
a blank, the value; the first line is TY, the last ER.
"""

from __future__ import annotations

from collections.abc import Iterator

from govgraph.pages.citing.work import AUTHOR, Work

_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def ris(work: Work) -> str:
    """A record of type DATA; lines end as the format asks."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(work))


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    day = work.released.strftime("%Y/%m/%d")
    yield "TY", "DATA"
    yield "ID", work.key
    yield "AU", AUTHOR
    yield "TI", work.title
    yield "PY", str(work.released.year)
    yield "DA", day
    yield "Y2", day
    yield "ET", work.release
    yield "PB", AUTHOR
    yield "LA", _LANGUAGES.get(work.language, work.language)
    yield "UR", work.url
    yield "ER", ""
