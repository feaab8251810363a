"""Breaches planted in a nation are found, with their first and last day, and no others."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
from bench.nation import write_nation
from pyoxigraph import Quad, RdfFormat, Store, parse
from tests.conftest import ROOT

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.rules.findings import check
from govgraph_loaders import find_sources, ingest

ID = "https://w3id.org/govgraph/id/"


def loaded(folder: Path, quads: Path) -> OxigraphEngine:
    store = Store()
    sources, _ = find_sources(folder, ROOT / "loaders" / "tables")
    for path in ingest(sources, quads).files:
        triples = parse(path=path, format=RdfFormat.N_QUADS)
        store.extend(Quad(q.subject, q.predicate, q.object) for q in triples)
    return OxigraphEngine(store)


def test_planted_breaches(tmp_path: Path) -> None:
    planted = write_nation(100, tmp_path / "nation", breaches=2)["findings"]
    engine = loaded(tmp_path / "nation", tmp_path / "quads")
    broken = check(engine, status=["broken"]).frame.filter(pl.col("rule_type") != "staffing")
    found = Counter(broken.select("rule", "person", "from", "to").iter_rows())
    assert found == Counter(
        (f"{ID}post-rule/{b['rule']}", f"{ID}person/{b['person']}", day(b["from"]), day(b["to"]))
        for b in planted
        if b["shape"] == "PostRuleBreachShape"
    )
    assert found.total() == 18
    # each rests on the appointment that brings the duty
    sources = broken["source"].explode()
    assert {b["value"] for b in planted if b["shape"] == "PostRuleBreachShape"} <= set(sources)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
