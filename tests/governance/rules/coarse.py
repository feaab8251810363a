"""Small random worlds of coarse dates, written as Turtle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from tests.governance.rules.readings import (
    AROUND,
    BODIES,
    HERE,
    STREET,
    THERE,
    Dates,
    Held,
    Rule,
    World,
)
from tests.governance.worlds import PROLOGUE

ORIGIN = date(2020, 2, 26)
#: More readings than this are cut down by making dates exact.
READINGS = 300


def day(number: int) -> date:
    return ORIGIN + timedelta(days=number)


# -- worlds as Turtle ----------------------------------------------------------------------------


def turtle(world: World) -> str:
    lines = [f":{place} gov:parentPlace :{around} ." for place, around in AROUND.items()]
    lines += [f":{p} gov:partyMember {str(m).lower()} ." for p, m in world.party if m is not None]
    for slot, body in BODIES.items():
        lines.append(f":{slot} a gov:PostSlot ; gov:ofModel :model ; gov:inBodySlot :{body} .")
        lines.append(f":{body} a gov:BodySlot ; gov:ofModel :model .")
    lines.append(_rule(world.rule))
    for number, (place, dates) in enumerate(world.adoptions):
        lines.append(f":adoption{number} gov:adopter :{place} ; gov:adoptedModel :model .")
        lines += _dated(f":adoption{number}", dates)
    for number, held in enumerate(world.held):
        lines.append(f":body{number} gov:place :{held.place} .")
        slots = " , ".join(f":{slot}" for slot in held.slots)
        lines.append(f":post{number} org:postIn :body{number} ; gov:fillsPostSlot {slots} .")
        lines.append(f":held{number} gov:onPost :post{number} ; org:member :{held.person} .")
        lines += _dated(f":held{number}", held.dates)
    return PROLOGUE + "\n".join(lines)


def _rule(rule: Rule) -> str:
    def slot(name: str, post: str, body: str) -> str:
        return f"gov:{body if name in BODIES.values() else post} :{name}"

    stated = [
        ":rule gov:ofModel :model",
        f"gov:ruleType gov:{rule.kind}",
        f"gov:modality gov:{rule.modality}",
        slot(rule.slot, "ifHolds", "ifInBody"),
    ]
    if rule.second:
        stated.append(slot(rule.second, "thenHolds", "thenInBody"))
    names = {
        "gov:tier": rule.tier and f"gov:{rule.tier}",
        "gov:condition": rule.condition and f"gov:{rule.condition}",
        "gov:minHolders": rule.least,
        "gov:maxHolders": rule.most,
        "gov:maxTerms": rule.terms,
        "gov:maxTerm": None if rule.term is None else f'"P{rule.term}D"^^xsd:duration',
        "gov:maxTenure": None if rule.tenure is None else f'"P{rule.tenure}D"^^xsd:duration',
    }
    stated += [f"{name} {value}" for name, value in names.items() if value is not None]
    return " ; ".join(stated) + " ."


def _dated(node: str, dates: Dates) -> list[str]:
    return [
        f'{node} gov:{name}{which} "{day(number)}"^^xsd:date .'
        for name, bounds in (("start", dates.start), ("end", dates.end))
        if bounds
        for which, number in zip(("Earliest", "Latest"), bounds, strict=True)
    ] + ([f'{node} gov:end "coarse" .'] if dates.end else [])


# -- random worlds -------------------------------------------------------------------------------


@st.composite
def dates(draw: st.DrawFn) -> Dates:
    """Most are exact, some may be one of two or three days, some are not known."""
    first = draw(st.integers(0, 6))
    last = first + draw(st.integers(0, 9 - first))
    start: tuple[int, int] | None = (first, first + draw(st.sampled_from([0, 0, 0, 1, 2])))
    end: tuple[int, int] | None = (last, last + draw(st.sampled_from([0, 0, 0, 1, 2])))
    if draw(st.integers(0, 9)) == 0:
        start = None
    if draw(st.integers(0, 2)) == 0:
        end = None
    return Dates(start, end)


def holdings(places: list[str], slots: list[tuple[str, ...]]) -> st.SearchStrategy[Held]:
    people = st.sampled_from(["an", "an", "an", "bo"])
    return st.builds(Held, people, st.sampled_from(slots), st.sampled_from(places), dates())


POSTS: list[tuple[str, ...]] = [("a",), ("a",), ("b",), ("b",), ("c",), ("a", "b")]
adoptions = st.one_of(
    st.just(((HERE, Dates((0, 0), None)),)),
    st.lists(st.tuples(st.sampled_from([HERE, STREET]), dates()), min_size=1, max_size=2).map(
        tuple
    ),
)
memberships = st.tuples(
    st.tuples(st.just("an"), st.sampled_from([True, True, False, None])),
    st.tuples(st.just("bo"), st.sampled_from([True, False, None])),
)


def worlds(
    rules: st.SearchStrategy[Rule],
    posts: list[tuple[str, ...]] = POSTS,
    places: list[str] = [HERE, HERE, HERE, THERE],  # noqa: B006
) -> st.SearchStrategy[World]:
    held = st.lists(holdings(places, posts), min_size=2, max_size=4).map(tuple)
    return st.builds(World, rules, adoptions, held, memberships).map(cut)


def cut(world: World) -> World:
    """The same with the last dates exact, if it has too many readings."""
    for number in reversed(range(len(world.held))):
        if world.readings() <= READINGS:
            break
        held = list(world.held)
        starts = held[number].dates.start or (3, 3)
        ends = held[number].dates.end
        exact = Dates((starts[0],) * 2, ends and (max(ends[0], starts[0]),) * 2)
        held[number] = replace(held[number], dates=exact)
        world = replace(world, held=tuple(held))
    return world


conditions = st.sampled_from([None, None, "isPartyMember", "isNotPartyMember"])
slots = st.sampled_from(["a", "b", "x", "y"])
RULES = {
    "concurrentPosts": st.builds(
        Rule, st.just("concurrentPosts"), st.sampled_from(["must", "mustNot"]), st.just("a"),
        st.just("b"), condition=conditions,
    ),
    "conditionalAppointment": st.builds(
        Rule, st.just("conditionalAppointment"), st.just("must"), st.just("a"), st.just("b"),
        condition=st.sampled_from(["isPartyMember", "isNotPartyMember"]),
    ),
    "incompatiblePosts": st.builds(
        Rule, st.just("incompatiblePosts"), st.just("mustNot"), slots, slots, condition=conditions,
        tier=st.sampled_from([None, None, "anyPlace"]),
    ),
    "crossMembership": st.builds(
        Rule, st.just("crossMembership"), st.just("must"), st.sampled_from(["a", "x"]),
        st.sampled_from(["y", "b"]), condition=conditions,
    ),
    "oneTeamTwoNames": st.builds(Rule, st.just("oneTeamTwoNames"), st.just("must"), st.just("x"), st.just("y")),
    "independence": st.builds(
        Rule, st.just("independence"), st.sampled_from(["must", "mustNot"]), st.just("a"),
        st.sampled_from(["x", "y"]),
    ),
    "termLength": st.builds(
        Rule, st.just("termLength"), st.just("must"), st.sampled_from(["a", "x"]), condition=conditions,
        term=st.sampled_from([None, 2, 3]), tenure=st.sampled_from([None, 4, 5]),
    ).filter(lambda rule: rule.term or rule.tenure),
    "holderCount": st.builds(
        Rule, st.just("holderCount"), st.just("must"), st.sampled_from(["a", "y"]), condition=conditions,
        least=st.sampled_from([None, 1, 2]), most=st.sampled_from([None, 1]),
    ).filter(lambda rule: rule.least or rule.most).filter(lambda rule: (rule.least or 0) < 2 or not rule.most),
}  # fmt: skip
