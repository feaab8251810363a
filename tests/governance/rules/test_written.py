"""The rules that docs/rules.md shows can be judged, and ask what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse
from tests.conftest import ROOT

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.rules.demands import STAFFING, TYPES
from govgraph.governance.rules.listing import rules
from govgraph_loaders import find_sources, ingest

PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
BODIES = {"committee": "居委会", "station": "工作站", "centre": "服务中心"}
POSTS = {
    "head": "站长", "deputy": "副书记", "director": "主任", "clerk": "干事", "officer": "民警",
    "envoy": "代表", "auditor": "监事",
}  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> OxigraphEngine:
    """The rows of the page, loaded with the slots that they name."""
    (block,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    slots = [f"{key},m,{zh},{key.title()}" for key, zh in BODIES.items()]
    posts = [f"{key},m,committee,{zh},{key.title()}" for key, zh in POSTS.items()]
    tables = {
        "post_rules.csv": block,
        "governance_models.csv": "id,label_zh,label_en\nm,模式,Model\n",
        "body_slots.csv": "\n".join(["id,model,label_zh,label_en", *slots, ""]),
        "post_slots.csv": "\n".join(["id,model,body_slot,label_zh,label_en", *posts, ""]),
    }
    folder = tmp_path / "written"
    folder.mkdir()
    for name, text in tables.items():
        (folder / name).write_text(text, "utf-8")
    loaded = ingest(find_sources(folder, ROOT / "loaders" / "tables")[0], tmp_path / "quads")
    assert not loaded.problems
    store = Store()
    for file in loaded.files:
        quads = parse(path=file, format=RdfFormat.N_QUADS)
        store.extend(Quad(q.subject, q.predicate, q.object) for q in quads)
    return OxigraphEngine(store)


def test_each_rule_is_judged_and_asks_what_the_page_says(written: OxigraphEngine) -> None:
    listed = rules(written).frame
    assert listed["judged"].all()
    asked = {
        (rule.rsplit("/", 1)[-1], en, zh)
        for rule, en, zh in listed.select("rule", "asks_en", "asks_zh").iter_rows()
    }
    told = set(re.findall(r"^\| (\S+) \| (.+)<br>(.+) \|$", PAGE, re.MULTILINE))
    assert told <= asked
    # the other direction of one team
    assert {rule for rule, _, _ in asked - told} == {"team"}


def test_every_type_is_shown(written: OxigraphEngine) -> None:
    assert set(rules(written).frame["rule_type"]) == set(TYPES) - {STAFFING}
