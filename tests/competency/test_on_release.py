"""The questions on a published release: inferences and the merged default graph change nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from govgraph.ask import ask
from govgraph.catalog.questions import Question, find_question, questions
from govgraph.engine.base import Dataset
from govgraph.errors import GovgraphError
from govgraph.http.state import Opened

from .test_competency import every_question, expected


def bag(rows: list[dict[str, str | None]]) -> Counter[frozenset[tuple[str, str]]]:
    """Rows as a bag, without unbound columns."""
    return Counter(frozenset((k, v) for k, v in row.items() if v) for row in rows)


@every_question
@pytest.mark.parametrize("inference", [True, False])
def test_answer_on_the_release(opened: Opened, file: Path, inference: bool) -> None:
    query = file.read_text("utf-8")
    rows = opened.engine.select(query, dataset=Dataset(inference=inference))
    answer = [{name: str(term.value) for name, term in row.items()} for row in rows]
    assert bag([*answer]) == bag([*expected(file)])


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.id)
def test_ask_shows_rows_and_sentences(opened: Opened, question: Question) -> None:
    asked = find_question(question.id)
    reply = ask(opened.context, asked)
    assert reply.rows
    sentences = {s["iri"].rpartition("/")[2] for item in reply.evidence for s in item["sentences"]}
    assert sentences >= set(asked.query.header["sentences"])


def test_words_find_the_question() -> None:
    assert find_question("阳光四季 面向谁").id == "CQ46"
    assert find_question("cq52").id == "CQ52"
    assert find_question("What is the area of Xiyuan Subdistrict?").id == "CQ24"


@pytest.mark.parametrize("words", ["谁是书记", "服务站站长", "what does 33.4 cover", "是谁", ""])
def test_words_that_fit_none_or_several_are_not_guessed(words: str) -> None:
    with pytest.raises(GovgraphError) as error:
        find_question(words)
    assert error.value.code == "unknown-question"
