"""Rules against practice, day by day, in every reading of the dates: slow, and plain to see.

A reading fixes each coarse date and each membership that is not known. Whatever is broken on a day
in all readings is broken; in some, cannot be told; in none, kept, as far as anything may be due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

#: The days that are compared; dates lie in them, readings may reach beyond.
DAYS = range(10)
BEFORE, AFTER = -100, 1000
#: Days on which a coarse end may still lie.
LATER = range(10, 13)
HERE, STREET, THERE = "here", "street", "there"
#: place -> the place around it
AROUND = {HERE: STREET, THERE: STREET}
#: post slot -> its body slot
BODIES = {"a": "x", "b": "y", "c": "y"}


@dataclass(frozen=True)
class Dates:
    """The first and last possible start and end; None: not known, or for an end: it runs on."""

    start: tuple[int, int] | None
    end: tuple[int, int] | None

    def readings(self) -> list[tuple[int, int]]:
        starts = (
            range(self.start[0], self.start[1] + 1)
            if self.start
            else [BEFORE, *DAYS, *LATER, AFTER]
        )
        ends = range(self.end[0], self.end[1] + 1) if self.end else [AFTER]
        return [(start, end) for start, end in product(starts, ends) if start <= end]


@dataclass(frozen=True)
class Held:
    person: str
    slots: tuple[str, ...]
    place: str
    dates: Dates

    def fills(self, slot: str) -> bool:
        return slot in self.slots or slot in {BODIES[s] for s in self.slots}


@dataclass(frozen=True)
class Rule:
    kind: str
    modality: str
    slot: str
    second: str | None = None
    tier: str | None = None
    condition: str | None = None
    least: int | None = None
    most: int | None = None
    term: int | None = None
    tenure: int | None = None
    terms: int | None = None


@dataclass(frozen=True)
class World:
    rule: Rule
    adoptions: tuple[tuple[str, Dates], ...]
    held: tuple[Held, ...]
    party: tuple[tuple[str, bool | None], ...]

    def readings(self) -> int:
        """How many there are."""
        dates = [d for _, d in self.adoptions] + [h.dates for h in self.held]
        total = 2 ** sum(member is None for _, member in self.party)
        for each in dates:
            total *= len(each.readings())
        return total


Case = tuple[str, str | None, str]  # place, person, slot
Term = tuple[int, int]


def expected(world: World) -> dict[Case, dict[int, str]]:
    """The status of each case on each day."""
    due: dict[Case, set[int]] = {}
    broken: list[dict[Case, set[int]]] = []
    for reading in _readings(world):
        found = dict(_judged(world, *reading))
        broken.append({case: wrong for case, (_, wrong) in found.items()})
        for case, (days, _) in found.items():
            due.setdefault(case, set()).update(days)
    return {
        case: _days(days, [one.get(case, set()) for one in broken])
        for case, days in due.items()
        if days
    }


def _days(due: set[int], broken: list[set[int]]) -> dict[int, str]:
    always, ever = set.intersection(*broken), set.union(*broken)
    return {
        day: "broken" if day in always else "cannot be told" if day in ever else "kept"
        for day in sorted(due)
    }


def _readings(world: World) -> Iterator[tuple[list[Term], list[Term], dict[str, bool]]]:
    people = [name for name, _ in world.party]
    memberships = [[True, False] if member is None else [member] for _, member in world.party]
    for adopted in product(*(dates.readings() for _, dates in world.adoptions)):
        for held in product(*(each.dates.readings() for each in world.held)):
            for members in product(*memberships):
                yield list(adopted), list(held), dict(zip(people, members, strict=True))


def _judged(
    world: World, adopted: list[Term], held: list[Term], members: dict[str, bool]
) -> Iterator[tuple[Case, tuple[set[int], set[int]]]]:
    """Each case with the days on which something is due, and on which it is broken."""
    rule = world.rule
    in_force = {
        place: _cover(
            term
            for (adopter, _), term in zip(world.adoptions, adopted, strict=True)
            if adopter in (place, AROUND.get(place))
        )
        for place in (HERE, THERE, STREET)
    }
    sides = [(rule.slot, rule.second)]
    if rule.kind == "oneTeamTwoNames" and rule.second:
        sides.append((rule.second, rule.slot))
    for place, bound in in_force.items():
        if not any(adopter in (place, AROUND.get(place)) for adopter, _ in world.adoptions):
            continue
        if rule.kind == "holderCount":
            yield from _count(world, held, members, place, bound)
            continue
        for person in ("an", "bo"):
            for slot, second in sides:
                mine = [
                    (h, term)
                    for h, term in zip(world.held, held, strict=True)
                    if h.person == person
                ]
                first = [(h, t) for h, t in mine if h.place == place and h.fills(slot)]
                if not first or not _meets(rule, members[person]):
                    if first:
                        yield (place, person, slot), (set(), set())
                    continue
                days = _cover(t for _, t in first)
                if rule.kind == "termLength":
                    wrong = _too_long(rule, [t for _, t in first])
                else:
                    others = [
                        (h, t)
                        for h, t in mine
                        if second and h.fills(second) and _lies(rule, place, h.place)
                    ]
                    wrong = _linked(rule, first, others)
                yield (place, person, slot), (days & bound, wrong & days & bound)


def _linked(
    rule: Rule, first: list[tuple[Held, Term]], others: list[tuple[Held, Term]]
) -> set[int]:
    wrong = set()
    for day in DAYS:
        on = [h for h, (start, end) in first if start <= day <= end]
        beside = [h for h, (start, end) in others if start <= day <= end]
        if rule.kind in ("independence", "incompatiblePosts") or rule.modality == "mustNot":
            if any(one is not other for one in on for other in beside):
                wrong.add(day)
        elif on and not beside:
            wrong.add(day)
    return wrong


def _too_long(rule: Rule, terms: list[Term]) -> set[int]:
    wrong: set[int] = set()
    for start, end in terms:
        if rule.term is not None:
            wrong |= {day for day in DAYS if start + rule.term <= day <= end}
    for start, end in _unbroken(terms):
        if rule.tenure is not None:
            wrong |= {day for day in DAYS if start + rule.tenure <= day <= end}
        begun = sorted(s for s, _ in terms if start <= s <= end)
        if rule.terms is not None and len(begun) > rule.terms:
            wrong |= {day for day in DAYS if begun[rule.terms] <= day <= end}
    return wrong


def _unbroken(terms: list[Term]) -> list[Term]:
    found: list[Term] = []
    for start, end in sorted(terms):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _count(
    world: World, held: list[Term], members: dict[str, bool], place: str, bound: set[int]
) -> Iterator[tuple[Case, tuple[set[int], set[int]]]]:
    rule = world.rule
    if not any(h.place == place and h.fills(rule.slot) for h in world.held):
        return  # posts are where somebody is appointed in these worlds
    wrong = set()
    for day in bound:
        holders = {
            h.person
            for h, (start, end) in zip(world.held, held, strict=True)
            if h.place == place and h.fills(rule.slot) and start <= day <= end
            and _meets(rule, members[h.person])
        }  # fmt: skip
        if len(holders) < (rule.least or 0) or (rule.most is not None and len(holders) > rule.most):
            wrong.add(day)
    yield (place, None, rule.slot), (bound, wrong)


def _meets(rule: Rule, member: bool) -> bool:
    return rule.condition is None or member == (rule.condition == "isPartyMember")


def _lies(rule: Rule, place: str, other: str) -> bool:
    above, below = AROUND.get(place) == other, AROUND.get(other) == place
    tier = rule.tier or ("otherTier" if rule.kind == "exOfficioElsewhere" else "samePlace")
    return {
        "samePlace": place == other, "widerPlace": above, "narrowerPlace": below, "otherTier": above or below,
        "anyPlace": True,
    }[tier]  # fmt: skip


def _cover(terms: Iterable[Term]) -> set[int]:
    return {day for start, end in terms for day in DAYS if start <= day <= end}
