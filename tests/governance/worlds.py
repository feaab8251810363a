"""Small random worlds of posts, people and rules, as Turtle, for any judge of post rules.

Most of a world is as usual, so that rules are broken now and then; everything may be missing, or
there twice, or elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from govgraph.vocabulary import PREFIXES

PROLOGUE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
PROLOGUE += "@prefix : <http://x.example/> .\n"
DAYS = [f'"{date(2020, 2, 26) + timedelta(days=n)}"^^xsd:date' for n in range(8)]
PLACES, SLOTS, PEOPLE = (":here", ":there", ":district"), (":a", ":b"), (":an", ":bo", "_:cai")
#: Terms that are no plain date: they compare otherwise, or not at all.
STRANGE = (
    '"2020-02-28Z"^^xsd:date', '"2020-02-29T12:00:00"^^xsd:dateTime', '"2020-02-30"^^xsd:date',
    '"2020-02"^^xsd:gYearMonth', '"2020-02-28"', "2020", ":someday", "_:day",
)  # fmt: skip
MEMBER = ("true", "false", '"1"^^xsd:boolean', '"0"^^xsd:boolean', '"true"', "1", ":yes")
CONDITIONS = ("gov:isPartyMember", "gov:isPartyMember", "gov:isNotPartyMember", '"member"')
KINDS = (
    ("must", "concurrentPosts"), ("must", "concurrentPosts"), ("must", "conditionalAppointment"),
    ("mustNot", "incompatiblePosts"), ("mustNot", "incompatiblePosts"), ("must", "incompatiblePosts"),
)  # fmt: skip


def world(seed: int, strange: float = 0.0) -> str:
    """A world in Turtle; `strange` is the share of dates that are no plain dates."""
    return PROLOGUE + "\n".join(_World(Random(seed), strange).lines())


class _World:
    def __init__(self, random: Random, strange: float) -> None:
        self.random, self.strange = random, strange

    def lines(self) -> Iterator[str]:
        yield from self.places()
        yield from self.adoptions()
        yield from self.rules()
        yield from self.posts()
        yield from self.people()
        yield from self.appointments()

    def places(self) -> Iterator[str]:
        """Two places in a street of a district; parents may go in circles."""
        for place in PLACES[:2]:
            yield from _said(place, "gov:parentPlace", self.usually(":street", PLACES))
        yield from _said(":street", "gov:parentPlace", [":district"])
        yield from _said(":district", "gov:parentPlace", self.usually(":province", (":here",)))

    def adoptions(self) -> Iterator[str]:
        for number in range(self.random.choice((1, 1, 2))):
            node = f":adoption{number}"
            adopter = self.random.choice((":here", ":district"))
            yield from _said(node, "gov:adopter", self.usually(adopter, PLACES))
            yield from _said(node, "gov:adoptedModel", [":model"])
            yield from _said(node, "gov:startLatest", self.dates(0.9))
            yield from _said(node, "gov:endEarliest", self.dates(0.3))

    def rules(self) -> Iterator[str]:
        for number in range(self.random.choice((2, 3))):
            node, (modality, kind) = f":rule{number}", self.random.choice(KINDS)
            yield from _said(node, "gov:ofModel", [":model"])
            yield from _said(node, "gov:modality", [f"gov:{modality}"])
            yield from _said(node, "gov:ruleType", [f"gov:{kind}"])
            yield from _said(node, "gov:ifHolds", self.usually(":a", SLOTS))
            yield from _said(node, "gov:thenHolds", self.usually(":b", SLOTS))
            yield from _said(node, "gov:condition", self.some(CONDITIONS, 0.3))

    def posts(self) -> Iterator[str]:
        """One for each slot and place."""
        for number, place in enumerate(PLACES):
            yield from _said(f"{place}-body", "gov:place", self.usually(place, PLACES))
            for slot in SLOTS:
                node = f":post{number}{slot[1:]}"
                yield from _said(node, "gov:fillsPostSlot", self.usually(slot, SLOTS))
                yield from _said(node, "org:postIn", [f"{place}-body"])

    def people(self) -> Iterator[str]:
        for person in PEOPLE:
            yield from _said(person, "gov:partyMember", self.usually("true", MEMBER))

    def appointments(self) -> Iterator[str]:
        """Most are of one person in one place, some of nobody or of two."""
        for number in range(self.random.randint(2, 6)):
            node = f"_:held{number}" if number == 1 else f":held{number}"
            place = self.random.choice((0, 0, 0, 1, 2))
            slot = SLOTS[number % 2] if number < 2 else self.random.choice(SLOTS)
            yield from _said(node, "gov:onPost", [f":post{place}{slot[1:]}"])
            yield from _said(node, "org:member", self.usually(":an", PEOPLE))
            yield from _said(node, "gov:startEarliest", self.dates(0.6))
            yield from _said(node, "gov:startLatest", self.dates(0.9))
            yield from _said(node, "gov:endEarliest", self.dates(0.5))
            yield from _said(node, "gov:endLatest", self.dates(0.5))

    # -- values --------------------------------------------------------------------------------

    def usually(self, value: str, others: Sequence[str]) -> list[str]:
        return [value] if self.random.random() < 0.85 else self.some(others, 0.7)

    def some(self, values: Sequence[str], share: float) -> list[str]:
        """One in that share of cases, seldom two, otherwise none."""
        if self.random.random() > share:
            return []
        return [self.random.choice(values) for _ in range(self.random.choice((1, 1, 1, 2)))]

    def dates(self, share: float) -> list[str]:
        strange = self.random.random() < self.strange
        return self.some(STRANGE if strange else DAYS, share)


def _said(node: str, predicate: str, values: list[str]) -> Iterator[str]:
    yield from (f"{node} {predicate} {value} ." for value in values)
