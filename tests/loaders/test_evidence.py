"""Every row leaves a node that says where it stood, and what was derived from it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from govgraph_loaders import convert, find_sources, ingest, read_batches

EX = "http://example.org/"
TABLE = "https://w3id.org/govgraph/id/table/ds/t.csv"
METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "t.csv",
    "tableSchema": {
        "aboutUrl": EX + "{id}",
        "columns": [
            {"name": "id", "suppressOutput": True},
            {"name": "n", "propertyUrl": EX + "n"},
            {"name": "unit", "propertyUrl": EX + "u", "aboutUrl": EX + "unit/{unit}"},
        ],
    },
}


def rows(loaded: Any) -> set[tuple[str, str, str]]:
    return {
        (q.subject.value, q.predicate.value.rpartition("#")[2], q.object.value)
        for q in loaded.quads
        if "#row=" in str(q)
    }


def test_each_row_is_evidence_for_what_it_states(load_files: Callable[..., Any]) -> None:
    loaded = load_files({"t.csv": 'id,n,unit\na,"x\ny",m\nb,z,\n', "csv-metadata.json": METADATA})
    assert rows(loaded) == {
        (f"{TABLE}#row=2", "rownum", "1"),
        (f"{TABLE}#row=2", "line", "2"),
        (f"{TABLE}#row=2", "inTable", TABLE),
        (f"{EX}a", "wasDerivedFrom", f"{TABLE}#row=2"),
        (f"{EX}unit/m", "wasDerivedFrom", f"{TABLE}#row=2"),
        (f"{TABLE}#row=3", "rownum", "2"),
        (f"{TABLE}#row=3", "line", "4"),
        (f"{TABLE}#row=3", "inTable", TABLE),
        (f"{EX}b", "wasDerivedFrom", f"{TABLE}#row=3"),
    }
    assert {str(quad.graph_name) for quad in loaded.quads} == {f"<{TABLE}>"}


def test_rows_before_the_data_are_counted(load_files: Callable[..., Any]) -> None:
    """RFC 7111 numbers the rows of the file, so what is skipped counts too."""
    metadata = {**METADATA, "dialect": {"skipRows": 2}}
    loaded = load_files({"t.csv": "报表\n\nid,n,unit\na,1,m\n", "csv-metadata.json": metadata})
    assert (f"{TABLE}#row=4", "rownum", "1") in rows(loaded)
    assert (f"{TABLE}#row=4", "line", "4") in rows(loaded)


def test_a_rejected_row_leaves_nothing(load_files: Callable[..., Any]) -> None:
    loaded = load_files({"t.csv": "id,n,unit\n,1,m\n", "csv-metadata.json": METADATA})
    assert loaded.quads == []
    assert loaded.counts == {"t.csv": [1, 0, 1]}


def test_batches_travel(tmp_path: Path, tables: Path) -> None:
    """A batch can be sent to another process, and what comes of it can be sent back."""
    folder = tmp_path / "ds"
    folder.mkdir()
    (folder / "places.csv").write_text("id,label_zh,type\n西园,西园街道,Subdistrict\n坏,x,y\n")
    source = find_sources(folder, tables)[0][0]
    for batch in read_batches(source.path, source.table, dataset="ds", iri=source.iri):
        here = convert(batch)
        there = pickle.loads(pickle.dumps(convert(pickle.loads(pickle.dumps(batch)))))
        assert there.quads == here.quads
        assert there.problems == here.problems


def test_progress_and_files(tmp_path: Path, tables: Path) -> None:
    folder = tmp_path / "ds"
    folder.mkdir()
    (folder / "places.csv").write_text("id,type\np,Village\nq,Village\n")
    sources, problems = find_sources(folder, tables)
    told: list[int] = []
    result = ingest(sources, tmp_path / "out", lambda _, read: told.append(read))
    assert problems == []
    assert sum(told) == 2
    assert [file.name for file in result.files] == ["ds.places.csv.nq"]
    assert [*ox.parse(result.files[0].read_bytes(), format=ox.RdfFormat.N_QUADS)]
    assert result.tables[0].as_dict()["rows_loaded"] == 2


def test_the_base_of_instances_is_a_setting(tmp_path: Path, tables: Path) -> None:
    folder = tmp_path / "ds"
    folder.mkdir()
    (folder / "places.csv").write_text("id,type\np,Village\n")
    sources, _ = find_sources(folder, tables, base="http://data.example.cn/id/")
    result = ingest(sources, tmp_path / "out")
    text = result.files[0].read_text()
    assert "<http://data.example.cn/id/place/p>" in text
    assert "w3id.org/govgraph/id/" not in text
    assert result.tables[0].iri == "http://data.example.cn/id/table/ds/places.csv"
