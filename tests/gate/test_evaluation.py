"""What updates come to, beside Oxigraph where graphs are named, and beside sets of quads where the
default graph is the union of all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store, parse, serialize

from govgraph.engine.base import Dataset
from govgraph.errors import GovgraphError
from govgraph.gate.evaluate import Evaluation
from govgraph.gate.ground import Change
from govgraph.release import Release

BASE = "http://example.org/"
EDITS = f"{BASE}graph/edits"
Q = tuple[str, str]


def release_of(folder: Path, quads: Iterable[Q]) -> Release:
    """A release that holds (graph, triple) pairs and nothing else."""
    quads = list(quads)
    path = folder / f"release-{abs(hash(frozenset(quads)))}"
    (path / "quads").mkdir(parents=True, exist_ok=True)
    files = {}
    for number, graph in enumerate(sorted({graph for graph, _ in quads})):
        files[graph] = f"{number}.nq"
        lines = (f"{triple} <{graph}> .\n" for g, triple in quads if g == graph)
        (path / "quads" / files[graph]).write_text("".join(lines), "utf-8")
    (path / "manifest.json").write_text(json.dumps({"base": BASE, "files": files}))
    return Release(path)


def after(quads: Iterable[Q], change: Change) -> set[Q]:
    """The quads when a change has been made."""
    lines = {f"{triple} <{graph}> ." for graph, triple in quads}
    assert change.went <= lines
    assert not change.came & lines
    return pairs((lines - change.went) | change.came)


def pairs(lines: Iterable[str]) -> set[Q]:
    found = (line[:-3].rpartition(" <") for line in lines)
    return {(graph, triple) for triple, _, graph in found}


TRIPLES = [f"<x:{s}> <x:{p}> <x:{o}>" for s in "ab" for p in "pq" for o in "ab"]
GRAPHS = ["x:g", "x:h", "x:i"]
QUADS = st.sets(st.tuples(st.sampled_from(GRAPHS), st.sampled_from(TRIPLES)), max_size=8)
NODE = st.sampled_from(["<x:a>", "<x:b>", "?s", "?o"])
PATTERN = st.tuples(NODE, st.sampled_from(["<x:p>", "<x:q>", "?p"]), NODE).map(" ".join)
NAME = st.sampled_from(["<x:g>", "<x:h>", "<x:i>"])


def graph_block(triples: st.SearchStrategy[str], names: st.SearchStrategy[str]) -> Any:
    inside = st.lists(triples, min_size=1, max_size=2).map(" . ".join)
    return st.tuples(names, inside).map(lambda pair: f"GRAPH {pair[0]} {{ {pair[1]} }}")


DATA = st.lists(graph_block(st.sampled_from(TRIPLES), NAME), min_size=1, max_size=3).map(" ".join)
PATTERNS = st.lists(
    graph_block(PATTERN, st.one_of(NAME, st.just("?g"))), min_size=1, max_size=2
).map(" . ".join)
NAMED = st.one_of(
    DATA.map(lambda d: f"INSERT DATA {{ {d} }}"),
    DATA.map(lambda d: f"DELETE DATA {{ {d} }}"),
    PATTERNS.map(lambda p: f"DELETE WHERE {{ {p} }}"),
    st.tuples(PATTERNS, PATTERNS, PATTERNS).map(
        lambda t: f"DELETE {{ {t[0]} }} INSERT {{ {t[1]} }} WHERE {{ {t[2]} }}"
    ),
    st.tuples(NAME, PATTERN, PATTERN).map(
        lambda t: f"WITH {t[0]} DELETE {{ {t[1]} }} INSERT {{ {t[2]} }} WHERE {{ {t[1]} . {t[2]} }}"
    ),
    st.tuples(NAME, NAME, PATTERN).map(
        lambda t: f"INSERT {{ GRAPH {t[0]} {{ {t[2]} }} }} USING {t[1]} WHERE {{ {t[2]} }}"
    ),
    st.tuples(st.sampled_from(["ADD", "MOVE", "COPY"]), NAME, NAME).map(
        lambda t: f"{t[0]} SILENT GRAPH {t[1]} TO {t[2]}"
    ),
    NAME.map(lambda name: f"CLEAR SILENT GRAPH {name}"),
    NAME.map(lambda name: f"DROP SILENT GRAPH {name}"),
)


@given(QUADS, st.lists(NAMED, min_size=1, max_size=3))
def test_named_graphs_are_as_oxigraph_leaves_them(
    tmp_path_factory: pytest.TempPathFactory, quads: set[Q], todo: list[str]
) -> None:
    text = " ;\n".join(todo)
    store = Store()
    lines = "".join(f"{triple} <{graph}> .\n" for graph, triple in quads)
    store.extend(parse(lines, RdfFormat.N_QUADS))
    store.update(text)
    left = (serialize(list(store), format=RdfFormat.N_QUADS) or b"").decode().splitlines()
    change = Evaluation(release_of(tmp_path_factory.mktemp("r"), quads)).update(
        text, Dataset(), BASE
    )
    assert after(quads, change) == pairs(left)


@given(
    QUADS,
    st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(TRIPLES), max_size=3)), max_size=4),
)
def test_the_default_graph_is_the_union(
    tmp_path_factory: pytest.TempPathFactory, quads: set[Q], todo: list[tuple[bool, set[str]]]
) -> None:
    """Data, and the same as patterns: inserted into the graph of edits, deleted from every graph."""
    held = set(quads)
    for inserts, triples in todo:
        if inserts:
            held |= {(EDITS, triple) for triple in triples}
        else:
            held = {(graph, triple) for graph, triple in held if triple not in triples}
    release = release_of(tmp_path_factory.mktemp("r"), quads)
    for shape in ("{} DATA {{ {} }}", "{} {{ {} }} WHERE {{}}"):
        text = ";".join(
            shape.format("INSERT" if inserts else "DELETE", " . ".join(triples))
            for inserts, triples in todo
        )
        change = Evaluation(release).update(text, Dataset(), BASE)
        assert after(quads, change) == held


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # deletes come before inserts, also where one is of the union and the other of a graph
        ("DELETE { ?s ?p ?o } INSERT { GRAPH <x:g> { ?s ?p ?o } } WHERE { ?s ?p ?o }", {"x:g"}),
        ("DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", {EDITS}),
        ("ADD DEFAULT TO <x:n>", {"x:g", "x:h", "x:n"}),
        ("COPY <x:g> TO <x:n>", {"x:g", "x:h", "x:n"}),
        ("MOVE <x:g> TO <x:n>", {"x:h", "x:n"}),
        ("ADD <x:g> TO DEFAULT", {"x:g", "x:h"}),
        ("CREATE GRAPH <x:n>", {"x:g", "x:h"}),
        ("", {"x:g", "x:h"}),
        ("PREFIX insert: <x:> # INSERT DATA { <x:x> <x:y> <x:z> }\n", {"x:g", "x:h"}),
        ("PREFIX delete: <x:> DELETE { ?s delete:p ?o. GRAPH delete:g {?s ?p ?o}. } WHERE { ?s ?p ?o }", set()),
        ("BASE <x:> DELETE WHERE { <a> ?p ?o . GRAPH <h> { <a> ?p ?o } }", set()),
        ('DELETE{?s ?p ?o}INSERT{?s ?p "}{"@en#}\n .GRAPH<x:n>{?s ?p 1}}WHERE{?s ?p ?o}', {EDITS, "x:n"}),
        ("DELETEWHERE{?s ?p ?o}", set()),
        ("INSERT { ?s ?p ?o } USING <x:none> WHERE { ?s ?p ?o }", {"x:g", "x:h"}),
        ("INSERTDATA{<x:a><x:p><x:a>}", {"x:g", "x:h", EDITS}),
    ],
)  # fmt: skip
def test_single_updates(tmp_path: Path, text: str, left: set[str]) -> None:
    """Which graphs hold anything afterwards."""
    triple = "<x:a> <x:p> <x:b>"
    quads = [("x:g", triple), ("x:h", triple)]
    change = Evaluation(release_of(tmp_path, quads)).update(text, Dataset(), BASE)
    assert {graph for graph, _ in after(quads, change)} == left


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CLEARDEFAULT", "default-graph"),
        ("MOVE DEFAULT TO <x:n>", "default-graph"),
        ("COPY <x:g> TO DEFAULT ; CLEAR NAMED", "default-graph"),
        ("CREATE GRAPH <x:g>", "graph-exists"),
        ("WITH:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "query-refused"),
        ("INSERT DATA { <x:a> <x:p> 1GRAPH <x:g> { <x:a> <x:p> 1 } }", "update-syntax"),
        ("INSERT DATA { GRAPH <x:g> { <x:a> <x:p> 1 } ", "update-syntax"),
        ("INSERT DATA { <x:a> <x:p> 1 } } ; INSERT DATA { {", "update-syntax"),
        ("INSERT { ?s ?p ?o } WHERE", "update-syntax"),
        ("DELETE { _:b ?p ?o } WHERE { ?s ?p ?o }", "update-syntax"),
    ],
)
def test_updates_that_are_refused(tmp_path: Path, text: str, code: str) -> None:
    release = release_of(tmp_path, [("x:g", TRIPLES[0]), ("x:h", TRIPLES[1])])
    with pytest.raises(GovgraphError) as caught:
        Evaluation(release).update(text, Dataset(), BASE)
    assert caught.value.code == code


def test_data_is_met_without_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """INSERT DATA and DELETE DATA do not load the release, whatever its size; others have a limit."""
    monkeypatch.setattr("govgraph.gate.evaluate.MOST_BYTES", 1)
    evaluation = Evaluation(release_of(tmp_path, [("x:g", triple) for triple in TRIPLES]))
    change = evaluation.update(f"DELETE DATA {{ {TRIPLES[0]} }}", Dataset(), BASE)
    assert change.went == {f"{TRIPLES[0]} <x:g> ."}
    with pytest.raises(GovgraphError) as caught:
        evaluation.update("DELETE WHERE { ?s ?p ?o }", Dataset(), BASE)
    assert caught.value.code == "update-size"


def test_a_statement_that_is_too_long_is_refused(tmp_path: Path) -> None:
    release = cast(Release, SimpleNamespace(manifest={"base": BASE, "files": {}}, quads=tmp_path))
    with pytest.raises(GovgraphError) as caught:
        Evaluation(release).update(
            f'INSERT DATA {{ <x:a> <x:p> "{"x" * (4 << 20)}" }}', Dataset(), BASE
        )
    assert caught.value.code == "upload-refused"
