"""The rows of a comparison: a dimension as a whole, and what models have in it slot by slot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from govgraph.governance.models import dimensions as known
from govgraph.governance.models.alignment import Alignment
from govgraph.governance.models.blueprint import Blueprints
from govgraph.governance.models.dimensions import Dimension
from govgraph.governance.models.nodes import Words

Kind = Literal["dimension", "body", "post", "rule", "staffing", "practice"]
KINDS: tuple[Kind, ...] = ("dimension", "body", "post", "rule", "staffing", "practice")
#: The row of what is recorded of flows where a model is adopted: practice, not the model.
FLOWS = "flows"
_FLOWS = Words("采用地的资金流", "flows of adopting places")


@dataclass(frozen=True)
class Row:
    """A row: `key` is the group of a slot or rule, or the dimension as a whole.

    `needs` are the groups of bodies without which the row does not apply.
    """

    dimension: Dimension
    kind: Kind
    key: str
    names: Words
    functions: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()

    @property
    def item(self) -> str | None:
        """The slot or rule that names the row; a whole dimension and practice have none."""
        return None if self.kind in ("dimension", "practice") else self.key

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Dimension by dimension, the whole first, then slot by slot."""
        return self.dimension.order, self.dimension.iri, KINDS.index(self.kind), self.key


def rows(
    dimensions: Sequence[Dimension],
    found: Blueprints,
    groups: Alignment,
    models: Iterable[str],
    *,
    flows: bool = False,
) -> list[Row]:
    """All rows of the dimensions for what at least one of the models has, in their order; with
    `flows` a row for those of adopting places."""
    wanted = frozenset(models)
    by_iri = {dimension.iri: dimension for dimension in dimensions}
    whole = [Row(d, "dimension", d.iri, d.names, d.functions) for d in dimensions]
    parts = [
        row
        for kind, iri, make in (
            ("body", known.BODIES, _bodies),
            ("post", known.KEY_POSTS, _posts),
            ("rule", known.POST_RULES, _rules),
            ("staffing", known.STAFFING, _staffing),
        )
        if iri in by_iri
        for row in make(by_iri[iri], found, groups)
        if wanted & {_model(found, part) for part in row.parts}
    ]
    if flows and known.FUNDING in by_iri:
        parts.append(Row(by_iri[known.FUNDING], "practice", FLOWS, _FLOWS))
    return sorted([*whole, *parts], key=lambda row: row.order)


def _model(found: Blueprints, part: str) -> str:
    tables: tuple[Mapping[str, object], ...] = (
        found.bodies, found.posts, found.rules, found.staffing,
    )  # fmt: skip
    return next(getattr(table[part], "model", "") for table in tables if part in table)


def called(names: Iterable[Words]) -> Words:
    """What a group is called: the different names in it, up to three."""
    filled = [words.filled() for words in names]
    zh, en = (
        " / ".join(list(dict.fromkeys(text for text in texts if text))[:3])
        for texts in ([words.zh for words in filled], [words.en for words in filled])
    )
    return Words(zh or None, en or None)


def _grouped(groups: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in sorted(groups):
        found[groups[part]] = (*found.get(groups[part], ()), part)
    return found


def _needed(groups: Alignment, bodies: Iterable[str | None]) -> frozenset[str]:
    return frozenset(groups.bodies[body] for body in bodies if body and body in groups.bodies)


def _bodies(dimension: Dimension, found: Blueprints, groups: Alignment) -> Iterator[Row]:
    for key, parts in _grouped(groups.bodies).items():
        functions = frozenset(f for part in parts for f in found.bodies[part].functions)
        names = called(found.bodies[part].names for part in parts)
        yield Row(dimension, "body", key, names, functions, frozenset({key}), parts)


def _posts(dimension: Dimension, found: Blueprints, groups: Alignment) -> Iterator[Row]:
    for key, parts in _grouped(groups.posts).items():
        body = found.posts[key].body
        needs = _needed(groups, [body])
        names = called(found.posts[part].names for part in parts)
        yield Row(dimension, "post", key, names, needs=needs, parts=parts)


def _rules(dimension: Dimension, found: Blueprints, groups: Alignment) -> Iterator[Row]:
    for key, parts in _grouped(groups.rules).items():
        bodies = [found.body_of(post) for post in found.rules[key].posts]
        needs = _needed(groups, bodies)
        names = called(found.rules[part].names for part in parts)
        yield Row(dimension, "rule", key, names, needs=needs, parts=parts)


def _staffing(dimension: Dimension, found: Blueprints, groups: Alignment) -> Iterator[Row]:
    for key, parts in _grouped(groups.staffing).items():
        body = found.staffing[key].body
        needs = _needed(groups, [body])
        names = called(found.staffing[part].names for part in parts)
        yield Row(dimension, "staffing", key, names, needs=needs, parts=parts)
