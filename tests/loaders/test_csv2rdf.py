"""The standard's own RDF output, where the official tests are not at hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph_loaders.csv2rdf import Described, Web, csv2rdf
from govgraph_loaders.csv2rdf.web import normal
from govgraph_loaders.node import MetadataError

SITE = "http://example.org/data/"
CSVW = "http://www.w3.org/ns/csvw#"
Files = dict[str, object]
Convert = Callable[..., Described]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Convert one of some files, which stand at `SITE`."""

    def run(files: Files, name: str = "t.csv", **options: Any) -> Described:
        for path, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        links = options.pop("links", {})
        return csv2rdf(SITE + name, Web({SITE: tmp_path}, links), **options)

    return run


def same(described: Described, turtle: str) -> bool:
    """Whether the triples are those of a Turtle text, but for the names of blank nodes."""
    graphs = [
        ox.Dataset(ox.parse(text, format=kind, base_iri=SITE))
        for text, kind in (
            (described.triples, ox.RdfFormat.N_TRIPLES),
            (f"PREFIX csvw: <{CSVW}>\n{turtle}", ox.RdfFormat.TURTLE),
        )
    ]
    for graph in graphs:
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return graphs[0] == graphs[1]


def test_without_metadata_the_header_names_the_properties(convert: Convert) -> None:
    found = convert({"t.csv": "id,a-b\n1,西园\n"}, minimal=True)
    assert same(found, '[] <t.csv#id> "1" ; <t.csv#a%2Db> "西园" .')
    assert found.problems == []


def test_standard_mode_describes_tables_and_rows(convert: Convert) -> None:
    schema = {"aboutUrl": "#{id}", "rowTitles": "id", "columns": [{"titles": "id", "name": "id"}]}
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "@id": "table",
        "url": "t.csv",
        "dc:title": "表",
        "dc:date": {"@value": "2026-11-25", "@type": "date"},
        "notes": [{"dc:source": {"@id": "article"}, "schema:position": 3}],
        "tableSchema": schema,
    }
    found = convert({"t.csv": "id\n1\n", "t.csv-metadata.json": metadata})
    assert found.problems == []
    assert same(
        found,
        """PREFIX dc: <http://purl.org/dc/terms/>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        [] a csvw:TableGroup ; csvw:table <table> .
        <table> a csvw:Table ; csvw:url <t.csv> ; dc:title "表"@zh ;
          dc:date "2026-11-25"^^xsd:date ;
          csvw:note [ dc:source <article> ; <http://schema.org/position> 3 ] ;
          csvw:row [ a csvw:Row ; csvw:rownum 1 ; csvw:url <t.csv#row=2> ; csvw:title "1" ;
                     csvw:describes <t.csv#1> ] .
        <t.csv#1> <t.csv#id> "1" .""",
    )


def test_a_bad_cell_is_an_error_and_a_string(convert: Convert) -> None:
    columns = [{"titles": "n", "datatype": "integer"}, {"titles": "l", "separator": ";"}]
    columns[1] |= {"datatype": "integer", "ordered": True}
    metadata = {"url": "t.csv", "tableSchema": {"columns": columns}}
    found = convert({"t.csv": "n,l\nx,1;y\n", "t.json": metadata}, "t.json", minimal=True)
    assert not found.valid
    assert [(p.code, p.row, p.line, p.column, p.value) for p in found.problems] == [
        ("invalid-number", 1, 2, "n", "x"),
        ("invalid-number", 1, 2, "l", "y"),
    ]
    assert same(found, '[] <t.csv#n> "x" ; <t.csv#l> (1 "y") .')


def test_columns_are_matched_by_place(convert: Convert) -> None:
    columns = [{"name": "b", "titles": "B"}, {"name": "a", "titles": "A"}]
    metadata = {"url": "t.csv", "tableSchema": {"columns": columns}}
    found = convert({"t.csv": "A,B,C\n1,2,3\n", "t.json": metadata}, "t.json", minimal=True)
    assert [(p.code, p.value) for p in found.problems] == [
        ("header-mismatch", "A"),
        ("header-mismatch", "B"),
        ("header-mismatch", "C"),
    ]
    assert same(found, '[] <t.csv#b> "1" ; <t.csv#a> "2" ; <t.csv#_col.3> "3" .')


