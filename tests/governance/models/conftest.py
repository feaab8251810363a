"""Small worlds of models, and the shipped data with the comparators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from tests.conftest import ROOT

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings
from govgraph.vocabulary import PREFIXES

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
PROLOGUE += "@prefix : <http://x.example/> .\n"
ONTOLOGY = [
    quad
    for module in sorted((ROOT / "ontology").glob("*.ttl"))
    for quad in parse(module.read_bytes(), RdfFormat.TURTLE)
]
X = "http://x.example/"

#: An old model, the new one that revises it by adding a station, and one that nobody revises.
SMALL = """
:old a gov:GovernanceModel ; skos:prefLabel "旧"@zh , "old"@en ; gov:replacedBy :new .
:new a gov:GovernanceModel ; skos:prefLabel "新"@zh , "new"@en .
:far a gov:GovernanceModel ; skos:prefLabel "远"@zh , "far"@en .

:talk skos:broader gov:deliberateFunction . :help skos:broader gov:serveFunction .
:old-committee a gov:BodySlot ; gov:ofModel :old ; skos:prefLabel "居委会"@zh ;
  gov:function :talk ; gov:position "自治"@zh ; gov:assertion gov:inferred .
:old-office a gov:BodySlot ; gov:ofModel :old ; skos:prefLabel "办公室"@zh .
:new-committee a gov:BodySlot ; gov:ofModel :new ; skos:prefLabel "居委会"@zh ;
  gov:function :talk ; gov:position "民主自治"@zh .
:new-station a gov:BodySlot ; gov:ofModel :new ; skos:prefLabel "服务站"@zh ;
  gov:function :help ; gov:newInModel true .
:far-council a gov:BodySlot ; gov:ofModel :far ; skos:prefLabel "council"@en ;
  gov:function gov:deliberateFunction .

:new-head a gov:PostSlot ; gov:ofModel :new ; gov:inBodySlot :new-station ;
  skos:prefLabel "服务站站长"@zh .
:new-chair a gov:PostSlot ; gov:ofModel :new ; gov:inBodySlot :new-committee ;
  skos:prefLabel "居委会主任"@zh .
:rule a gov:PostRule ; gov:ofModel :new ; skos:prefLabel "站长须是主任"@zh ;
  gov:ruleType gov:concurrentPosts ; gov:modality gov:must ;
  gov:ifHolds :new-head ; gov:thenHolds :new-chair .
:staff a gov:StaffingRule ; gov:ofModel :new ; gov:forBodySlot :new-station ;
  gov:countsPostSlot :new-head ; gov:component "1" ; skos:prefLabel "站长"@zh ;
  gov:minCount 1 ; gov:maxCount 1 .

:s1 a gov:ModelStatement ; gov:about :far ; gov:dimension gov:fundingDimension ;
  gov:cellState gov:unsourcedCell ; gov:statementText "fees" ; gov:codedAs gov:membershipFees ;
  gov:assertion gov:generalKnowledge .
:s2 a gov:ModelStatement ; gov:about :far ; gov:dimension gov:serviceBodyDimension ;
  gov:cellState gov:absentCell ; gov:statementText "no services" ; gov:sourceTitle "Handbook" ;
  gov:sourceAddress "example.org" .
:s3 a gov:ModelStatement ; gov:about :new ; gov:dimension gov:fundingDimension ;
  gov:cellState gov:sourcedCell ; gov:statementText "taxes" ; gov:codedAs gov:localTax ;
  gov:sourceTitle "Budget" .
:gap a gov:DataNote ; gov:about :old ; gov:missingProperty "amount" ; skos:note "没有说金额"@zh .
"""


def world(turtle: str) -> Engine:
    """An engine on the ontology and some Turtle, prefixes given."""
    store = Store()
    store.extend(ONTOLOGY)
    store.extend(parse(PROLOGUE + turtle, RdfFormat.TURTLE))
    return OxigraphEngine(store)


@pytest.fixture(scope="session")
def small() -> Engine:
    return world(SMALL)


@pytest.fixture
def made() -> Callable[[str], Engine]:
    return world


@pytest.fixture(scope="session")
def shipped(whole_home: Path) -> Opened:
    """All shipped data, the comparators included."""
    return Releases(Settings(home=whole_home)).open()
