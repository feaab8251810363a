"""No file of the project repeats the source article beyond names and short terms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "seed"
ARTICLE = SEED / "article.txt"
pytestmark = pytest.mark.skipif(not ARTICLE.is_file(), reason="needs ../shared/seed")

RUN = 13
SUFFIXES = {".csv", ".html", ".json", ".md", ".py", ".rq", ".toml", ".ttl", ".txt"}

# Proper names and official titles. Each counts as one character of the text around it.
NAMES = (
    "全国第二届加强和创新社会管理十佳典型案例",  # award
    "中国城市管理进步奖",  # award
    "省社会管理综合治理先进集体",  # award
    "安徽省社会工作专业人才建设试点单位",  # designation
    "省“十二五”社会工作专业人才队伍“4+1”",  # staffing standard
    "“情暖夕阳”居家养老服务项目",  # project
    "“家庭发展能力建设”社会服务项目",  # project
    "建学习型街道,育思考型职工",  # campaign
)


def without_names(text: str, names: Sequence[str]) -> str:
    """The text with each name replaced by one private-use character."""
    for number, name in enumerate(names):
        text = text.replace(name, chr(0xE000 + number))
    return text


def windows(text: str) -> Iterator[str]:
    return (text[start : start + RUN] for start in range(len(text) - RUN + 1))


@cache
def article_windows(names: Sequence[str]) -> frozenset[str]:
    return frozenset(windows(without_names(ARTICLE.read_text(encoding="utf-8"), names)))


@cache
def long_sentences() -> tuple[str, ...]:
    with (SEED / "facts" / "sentences.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"].rstrip("。") for row in csv.DictReader(file)]
    return tuple(text for text in texts if len(text) >= RUN)


def shared_runs(text: str, names: Sequence[str] = NAMES) -> list[str]:
    """The runs of the article found in a text, and any whole sentence of it."""
    article = article_windows(names)
    runs = [window for window in windows(without_names(text, names)) if window in article]
    return runs + [sentence for sentence in long_sentences() if sentence in text]


def project_files() -> list[Path]:
    """The project's text files, outside hidden and installed folders."""
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.suffix in SUFFIXES
        and path.is_file()
        and not any(
            part.startswith(".") or part == "node_modules" for part in path.relative_to(ROOT).parts
        )
    ]


def pieces(path: Path) -> list[str]:
    """A CSV file's cells, or the whole of any other file but the wording of a question asked."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".rq":
        text = re.sub(r"^#\+ question_zh:.*$", "", text, flags=re.MULTILINE)
    if path.suffix != ".csv":
        return [text]
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def test_no_file_repeats_the_article() -> None:
    files = project_files()
    found = {
        f"{path.relative_to(ROOT)}: {run}"
        for path in files
        for piece in pieces(path)
        for run in shared_runs(piece)
    }
    assert any(path.is_relative_to(ROOT / "data" / "xiyuan") for path in files)
    assert found == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_name_on_the_list_is_needed(name: str) -> None:
    others = tuple(other for other in NAMES if other != name)
    cells = [c for path in (ROOT / "data" / "xiyuan").glob("*.csv") for c in pieces(path)]
    assert any(shared_runs(cell, others) for cell in cells)


def test_the_rule_finds_what_it_should() -> None:
    article = ARTICLE.read_text(encoding="utf-8")
    assert shared_runs("“" + article[200 : 200 + RUN] + "”")
    assert shared_runs(article[200 : 200 + RUN - 1]) == []
    assert all(shared_runs(sentence) for sentence in long_sentences())
    assert all(shared_runs(name) == [] for name in NAMES)
