"""Writes the nation, community by community, and what was planted in it beside the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from bench.nation import blueprint, breaches, community, dates, money, places
from bench.nation.faults import Finding, plant
from bench.nation.holdings import lawful
from bench.nation.plan import Plan
from bench.nation.register_metadata import METADATA
from bench.nation.tables import Position, Tables, focus, line

SCALES = {"100": 100, "1k": 1_000, "10k": 10_000, "119k": 119_000}
README = """# A synthetic nation
Invented: no body, person, post, date or sum here exists, whatever the place they are put in is
called. Names and codes of places may be those of the 2023 code table.
"""


def write_nation(
    communities: int,
    folder: Path,
    *,
    seed: int = 1,
    code_table: Path | None = None,
    breaches: int = 0,
    bad_rows: int = 0,
    compress: bool = False,
) -> dict[str, Any]:
    """Write a dataset folder and `<folder>.expected.json` beside it; return the latter's content.

    `breaches`: how often each breach of a rule and each fault against a shape is planted;
    `bad_rows`: how often each kind of row that the loader refuses. `code_table`: the folder of
    the table of division codes, else the places are invented. The same arguments make the same
    bytes. FileExistsError if the folder exists and is not empty; ValueError if there is no
    community, if there are fewer than rules to break in them, or fewer in the code table.
    """
    if communities < 1:
        raise ValueError("a nation has at least one community")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    plan = Plan(communities, seed, breaches, bad_rows)
    with Tables(folder, compress) as tables:
        nation = _Nation(folder, seed, plan, tables)
        expected = nation.write(_places(communities, seed, code_table))
    path = folder.with_name(folder.name + ".expected.json")
    path.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return expected


def _places(count: int, seed: int, code_table: Path | None) -> Iterator[places.Community]:
    found = places.real(code_table) if code_table else places.invented(seed)
    for number in range(count):
        one = next(found, None)
        if one is None:
            raise ValueError(f"the code table has only {number} communities")
        yield one


class _Nation:
    def __init__(self, folder: Path, seed: int, plan: Plan, tables: Tables) -> None:
        self.folder, self.seed, self.plan, self.tables = folder, seed, plan, tables
        self.findings: list[Finding] = []
        self.adopter = ""  # the street, where it adopts the models for its communities
        self.sentence = 0

    def write(self, communities: Iterator[places.Community]) -> dict[str, Any]:
        (self.folder / "README.md").write_text(README, "utf-8")
        for table, rows in blueprint.rows().items():
            self.tables.write(table, rows)
        for one in communities:
            self._above(one)
            self._community(one)
        if "register.csv" in self.tables.open:
            metadata = json.dumps(METADATA, ensure_ascii=False, indent=1)
            (self.folder / "register.csv-metadata.json").write_text(metadata + "\n", "utf-8")
        return {
            "seed": self.seed,
            "communities": self.plan.communities,
            "rows": self.tables.counts(),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def _above(self, one: places.Community) -> None:
        """The units that begin with a community; a street has an office, a district a document."""
        for unit in one.above:
            self.tables.write("places.csv", [community.place(unit)])
            if len(unit.code) == 6:
                self._document(unit)
            if len(unit.code) == 9:
                self._street(unit)

    def _document(self, unit: places.Unit) -> None:
        self.sentence = 0
        row = {"id": f"{unit.id}-doc", "title_zh": f"{unit.name}社区名册（虚构）", "language": "zh"}
        self.tables.write("documents.csv", [line("documents.csv", row)])

    def _street(self, unit: places.Unit) -> None:
        """An office; the second street of a district adopts the models for all its communities."""
        office = {
            "id": f"{unit.id}-office", "label_zh": f"{unit.name}（机关）", "place": unit.id,
            "type": "SubdistrictAuthority", "assertion": "synthetic",
        }  # fmt: skip
        self.tables.write("organizations.csv", [line("organizations.csv", office)])
        adopts = int(unit.code[6:]) % 10 == 2
        self.adopter = unit.id if adopts else ""
        for model in ("n-gm-a", "n-gm-b") if adopts else ():
            self._adopt(unit.id, model, Random(self.seed + int(unit.code)))

    def _adopt(self, place: str, model: str, random: Random, sentence: str = "") -> None:
        start = dates.start(random, 2015, 2018)
        row = f"{place}-{model[-1]},{place},{model},{start},,synthetic,{sentence}\n"
        self.tables.write("model_adoptions.csv", [row])

    def _community(self, one: places.Community) -> None:
        random = Random(self.seed * 1_000_003 + one.number)
        mark = blueprint.model_of(one.number)[-1]
        sentence = self._sentence(one)
        write = self.tables.write
        write("places.csv", [community.place(one)])
        write("organizations.csv", community.organizations(one, mark, random))
        write("posts.csv", community.posts(one, mark))
        if not self.adopter:
            self._adopt(one.id, f"n-gm-{mark}", random, sentence)
        self._people(one, random)
        for table, rows in money.rows(one, f"{one.street}-office", sentence, random).items():
            write(table, rows)
        self._plant(one)

    def _plant(self, one: places.Community) -> None:
        names = {"c": one.id, "code": one.code, "street": one.street, "area": one.area}
        for number, fault in self.plan.faults(one.number):
            self.findings += plant(fault, names | {"x": f"n-x{number}"}, self.tables)

    def _sentence(self, one: places.Community) -> str:
        """The id of the sentence that names the community."""
        self.sentence += 1
        number, end = self.sentence, self.sentence * 40
        row = f"{one.id}-s,S{number},{one.area}-doc,{number},{end - 40},{end}\n"
        self.tables.write("sentences.csv", [row])
        return f"{one.id}-s"

    def _people(self, one: places.Community, random: Random) -> None:
        draw = random.random()
        party = "true" if draw < 0.65 else "false" if draw < 0.9 else ""
        breach = self.plan.breach(one.number)
        party = (breach and breach.party) or party
        held = lawful(random, blueprint.model_of(one.number), party)
        first = breaches.first_day(random)
        if breach:
            held = breach.apply(held, first)
        self.tables.write("persons.csv", community.persons(one, party, random))
        begin = self.tables.write("appointments.csv", community.appointments(one, held))
        if breach:
            self._found(breach, one, first, community.index_of(held, breach.duty), begin)

    def _found(
        self,
        breach: breaches.Breach,
        one: places.Community,
        first: str,
        index: int,
        begin: Position,
    ) -> None:
        """Note a breach; no appointment has a cell of several lines."""
        since, until = breach.days(first)
        more = {
            "rule": breach.rule, "person": f"{one.id}-p{breach.duty[0]}", "from": since, "to": until,
        }  # fmt: skip
        finding = Finding(
            breach.kind, "shape-sparql", "warning", "PostRuleBreachShape",
            self.tables.file_name("appointments.csv"), begin.row + index, begin.line + index, None,
            focus("places.csv", self.adopter or one.id),
            focus("appointments.csv", f"{one.id}-a{index}"), more,
        )  # fmt: skip
        self.findings.append(finding)
