"""What rules are judged by: the tables of rules, who adopted them, and who held what, as frames."""

from __future__ import annotations

from collections.abc import Mapping

from govgraph.engine.base import Engine
from govgraph.governance import frames
from govgraph.governance.rules.spans import DATES, EVER, spanned
from govgraph.governance.stars import Facts, Star
from govgraph.vocabulary import PROLOGUE

#: A body owes nothing before it is founded or after it is dissolved, if that is known.
_EXISTENCE = {
    "start_first": "gov:foundedEarliest",
    "start_last": "gov:foundedLatest",
    "end_first": "gov:dissolvedEarliest",
    "end_last": "gov:dissolvedLatest",
}
#: The rule tables: few rows.
TABLES: Mapping[str, Star] = {
    "rule": Star(
        "rule",
        {"model": "gov:ofModel", "modality": "gov:modality", "type": "gov:ruleType"},
        {
            "held": "gov:ifHolds",
            "held_in": "gov:ifInBody",
            "then": "gov:thenHolds",
            "then_in": "gov:thenInBody",
            "condition": "gov:condition",
            "tier": "gov:tier",
            "least": "gov:minHolders",
            "most": "gov:maxHolders",
            "term": "gov:maxTerm",
            "tenure": "gov:maxTenure",
            "terms": "gov:maxTerms",
        },
    ),
    "slot": Star(
        "slot",
        {"model": "gov:ofModel", "body_slot": "gov:inBodySlot"},
        {"least": "gov:minHolders", "most": "gov:maxHolders"},
    ),
    "staffing": Star(
        "rule",
        {"model": "gov:ofModel"},
        {
            "slot": "gov:countsPostSlot",
            "least": "gov:minCount",
            "most": "gov:maxCount",
            "body_slot": "gov:forBodySlot",
        },
        kind="gov:StaffingRule",
    ),
}
#: Practice: as many rows as the nation has posts and people.
PRACTICE: Mapping[str, Star] = {
    "adoption": Star("fact", {"this": "gov:adopter", "model": "gov:adoptedModel"}, DATES),
    "place": Star("community", {"parent": "gov:parentPlace"}),
    "body": Star("body", {"place": "gov:place"}, {"body_slot": "gov:fillsSlot", **_EXISTENCE}),
    "post": Star("post", {"body": "org:postIn"}, {"slot": "gov:fillsPostSlot"}),
    "holding": Star("fact", {"post": "gov:onPost", "person": "org:member"}, DATES),
}
#: Who is a Party member, of those whom a rule with a condition may concern.
_MEMBERS = """SELECT DISTINCT ?person ?party WHERE {
  ?rule gov:condition ?condition .
  { ?rule gov:ifHolds|gov:thenHolds ?slot . ?post gov:fillsPostSlot ?slot }
  UNION { ?rule gov:ifInBody|gov:thenInBody ?in . ?slot gov:inBodySlot ?in . ?post gov:fillsPostSlot ?slot }
  UNION { ?rule gov:ifInBody|gov:thenInBody ?in . ?body gov:fillsSlot ?in . ?post org:postIn ?body }
  ?holding gov:onPost ?post ; org:member ?person . ?person gov:partyMember ?party }"""
#: What has ended, nobody knows when: EDTF's intervals that are open or unknown on both sides. An
#: end of any other text has a bound, but for `..`, which is no end.
_ENDED = """SELECT ?fact ?end WHERE {
  VALUES ?property { gov:end gov:dissolved }
  VALUES ?end { "../.."^^edtf:EDTF "/.."^^edtf:EDTF "../"^^edtf:EDTF }
  ?fact ?property ?end }"""


def read(engine: Engine) -> Facts:
    """All of TABLES and PRACTICE, terms of one type; adoptions and holdings (`fact`) and bodies
    with the days on which they may hold and surely hold (spans.DAYS)."""
    kind = frames.terms()
    stars = {**TABLES, **PRACTICE}
    facts = {name: frames.frame(engine, star.query(), kind) for name, star in stars.items()}
    facts["person"] = frames.frame(engine, PROLOGUE + _MEMBERS, kind)
    ended = frames.frame(engine, PROLOGUE + _ENDED, kind)
    dated = {name: spanned(facts[name], ended) for name in ("adoption", "holding")}
    return facts | dated | {"body": spanned(facts["body"], ended, unknown=EVER)}


def rule_tables(engine: Engine) -> Facts:
    """TABLES only."""
    kind = frames.terms()
    return {name: frames.frame(engine, star.query(), kind) for name, star in TABLES.items()}
