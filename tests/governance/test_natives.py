"""Validation with the natives of post rules says what it says without them, and is only taken for
the shapes as shipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from bench.nation import write_nation
from bench.nation.dates import after
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from tests.conftest import ROOT
from tests.governance.engines import on_oxigraph
from tests.governance.worlds import PROLOGUE, world
from tests.validation.reference import Result, by_pyshacl, engine, stated

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance import post_rules
from govgraph.http.state import Opened
from govgraph.validation.coordinates import Coordinates
from govgraph.validation.natives import Natives, no_natives
from govgraph.validation.results import ValidationResult
from govgraph.validation.shacl import judge, validate
from govgraph.validation.triples import Triples
from govgraph_loaders import find_sources, ingest

SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
RULES, CORE = ROOT / "shapes" / "post-rules.ttl", ROOT / "shapes" / "core.ttl"
FILES = [CORE, RULES]  # the first has the prefixes
EXAMPLES = sorted((ROOT / "shapes" / "examples").glob("PostRule*.ttl"))
ID = "https://w3id.org/govgraph/id/"


def results(
    engine: Engine, natives: Natives, shapes: Iterable[Path] = SHAPES
) -> list[ValidationResult]:
    return validate(engine, shapes, Coordinates(engine, []), natives=natives)


def test_the_shipped_constraints_are_known_by_their_digests() -> None:
    """Whoever changes the shape has to change what stands for it, and then its digest."""
    assert set(post_rules.KINDS) < set(post_rules.shipped())


def test_shipped_data_word_for_word(opened: Opened) -> None:
    found = results(opened.engine, post_rules.natives)
    assert found == results(opened.engine, no_natives)
    assert sum(one.shape.endswith("PostRuleBreachShape") for one in found) == 5


def test_a_world_word_for_word() -> None:
    """Blank nodes, several values and dates that are none, as sentences in both languages."""
    graphs = [on_oxigraph(world(seed, strange=0.05)) for seed in range(40)]
    found = [results(graph, post_rules.natives, FILES) for graph in graphs]
    assert found == [results(graph, no_natives, FILES) for graph in graphs]
    breaches = [one for each in found for one in each if one.shape.endswith("PostRuleBreachShape")]
    assert {one.message_en.split()[0] for one in breaches} == {"From", "After"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.removesuffix(".ttl"))
def test_examples_as_pyshacl_has_them(path: Path) -> None:
    data = rdflib.Graph().parse(path)
    shapes = rdflib.Graph()
    for file in FILES:
        shapes.parse(file)
    judged = judge(engine(data), Triples.read(FILES), natives=post_rules.natives)
    found = of_rules(Counter(map(stated, judged)))
    assert found == of_rules(by_pyshacl(data, shapes))
    assert bool(found) == path.name.startswith("PostRuleBreachShape.bad")


def of_rules(found: Counter[Result]) -> Counter[Result]:
    return Counter({one: n for one, n in found.items() if "PostRuleBreachShape" in one.shape})


# -- which queries, which nodes ------------------------------------------------------------------

HERE = PROLOGUE + ":adoption gov:adopter :here ."


def invented(place: str) -> Natives:
    """Natives that find one and the same breach for each shipped constraint."""
    names = {"this": place, "value": "first", "rule": "rule", "person": "an", "day": "day"}
    row = {name: NamedNode(f"http://x.example/{text}") for name, text in names.items()}
    return lambda _engine: {key: lambda _query: [row] for key in post_rules.KINDS}


def test_natives_answer_the_shipped_queries() -> None:
    found = results(on_oxigraph(HERE), invented("here"), FILES)
    assert [one.value for one in found] == ["http://x.example/first"] * 3


def test_a_changed_query_is_asked(tmp_path: Path) -> None:
    """One space more, and it is no longer the query that the native stands for."""
    text = RULES.read_text("utf-8")
    changed = tmp_path / "changed.ttl"
    changed.write_text(text.replace("?day <= ?otherLeft)", "?day <= ?otherLeft )"), "utf-8")
    found = results(on_oxigraph(HERE), invented("here"), [changed, CORE])
    assert len(found) == 2
    assert not any("held together" in one.message_en for one in found)


def test_other_prefixes_make_another_query(tmp_path: Path) -> None:
    text = CORE.read_text("utf-8")
    other = tmp_path / "core.ttl"
    other.write_text(
        text.replace('"http://www.w3.org/ns/org#"', '"http://x.example/org#"'), "utf-8"
    )
    assert results(on_oxigraph(HERE), invented("here"), [RULES, other]) == []


def test_natives_find_nothing_outside_the_targets() -> None:
    assert results(on_oxigraph(HERE), invented("there"), FILES) == []


# -- the nation ----------------------------------------------------------------------------------


def test_planted_breaches_of_a_nation(tmp_path: Path) -> None:
    """Each at its adopter, appointment, rule, person and day, and no other."""
    planted = write_nation(100, tmp_path / "nation", breaches=2)["findings"]
    store = Store()
    sources, _ = find_sources(tmp_path / "nation", ROOT / "loaders" / "tables")
    for path in ingest(sources, tmp_path / "quads").files:
        triples = parse(path=path, format=RdfFormat.N_QUADS)
        store.extend(Quad(q.subject, q.predicate, q.object) for q in triples)
    rows = post_rules.breaches(OxigraphEngine(store)).iter_rows(named=True)
    found = Counter(
        (row["value"], row["rule"], row["person"], first(row["kind"], row["day"])) for row in rows
    )
    assert found == Counter(
        (
            f"<{b['value']}>",
            f"<{ID}post-rule/{b['rule']}>",
            f"<{ID}person/{b['person']}>",
            b["from"],
        )
        for b in planted
        if b["shape"] == "PostRuleBreachShape"
    )
    assert found.total() == 18


def first(kind: str, day: str) -> str:
    """The first day of a breach; afterEnd names the last day before it."""
    return after(day[1:11], int(kind == "afterEnd"))
