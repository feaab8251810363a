"""How far models can be compared at all, and only then how alike they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from govgraph.governance.models.cells import KNOWN
from govgraph.governance.models.exports.document import Comparison
from govgraph.governance.models.grid import Grid
from govgraph.governance.models.nodes import Words
from govgraph.governance.models.similarity import Compared, compared, similarity

#: Aspects below which no similarity is given: it would rest on chance.
LEAST = 5


@dataclass(frozen=True)
class Reason:
    """A row in which two models agree or differ, the codes that they share, and how far they
    agree if in part."""

    names: Words
    shared: tuple[Words, ...]
    part: float | None


@dataclass(frozen=True)
class Pair:
    """Two models: the aspects known of both, those that can be compared, and their likeness if
    these are enough."""

    models: tuple[str, str]
    known: int
    comparable: int
    similarity: float | None
    agree: tuple[Reason, ...]
    differ: tuple[Reason, ...]


def pairs(shown: Comparison, models: Iterable[str]) -> list[Pair]:
    """Every two of the models, the most alike first, then those with more to compare."""
    rows = [row for row in shown.found.rows if row.kind != "practice"]
    found = replace(shown.found, rows=rows)
    chosen = list(models)
    every = [
        _pair(found, a, b, shown.named) for at, a in enumerate(chosen) for b in chosen[at + 1 :]
    ]
    return sorted(every, key=lambda pair: (-(pair.similarity or -1), -pair.comparable, pair.models))


def _pair(found: Grid, a: str, b: str, named: Mapping[str, Words]) -> Pair:
    rows = list(compared(found, a, b, KNOWN))
    comparable = len({each.row.dimension.iri for each in rows})
    return Pair(
        (a, b),
        _known(found, a, b),
        comparable,
        similarity(rows) if comparable >= LEAST else None,
        tuple(_reason(each, named) for each in rows if each.agreement > 0),
        tuple(_reason(each, named) for each in rows if each.agreement < 1),
    )


def _known(found: Grid, a: str, b: str) -> int:
    wholes = [row for row in found.rows if row.kind == "dimension"]
    return sum(all(found.cell(model, row).state in KNOWN for model in (a, b)) for row in wholes)


def _reason(each: Compared, named: Mapping[str, Words]) -> Reason:
    shared = tuple(named[code] for code in sorted(each.shared) if code in named)
    return Reason(each.row.names, shared, None if each.agreement in (0, 1) else each.agreement)
