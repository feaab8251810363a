"""What peers read."""

from __future__ import annotations

from pathlib import Path

from bench.building import files
from pyoxigraph import NamedNode, RdfFormat, parse

SH = "http://www.w3.org/ns/shacl#"


def test_quads_become_triples(tmp_path: Path) -> None:
    first, second = tmp_path / "a.nq", tmp_path / "b.nq"
    first.write_text('<http://e/s> <http://e/p> "a <b> ."@zh <http://e/g> .\n', "utf-8")
    second.write_text("_:x <http://e/p> <http://e/o> <http://e/h> .\n" * 2, "utf-8")
    out = files.write_triples([first, second], tmp_path / "out.nt")
    assert out.read_text("utf-8").splitlines() == [
        '<http://e/s> <http://e/p> "a <b> ."@zh .',
        "_:x <http://e/p> <http://e/o> .",
        "_:x <http://e/p> <http://e/o> .",
    ]


def test_core_shapes_lack_only_their_queries(tmp_path: Path) -> None:
    whole = parse(
        path=files.write_shapes(tmp_path / "all.nt", core=False), format=RdfFormat.N_TRIPLES
    )
    core = parse(
        path=files.write_shapes(tmp_path / "core.nt", core=True), format=RdfFormat.N_TRIPLES
    )
    every, some = [q.predicate for q in whole], [q.predicate for q in core]
    queries = every.count(NamedNode(f"{SH}sparql"))
    assert queries > 0
    assert len(some) == len(every) - queries
    assert NamedNode(f"{SH}sparql") not in some


def test_the_ontology_is_in_its_graph(tmp_path: Path) -> None:
    path = files.write_ontology(tmp_path / "ontology.nq")
    (graph,) = {quad.graph_name for quad in parse(path=path, format=RdfFormat.N_QUADS)}
    assert graph == NamedNode("https://w3id.org/govgraph/ontology")


def test_a_spoiled_graph_lacks_some_triples(tmp_path: Path) -> None:
    whole = tmp_path / "whole.nt"
    lines = [f"<http://e/{n}> <http://e/p> <http://e/o> .\n" for n in range(2_000)]
    whole.write_text("".join(lines))
    kept = files.write_spoiled(whole, tmp_path / "spoiled.nt").read_text().splitlines(True)
    assert set(kept) < set(lines)
    assert 5 < len(lines) - len(kept) < 50
    again = files.write_spoiled(whole, tmp_path / "again.nt").read_text().splitlines(True)
    assert again == kept
