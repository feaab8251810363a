"""The rule queries derive from the blueprint what the example communities were made to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import cast

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, QueryTriples

from govgraph.catalog.binding import bound

from .conftest import ROOT, CompetencyEngine

RULES = ROOT / "queries" / "rules"
EXPECTED = (RULES / "expected-appointments.rq").read_text(encoding="utf-8")
BREACHES = (ROOT / "tests" / "competency" / "breaches-on-date.rq").read_text(encoding="utf-8")
Change = Callable[[str], CompetencyEngine]


def key(iri: str) -> str:
    """The last step of an IRI."""
    return iri.rpartition("/")[2].rpartition("#")[2]


def expected_appointments(engine: CompetencyEngine) -> dict[str, dict[str, str]]:
    """What is expected, by key: property -> key of the value."""
    triples = engine.store.query(EXPECTED, use_default_graph_as_union=True)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in cast("QueryTriples", triples):
        subject, value = cast("NamedNode", triple.subject), cast("NamedNode", triple.object)
        found[key(subject.value)][key(triple.predicate.value)] = key(value.value)
    return dict(found)


def breaches(engine: CompetencyEngine, day: str) -> set[tuple[str, str, str]]:
    """(finding, rule, person) on a day."""
    date = Literal(day, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    dates = {"at_earliest": [date], "at_latest": [date]}
    rows = engine.select(bound(BREACHES, dates, dates))
    return {
        (str(row["finding"].value), key(row["rule"].value), key(row["person"].value))
        for row in rows
    }


@pytest.mark.parametrize("query", [EXPECTED, BREACHES], ids=["expected", "breaches"])
def test_header(query: str) -> None:
    lines = [line[2:].removeprefix(" ") for line in query.splitlines() if line.startswith("#+")]
    head = yaml.safe_load("\n".join(lines))
    assert {"title_zh", "title_en", "description_zh", "description_en"} <= set(head)


def test_expected_appointment_names_rule_and_premise(competency_engine: CompetencyEngine) -> None:
    assert expected_appointments(competency_engine)["pr-1.ex-c02-a01"] == {
        "type": "ExpectedAppointment",
        "expectedMember": "ex-c02-p1",
        "expectedPostSlot": "po-dw-fsj",
        "inCommunity": "ex-c02",
        "becauseOf": "pr-1",
        "wasDerivedFrom": "ex-c02-a01",
    }


def test_expected_appointments_of_all_communities(competency_engine: CompetencyEngine) -> None:
    expected = expected_appointments(competency_engine).values()
    by_rule = defaultdict(set)
    for appointment in expected:
        by_rule[appointment["becauseOf"]].add(appointment["inCommunity"])
    adopters = {f"ex-c{number:02}" for number in range(1, 12)}
    assert by_rule == {
        "pr-1": adopters,
        "pr-2": adopters - {"ex-c05"},  # its director is not a Party member
        "pr-3": adopters,
    }
    assert len(expected) == 32


def test_nothing_is_expected_once_the_model_is_given_up(changed: Change) -> None:
    ended = """DELETE { GRAPH ?g { ?adoption gov:endLatest ?end } }
      INSERT { GRAPH ?g {
        ?adoption gov:endLatest "2000-01-01"^^<http://www.w3.org/2001/XMLSchema#date> } }
      WHERE { GRAPH ?g { ?adoption gov:adopter ?place OPTIONAL { ?adoption gov:endLatest ?end } } }"""
    assert not expected_appointments(changed(ended))


def test_unknown_membership_expects_nothing(changed: Change) -> None:
    engine = changed("DELETE WHERE { GRAPH ?g { ?person gov:partyMember ?member } }")
    rules = {found["becauseOf"] for found in expected_appointments(engine).values()}
    assert rules == {"pr-1", "pr-3"}
    findings = {found for found, rule, _ in breaches(engine, "2021-04-15") if rule == "pr-2"}
    assert findings == {"cannot be told"}


LASTING = {
    ("breach", "pr-1", "ex-c02-p1"),
    ("breach", "pr-2", "ex-c03-p2"),
    ("breach", "pr-3", "ex-c04-p6"),
    ("cannot be told", "pr-1", "ex-c10-p1"),
}
GAP = {("breach", "pr-1", "ex-c07-p1")}
INCOMPATIBLE = {("breach", "ex-pr-1", "ex-c12-p1")}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2018-06-30", set()),
        ("2018-07-01", LASTING),
        ("2019-08-01", LASTING),
        ("2021-02-28", LASTING),
        ("2021-03-31", LASTING | INCOMPATIBLE),
        ("2021-04-01", LASTING | INCOMPATIBLE | GAP),
        ("2021-05-14", LASTING | INCOMPATIBLE | GAP),
        ("2021-05-15", LASTING | INCOMPATIBLE),
        ("2021-12-31", LASTING | INCOMPATIBLE),
        ("2022-01-01", LASTING),
    ],
)
def test_breaches(
    competency_engine: CompetencyEngine, day: str, found: set[tuple[str, str, str]]
) -> None:
    assert breaches(competency_engine, day) == found
