"""Expected appointments: which rules call for them, and what became of them."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from tests.conftest import ROOT
from tests.governance.rules.small import HOME, MODEL, adoption, dated, held, post, rule
from tests.governance.worlds import PROLOGUE

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.rules.expected import met
from govgraph.governance.time import moment
from govgraph.vocabulary import GOV

FILES = sorted((ROOT / "queries" / "rules").glob("expected-*.rq"))


def graph(*statements: str) -> OxigraphEngine:
    """A graph with what the rule files say of it."""
    store = Store()
    store.extend(parse(PROLOGUE + MODEL + "\n".join(statements), RdfFormat.TURTLE))
    for file in FILES:
        results = store.query(file.read_text("utf-8"))
        made = parse(results.serialize(format=RdfFormat.N_TRIPLES), RdfFormat.N_TRIPLES)  # type: ignore[union-attr, arg-type]
        store.extend(list(made))
    return OxigraphEngine(store)


def rows(engine: OxigraphEngine, **asked: object) -> list[tuple[object, ...]]:
    found = met(engine, **asked).frame  # type: ignore[arg-type]
    return found.select("person", "slot", "status", "from", "to").rows()


HEAD = held("head", "an", "a", "2012-01-01", "2020-12-31")
ABOVE = post("b", "district")


def test_what_was_made_and_what_was_not() -> None:
    engine = graph(
        adoption(),
        rule("concurrentPosts", ifHolds=":a", thenHolds=":b"),
        HEAD,
        held("director", "an", "b", "2012-01-01", "2019-06-30"),
    )
    an, slot = HOME + "an", HOME + "b"
    assert rows(engine) == [
        (an, slot, "met", date(2012, 1, 1), date(2019, 6, 30)),
        (an, slot, "not met", date(2019, 7, 1), date(2020, 12, 31)),
    ]
    assert [row[2] for row in rows(engine, at=moment("2019-07-01"))] == ["not met"]


def test_a_renewed_term_expects_for_its_own_days() -> None:
    engine = graph(
        adoption(),
        rule("concurrentPosts", ifHolds=":a", thenHolds=":b"),
        HEAD,
        held("again", "an", "a", "2021-01-01", "2022-12-31"),
    )
    assert [row[3:] for row in rows(engine)] == [
        (date(2021, 1, 1), date(2022, 12, 31)),
        (date(2012, 1, 1), date(2020, 12, 31)),
    ]


def test_membership_of_a_body_is_expected_in_its_slot() -> None:
    engine = graph(adoption(), rule("crossMembership", ifHolds=":a", thenInBody=":y"), HEAD)
    assert [row[:3] for row in rows(engine)] == [(HOME + "an", HOME + "y", "not met")]


@pytest.mark.parametrize(
    ("tier", "expected"), [("widerPlace", True), ("otherTier", True), ("narrowerPlace", False)]
)
def test_a_post_elsewhere_is_expected_where_it_is_recorded(tier: str, expected: bool) -> None:
    engine = graph(
        adoption(),
        rule("exOfficioElsewhere", ifHolds=":a", thenHolds=":b", tier=f"gov:{tier}"),
        HEAD,
        ABOVE,
        ":seat gov:onPost :district-b ; org:member :an .",
        dated(":seat", "2012-01-01"),
    )
    there = engine.select(f"SELECT ?there {{ ?e <{GOV}inCommunity> ?there }}")
    assert [row["there"] for row in there] == [NamedNode(HOME + "district")] * expected
    assert [row[2] for row in rows(engine)] == ["met"] * expected


@pytest.mark.parametrize(
    ("kind", "modality"),
    [("independence", "must"), ("incompatiblePosts", "mustNot"), ("concurrentPosts", "may")],
)
def test_other_rules_expect_nothing(kind: str, modality: str) -> None:
    engine = graph(adoption(), rule(kind, modality, ifHolds=":a", thenHolds=":b"), HEAD)
    assert rows(engine) == []
