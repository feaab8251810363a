"""The words of the pages: each is said somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from govgraph import pages
from govgraph.catalog.index import entries
from govgraph.pages.words import texts

FOLDER = Path(pages.__file__).parent
#: What these files name comes with the data: kinds of entities, coded values, terms, problems.
OF_DATA = {"values", "kinds", "borrowed", "repairs"}
#: How a key is put together: `"home." ~ kind` in a template, f"home.{kind}" in Python.
BEGUN = re.compile(r"""["']([a-z-]+\.[a-z0-9-]*)(?:["']\s*~|\{)""")


@cache
def source() -> str:
    files = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".py", ".html", ".yaml"))
    return "\n".join(p.read_text("utf-8") for p in files if p.parent.name != "words")


@cache
def named() -> frozenset[str]:
    """Keys by what is declared elsewhere: topics of the catalogue, severities of SHACL."""
    topics = {f"queries.{entry.topic}" for entry in entries().values()}
    return frozenset(topics | {f"vocabulary.{one}" for one in ("Violation", "Warning", "Info")})


def quoted(text: str) -> bool:
    return re.search(rf"""["'](?:[\w-]+\.)?{re.escape(text)}["']""", source()) is not None


def is_used(key: str) -> bool:
    """Whether a page names a key, or puts one together that may be it."""
    page, _, name = key.partition(".")
    if key in named() or re.search(rf"""["']{re.escape(key)}["']""", source()):
        return True
    begun = {begin for begin in BEGUN.findall(source()) if key.startswith(begin)}
    return any(begin != f"{page}." for begin in begun) or (
        bool(begun) and (quoted(name) or f"title: {name}" in source())
    )


def test_no_words_that_no_page_says() -> None:
    unused = [key for key in texts() if key.partition(".")[0] not in OF_DATA and not is_used(key)]
    assert unused == []


def test_english_words_have_english_punctuation() -> None:
    wrong = {
        key: both["en"]
        for key, both in texts().items()
        if re.search(r"[，。；：？！（）、]|(?<=[a-z])'(?=[a-z])", both["en"])
    }
    assert wrong == {}
