"""What is known of the money of each project, those without any flow included."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.money import cells
from govgraph.governance.money.totals import totals
from govgraph.governance.money.where import below

_QUERY = "SELECT ?project ?place WHERE { ?project a schema:Project OPTIONAL { ?project gov:place ?place } }"


def project_money(
    engine: Engine,
    *,
    place: str | None = None,
    year: int | None = None,
    currency: str | None = None,
) -> Answer:
    """Each project with the sum of its flows, a row for each currency. `funding`: known (all flows
    have an amount), partly, unknown (no flow has one) or none (no flow is recorded, which is not to
    say that there was none)."""
    found = cells.read(engine, _QUERY).select(cells.iri("project"), cells.iri("place"))
    if place:
        found = found.join(below(engine, place), on="place", how="semi")
    one = pl.when(pl.col("place").n_unique() == 1).then(pl.col("place").first())
    found = found.group_by("project").agg(place=one)
    sums = totals(engine, by="project", year=year, currency=currency).frame
    shown = found.join(sums.rename({"group": "project"}), on="project", how="left").select(
        "project", "place", _funding(), "currency", pl.col("flows", "unknown").fill_null(0),
        "value", "lower", "upper", pl.col("parts").fill_null(0),
        source=pl.coalesce("source", pl.concat_list("project")),
    )  # fmt: skip
    return Answer(shown.sort("project", "currency", nulls_last=True), [_known(shown)])


def _funding() -> pl.Expr:
    """How far the sum of a project's flows is known: of those that are counted, and only if there
    are none, of those inside other totals."""
    counted = pl.col("flows") > 0
    flows = pl.when(counted).then("flows").otherwise("parts")
    known = pl.when(counted).then("known").otherwise("parts_known")
    told = pl.when(flows.fill_null(0) == 0).then(pl.lit("none"))
    some = told.when(known == flows).then(pl.lit("known")).when(known > 0).then(pl.lit("partly"))
    return some.otherwise(pl.lit("unknown")).alias("funding")


def _known(shown: pl.DataFrame) -> Coverage:
    known = shown.filter(pl.col("funding").is_in(["known", "partly"]))["project"].n_unique()
    total = shown["project"].n_unique()
    return Coverage(
        "projects-funded",
        known,
        total,
        f"{total} 个项目中有 {known} 个至少有一笔金额已知的资金流；其余未知，不等于没有经费",
        f"{known} of {total} projects have a flow with an amount; of the others it is not known,"
        " which is not to say that they had no money",
    )
