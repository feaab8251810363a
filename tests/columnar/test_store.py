"""Quads into columns and back: nothing lost, nothing twice, each term itself again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize
from term_strategies import EDGES, iris, terms

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.decode import Decoder
from govgraph.engine.columnar.encode import TWINS, write_columns, write_quads
from govgraph.engine.columnar.ids import INLINE, XSD, Tag, is_local, make, tag_of
from govgraph.engine.columnar.lexicon import BLOCK
from govgraph.engine.columnar.ntriples import Term, parts_of
from govgraph.vocabulary import RDF, is_inferred

G1, G2 = NamedNode("http://x/1"), NamedNode("http://x/2")
INFERRED = NamedNode("http://x/graph/inferred/chain")
NODES = [NamedNode("http://x/s"), NamedNode("http://x/t"), BlankNode("b")]
P, Q, TYPE = NamedNode("http://x/p"), NamedNode("http://x/q"), NamedNode(RDF + "type")
Triple = tuple[Term, ...]

quads = st.lists(
    st.builds(
        Quad,
        st.sampled_from(NODES) | iris,
        st.sampled_from([P, Q, TYPE]),
        terms
        | st.sampled_from([NODES[0], NODES[1], Literal("1", datatype=NamedNode(XSD + "int"))]),
        st.sampled_from([G1, G2, INFERRED, DefaultGraph()]),
    ),
    max_size=30,
)


@contextmanager
def stored(data: list[Quad], *, merged: bool = True) -> Iterator[Columns]:
    with TemporaryDirectory() as folder:
        write_quads(data, Path(folder), merged=merged)
        with Columns(Path(folder)) as columns:
            yield columns


def rows(columns: Columns, table: str, names: str) -> list[Triple]:
    """The rows of a table, decoded."""
    variables = names.split()
    relation = columns.cursor().sql(f"SELECT {', '.join(variables)} FROM {table}")
    decoder = Decoder(columns.lexicon, [(name, "id") for name in variables])
    return [
        tuple(row[name] for name in variables)
        for batch in relation.to_arrow_reader(7)
        for row in decoder.decode(batch).solutions()
    ]


def triple(quad: Quad) -> Triple:
    return quad.subject, quad.predicate, quad.object


@settings(max_examples=40)
@given(quads)
def test_everything_comes_back(data: list[Quad]) -> None:
    named = {(q.graph_name, *triple(q)) for q in data if q.graph_name != DefaultGraph()}
    graphs: dict[Triple, set[bool]] = defaultdict(set)
    for q in data:
        graph = q.graph_name
        graphs[triple(q)].add(isinstance(graph, NamedNode) and is_inferred(graph.value))
    asserted = {t for t, inferred in graphs.items() if inferred != {True}}
    with stored(data) as columns:
        for table in ("pso", "pos"):
            assert Counter(rows(columns, table, "s p o")) == Counter(graphs.keys())
            there = rows(columns, f"{table} WHERE NOT inferred", "s p o")
            assert Counter(there) == Counter(asserted)
        assert Counter(rows(columns, "quad", "g s p o")) == Counter(named)
        assert set(rows(columns, "graph WHERE inferred", "id")) <= {(INFERRED,)}
        assert {g for (g,) in rows(columns, "graph", "id")} == {g for g, *_ in named}
        for term in {term for t in graphs for term in t}:
            ident = columns.id_of(term)
            assert ident is not None
            assert rows(columns, f"(SELECT {ident}::BIGINT AS id)", "id") == [(term,)]


@settings(max_examples=20)
@given(quads)
def test_a_default_graph_of_its_own(data: list[Quad]) -> None:
    own = {triple(q) for q in data if q.graph_name == DefaultGraph()}
    with stored(data, merged=False) as columns:
        assert Counter(rows(columns, "pso WHERE NOT inferred", "s p o")) == Counter(own)


@settings(max_examples=20)
@given(quads)
def test_statistics_are_those_of_brute_force(data: list[Quad]) -> None:
    merge = {triple(q) for q in data}
    with stored(data) as columns:
        assert columns.triples == len(merge)
        assert len(columns.predicates) == len({p for _, p, _ in merge})
        for ident, found in columns.predicates.items():
            ((p,),) = rows(columns, f"(SELECT {ident}::BIGINT AS id)", "id")
            mine = [(s, o) for s, q, o in merge if q == p]
            out, into = Counter(s for s, _ in mine), Counter(o for _, o in mine)
            idents = [columns.id_of(o) for o in into]
            tags = {tag_of(i) for i in idents if i is not None}
            scales = {i >> 52 & 15 for i in idents if i is not None and tag_of(i) == Tag.DECIMAL}
            assert found[:5] == (
                len(mine), len(out), len(into), max(out.values()), max(into.values())
            )  # fmt: skip
            assert columns.tags_of(ident) == sum(1 << tag for tag in tags)
            above = {tag_of(i) for i in map(columns.id_of, out) if i is not None}
            assert columns.subject_tags_of(ident) == sum(1 << tag for tag in above)
            assert columns.scale_of(ident) == (scales.pop() if len(scales) == 1 else None)
        classes = Counter(o for _, p, o in merge if p == TYPE)
        assert columns.classes == {columns.id_of(c): n for c, n in classes.items()}


def test_ranks_are_in_order_within_each_tag(tmp_path: Path) -> None:
    values = [Literal(x, datatype=NamedNode(XSD + n)) for n, lexes in EDGES.items() for x in lexes]
    values += [Literal(x, language=tag) for x in "ab" for tag in ("en", "de")]
    values += [Literal("b"), Literal("中"), Literal("é"), Literal("e"), Literal("𐀀"), Literal("￿")]
    write_quads([Quad(n, P, o, G1) for n in NODES for o in [*values, *NODES]], tmp_path)
    with Columns(tmp_path) as columns:
        table = columns.cursor().execute("SELECT id, lex, dt, lang FROM term").fetchall()
    assert [row[0] for row in table] == sorted(row[0] for row in table)
    by_tag: dict[Tag, list[tuple[str, str, str]]] = defaultdict(list)
    for ident, lex, dt, lang in table:
        tag = tag_of(ident)
        by_tag[tag].append((lex, dt or "", lang or ""))
        assert ident == make(tag, len(by_tag[tag]))
        assert tag not in INLINE
        assert not is_local(ident)
    for keys in by_tag.values():
        assert keys == sorted(set(keys))


def test_constants_are_found_among_many(tmp_path: Path) -> None:
    data = [
        Quad(NamedNode(f"http://x/{n}"), P, Literal(f"{n * 7919 % 10_007}", language="en"), G1)
        for n in range(20 * BLOCK + 1)
    ]
    write_quads(data, tmp_path)
    with Columns(tmp_path) as columns:
        for quad in data[::97]:
            for term in triple(quad):
                ident = columns.id_of(term)
                assert rows(columns, f"(SELECT {ident} AS id)", "id") == [(term,)]
        for unknown in (
            NamedNode("http://x/"), NamedNode("http://x/00"), NamedNode("zzz:"), BlankNode("b"),
            Literal("1"), Literal("1", language="de"), Literal("1e0", datatype=NamedNode("x:")),
        ):  # fmt: skip
            assert columns.id_of(unknown) is None
        assert columns.id_of(Literal(5)) is not None
        assert columns.id_of(NamedNode("http://x/𐀀")) is None


def test_texts_of_one_term_are_one_term(tmp_path: Path) -> None:
    path = tmp_path / "a*[b]?'.nq"
    lines = [
        r'<x:s> <x:p> "\u0041\t"@EN <http://x/1> .',
        '<x:s> <x:p> "A\t"@en <http://x/1> .',
        r'<x:\u0073> <x:p> "A	"@En <http://x/1> .',
        '<x:s> <x:p> "  b <c>  d .  " <http://x/1> .',
        rf'<x:s> <x:p> "  b <c>  d .  "^^<{XSD}string> <http://x/1> .',
        r'<x:s> <x:p> "\"\\\"\U0001F600\b\f\r\n\'" <http://x/1> .',
        "_:b <x:p> _:b <http://x/1> .",
    ]
    path.write_text("\n".join(lines), "utf-8")
    stats = write_columns([(G1.value, path)], tmp_path / "out", memory_limit="500MB", threads=2)
    assert (stats["rows"], stats["quads"], stats["triples"], stats["graphs"]) == (7, 4, 4, 1)
    with Columns(tmp_path / "out") as columns:
        assert {str(o) for (o,) in rows(columns, "pso", "o")} == {
            '"A\\t"@en', '"  b <c>  d .  "', '"\\"\\\\\\"😀\\b\\f\\r\\n\'"', "_:b",
        }  # fmt: skip


GOOD = b"<x:s> <x:p> <x:o> <http://x/1> .\n"


@pytest.mark.parametrize(
    "content",
    [
        b"<x:s> <x:p> <x:o> <http://x/2> .\n",
        b"<x:s> <x:p> <x:o> .\n",
        b"<x:s> <x:p> <http://x/1> .\n",
        GOOD + b"\n" + GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD + b"# a comment\n",
        GOOD[:-2],
        b"<x:s> <x:p> \"\xff\" <http://x/1> .\n",
        b"<x:s>  <x:p> <x:o> <http://x/1> .\n",
        b'<x:s> <x:p> "a"b" <http://x/1> .\n',
        b'<x:s> <x:p> "a"@en--ltr <http://x/1> .\n',
        b'<x:s> <x:p> "\\x" <http://x/1> .\n',
        b'<x:s> <x:p> "\\uD800" <http://x/1> .\n',
        b"<x:s> <x:p> <<( <x:a> <x:b> <x:c> )>> <http://x/1> .\n",
        b"<x:s> <x:p> 5 <http://x/1> .\n",
        b'<x:s> <x:p> "a"""" <http://x/1> .\n',
    ],
)  # fmt: skip
def test_a_file_that_is_not_canonical_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "q.nq"
    path.write_bytes(GOOD + content)
    with pytest.raises(ValueError):
        write_columns([(G1.value, path)], tmp_path / "out")


