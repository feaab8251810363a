"""The pages that are asked for: those that the tests know, or the same of another release.

The tests' list (tests/pages/site.py) names entities of the shipped data. For any other release each
of them is replaced by entities of the same kind, so that a page which the tests learn of is measured
on a nation too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from tests.pages.site import PAGES, STATUS

from govgraph.lookup.entities import Context
from govgraph.lookup.search import all_of
from govgraph.vocabulary import PROLOGUE

#: Parameters whose values are entities, and their kinds.
KINDS = {
    "m": "model", "pin": "model", "p": "place", "place": "place", "post": "post",
    "person": "person", "organization": "organization",
}  # fmt: skip
#: Pages that only the shipped data has: a finding, and a choice that is not clear.
ONLY_SHIPPED = ("finding", "no-finding", "compare-unclear")
_BUSIEST = """SELECT ?o (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?o), "%s")) }
GROUP BY ?o ORDER BY DESC(?n) LIMIT 1"""


@dataclass(frozen=True)
class Asked:
    """A page by its name, with the status that it answers."""

    name: str
    address: str
    status: int = 200

    @property
    def kind(self) -> str:
        """What the page is: the first part of its path."""
        return self.address.split("?")[0].split("/")[1] or "home"

    def in_language(self, language: str) -> str:
        """The address for one language, encoded."""
        path, _, query = self.address.partition("?")
        return f"{quote(path)}?{urlencode([*parse_qsl(query), ('lang', language)])}"


def shipped() -> list[Asked]:
    """The pages of the shipped data."""
    return [Asked(name, address, STATUS.get(name, 200)) for name, address in PAGES.items()]


def of_release(context: Context, labels: Path, each: int) -> list[Asked]:
    """The same pages of another release: entity pages `each` times, with entities from all over the
    index, and once with the one that most others point to."""
    keys = {
        kind: _keys(context, labels, kind, each)
        for kind in {*KINDS.values(), *map(_entity_kind, PAGES.values())} - {""}
    }
    found: list[Asked] = []
    for name, address in PAGES.items():
        if name not in ONLY_SHIPPED:
            found += _retold(name, address, keys)
    return [page for page in found if "{" not in page.address]


def _retold(name: str, address: str, keys: Mapping[str, Sequence[str]]) -> list[Asked]:
    status = STATUS.get(name, 200)
    kind = _entity_kind(address)
    if kind and status == 200:
        _, _, query = address.partition("?")
        rest = f"?{query}" if query else ""
        return [
            Asked(f"{name} {number}", f"/id/{kind}/{key}{rest}")
            for number, key in enumerate(keys[kind], start=1)
        ]
    if kind:
        return [Asked(name, address, status)]
    given = {kind: cycle(found) for kind, found in keys.items() if found}
    return [Asked(name, _with_entities(address, lambda kind: next(given[kind])), status)]


def _with_entities(address: str, key: Callable[[str], str]) -> str:
    """The address with other entities for those that it names."""
    path, _, query = address.partition("?")
    if match := re.fullmatch(r"/rules/[^/]+", path):
        path = match[0].rpartition("/")[0] + "/" + key("model")
    pairs = [
        (name, key(KINDS[name]) if name in KINDS else value) for name, value in parse_qsl(query)
    ]
    return path + ("?" + urlencode(pairs) if pairs else "")


def _entity_kind(address: str) -> str:
    match = re.match(r"/id/([^/]+)/", address)
    return match[1] if match else ""


def _keys(context: Context, labels: Path, kind: str, each: int) -> list[str]:
    """Keys of a kind: as far apart as the index allows, and the busiest one."""
    low, high = 0, 1
    while all_of(labels, kind, limit=1, offset=high):
        low, high = high, high * 2
    spread = [round(number * low / max(each - 1, 1)) for number in range(each)]
    hits = [hit for at in dict.fromkeys(spread) for hit in all_of(labels, kind, limit=1, offset=at)]
    rows = context.engine.select(PROLOGUE + _BUSIEST % f"{context.base}{kind}/")
    iris = [hit.iri for hit in hits] + [row["o"].value for row in rows if "o" in row]
    return [iri.removeprefix(f"{context.base}{kind}/") for iri in dict.fromkeys(iris)]