def test_a_header_that_comes_again_is_taken_by_its_place(convert: Convert) -> None:
    found = convert({"t.csv": "a,a\n1,2\n"}, minimal=True)
    assert [p.code for p in found.problems] == ["duplicate-header"]
    assert same(found, '[] <t.csv#a> "1" ; <t.csv#_col.2> "2" .')


def test_the_dialect_of_a_table_replaces_that_of_its_group(convert: Convert) -> None:
    tables = [{"url": "t.csv", "dialect": {"delimiter": ";"}}]
    metadata = {"dialect": {"header": False}, "tables": tables}
    found = convert({"t.csv": "a;b\n1;2\n", "t.json": metadata}, "t.json", minimal=True)
    assert same(found, '[] <t.csv#a> "1" ; <t.csv#b> "2" .')


def test_keys_span_the_tables_of_a_group(convert: Convert) -> None:
    def table(name: str, **schema: object) -> dict[str, object]:
        columns = [{"name": "id", "titles": "id"}]
        return {"url": name, "tableSchema": {"columns": columns, **schema}}

    reference = {"resource": "b.csv", "columnReference": "id"}
    key = {"columnReference": "id", "reference": reference}
    metadata = {"tables": [table("a.csv", foreignKeys=[key]), table("b.csv", primaryKey="id")]}
    files: Files = {"a.csv": "id\n1\n9\n", "b.csv": "id\n1\n1\n", "t.json": metadata}
    found = convert(files, "t.json")
    assert [(p.code, p.table, p.row, p.value) for p in found.problems] == [
        ("duplicate-key", "b.csv", 2, "1"),
        ("unresolved-reference", "a.csv", 2, "9"),
    ]
    files["other/b.csv"] = "id\n9\n"
    metadata["tables"].append(table("other/b.csv"))
    assert [p.code for p in convert(files, "t.json").problems][1:] == ["unresolved-reference"]
    reference["resource"] = "c.csv"
    with pytest.raises(MetadataError, match="no table"):
        convert(files, "t.json")


def test_metadata_is_sought_where_the_standard_says(convert: Convert) -> None:
    def titled(title: str, url: str = "t.csv") -> dict[str, object]:
        return {"url": url, "dc:title": title}

    files: Files = {"t.csv": "a\n1\n", "csv-metadata.json": titled("folder")}
    assert '"folder"' in convert(files).triples
    files["t.csv-metadata.json"] = titled("file")
    assert '"file"' in convert(files).triples
    files["linked.json"] = titled("linked")
    links = {SITE + "t.csv": "linked.json"}
    assert '"linked"' in convert(files, links=links).triples
    files["mine.json"] = titled("mine")
    assert '"mine"' in convert(files, links=links, metadata=SITE + "mine.json").triples


def test_metadata_of_other_tables_is_passed_over(convert: Convert) -> None:
    files: Files = {
        "t.csv": "a\n1\n",
        "t.csv-metadata.json": {"url": "u.csv", "dc:title": "other"},
        "csv-metadata.json": {"url": "./t.csv", "dc:title": "folder"},
    }
    found = convert(files)
    assert '"folder"' in found.triples
    assert [(p.code, p.severity, p.table) for p in found.problems] == [
        ("metadata-ignored", "warning", "t.csv-metadata.json")
    ]


def test_nothing_outside_the_folder_is_read(convert: Convert, tmp_path: Path) -> None:
    (tmp_path.parent / "secret.csv").write_text("a\n1\n")
    for name in ("../secret.csv", "%2E%2E/secret.csv", "absent.csv"):
        with pytest.raises(MetadataError, match="no such file"):
            convert({"t.json": {"url": name}}, "t.json")


def test_equal_urls_are_normalised_alike() -> None:
    assert normal("HTTP://Example.org:80/a#b") == normal("http://example.org/a")
    assert normal("https://example.org:444/a") != normal("https://example.org/a")


