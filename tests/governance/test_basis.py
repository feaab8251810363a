"""Whether two posts go together by a rule or by chance, on small worlds."""

from __future__ import annotations

import pytest
from tests.governance.engines import on_oxigraph
from tests.governance.worlds import PROLOGUE

from govgraph.governance.concurrent.pairs import concurrent_posts

EDTF = "<http://id.loc.gov/datatypes/edtf/EDTF>"
X = "http://x.example/"
PLACES = """
:street gov:parentPlace :district . :here gov:parentPlace :street . :there gov:parentPlace :street .
"""


def dated(start: str | None, end: str | None) -> str:
    """Dates of an appointment or adoption in Turtle."""
    texts = {"start": start, "end": end}
    return "".join(f' ; gov:{n} "{t}"^^{EDTF}' for n, t in texts.items() if t)


def term(name: str, slot: str, start: str | None, end: str | None, place: str = "here") -> str:
    """A's term in the post of a slot in a place."""
    return (
        f":{name} a gov:Appointment ; org:member :a ; gov:onPost :{place}-{slot}{dated(start, end)} .\n"
        f":{place}-{slot} gov:fillsPostSlot :{slot} ; org:postIn :{place}-body ."
        f" :{place}-body gov:place :{place} .\n"
    )


def rule(
    name: str, slot: str, other: str, modality: str = "must", more: str = "", model: str = "m"
) -> str:
    return (
        f":{name} gov:ofModel :{model} ; gov:modality gov:{modality} ;"
        f" gov:ifHolds :{slot} ; gov:thenHolds :{other} {more} .\n"
    )


def adopted(start: str | None, end: str | None, place: str = "here", model: str = "m") -> str:
    return f":ad-{place} gov:adopter :{place} ; gov:adoptedModel :{model}{dated(start, end)} .\n"