def test_several_files_and_an_empty_one(tmp_path: Path) -> None:
    shared = Quad(NODES[0], P, Literal("shared"), G1)
    files: list[tuple[str, Path]] = []
    for n, graph in enumerate((G1, G2, INFERRED)):
        path = tmp_path / f"{n}.nq"
        own = Quad(NODES[0], Q, Literal(n), graph)
        both = Quad(shared.subject, shared.predicate, shared.object, graph)
        serialize([own, both, both], path, RdfFormat.N_QUADS)
        files.append((graph.value, path))
    (tmp_path / "empty.nq").touch()
    stats = write_columns([*files, ("http://x/empty", tmp_path / "empty.nq")], tmp_path / "out")
    assert (stats["rows"], stats["quads"], stats["triples"], stats["graphs"]) == (9, 6, 4, 3)
    assert not list((tmp_path / "out").glob(".spill*"))
    with Columns(tmp_path / "out") as columns:
        assert rows(columns, "pso WHERE inferred", "o") == [(Literal(2),)]
        assert sum(columns.graphs.values()) == 1


def test_nothing_at_all(tmp_path: Path) -> None:
    write_columns([], tmp_path)
    with Columns(tmp_path) as columns:
        assert (columns.triples, columns.graphs, columns.id_of(P)) == (0, {}, None)
    with pytest.raises(FileNotFoundError):
        Columns(tmp_path / "nowhere")


def test_parquet_twins_hold_the_same_rows(tmp_path: Path) -> None:
    data = [Quad(n, P, Literal(i), g) for n in NODES for i in range(9) for g in (G1, INFERRED)]
    write_quads(data, tmp_path)
    with duckdb.connect(str(tmp_path / "columns.duckdb"), read_only=True) as con:
        for table in TWINS:
            native = con.execute(f"FROM {table}").fetchall()
            assert con.execute(f"FROM '{tmp_path / table}.parquet'").fetchall() == native
            assert native


@given(terms)
def test_parts_make_the_term_again(term: Term) -> None:
    assert parts_of(term).term() == term
