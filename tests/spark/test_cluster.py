"""Queries on a real cluster give the rows that the columns give here."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from govgraph.engine.base import Dataset
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.errors import GovgraphError
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings

ANALYTICAL = [
    "q01_person_roles", "q02_two_roles_join", "q03_head_not_deputy", "q03b_head_minus",
    "q04_sum_year_funder", "q05_suborg_path", "q06_funds_path", "q06b_funds_path_sub",
    "q07_contains", "q08_top10", "q09_overlap", "q10_rows100k", "q11_construct100k",
]  # fmt: skip
COMMUNITIES = 200
#: Names in the queries that only a larger country has.
IN_A_SMALL_COUNTRY = {"P000050001": "P000005001", "district/2": "district/0", "海棠家园": "海棠"}
FORMATS = {
    "select": QueryResultsFormat.TSV,
    "ask": QueryResultsFormat.JSON,
    "graph": RdfFormat.N_TRIPLES,
}
SHIPPED = {
    "optional": "SELECT * { ?p a foaf:Person OPTIONAL { ?p gov:qualification ?q } }",
    "optional, both sides tested": """SELECT ?a ?b ?x ?y { ?a gov:amount ?x
        OPTIONAL { ?b gov:amount ?y FILTER(?y > ?x) } }""",
    "union": "SELECT ?x { { ?x a gov:PostRule } UNION { ?x a foaf:Person } UNION { ?x a ?x } }",
    "minus": "SELECT ?p { ?p a foaf:Person MINUS { ?p gov:qualification ?q } }",
    "exists": "SELECT ?p { ?p a foaf:Person FILTER EXISTS { ?m org:member ?p } }",
    "values": "SELECT ?c (COUNT(*) AS ?n) { VALUES ?c { foaf:Person gov:PostRule UNDEF } ?x a ?c } GROUP BY ?c",
    "path with a cycle": "SELECT ?a ?b { ?a (skos:related|^skos:related|skos:broader)+ ?b }",
    "path from bound starts": "SELECT ?a ?b { ?a a foaf:Person . ?a (^org:member/org:organization)* ?b }",
    "sums": """SELECT ?c (SUM(?x) AS ?sum) (AVG(?x) AS ?mean) (MIN(?x) AS ?least) (MAX(?x) AS ?most)
        { ?f gov:amount ?x ; a ?c } GROUP BY ?c""",
    "counts": "SELECT ?p (COUNT(DISTINCT ?o) AS ?n) (COUNT(*) AS ?m) { ?s ?p ?o } GROUP BY ?p",
    "texts": """SELECT ?s (STRLEN(?l) AS ?n) (SUBSTR(?l, 2, 3) AS ?part) (STRAFTER(?l, "社区") AS ?rest)
        (UCASE(?l) AS ?big) (CONCAT(STR(?l), "-", LANG(?l)) AS ?both)
        { ?s skos:prefLabel ?l FILTER(CONTAINS(?l, "社区") || REGEX(?l, "^[A-Z][a-z]+ .*s$")) }""",
    "distinct in order": "SELECT DISTINCT ?l { ?s skos:prefLabel ?l } ORDER BY DESC(?l) LIMIT 40",
    "dates": "SELECT ?s (YEAR(?d) AS ?y) (STR(?d) AS ?t) { ?s ?p ?d FILTER(DATATYPE(?d) = xsd:date) }",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g",
    "quotes": r"""SELECT ?x ?l { BIND("${a} '\\ \n \" %s" AS ?x) ?s skos:prefLabel ?l
        FILTER(STR(?l) < ?x || STRENDS(?l, "会")) }""",
    "ask": "ASK { ?p a foaf:Person }",
    "ask in vain": "ASK { ?p a ?p }",
    "construct": "CONSTRUCT { ?p gov:partyMember ?m } WHERE { ?p gov:partyMember ?m }",
}


@pytest.fixture(scope="module")
def cluster(master: str, home: Path) -> Opened:
    """The shipped release as the service opens it for a cluster."""
    return Releases(Settings(home=home, engine="spark", spark_master=master)).open()


@pytest.fixture(scope="module")
def national(
    cluster: Opened, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ColumnarEngine, ColumnarEngine]]:
    """A synthetic country on the columns here and on the cluster."""
    from govgraph.engine.spark.engine import SparkEngine
    from govgraph.engine.spark.session import open_tables

    generate = runpy.run_path(str(shared / "bench" / "gen_national.py"))["generate"]
    store = Store()
    lines = (f"{line} .\n" for _, group in generate(COMMUNITIES) for line in group)
    store.load("".join(lines), format=RdfFormat.N_TRIPLES)
    folder = tmp_path_factory.mktemp("national") / "columns"
    write_quads(iter(store), folder)
    with Columns(folder) as columns:
        spark = open_tables(cluster.engine.spark.spark, str(folder), columns, check=False)  # type: ignore[attr-defined]
        yield ColumnarEngine(columns), SparkEngine(columns, spark)


@pytest.mark.parametrize("name", ANALYTICAL)
def test_analytical_query(
    name: str, national: tuple[ColumnarEngine, ColumnarEngine], shared: Path
) -> None:
    text = (shared / "bench" / "queries" / f"{name}.rq").read_text()
    for large, small in IN_A_SMALL_COUNTRY.items():
        text = text.replace(large, small)
    here, there = (engine.answer(text, FORMATS).body().splitlines() for engine in national)
    assert len(here) > 1
    if "ORDER BY" in text:
        assert there == here
    assert sorted(there) == sorted(here)


@pytest.mark.parametrize("name", SHIPPED)
def test_query_of_the_shipped_data(name: str, cluster: Opened) -> None:
    """The engine itself is asked, so that nothing is answered by way of the local ones."""
    spark, columns = cluster.engine.spark, cluster.engine.local.columns  # type: ignore[attr-defined]
    answers = [engine.answer(SHIPPED[name], FORMATS) for engine in (spark, columns)]
    assert answers[0].form == answers[1].form
    there, here = (answer.body() for answer in answers)
    assert answers[1].form == "ask" or len(here.splitlines()) > 1
    assert sorted(there.splitlines()) == sorted(here.splitlines())
    if "ORDER BY" in SHIPPED[name]:
        assert there == here


def test_a_dataset_of_its_own(cluster: Opened) -> None:
    spark, columns = cluster.engine.spark, cluster.engine.local.columns  # type: ignore[attr-defined]
    query, asserted = SHIPPED["counts"], Dataset(inference=False)
    there, here = (engine.answer(query, FORMATS, asserted).body() for engine in (spark, columns))
    assert sorted(there.splitlines()) == sorted(here.splitlines())
    assert there != spark.answer(query, FORMATS).body()


def test_both_workers_take_part(cluster: Opened) -> None:
    context = cluster.engine.spark.spark.sparkContext  # type: ignore[attr-defined]
    executors_and_driver = context._jsc.sc().getExecutorMemoryStatus().size()
    assert executors_and_driver == 3


def test_what_spark_refuses_is_answered_here(cluster: Opened) -> None:
    query = "SELECT (ENCODE_FOR_URI(?l) AS ?u) { ?r a gov:PostRule ; skos:prefLabel ?l }"
    answer = cluster.engine.answer(query, FORMATS)
    assert answer.body().count(b"%") > 10


def test_syntax_is_judged_before_the_cluster_is_asked(cluster: Opened) -> None:
    with pytest.raises(GovgraphError) as error:
        cluster.engine.answer("SELECT * WHERE { ?s ?p }", FORMATS)
    assert error.value.code == "query-syntax"


def test_a_query_is_cancelled_in_time(cluster: Opened) -> None:
    from govgraph.engine.spark.engine import SparkEngine

    engine = cluster.engine.spark  # type: ignore[attr-defined]
    hurried = SparkEngine(engine.columns, engine.spark, seconds=0.5)
    pairs = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) < STR(?j))"
    with pytest.raises(GovgraphError) as error:
        hurried.answer(f"SELECT (COUNT(*) AS ?n) {{ {pairs} }}", FORMATS).body()
    assert (error.value.code, error.value.status) == ("query-timeout", 503)
    assert engine.answer("ASK { ?p a foaf:Person }", FORMATS).body().endswith(b"true}")


def test_files_elsewhere_have_to_be_those_of_the_release(
    cluster: Opened, master: str, home: Path, tmp_path: Path
) -> None:
    columns = cluster.release.columns
    settings = Settings(
        home=home, engine="spark", spark_master=master, spark_columns=f"{tmp_path}/{{release}}"
    )
    copied = tmp_path / cluster.release.id
    shutil.copytree(columns, copied, ignore=shutil.ignore_patterns("*.duckdb"))
    engine = Releases(settings).open().engine
    assert engine.answer("ASK { ?p a foaf:Person }", FORMATS).body().endswith(b"true}")
    shutil.rmtree(copied)
    write_quads([], copied)
    with pytest.raises(GovgraphError) as error:
        Releases(settings).open()
    assert (error.value.code, error.value.status) == ("cluster-data", 500)
