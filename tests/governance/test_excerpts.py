"""What is asked of one person, place, payer or project is answered the same on an excerpt."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance import excerpt
from govgraph.governance.answer import Answer
from govgraph.governance.concurrent.pairs import concurrent_posts
from govgraph.governance.models import nearby as of_models
from govgraph.governance.models.practice import practice
from govgraph.governance.money import nearby as of_money
from govgraph.governance.money.listing import listing, parts
from govgraph.governance.money.totals import totals
from govgraph.governance.rules import nearby as of_rules
from govgraph.governance.rules.findings import check
from govgraph.governance.rules.summary import summary
from govgraph.http.state import Releases
from govgraph.settings import Settings
from govgraph.vocabulary import PREFIXES, PROLOGUE

_SOME = "SELECT DISTINCT ?x WHERE { %s } ORDER BY ?x"
#: Things of a kind, the questions about them, and the parameter that names them.
QUESTIONS: dict[str, tuple[str, list[tuple[Callable[..., Answer], str]]]] = {
    "person": ("?a org:member ?x", [(check, "person"), (concurrent_posts, "person")]),
    "place": (
        "?x a gov:Place",
        [(check, "place"), (summary, "place"), (concurrent_posts, "place"), (listing, "place")],
    ),
    "funder": ("?f gov:funder ?x", [(listing, "funder"), (totals, "funder")]),
    "recipient": ("?f gov:recipient ?x", [(listing, "recipient"), (totals, "recipient")]),
    "project": ("?f gov:forProject ?x", [(listing, "project"), (totals, "project")]),
    "flow": ("?x a gov:FundingFlow", [(parts, "flow")]),
}


@pytest.fixture(scope="module")
def engine(home: Path) -> Engine:
    return Releases(Settings(home=home)).open().engine


@pytest.fixture
def excerpts(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """Every graph is large; the excerpts that were made."""
    made: list[Engine] = []

    def noted(part: excerpt.Excerpt) -> Engine:
        made.append(plain(part))
        return made[-1]

    plain = excerpt.Excerpt.engine
    for module in (of_rules, of_money, of_models):
        monkeypatch.setattr(module, "is_large", lambda *_: True)
    monkeypatch.setattr(excerpt.Excerpt, "engine", noted)
    return made


@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_excerpt_says_the_same(
    engine: Engine, kind: str, request: pytest.FixtureRequest
) -> None:
    pattern, questions = QUESTIONS[kind]
    things = [row["x"].value for row in engine.select(PROLOGUE + _SOME % pattern)]
    few = things[:: max(1, len(things) // 3)]
    asked = [(ask, {name: thing}) for thing in few for ask, name in questions]
    whole = [ask(engine, **given) for ask, given in asked]
    made = request.getfixturevalue("excerpts")
    for (ask, given), expected in zip(asked, whole, strict=True):
        found = ask(engine, **given)
        assert found.frame.equals(expected.frame), (ask.__name__, given)
        assert found.coverage == expected.coverage, (ask.__name__, given)
    assert made
    assert any(answer.frame.height for answer in whole)


def test_practice_is_the_same(engine: Engine, request: pytest.FixtureRequest) -> None:
    rows = engine.select(PROLOGUE + _SOME % "?x a gov:Place")
    places = [row["x"].value for row in rows][::3]
    asked = list(pairwise(places))
    whole = [practice(engine, pair) for pair in asked]
    made = request.getfixturevalue("excerpts")
    for pair, expected in zip(asked, whole, strict=True):
        found = practice(engine, pair)
        for name, frame in vars(expected).items():
            assert getattr(found, name).equals(frame), (name, pair)
    assert len(made) == len(asked)
    assert any(each.flows.height and each.appointments.height for each in whole)


def test_too_much_is_asked_of_the_whole(
    home: Path, excerpts: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Releases(Settings(home=home)).open().engine  # one that has no excerpts yet
    monkeypatch.setattr(excerpt, "MOST", 2)
    (place, *_) = engine.select(PROLOGUE + _SOME % "?x a gov:District")
    assert of_rules.nearby(engine, place=place["x"].value) is engine
    assert excerpts == []


def test_a_small_graph_needs_no_excerpt(engine: Engine) -> None:
    assert of_rules.nearby(engine, person="urn:x") is engine
    assert of_money.nearby(engine, funder="urn:x") is engine


def test_what_has_no_name_is_asked_of_the_whole(excerpts: list[Engine]) -> None:
    person = NamedNode("urn:person")
    store = Store()
    store.add(Quad(BlankNode(), NamedNode(f"{PREFIXES['org']}member"), person))
    engine = OxigraphEngine(store)
    assert of_rules.nearby(engine, person=person.value) is engine
    assert excerpts == []
