"""Every named query and every competency question has its expected rows at every endpoint."""

from __future__ import annotations

import pytest
from tests.catalog.expected import answered, as_csv
from tests.remote.conftest import NAMES, Endpoint
from tests.remote.differences import ROWS

from govgraph.ask import ask
from govgraph.catalog.entry import Entry
from govgraph.catalog.evidence import evidence
from govgraph.catalog.index import entries, find_entry
from govgraph.catalog.questions import Question, questions
from govgraph.http.state import Opened

ENTRIES = list(entries().values())
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
every_question = pytest.mark.parametrize("question", questions(), ids=lambda item: item.id)


@every_entry
def test_an_entry_has_the_expected_rows(endpoint: Endpoint, opened: Opened, entry: Entry) -> None:
    expected = entry.path.with_suffix(".csv").read_text("utf-8").splitlines()
    found = as_csv(answered(opened, entry), opened.context.base).splitlines()
    assert (found == expected) != (entry.name in ROWS[endpoint.name])


@every_question
def test_a_question_is_answered_as_here(
    endpoint: Endpoint, opened: Opened, opened_here: Opened, question: Question
) -> None:
    there, here = (in_any_order(each, question) for each in (opened, opened_here))
    assert (there == here) != (question.id in ROWS[endpoint.name])


def in_any_order(opened: Opened, question: Question) -> dict[str, list[str]]:
    """The rows and the evidence of an answer; a query that does not order them leaves that open."""
    found = ask(opened.context, question).as_dict()
    return {part: sorted(map(repr, found[part])) for part in ("rows", "evidence")}


@pytest.mark.parametrize("name", ["posts-of-person", "funding-totals", "breaches-on-date"])
def test_the_rows_of_an_entry_are_proved_as_here(
    opened: Opened, opened_here: Opened, name: str
) -> None:
    entry = find_entry(name)
    proofs = []
    for each in (opened, opened_here):
        result = answered(each, entry)
        proof = evidence(each.context, result, 0, min(result.frame.height, 5))
        proofs.append(sorted(fact["text"] for fact in proof["facts"]))
    assert proofs[0] == proofs[1]
    assert proofs[0]


def test_what_is_listed_exists() -> None:
    known = {entry.name for entry in ENTRIES} | {question.id for question in questions()}
    assert set(ROWS) == set(NAMES)
    assert {name for found in ROWS.values() for name in found} <= known