@pytest.mark.parametrize(
    "value",
    [
        {"@context": {}}, {"@list": [1]}, {"@value": None}, {"@value": "x", "dc:a": 1},
        {"@language": "zh"}, {"@value": "x", "@language": "not a tag"}, {"@type": "no type"},
        {"@id": "_:b"}, {"@id": "a b"}, {"no prefix": 1},
    ],
)  # fmt: skip
def test_annotations_that_are_not_well_formed_are_refused(convert: Convert, value: object) -> None:
    with pytest.raises(MetadataError) as refused:
        convert({"t.csv": "a\n1\n", "t.json": {"url": "t.csv", "dc:x": value}}, "t.json")
    assert refused.value.why_zh


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "a", "a b", "_:b", "#{a}", "zh"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["@id", "@type", "@value", "name", "dc:x", "zh"]), inner)
    ),
    max_leaves=4,
)
_PLACES = {
    "table": ["@context", "@id", "url", "dialect", "notes", "tableSchema", "dc:x", "transformations",
              "aboutUrl", "lang", "tableDirection"],
    "schema": ["columns", "primaryKey", "foreignKeys", "rowTitles", "@id", "aboutUrl"],
    "column": ["name", "titles", "datatype", "null", "separator", "valueUrl", "propertyUrl",
               "default", "virtual", "required", "lang", "textDirection"],
}  # fmt: skip


@given(data=st.data())
def test_any_metadata_is_refused_or_gives_triples(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One property is replaced by any JSON: no other end than MetadataError or valid triples."""
    nodes: dict[str, dict[str, Any]] = {"column": {"name": "a", "titles": "A"}}
    nodes["schema"] = {"columns": [nodes["column"]], "aboutUrl": "#{a}"}
    nodes["table"] = {"url": "t.csv", "tableSchema": nodes["schema"]}
    place = data.draw(st.sampled_from([*_PLACES]))
    nodes[place][data.draw(st.sampled_from(_PLACES[place]))] = data.draw(_JSON)
    folder = tmp_path_factory.mktemp("any")
    (folder / "t.csv").write_text("A\n1\n西 园\n")
    (folder / "t.json").write_text(json.dumps(nodes["table"]))
    try:
        found = csv2rdf(SITE + "t.json", Web({SITE: folder}))
    except MetadataError:
        return
    assert [*ox.parse(found.triples, format=ox.RdfFormat.N_TRIPLES)]


def test_comments_and_skipped_rows_belong_to_the_table(convert: Convert) -> None:
    """They are counted in the places of rows, skipped ones before the header whatever they hold."""
    dialect = {"skipRows": 2, "commentPrefix": "#", "skipBlankRows": True}
    files: Files = {
        "t.csv": '# one\nsay "two\na\n1\n# three\n\n2\n',
        "t.json": {"url": "t.csv", "dialect": dialect},
    }
    found = convert(files, "t.json")
    assert found.problems == []
    assert same(
        found,
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        [] a csvw:TableGroup ; csvw:table
          [ a csvw:Table ; csvw:url <t.csv> ; rdfs:comment "one", 'say "two', "three" ;
            csvw:row [ a csvw:Row ; csvw:rownum 1 ; csvw:url <t.csv#row=4> ;
                       csvw:describes [ <t.csv#a> "1" ] ] ,
                     [ a csvw:Row ; csvw:rownum 2 ; csvw:url <t.csv#row=7> ;
                       csvw:describes [ <t.csv#a> "2" ] ] ] .""",
    )


def test_a_list_in_a_template_keeps_its_commas(convert: Convert) -> None:
    columns: list[dict[str, object]] = [
        {"titles": "l", "separator": ";", "propertyUrl": "p", "valueUrl": "v/{l}{?l}"},
        {"titles": "b", "aboutUrl": "s/{l}", "propertyUrl": "q"},
    ]
    metadata = {"url": "t.csv", "tableSchema": {"columns": columns}}
    found = convert({"t.csv": "l,b\na,b;c,1\n", "t.json": metadata}, "t.json", minimal=True)
    assert [p.code for p in found.problems] == ["ragged-row"]
    files: Files = {"t.csv": 'l,b\n"a,b;c",1\n,2\n', "t.json": metadata}
    found = convert(files, "t.json", minimal=True)
    assert same(found, '[] <p> <v/a%2Cb,c?l=a%2Cb,c> . <s/a%2Cb,c> <q> "1" . <s/> <q> "2" .')
