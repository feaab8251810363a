"""The rows of one community: its bodies, posts, people and who holds what.

Rows are text at once, for speed; the columns are those of `tables.TABLES`, in their order.
"""

from __future__ import annotations

from random import Random

from bench.nation import words
from bench.nation.blueprint import BODIES, POSTS
from bench.nation.holdings import Holdings
from bench.nation.places import YEAR, Unit
from bench.nation.tables import cell
from govgraph_loaders.checks import gb32100_digit

CLASSES = {
    "dw": "PartyCommittee",
    "jwh": "ResidentsCommittee",
    "gzz": "WorkStation",
    "sgz": "SocialWorkStation",
}
SELECTION = {
    "fsj": "appointed", "zr": "elected", "gz": "appointed",
    "sg": "recommended", "sgy": "hired", "cy": "elected",
}  # fmt: skip
PEOPLE = 12


def place(unit: Unit) -> str:
    """A place below the one whose code its own begins with."""
    above = {12: 9, 9: 6, 6: 4, 4: 2, 2: 0}[len(unit.code)]
    parent = "n-" + unit.code[:above] if above else ""
    return f"{unit.id},{cell(unit.name)},,{unit.kind},{parent},{unit.code},{YEAR},synthetic,\n"


def organizations(unit: Unit, mark: str, random: Random) -> list[str]:
    """The four bodies, each in its slot; the committee and one station have a credit code."""
    c, name = unit.id, cell(short(unit.name))
    rows = []
    for body, label in BODIES.items():
        uscc = credit_code(unit.code, body) if body in ("jwh", "sgz") else ""
        founded = f"{1990 + int(random.random() * 25)}" if body == "dw" else ""
        above = f"{c}-jwh" if body == "sgz" else ""
        rows.append(
            f"{c}-{body},{name}{label},,,{CLASSES[body]},{above},{c},n-{mark}-{body},"
            f"{founded},,{uscc},synthetic,\n"
        )
    return rows


def short(name: str) -> str:
    """What the names of a community's bodies begin with.

    >>> short("多福巷社区居委会")
    '多福巷'
    """
    for ending in ("居民委员会", "居委会", "社区"):
        name = name.removesuffix(ending)
    return name


def credit_code(code: str, body: str) -> str:
    """A unified social credit code that only its check digit proves (GB 32100-2015)."""
    stem = (
        f"5{'4' if body == 'jwh' else '2'}{code[:6]}{code[6:]}{'001' if body == 'jwh' else '002'}"
    )
    return stem + gb32100_digit(stem)


def posts(unit: Unit, mark: str) -> list[str]:
    c, name = unit.id, cell(short(unit.name))
    return [
        f"{c}-{post},{name}{label},{c}-{body},n-{mark}-{post},,,synthetic,\n"
        for post, (body, label) in POSTS.items()
    ]


def persons(unit: Unit, party: str, random: Random) -> list[str]:
    """Twelve people, about half of whom hold posts; `party` is of the director, person 2."""
    draw = random.random
    rows = []
    for number in range(PEOPLE):
        member = "true" if draw() < 0.55 else "false" if draw() < 0.8 else ""
        if number in (2, 8):
            member = party if number == 2 else "false"
        skill = "intermediateSocialWorker" if number == 3 else ""
        rows.append(f"{unit.id}-p{number},{words.person(random)},{member},{skill},synthetic,\n")
    return rows


def appointments(unit: Unit, held: Holdings) -> list[str]:
    """One row a term, in the order of the holdings."""
    c = unit.id
    people = [person for person, _ in held]
    rows: list[str] = []
    for (person, post), terms in held.items():
        several = "true" if people.count(person) > 1 else ""
        for start, end in terms:
            rows.append(
                f"{c}-a{len(rows)},{c}-p{person},{c}-{post},{start},{end},"
                f"{several},{SELECTION[post]},synthetic,\n"
            )
    return rows


def index_of(held: Holdings, duty: tuple[int, str]) -> int:
    """Which of a community's appointments is the first term of a holding."""
    keys = [key for key, terms in held.items() for _ in terms]
    return keys.index(duty)
