"""Breaches of post rules as a build reports them: where they are, and whose adoption binds whom."""

from __future__ import annotations

import csv

from pyoxigraph import RdfFormat, Store
from tests.conftest import DATA

from govgraph import resources
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.http.state import Opened
from govgraph.validation.coordinates import Coordinates
from govgraph.validation.shacl import validate
from govgraph.vocabulary import PREFIXES

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
PRACTICE = """
@prefix x: <http://x.example/> .
x:adoption a gov:ModelAdoption ; gov:adopter x:district ; gov:adoptedModel x:model ;
  gov:startEarliest "2020-01-01"^^xsd:date ; gov:startLatest "2020-01-01"^^xsd:date .
x:rule a gov:PostRule ; gov:ofModel x:model ; gov:ruleType gov:concurrentPosts ; gov:modality gov:must ;
  gov:ifHolds x:headSlot ; gov:thenHolds x:deputySlot .
x:here gov:parentPlace x:street . x:street gov:parentPlace x:district . x:there gov:parentPlace x:street .
x:station gov:place x:here . x:head gov:fillsPostSlot x:headSlot ; org:postIn x:station .
x:committee gov:place %s . x:deputy gov:fillsPostSlot x:deputySlot ; org:postIn x:committee .
x:a1 a gov:Appointment ; gov:onPost x:head ; org:member x:person ;
  gov:startEarliest "2021-01-01"^^xsd:date ; gov:startLatest "2021-01-01"^^xsd:date .
x:a2 a gov:Appointment ; gov:onPost x:deputy ; org:member x:person ;
  gov:startEarliest "2020-06-01"^^xsd:date ; gov:startLatest "2020-06-01"^^xsd:date .
"""


def breaches(committee_at: str) -> list[str | None]:
    """The appointments that break the rule, with the deputy's committee at a place."""
    store = Store()
    turtle = PROLOGUE + PRACTICE % committee_at
    store.bulk_load(input=turtle.encode(), format=RdfFormat.TURTLE)
    shapes = resources.folder("shapes").glob("*.ttl")
    engine = OxigraphEngine(store)
    results = validate(engine, shapes, Coordinates(engine, []))
    return [result.value for result in results if result.shape.endswith("BreachShape")]


def test_an_adoption_binds_the_places_within() -> None:
    """The district adopted; the duty is of each community below it, and met there or nowhere."""
    assert breaches("x:here") == []
    assert breaches("x:there") == ["http://x.example/a1"]


def test_a_breach_stands_at_the_appointment(opened: Opened) -> None:
    with (DATA[1] / "appointments.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    found = [r for r in opened.release.report["validation"] if r["shape"].endswith("BreachShape")]
    assert len(found) == 5
    for result in found:
        assert result["table"] == "appointments.csv"
        assert ids[result["row"] - 1] == result["value"].rpartition("/")[2]
        assert "任职规则" in result["message_zh"]
        assert "rule" in result["message_en"]