TERMS = term("t1", "x", "2018-01-01", "..") + term("t2", "y", "2019-01-01", "2021-12-31")
IS_MEMBER, IS_NONE = "; gov:condition gov:isPartyMember", "; gov:condition gov:isNotPartyMember"
CASES = {
    "no rule": ("", "incidental", None, None, None),
    "required": (
        rule("r", "x", "y") + adopted("2018", None), "formal", "r", "2019-01-01", "2021-12-31",
    ),
    "required the other way round": (
        rule("r", "y", "x") + adopted("2018", None), "formal", "r", "2019-01-01", "2021-12-31",
    ),
    "adopted above": (
        rule("r", "x", "y") + adopted("2018", None, "district"),
        "formal", "r", "2019-01-01", "2021-12-31",
    ),
    "adopted elsewhere": (rule("r", "x", "y") + adopted("2018", None, "there"), "incidental", None, None, None),
    "adopted for a while": (
        rule("r", "x", "y") + adopted("2020-02-03", "2020-05-06"),
        "formal", "r", "2020-02-03", "2020-05-06",
    ),
    "given up before": (rule("r", "x", "y") + adopted("2015", "2018-12-31"), "incidental", None, None, None),
    "given up, nobody knows when": (
        rule("r", "x", "y") + adopted("2015", "2018-12-01/2019-02-01"), "unknown", "r", None, None,
    ),
    "adopted, nobody knows when": (rule("r", "x", "y") + adopted(None, None), "unknown", "r", None, None),
    "another model": (rule("r", "x", "y") + adopted("2018", None, model="n"), "incidental", None, None, None),
    "forbidden": (
        rule("r", "x", "y", "mustNot") + adopted("2018", None),
        "contrary", "r", "2019-01-01", "2021-12-31",
    ),
    "allowed": (
        rule("r", "x", "y", "may") + adopted("2018", None),
        "permitted", "r", "2019-01-01", "2021-12-31",
    ),
    "a member": (
        rule("r", "x", "y", more=IS_MEMBER) + adopted("2018", None) + ":a gov:partyMember true .",
        "formal", "r", "2019-01-01", "2021-12-31",
    ),
    "no member": (
        rule("r", "x", "y", more=IS_MEMBER) + adopted("2018", None) + ":a gov:partyMember false .",
        "incidental", None, None, None,
    ),
    "perhaps a member": (
        rule("r", "x", "y", more=IS_MEMBER) + adopted("2018", None),
        "unknown", "r", "2019-01-01", "2021-12-31",
    ),
    "none, as the rule asks": (
        rule("r", "x", "y", more=IS_NONE) + adopted("2018", None) + ":a gov:partyMember false .",
        "formal", "r", "2019-01-01", "2021-12-31",
    ),
    "a condition that is not known here": (
        rule("r", "x", "y", more="; gov:condition gov:isTall") + adopted("2018", None),
        "unknown", "r", "2019-01-01", "2021-12-31",
    ),
    "by two rules together": (
        rule("r1", "x", "z") + rule("r2", "z", "y") + adopted("2018", None),
        "implied", "r1", "2019-01-01", "2021-12-31",
    ),
    "by rules of two models": (
        rule("r1", "x", "z") + rule("r2", "z", "y", model="n")
        + adopted("2018", None) + adopted("2018", None, "street", "n"),
        "incidental", None, None, None,
    ),
    "in a circle": (
        rule("r1", "x", "z") + rule("r2", "z", "x") + rule("r3", "z", "y") + adopted("2018", None),
        "implied", "r1", "2019-01-01", "2021-12-31",
    ),
    "required is told before forbidden": (
        rule("r1", "x", "y", "mustNot") + rule("r2", "x", "y") + adopted("2018", None),
        "formal", "r2", "2019-01-01", "2021-12-31",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_basis_of_a_pair(case: str) -> None:
    world, basis, rule_, first, last = CASES[case]
    answer = concurrent_posts(on_oxigraph(PROLOGUE + PLACES + TERMS + world))
    (row,) = answer.frame.iter_rows(named=True)
    days = [
        None if day is None else day.isoformat() for day in (row["basis_from"], row["basis_to"])
    ]
    found = row["rule"].removeprefix(X) if row["rule"] else None
    assert (row["basis"], found, *days) == (basis, rule_, first, last)
    assert (row["start"], row["end"]) == ("2019-01-01", "2021-12-31")


def test_a_rule_is_about_one_place_unless_it_says_elsewhere() -> None:
    terms = term("t1", "x", "2018", "..") + term("t2", "y", "2019", "..", "there")
    stated = rule("r", "x", "y") + adopted("2018", None, "district")
    assert bases(PLACES + terms + stated) == ["incidental"]
    elsewhere = rule("r", "x", "y", more="; gov:ruleType gov:exOfficioElsewhere")
    assert bases(PLACES + terms + elsewhere + adopted("2018", None)) == ["formal"]


def bases(world: str) -> list[str]:
    return concurrent_posts(on_oxigraph(PROLOGUE + world)).frame["basis"].to_list()


def test_the_evidence_of_a_basis_is_its_rules_and_the_adoption() -> None:
    world = rule("r1", "x", "z") + rule("r2", "z", "y") + adopted("2018", None)
    row = concurrent_posts(on_oxigraph(PROLOGUE + PLACES + TERMS + world)).frame.row(0, named=True)
    assert row["source_rule"] == [f"{X}r1", f"{X}r2", f"{X}ad-here"]
    assert sorted(row["source"]) == [f"{X}t1", f"{X}t2"]


def test_only_what_is_asked_for() -> None:
    other = term("t3", "z", "2020", "2020", "there")
    engine = on_oxigraph(PROLOGUE + PLACES + TERMS + other)
    everything = concurrent_posts(engine).frame
    assert everything.height == 3
    assert concurrent_posts(engine, place=f"{X}there").frame.height == 2
    assert concurrent_posts(engine, slot=[f"{X}x", f"{X}y"]).frame.height == 1
    assert concurrent_posts(engine, person=f"{X}nobody").frame.height == 0
    assert concurrent_posts(engine, basis="formal").frame.height == 0
