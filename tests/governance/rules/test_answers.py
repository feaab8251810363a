"""What people read: sentences, counts, rules in words, and findings at a time."""

from __future__ import annotations

from datetime import date

import pytest
from tests.governance.rules.small import GAP, HOME, TOGETHER, adoption, engine, held, post, rule

from govgraph.governance.answer import Coverage
from govgraph.governance.rules.findings import check
from govgraph.governance.rules.listing import rules
from govgraph.governance.rules.summary import summary
from govgraph.governance.time import moment


def test_a_breach_in_words() -> None:
    row = check(engine(adoption(), TOGETHER, *GAP), status=["broken"]).frame.row(0, named=True)
    assert row["reason_zh"] == "2020-04-01至2020-05-09：任“站长”而未任“主任”。"
    assert row["reason_en"] == "From 2020-04-01 to 2020-05-09: “head” is held without “director”."
    assert row["repair_zh"] == "2020-04-01至2020-05-09：任命此人任“主任”，或免去其“站长”一职。"
    assert row["repair_en"] == (
        "Appoint the holder to “director”, or end the holding of “head”, from 2020-04-01 to 2020-05-09."
    )


def test_what_cannot_be_told_names_what_is_missing() -> None:
    conditional = rule(
        "conditionalAppointment", ifHolds=":a", thenHolds=":b", condition="gov:isPartyMember"
    )
    row = check(engine(adoption(), conditional, held("p", "an", "a", "2012-01-01"))).frame.row(
        0, named=True
    )
    assert row["status"] == "cannot be told"
    assert row["reason_zh"] == "2012-01-01起，仍在持续：无法判断，没有确切说明此人是否党员。"
    assert row["repair_en"] == "Find out whether the person is a Party member."


def test_how_many_are_missing_is_said() -> None:
    two = rule("holderCount", ifHolds=":a", minHolders="2", maxHolders="2")
    row = check(engine(adoption(), two, held("p", "an", "a", "2009-01-01"))).frame.row(
        0, named=True
    )
    assert (
        row["reason_zh"] == "2010-01-01起，仍在持续：任“站长”的人数不合规则（须有2人），实有1人。"
    )
    assert row["repair_zh"].endswith("使任“站长”的人数合乎规则（须有2人），尚缺1人。")
    assert "(1 more)" in row["repair_en"]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2020-04-15", [("broken", "yes")]),
        ("2020-04", [("broken", "yes")]),
        ("2020-05", [("broken", "unknown"), ("kept", "unknown")]),
        ("2011", []),
        ("2012", [("kept", "yes")]),
    ],
)
def test_findings_at_a_moment(at: str, found: list[tuple[str, str]]) -> None:
    """A month or year may be any of its days."""
    frame = check(engine(adoption(), TOGETHER, *GAP), at=moment(at)).frame
    assert frame.select("status", "at").rows() == found


def test_findings_of_a_period() -> None:
    graph = engine(adoption(), TOGETHER, *GAP)
    after = check(graph, start=moment("2020-05-10")).frame
    assert after["status"].to_list() == ["kept"]
    before = check(graph, end=moment("2020-03-31")).frame
    assert before["from"].to_list() == [date(2012, 1, 1)]
    within = check(graph, start=moment("2020-03-31"), end=moment("2020-04-01")).frame
    assert within["status"].to_list() == ["kept", "broken"]


def test_findings_of_one_rule_type_or_place() -> None:
    graph = engine(adoption(), TOGETHER, *GAP)
    assert check(graph, rule_type="concurrentPosts").frame.height == 3
    assert check(graph, rule_type="independence").frame.height == 0
    assert check(graph, place=HOME + "district").frame.height == 3
    assert check(graph, place=HOME + "elsewhere").frame.height == 0
    assert check(graph, person=HOME + "an").frame.height == 3
    assert check(graph, person=HOME + "bo").frame.height == 0
    assert check(graph, model=HOME + "m").frame.height == 3
    assert check(graph, model=HOME + "other").frame.height == 0


def test_rules_of_one_slot_or_the_other() -> None:
    graph = engine(TOGETHER)
    for slot in ("a", "b"):
        assert rules(graph, slot=HOME + slot).frame["slot"].to_list() == [HOME + "a"]
    assert rules(graph, slot=HOME + "c").frame.height == 0


def test_a_place_without_records_has_no_numbers() -> None:
    """It is not known to keep the rules."""
    elsewhere = (
        ":far gov:adopter :there ; gov:adoptedModel :m ; gov:startLatest '2010-01-01'^^xsd:date ."
    )
    answer = summary(engine(adoption(), TOGETHER, *GAP, elsewhere))
    assert answer.frame.drop("source").rows() == [
        (HOME + "m", HOME + "here", 1, 1, 0, 0),
        (HOME + "m", HOME + "there", None, None, None, None),
    ]
    assert [(c.code, c.known, c.total) for c in answer.coverage] == [
        ("rule-cases-told", 1, 1),
        ("adoptions-with-practice", 1, 2),
    ]


def test_a_summary_at_a_moment() -> None:
    frame = summary(engine(adoption(), TOGETHER, *GAP), at=moment("2020-03-31")).frame
    assert frame.select("broken", "kept").rows() == [(0, 1)]


@pytest.mark.parametrize(
    ("stated", "judged", "asks_en"),
    [
        (TOGETHER, True, "Whoever holds “head” must also hold “director”"),
        (
            rule("crossMembership", ifHolds=":a", thenInBody=":y", tier="gov:widerPlace"),
            True,
            "Whoever holds “head” must also hold “y” in a place around it",
        ),
        (
            rule("termLength", ifHolds=":a", maxTerm='"P4Y6M"^^xsd:duration', maxTerms="2"),
            True,
            "Of “head”: a term lasts at most 4 years 6 months; at most 2 terms follow each other",
        ),
        (
            rule("concurrentPosts", "may", ifHolds=":a", thenHolds=":b"),
            False,
            "It allows something, which nobody can break",
        ),
        (
            rule("termLength", ifHolds=":a"),
            False,
            "It lacks a post, a body or a limit to be judged by",
        ),
        (
            rule("incompatiblePosts", "must", ifHolds=":a", thenHolds=":b"),
            False,
            "A rule of this type is not judged in this modality",
        ),
    ],
)
def test_rules_in_words(stated: str, judged: bool, asks_en: str) -> None:
    answer = rules(engine(stated))
    assert answer.frame.select("judged", "asks_en").rows() == [(judged, asks_en)]
    assert answer.coverage == [
        Coverage(
            "rules-judged", int(judged), 1,
            f"1条规则中，{int(judged)}条可以对照实际判断",
            f"{int(judged)} of 1 rules can be judged against practice",
        )
    ]  # fmt: skip


def test_what_cannot_be_judged_is_never_broken() -> None:
    graph = engine(
        adoption(),
        rule("concurrentPosts", "may", ifHolds=":a", thenHolds=":b"),
        held("p", "an", "a", "2012"),
    )
    assert check(graph).frame.height == 0


def test_a_tier_that_is_none_is_not_judged() -> None:
    odd = rule("crossMembership", ifHolds=":a", thenHolds=":b", tier="gov:nextDoor")
    graph = engine(adoption(), odd, held("p", "an", "a", "2012"), post("b"))
    assert check(graph).frame.height == 0
    assert rules(graph).frame["judged"].to_list() == [False]
