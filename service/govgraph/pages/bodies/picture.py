"""A network as a picture: the nodes with most links, their links, and names where there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from govgraph.governance.networks.model import Network
from govgraph.pages.bodies.layout import layout
from govgraph.pages.page import Page
from govgraph.pages.rules.lettering import middled, width

#: Nodes that are drawn, those with most links first; a network of more than LARGE is not drawn at
#: all: what a hundred of them would show is chance.
MOST, LARGE = 100, 1_000
WIDTH, HEIGHT = 1100.0, 760.0
#: Letters of names in pixels, and where a name stands: above its node, else below it.
_LETTERS, _ROOM, _ABOVE, _BELOW = 12.0, 180.0, -10.0, 19.0
#: So few nodes have twice the room for their names; and what is beside the drawing.
_FEW, _BESIDE = 16, 60.0


@dataclass(frozen=True)
class Dot:
    """A node; `links` are those that it has."""

    iri: str
    kind: str
    labels: Mapping[str, str]
    x: float
    y: float
    links: int


@dataclass(frozen=True)
class Line:
    """A link; `sure` if it holds in every reading of the dates."""

    source: Dot
    target: Dot
    weight: int
    sure: bool


@dataclass(frozen=True)
class Picture:
    """What is drawn of a network, nothing if it is too large: `nodes` and `links` count all that
    there are."""

    dots: Sequence[Dot]
    lines: Sequence[Line]
    nodes: int
    links: int

    @property
    def too_large(self) -> bool:
        return self.nodes > LARGE


def picture(network: Network) -> Picture:
    """The nodes with most links, placed so that what is linked lies together."""
    if network.nodes.height > LARGE:
        return Picture((), (), network.nodes.height, network.links.height)
    pairs = network.links.select("source", "target", "weight", *_sure(network.links))
    degrees = pl.concat([pairs["source"], pairs["target"]]).value_counts(sort=True)
    kept = degrees.sort(["count", "source"], descending=[True, False])[:MOST]
    places = {iri: number for number, iri in enumerate(kept["source"])}
    rows = [row for row in pairs.iter_rows() if row[0] in places and row[1] in places]
    links = [(places[row[0]], places[row[1]]) for row in rows]
    spots = layout(len(places), links, WIDTH / HEIGHT)
    known = {row["id"]: row for row in network.nodes.iter_rows(named=True)}
    dots = [
        _dot(known[iri], spots[number], count)
        for (iri, count), number in zip(kept.iter_rows(), places.values(), strict=True)
    ]
    lines = [Line(dots[places[r[0]]], dots[places[r[1]]], int(r[2] or 1), bool(r[3])) for r in rows]
    return Picture(dots, lines, network.nodes.height, network.links.height)


def _sure(links: pl.DataFrame) -> list[pl.Expr]:
    """Whether a link is certain, from what its network says of that."""
    if "certain" in links.columns:
        return [(pl.col("certain") > 0).alias("sure")]
    return [(pl.col("held") == "yes").alias("sure") if "held" in links.columns else pl.lit(True)]


def _dot(node: Mapping[str, Any], spot: tuple[float, float], count: int) -> Dot:
    labels = {lang: text for lang in ("zh", "en") if (text := node[f"label_{lang}"])}
    x, y = spot[0] * WIDTH, spot[1] * HEIGHT
    return Dot(node["id"], node["kind"], labels, round(x, 1), round(y, 1), count)


@dataclass(frozen=True)
class Name:
    """The name of a node, and what of it is written where; no `text` if there is no room."""

    name: str
    text: str
    y: float


def written(page: Page, dots: Sequence[Dot]) -> dict[str, Name]:
    """The names of nodes so that none stands on another; those with most links come first."""
    taken: list[tuple[float, float, float]] = []
    found = {}
    room = _ROOM * 2 if len(dots) <= _FEW else _ROOM
    for dot in dots:
        name = page.plain(dot.labels, dot.iri.rpartition("/")[2])
        edge = 2 * (min(dot.x, WIDTH - dot.x) + _BESIDE)
        text = middled(" ".join(name.split()), _LETTERS, min(room, edge))
        half = width(text, _LETTERS) / 2 + 2
        others = [other for other in dots if other is not dot]
        free = [
            dot.y + at
            for at in (_ABOVE, _BELOW)
            if _is_free(dot.x, dot.y + at, half, taken)
            and _is_clear(dot.x, dot.y + at, half, others)
        ]
        if free:
            taken.append((dot.x, free[0], half))
        found[dot.iri] = Name(name, text if free else "", free[0] if free else dot.y)
    return found


def _is_clear(x: float, y: float, half: float, dots: Sequence[Dot]) -> bool:
    """Whether a name would stand on no node."""
    return not any(abs(x - dot.x) < half + 5 and -_LETTERS - 5 < dot.y - y < 8 for dot in dots)


def _is_free(x: float, y: float, half: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    return not any(
        abs(x - other) < half + reach and abs(y - line) < _LETTERS + 2
        for other, line, reach in taken
    )
