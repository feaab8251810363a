"""Networks of answers: each row is a link between two of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from govgraph.catalog.run import Result
from govgraph.pages.bodies.layout import layout
from govgraph.pages.charts.names import naming
from govgraph.pages.page import Page

#: Nodes that are drawn, those with most links.
MOST = 60
WIDTH, HEIGHT = 1100.0, 640.0


@dataclass(frozen=True)
class Dot:
    """A node and where it is."""

    name: str
    href: str
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """A link, as thick as its weight."""

    source: Dot
    target: Dot
    thick: float


@dataclass(frozen=True)
class Links:
    """What is drawn of a network of so many `nodes`."""

    dots: Sequence[Dot]
    lines: Sequence[Line]
    nodes: int
    width: float = WIDTH
    height: float = HEIGHT


def links(page: Page, result: Result, hint: Mapping[str, str]) -> Links | None:
    """The links from `source` to `target`, as thick as `weight`; None if no row has both ends."""
    pairs = result.frame.select(
        pl.col(hint["source"]).alias("source"),
        pl.col(hint["target"]).alias("target"),
        (pl.col(hint["weight"]).cast(pl.Float64) if "weight" in hint else pl.lit(1.0)).alias("w"),
    ).drop_nulls(["source", "target"])
    if pairs.is_empty():
        return None
    ends = pl.concat([pairs["source"], pairs["target"]]).alias("node").value_counts()
    kept = ends.sort(["count", "node"], descending=[True, False]).head(MOST)["node"]
    drawn = pairs.filter(pl.all_horizontal(pl.col("source", "target").is_in(kept.implode())))
    name = naming(page, result, pl.DataFrame({hint["source"]: kept}))
    dots = _dots(page, kept, drawn, partial(name, hint["source"]))
    heaviest = float(drawn["w"].max() or 1.0)  # type: ignore[arg-type]
    lines = [
        Line(dots[source], dots[target], round(1 + 4 * (weight or 0.0) / heaviest, 1))
        for source, target, weight in drawn.iter_rows()
    ]
    return Links(list(dots.values()), lines, ends.height)


def _dots(
    page: Page, kept: pl.Series, drawn: pl.DataFrame, name: Callable[[str], str]
) -> dict[str, Dot]:
    number = {iri: place for place, iri in enumerate(kept)}
    pairs = [(number[source], number[target]) for source, target, _ in drawn.iter_rows()]
    places = layout(len(kept), pairs, WIDTH / HEIGHT)
    return {
        iri: Dot(name(iri), page.entity(iri), round(x * WIDTH, 1), round(y * HEIGHT, 1))
        for iri, (x, y) in zip(kept, places, strict=True)
    }
