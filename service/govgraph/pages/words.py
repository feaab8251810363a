"""What pages say in their own words: files of keys with a Chinese and an English text each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from govgraph.declared import read_yaml
from govgraph.pages.language import Language

Texts = dict[str, dict[Language, str]]


@cache
def texts() -> Texts:
    """All texts by their keys, `page.name`; a file is a page."""
    found: Texts = {}
    for file in (files("govgraph.pages") / "words").iterdir():
        if file.name.endswith(".yaml"):
            page = file.name.removesuffix(".yaml")
            content = read_yaml(file.read_text("utf-8"))
            found |= {f"{page}.{key}": both for key, both in content.items()}
    return found


def say(language: Language, key: str, /, **values: Any) -> str:
    """The text of a key with its values put in. KeyError for a key that nobody has written."""
    return texts()[key][language].format_map(values)
