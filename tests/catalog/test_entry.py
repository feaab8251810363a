"""A header that is not as docs/catalog.md has it is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from govgraph.catalog.entry import read_entry
from govgraph.catalog.index import read_entries
from govgraph.catalog.run import function

GOOD: dict[str, Any] = {
    "title_zh": "题",
    "title_en": "Title",
    "description_zh": "说明",
    "description_en": "What it says.",
    "columns": {"place": {"type": "entity", "zh": "地点", "en": "place"}},
    "function": "time:moment",
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title_zh": ...}, "title_zh"),
    ({"columns": ...}, "columns"),
    ({"colums": {}}, "colums"),
    ({"function": ...}, "either a query or a function"),
    ({"columns": {"a": {"type": "money", "zh": "一", "en": "a"}}}, "money"),
    ({"columns": {"a": {"zh": "一"}}}, "en"),
    ({"columns": {"a": {"type": "source", "zh": "一", "en": "a"}}}, "a: evidence"),
    ({"columns": {"source": {"type": "iri", "zh": "一", "en": "a"}}}, "source: evidence"),
    ({"parameters": {"p": {"type": "text", "zh": "一", "en": "p"}}}, "text"),
    ({"parameters": {"p": {"type": "choice", "zh": "一", "en": "p"}}}, "a choice has values"),
    ({"parameters": {"p": {"type": "string", "zh": "一", "en": "p", "required": True}}}, "example"),
    ({"parameters": {"p": {"type": "string", "zh": "一", "en": "p", "sort": 1}}}, "sort"),
    ({"chart": {"type": "pie"}}, "pie"),
    ({"coverage": {"known": "a"}}, "Sentence"),
]


def write(folder: Path, name: str, header: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(header, allow_unicode=True), "utf-8")
    return path


def test_a_good_header_is_read(tmp_path: Path) -> None:
    entry = read_entry(write(tmp_path / "topic", "name", GOOD))
    assert (entry.name, entry.topic, entry.title_en) == ("name", "topic", "Title")
    assert [column.name for column in entry.shown] == ["place"]
    assert function(entry).__name__ == "moment"


@pytest.mark.parametrize(("change", "said"), WRONG, ids=lambda part: str(part)[:40])
def test_a_wrong_header_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    header = {key: value for key, value in (GOOD | change).items() if value is not ...}
    with pytest.raises(ValueError, match=said) as error:
        read_entry(write(tmp_path / "topic", "name", header))
    assert "name.yaml" in str(error.value)


def test_two_entries_cannot_share_a_name(tmp_path: Path) -> None:
    write(tmp_path / "one", "name", GOOD)
    write(tmp_path / "two", "name", GOOD)
    with pytest.raises(ValueError, match="two files"):
        read_entries(tmp_path)


@pytest.mark.parametrize("name", ["nowhere:f", "time:nothing", "..engine.oxigraph:OxigraphEngine"])
def test_a_function_is_one_of_governance(tmp_path: Path, name: str) -> None:
    entry = read_entry(write(tmp_path / "topic", "name", GOOD | {"function": name}))
    with pytest.raises(ValueError, match="name"):
        function(entry)
