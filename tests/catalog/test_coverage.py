"""Coverage against a count thing by thing."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.coverage import LEVELS, coverage, expectations
from govgraph.http.state import Opened
from govgraph.vocabulary import GOV, PROLOGUE

FLOW = GOV + "FundingFlow"
WORLD = """@prefix gov: <https://w3id.org/govgraph/ontology#> . @prefix : <urn:> .
:a a gov:FundingFlow ; gov:amount 5 ; gov:funder :o ; gov:forProject :project .
:b a gov:FundingFlow ; gov:funder :o ; gov:precision gov:unknown .
:c a gov:FundingFlow ; gov:amount 1 , 2 .
:n a gov:DataNote ; gov:about :b , :c ; gov:missingProperty "amount" .
:m a gov:DataNote ; gov:about :a ; gov:missingProperty "date" .
:o gov:place :p . :p gov:parentPlace :q ."""


@pytest.fixture
def world() -> Engine:
    store = Store()
    store.load(WORLD, RdfFormat.TURTLE)
    return OxigraphEngine(store)


def row(engine: Engine, name: str, **options: str) -> tuple[int, int, int, int]:
    frame = coverage(engine, **options).frame  # type: ignore[arg-type]
    (found,) = frame.filter(property=GOV + name)["things", "known", "gaps", "noted"].iter_rows()
    return found  # type: ignore[return-value]


def test_a_gap_is_counted_once_and_noted_where_the_source_says_so(world: Engine) -> None:
    assert row(world, "amount", kind=FLOW) == (3, 2, 1, 1)
    assert row(world, "fiscalYear", kind=FLOW) == (3, 0, 3, 1)
    assert row(world, "funder", kind=FLOW) == (3, 2, 1, 0)


def test_a_place_takes_in_what_is_below_it(world: Engine) -> None:
    for place in ("urn:p", "urn:q"):
        assert row(world, "amount", kind=FLOW, place=place) == (2, 1, 1, 1)
    assert coverage(world, place="urn:nowhere").frame.is_empty()


def test_the_sentence_counts_what_is_listed(world: Engine) -> None:
    answer = coverage(world, kind=FLOW)
    (said,) = answer.coverage
    assert (said.known, said.total) == (
        answer.frame["known"].sum(),
        answer.frame["things"].sum(),
    )
    assert f"{said.known} of {said.total}" in said.en


def test_levels_are_those_of_the_shapes() -> None:
    expected = expectations()
    assert expected[FLOW, GOV + "precision"] == "must"
    assert expected[FLOW, GOV + "amount"] == "may"
    assert set(expected.values()) == set(LEVELS)


@pytest.mark.parametrize("level", LEVELS)
def test_the_shipped_data_counted_thing_by_thing(shipped: Opened, level: str) -> None:
    frame = coverage(shipped.engine, level=level).frame
    assert set(frame["level"]) == {level}
    sampled = frame.gather_every(5)
    for class_, property_, things, known in sampled.select(
        "class", "property", "things", "known"
    ).iter_rows():
        found = shipped.engine.select(
            f"{PROLOGUE} SELECT DISTINCT ?x ?there WHERE {{ ?x a <{class_}>"
            f" BIND (EXISTS {{ ?x <{property_}> ?v }} AS ?there) }}"
        )
        assert len(found) == things
        assert sum(each["there"].value == "true" for each in found) == known
