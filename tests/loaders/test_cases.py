"""Golden cases: a folder of tables, and exactly the statements and problems that come of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from govgraph_loaders.problems import CATALOGUE

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


@pytest.fixture(params=CASES, ids=lambda path: path.name)
def case(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def expected(case: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((case / "expected.json").read_text())
    return document


def expected_statements(case: Path) -> set[tuple[str, str, str]]:
    quads = ox.parse((case / "expected.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def test_case_gives_its_statements(case: Path, load: Callable[..., Any]) -> None:
    assert load(case).statements == expected_statements(case)


def test_case_gives_its_problems_and_counts(case: Path, load: Callable[..., Any]) -> None:
    loaded = load(case)
    assert loaded.found == expected(case)["problems"]
    assert loaded.counts == expected(case)["counts"]


def test_rows_without_an_error_are_loaded(case: Path, load: Callable[..., Any]) -> None:
    """A row is rejected exactly when an error stands at it or at its table."""
    loaded = load(case)
    for report in loaded.ingested.tables:
        errors = [p for p in loaded.problems if p.table == report.table and p.severity == "error"]
        rows = {p.row for p in errors if p.row is not None}
        assert report.rows_rejected in (len(rows), report.rows_read)
        if report.rows_rejected > len(rows):
            assert any(p.row is None for p in errors)


def test_every_code_is_exercised() -> None:
    seen = {problem[0] for case in CASES for problem in expected(case)["problems"]}
    assert seen == set(CATALOGUE)


def test_every_problem_speaks_two_languages(case: Path, load: Callable[..., Any]) -> None:
    for problem in load(case).problems:
        assert re.search("[\u4e00-\u9fff]", problem.message_zh)
        assert re.match("[A-Za-z]", problem.message_en)
        for message in (problem.message_zh, problem.message_en):
            assert not re.search(r"\{[a-z_]+\}", message)


def test_messages_have_the_same_blanks() -> None:
    """Each message exists in both languages and names the same details in both."""
    blanks = "expected found limit why encoding allowed format datatype constraint first target"
    for code, (_, zh, en) in CATALOGUE.items():
        assert zh
        assert en, code
        for name in blanks.split():
            if name != "why":
                assert bool(re.search(rf"{{{name}(_zh)?}}", zh)) == (f"{{{name}}}" in en), code
