"""What is asked of one person, post or payer is answered the same from what is made of all, as where
there is little, and from what is read of that one alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from govgraph.engine.base import Engine
from govgraph.governance import appointments
from govgraph.governance.answer import Answer
from govgraph.governance.appointments import NOBODY
from govgraph.governance.concurrent.pairs import concurrent_posts
from govgraph.governance.money.listing import listing
from govgraph.governance.money.totals import totals
from govgraph.governance.rules import findings
from govgraph.governance.tenure.career import person_career
from govgraph.governance.tenure.succession import post_succession
from govgraph.governance.time import moment
from govgraph.http.state import Releases
from govgraph.settings import Settings
from govgraph.vocabulary import PROLOGUE

_SOME = "SELECT DISTINCT ?x WHERE { %s } ORDER BY ?x LIMIT 12"
_DAY = moment("2021", "at")
#: Things of a kind, the parameter that names them, and the questions about them.
QUESTIONS: dict[str, tuple[str, list[Callable[..., Answer]]]] = {
    "person": (
        "?a org:member ?x",
        [
            person_career,
            partial(person_career, start=_DAY),
            concurrent_posts,
            partial(concurrent_posts, at=_DAY),
            findings.check,
            partial(findings.check, status=[findings.BROKEN], at=_DAY),
        ],
    ),
    "post": ("?x a org:Post", [post_succession, partial(post_succession, end=_DAY)]),
    "place": ("?x a gov:Place", [findings.check]),
}


@pytest.fixture(scope="module")
def engine(home: Path) -> Engine:
    return Releases(Settings(home=home)).open().engine


@pytest.mark.parametrize("kind", QUESTIONS)
def test_one_alone_and_one_of_all(
    engine: Engine, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern, questions = QUESTIONS[kind]
    things = [row["x"].value for row in engine.select(PROLOGUE + _SOME % pattern)]
    asked = [
        partial(question, engine, **{kind: x}) for x in [*things, NOBODY] for question in questions
    ]
    of_all = [question() for question in asked]
    monkeypatch.setattr(appointments, "FEW", 0)
    monkeypatch.setattr(findings, "FEW", 0)
    alone = [question() for question in asked]
    for ours, theirs in zip(of_all, alone, strict=True):
        assert ours.frame.equals(theirs.frame)
        assert ours.coverage == theirs.coverage
    assert sum(answer.frame.height for answer in of_all) > 12


@pytest.mark.parametrize("question", [totals, listing])
def test_no_flows_are_a_frame_of_the_same_columns(
    engine: Engine, question: Callable[..., Answer]
) -> None:
    (row,) = engine.select(PROLOGUE + "SELECT ?x WHERE { ?f gov:funder ?x } LIMIT 1")
    some, none = (question(engine, funder=funder) for funder in (row["x"].value, NOBODY))
    assert some.frame.height
    assert not none.frame.height
    assert [(name, str(kind).partition("(")[0]) for name, kind in none.frame.schema.items()] == [
        (name, str(kind).partition("(")[0]) for name, kind in some.frame.schema.items()
    ]
    assert next(said.total for said in none.coverage) == 0
