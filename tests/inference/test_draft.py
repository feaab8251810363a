"""A build's inference, on columns, comes to what the rules come to on Oxigraph."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse, serialize
from tests.inference import small
from tests.inference.reference import infer
from tests.inference.test_run import CASES

from govgraph.engine.columnar.encode import write_columns
from govgraph.engine.columnar.growing import Growing
from govgraph.inference.draft import Inferred, infer_draft
from govgraph.vocabulary import ONTOLOGY_GRAPH


def drafted(
    store: Store, folder: Path, rules: list[Path]
) -> tuple[Inferred, dict[str, set[Triple]]]:
    """What a build infers from the named graphs of a store, by family."""
    files = []
    for number, graph in enumerate((ONTOLOGY_GRAPH, small.FACTS)):
        path = folder / f"{number}.nq"
        quads = store.quads_for_pattern(None, None, None, NamedNode(graph))
        serialize(quads, path, RdfFormat.N_QUADS)
        files.append((graph, path))
    write_columns(files, folder / "draft", draft=True, threads=1, memory_limit="500MB")
    with closing(Growing(folder / "draft", threads=1, memory_limit="500MB")) as draft:
        found = infer_draft(draft, rules, small.BASE, folder)
    families = {
        graph.rpartition("/")[2]: {
            quad.triple for quad in parse(path=path, format=RdfFormat.N_QUADS)
        }
        for graph, path in found.files.items()
    }
    return found, families


def named(families: dict[str, set[Triple]]) -> set[str]:
    """All triples as texts, blank nodes as one: each engine names them in its own way."""
    return {
        " ".join("_" if str(term).startswith("_:") else str(term) for term in triple)
        for triples in families.values()
        for triple in triples
    }  # fmt: skip


@pytest.mark.parametrize(("axioms", "facts"), [case[:2] for case in CASES.values()], ids=CASES)
def test_each_case(axioms: str, facts: str, tmp_path: Path) -> None:
    store = small.store_of(axioms, facts)
    found, families = drafted(store, tmp_path, [])
    counts = infer(store, [], small.BASE)
    assert found.counts == counts
    assert {name: len(triples) for name, triples in families.items()} == {
        name: number for name, number in counts.items() if number
    }
    assert named(families) == named(small.by_family(store))


@settings(max_examples=25, deadline=None)
@given(axioms=small.axioms, facts=small.facts)
def test_random_ontologies(axioms: str, facts: str) -> None:
    store = small.store_of(axioms, facts)
    with TemporaryDirectory() as folder:
        found, families = drafted(store, Path(folder), [])
    infer(store, [], small.BASE)
    assert named(families) == named(small.by_family(store))
    assert sum(found.counts.values()) == sum(map(len, families.values()))


def test_rule_files_make_terms_and_leave_out_what_is_known(tmp_path: Path) -> None:
    rule = tmp_path / "made.rq"
    rule.write_text(
        """CONSTRUCT { ?new <x:of> ?x . ?x <x:q> ?y . ?x <x:says> ?text } WHERE { ?x <x:p> ?y
           BIND(IRI(CONCAT(STR(?x), "-new")) AS ?new) BIND(CONCAT("a \\"b\\" .\\n", STR(?y)) AS ?text) }"""
    )
    store = small.store_of("", ":a :p :b . :a-new :of :a . :c :p :d . :c :q :d .")
    found, families = drafted(store, tmp_path, [rule])
    counts = infer(store, [rule], small.BASE)
    assert found.counts == counts == {**dict.fromkeys(counts, 0), "made": 4}
    assert families == {"made": small.by_family(store)["made"]}
