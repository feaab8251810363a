"""What is stated of a thing: as Oxigraph tells it, term for term, or left to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)
from term_strategies import EDGES, iris, terms

from govgraph.engine.columnar.encode import DATABASE, write_quads
from govgraph.engine.columnar.ids import XSD
from govgraph.engine.columnar.lexicon import BLOCK
from govgraph.engine.things import answer as answers
from govgraph.engine.things import write as writing
from govgraph.engine.things.answer import answer
from govgraph.engine.things.layout import FILE
from govgraph.engine.things.query import about
from govgraph.engine.things.read import Things
from govgraph.engine.things.write import write_things
from govgraph.release import Home

S, T = NamedNode("http://x/s"), NamedNode("http://x/t")
P, Q = NamedNode("http://x/p"), NamedNode("http://x/q")
QUERIES = [
    "SELECT ?p ?o { <http://x/s> ?p ?o }",
    "SELECT * { <http://x/s> ?p ?o }",
    "SELECT ?o { <http://x/s> ?p ?o }",
    "SELECT ?p { <http://x/s> ?p <http://x/t> }",
    "SELECT ?o { <http://x/t> <http://x/p> ?o }",
    "SELECT ?b ?p ?a { <http://x/s> <http://x/p> ?a ; ?p ?b }",
    "SELECT ?a ?b { <http://x/s> <http://x/p> ?a , ?b ; <http://x/q> <http://x/t> }",
    "SELECT ?o { <http://x/nowhere> ?p ?o }",
    "SELECT ?o { <http://x/s> <http://x/nowhere> ?o }",
    "SELECT ?p { <http://x/s> ?p <http://x/nowhere> }",
]


@contextmanager
def made(data: list[Quad]) -> Iterator[tuple[Things, Store]]:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        write_quads(data, path, merged=False)
        with duckdb.connect(str(path / DATABASE), read_only=True) as con:
            assert write_things(con, path)
        store = Store()
        store.extend(data)
        yield Things(path), store


def asked(things: Things, query: str) -> str | None:
    wanted = about(query)
    assert wanted
    return answer(things, *wanted)


def oxigraphs(store: Store, query: str) -> bytes:
    result = store.query(query)
    assert isinstance(result, QuerySolutions)
    found = result.serialize(format=QueryResultsFormat.JSON)
    assert found
    return found


def solutions(result: str | bytes) -> tuple[list[str], Counter[str]]:
    """The variables and the solutions, each as the text that it is."""
    found: dict[str, Any] = json.loads(result)
    texts = (json.dumps(one, ensure_ascii=False) for one in found["results"]["bindings"])
    return found["head"]["vars"], Counter(texts)


def has_blank(store: Store, thing: NamedNode) -> bool:
    return any(isinstance(q.object, BlankNode) for q in store.quads_for_pattern(thing, None, None))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(Quad, st.sampled_from([S, T]), st.sampled_from([P, Q]), terms | iris | st.just(T))
    )
)
def test_all_terms_are_told_as_oxigraph_tells_them(data: list[Quad]) -> None:
    with made(data) as (things, store):
        for query in QUERIES:
            found = asked(things, query)
            thing = T if "{ <http://x/t>" in query else S
            assert (found is None) <= has_blank(store, thing)
            if found is not None:
                assert solutions(found) == solutions(oxigraphs(store, query))


def test_blank_nodes_are_left_to_oxigraph_whose_labels_they_have() -> None:
    with made([Quad(S, P, T), Quad(S, Q, BlankNode("b"))]) as (things, _):
        assert asked(things, QUERIES[0]) is None
        assert asked(things, "SELECT ?o { <http://x/s> <http://x/q> ?o }") is None


def test_edges_of_all_datatypes() -> None:
    data = [
        Quad(S, P, Literal(text, datatype=NamedNode(XSD + name)))
        for name, texts in EDGES.items()
        for text in texts
    ]
    with made(data) as (things, store):
        query = "SELECT ?o { <http://x/s> ?p ?o }"
        found = asked(things, query)
        assert found is not None
        assert solutions(found) == solutions(oxigraphs(store, query))


def test_things_of_many_blocks_are_found() -> None:
    """Among prefixes that change from block to block, and next to names that are nearly theirs."""
    names = [f"http://{'abc'[n % 3]}/{n:05d}" for n in range(5 * BLOCK)]
    data = [Quad(NamedNode(name), P, Literal(n)) for n, name in enumerate(names)]
    with made(data) as (things, _):
        for n, name in enumerate(names):
            found = asked(things, f"SELECT ?o {{ <{name}> <http://x/p> ?o }}")
            assert found
            assert f'"value":"{n}"' in found
            for other in (name[:-1], name + "0"):
                assert things.row(other) is None


def test_a_large_answer_is_left_to_others() -> None:
    few = [Quad(S, P, Literal(n)) for n in range(answers.MOST)]
    with made(few) as (things, _):
        assert asked(things, QUERIES[0])
        assert asked(things, "SELECT ?a ?b { <http://x/s> <http://x/p> ?a , ?b }") is None
    with made([*few, Quad(S, Q, T)]) as (things, _):
        assert asked(things, QUERIES[0]) is None


def test_no_data() -> None:
    with made([]) as (things, store):
        for query in QUERIES:
            found = asked(things, query)
            assert found is not None
            assert solutions(found) == solutions(oxigraphs(store, query))


def test_what_is_too_much_for_the_codes_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_quads([Quad(S, P, T), Quad(S, Q, T)], tmp_path)
    monkeypatch.setattr(writing, "_PREDICATES", 1)
    with duckdb.connect(str(tmp_path / DATABASE), read_only=True) as con:
        assert not write_things(con, tmp_path)
    assert not (tmp_path / FILE).exists()
    with pytest.raises(OSError, match=FILE):
        Things(tmp_path)


def test_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"govgraph things 0\n" + b"\0" * 100)
    with pytest.raises(ValueError, match="version"):
        Things(tmp_path)


def test_each_thing_of_the_shipped_data(whole_home: Path) -> None:
    release = Home(whole_home).current()
    store, things = Store.read_only(str(release.store)), Things(release.columns)
    subjects = {quad.subject for quad in store if isinstance(quad.subject, NamedNode)}
    left = 0
    for subject in subjects:
        query = f"SELECT ?p ?o {{ <{subject.value}> ?p ?o }}"
        wanted = about(query)
        found = answer(things, *wanted) if wanted else None
        if found is None:
            left += 1
        else:
            assert solutions(found) == solutions(oxigraphs(store, query))
    assert left < len(subjects) / 20
