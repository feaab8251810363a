"""The nation's places: communities in order, each with the places above it that begin with it."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.nation import words

YEAR = "2023"
#: digits of a division code from the province down to the community
LEVELS = (2, 4, 6, 9, 12)
#: communities in a street, areas in a city and so on, of a nation without code table
COMMUNITIES, STREETS, AREAS, CITIES = 13, 12, 10, 11


@dataclass(frozen=True)
class Unit:
    """A place of the nation: its division code, its name and its class."""

    code: str
    name: str
    kind: str

    @property
    def id(self) -> str:
        return "n-" + self.code


@dataclass(frozen=True)
class Community(Unit):
    """A community; `above` has the units that it is the first community of, the highest first."""

    number: int = 0
    above: tuple[Unit, ...] = field(default=())

    @property
    def street(self) -> str:
        """The id of the street it belongs to."""
        return "n-" + self.code[:9]

    @property
    def area(self) -> str:
        """The id of the district or county it belongs to."""
        return "n-" + self.code[:6]


def invented(seed: int) -> Iterator[Community]:
    """Communities without end, in places that do not exist."""
    random, seen = Random(seed), [""] * 4
    kinds = ("Province", "City", "District", "Subdistrict")
    names = ("示例{}省", "示例{}市", "示例{}区", "示例{}街道")
    number = 0
    while True:
        code = _code(number)
        above = []
        for level, (size, kind, name) in enumerate(zip(LEVELS, kinds, names, strict=False)):
            if code[:size] != seen[level]:
                seen[level] = code[:size]
                above.append(Unit(code[:size], name.format(int(code[:size][-2:])), kind))
        name = words.community(random) + "社区"
        yield Community(code, name, "Community", number, tuple(above))
        number += 1


def _code(number: int) -> str:
    """A division code of 12 digits for a number from 0.

    >>> _code(0), _code(13)
    ('110101001001', '110101002001')
    """
    parts = []
    for size in (COMMUNITIES, STREETS, AREAS, CITIES):
        number, part = divmod(number, size)
        parts.append(part + 1)
    community, street, area, city = parts
    return f"{11 + number}{city:02d}{area:02d}{street:03d}{community:03d}"


def real(folder: Path) -> Iterator[Community]:
    """The residents' communities of the code table, in the order of their codes.

    `folder`: provinces, cities, areas, streets and villages as .csv or .csv.gz. The streets are
    held in memory, the villages are not. FileNotFoundError if a table is missing.
    """
    units = {
        row["code"]: row["name"]
        for table in ("provinces", "cities", "areas", "streets")
        for row in _rows(folder, table)
    }
    seen = [""] * 4
    communities = (row for row in _rows(folder, "villages") if _is_community(row["name"]))
    for number, row in enumerate(communities):
        code, above = row["code"], []
        for level, size in enumerate(LEVELS[:4]):
            if code[:size] != seen[level]:
                seen[level] = code[:size]
                name = units[code[:size]]
                above.append(Unit(code[:size], name, _kind(code[:size], name)))
        yield Community(code, row["name"], "Community", number, tuple(above))


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    plain, packed = folder / f"{table}.csv", folder / f"{table}.csv.gz"
    with plain.open("rb") if plain.is_file() else gzip.open(packed, "rb") as stream:
        yield from csv.DictReader(line.decode() for line in stream)


def _is_community(name: str) -> bool:
    """Whether a name of the code table is that of a residents', not a villagers', committee."""
    if name.endswith(("村委会", "村民委员会")):
        return False
    return "社区" in name or name.endswith(("居委会", "居民委员会"))


def _kind(code: str, name: str) -> str:
    """The class of a unit. Digits 7 to 9 of a code: 1xx is a town, 2xx and 3xx a township."""
    if len(code) == 9:
        return {"1": "Town", "2": "Township", "3": "Township"}.get(code[6], "Subdistrict")
    if len(code) == 6:
        return "District" if name.endswith("区") else "County"
    return "City" if len(code) == 4 else "Province"
