"""CSV tables that are sent to a dataset."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.gate.conftest import BASE, PERSONS, Client

HEAD = "id,label_zh,label_en,party_member,note_zh,assertion"
FOREIGN = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "wells.csv",
    "dialect": {"delimiter": ";", "encoding": "gb18030"},
    "tableSchema": {
        "aboutUrl": f"{BASE}well/{{id}}",
        "primaryKey": "id",
        "columns": [
            {"name": "id", "titles": "id", "propertyUrl": "http://purl.org/dc/terms/identifier"},
            {"name": "name", "titles": "名称", "propertyUrl": "http://purl.org/dc/terms/title"},
        ],
    },
}


def label(client: Client, person: str) -> list[tuple[str, ...]]:
    query = f"SELECT ?l {{ <{BASE}person/{person}> skos:prefLabel ?l FILTER(LANG(?l) = 'zh') }}"
    return client.rows(query)


def good(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    assert found["release"] == response.headers["govgraph-release"]
    return found


def test_a_table_is_downloaded_edited_and_sent_back(client: Client) -> None:
    before = client.table("tiny/persons")
    same = good(client.send("tiny/persons", before))
    assert (same["changed"], same["rows_read"]) == (False, 3)
    edited = before.replace("小甲", "小甲甲")
    done = good(client.send("tiny/persons", edited))
    assert (done["rows_read"], done["rows_loaded"], done["rows_rejected"]) == (3, 3, 0)
    assert done["changed"]
    assert label(client, "t-p1") == [("小甲甲",)]
    assert client.table("tiny/persons") == edited


def test_rows_take_the_place_of_those_with_their_key(client: Client) -> None:
    """Columns in any order; what the file has no column for stays as it is."""
    rows = "assertion,label_zh,id\nsynthetic,小丁,t-p4\nsynthetic,小乙乙,t-p2\n"
    done = good(client.send("tiny/persons", rows))
    assert (done["rows_read"], done["mode"]) == (2, "merge")
    lines = client.table("tiny/persons").splitlines()
    assert "t-p2,小乙乙,Person B,,,synthetic" in lines
    assert lines[-1] == "t-p4,小丁,,,,synthetic"
    assert label(client, "t-p1") == [("小甲",)]
    assert label(client, "t-p4") == [("小丁",)]


def test_problems_are_at_the_rows_that_were_sent(client: Client) -> None:
    before = client.current
    rows = 'id,label_zh,assertion,colour\nt-p2,"两\n行",synthetic,1\nt-p7,小庚,wrong,2\nt-p8,x\n'
    refused = client.send("tiny/persons", rows)
    assert (refused.status_code, refused.json()["code"]) == (409, "change-refused")
    report = refused.json()["report"]
    assert (report["rows_read"], report["rows_loaded"], report["rows_rejected"]) == (3, 1, 2)
    places = {p["code"]: (p["row"], p["line"], p["column"]) for p in report["problems"]}
    assert places == {
        "unknown-column": (None, 1, "colour"),
        "not-allowed-value": (2, 4, "assertion"),
        "ragged-row": (3, 5, None),
    }
    assert all(p["uploaded"] and p["message_zh"] and p["message_en"] for p in report["problems"])
    assert client.current == before
    done = good(client.send("tiny/persons", rows, max_rejects=2))
    assert done["rows_rejected"] == 2
    assert label(client, "t-p2") == [("两\n行",)]
    # rows that the release does without do not stand in the way of later changes
    client.made("INSERT DATA { <x:a> <x:p> 1 }")
    assert good(client.send("tiny/persons", "id,label_zh,assertion\nt-p5,小戊,synthetic\n"))[
        "changed"
    ]


def test_rows_that_are_there_make_no_release_however_they_are_written(client: Client) -> None:
    head, *rows = client.table("tiny/places").splitlines()
    quoted = "".join(f'"{cell}",' for cell in rows[1].split(","))[:-1]
    done = good(client.send("tiny/places", f"{head}\r\n{quoted}\r\n"))
    assert (done["rows_read"], done["changed"]) == (1, False)


def test_a_key_twice_is_a_row_too_many(client: Client) -> None:
    rows = "id,label_zh,assertion\nt-p5,一,synthetic\nt-p5,二,synthetic\n"
    report = client.send("tiny/persons", rows).json()["report"]
    assert [(p["code"], p["row"]) for p in report["problems"]] == [("duplicate-key", 2)]
    known = "id,label_zh,assertion\nt-p1,一,synthetic\n"
    refused = client.send("tiny/persons", known, mode="append").json()["report"]
    assert [(p["code"], p["row"]) for p in refused["problems"]] == [("duplicate-key", 1)]
    new = "id,label_zh,assertion\nt-p5,一,synthetic\n"
    assert good(client.send("tiny/persons", new, mode="append"))["rows_loaded"] == 1


def test_what_breaks_a_shape_or_a_reference_is_refused(client: Client) -> None:
    rows = "id,person,post,start,end,assertion\nt-a9,t-none,t-head,2016,..,synthetic\n"
    report = client.send("tiny/appointments", rows).json()["report"]
    found = [(p["code"], p["row"], p["column"]) for p in report["problems"]]
    assert found == [("unresolved-reference", 1, "person")]
    backwards = "id,person,post,start,end,assertion\nt-a9,t-p1,t-head,2016,2015,synthetic\n"
    report = client.send("tiny/appointments", backwards).json()["report"]
    broken = [r for r in report["validation"] if r["severity"] == "error"]
    assert {(r["table"], r["row"], r["line"], r["uploaded"]) for r in broken} == {
        ("appointments.csv", 1, 2, True)
    }


def test_a_dry_run_tells_all_and_changes_nothing(client: Client) -> None:
    before = client.current
    rows = "id,label_zh,assertion\nt-p5,小戊,synthetic\n"
    done = good(client.send("tiny/persons", rows, dry_run=True))
    assert (done["dry_run"], done["refused"], done["changed"]) == (True, False, False)
    bad = good(client.send("tiny/persons", rows.replace("synthetic", "?"), dry_run=True))
    assert (bad["refused"], bad["rows_rejected"]) == (True, 1)
    assert client.current == before


def test_a_table_is_replaced_and_taken_away(client: Client) -> None:
    rows = f"{HEAD}\nt-p1,小甲,Person A,true,,synthetic\nt-p2,小乙,,,,synthetic\n"
    url = "/api/v1/datasets/tiny/tables/persons.csv"
    done = good(client.web.put(url, content=rows, headers={"content-type": "text/csv"}))
    assert done["rows_read"] == 2
    assert client.table("tiny/persons") == rows
    refused = client.web.delete(url)
    assert refused.status_code == 409
    problems = refused.json()["report"]["problems"]
    assert {p["table"] for p in problems} == {"appointments.csv"}
    for table in ("appointments", "persons"):
        good(client.web.delete(f"/api/v1/datasets/tiny/tables/{table}"))
    assert client.web.get(url).json()["code"] == "unknown-table"
    assert client.rows("SELECT ?s { ?s a foaf:Person }") == []
    assert client.web.delete(url).status_code == 404


def test_a_dataset_comes_with_its_first_table_and_goes_with_its_last(client: Client) -> None:
    rows = "id,label_zh,assertion\nn-1,新人,synthetic\n"
    good(client.send("新数据/persons", rows))
    found = {d["dataset"]: d["tables"] for d in client.web.get("/api/v1/datasets").json()}
    assert [t["table"] for t in found["新数据"]] == ["persons.csv"]
    assert label(client, "n-1") == [("新人",)]
    good(client.web.delete("/api/v1/datasets/新数据/tables/persons"))
    assert "新数据" not in [d["dataset"] for d in client.web.get("/api/v1/datasets").json()]


def test_a_table_of_ones_own_brings_its_metadata(client: Client) -> None:
    """In the dialect and the encoding that it declares, also when rows are added later."""
    refused = client.send("tiny/wells", "id;名称\nw1;东井\n")
    assert (refused.status_code, refused.json()["code"]) == (422, "table-metadata")
    files = {
        "file": ("any name.csv", "id;名称\nw1;东井\n".encode("gb18030"), "text/csv"),
        "metadata": ("m.json", json.dumps(FOREIGN), "application/csvm+json"),
    }
    url = "/api/v1/datasets/tiny/tables/wells"
    good(client.web.post(url, files=files))
    more = "名称;id\n西井;w2\n".encode()
    headers = {"content-type": "text/csv; charset=utf-8"}
    good(client.web.post(url, content=more, headers=headers))
    names = client.rows("SELECT ?n { ?w dcterms:title ?n FILTER(STRENDS(?n, '井')) }")
    assert names == [("东井",), ("西井",)]
    kept = client.web.get(url)
    assert kept.headers["content-type"] == "text/csv; charset=gb18030"
    assert kept.content.decode("gb18030") == "id;名称\nw1;东井\nw2;西井\n"
    good(client.web.delete(url))
    left = client.home.current().path / "sources" / "tiny"
    assert not [path.name for path in left.iterdir() if path.name.startswith("wells")]
    broken = {"file": files["file"], "metadata": ("m.json", "{", "application/json")}
    refused = client.web.post(url, files=broken)
    assert (refused.status_code, refused.json()["code"]) == (400, "upload-syntax")


def test_packed_tables(client: Client) -> None:
    rows = "id,label_zh,assertion\nt-p6,小己,synthetic\n"
    assert good(client.send("tiny/persons", gzip.compress(rows.encode())))["rows_read"] == 1
    assert label(client, "t-p6") == [("小己",)]
    bomb = gzip.compress(bytes(64))[:-4]
    refused = client.send("tiny/persons", bomb)
    assert (refused.status_code, refused.json()["code"]) == (400, "upload-syntax")


def test_edits_lie_over_a_table_that_is_sent(client: Client) -> None:
    client.made(f'DELETE DATA {{ <{BASE}person/t-p1> skos:prefLabel "Person A"@en }}')
    done = good(client.send("tiny/persons", "id,label_zh,assertion\nt-p5,小戊,synthetic\n"))
    assert done["edits"] == 1
    assert client.graphs_of(f'<{BASE}person/t-p1> skos:prefLabel "Person A"@en') == []
    assert client.graphs_of(f'<{BASE}person/t-p5> skos:prefLabel "小戊"@zh') == [PERSONS]


@pytest.mark.parametrize("name", [".x", "a\\b", "a?b", "a#b", "x" * 101, "csv-metadata.json", " x"])
def test_names_that_could_be_other_files_are_refused(client: Client, name: str) -> None:
    before, there = client.current, quote(name, safe="")
    headers = {"content-type": "text/csv"}
    for url in (f"tiny/tables/{there}", f"{there}/tables/persons"):
        refused = client.web.post(f"/api/v1/datasets/{url}", content="id\n1\n", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-parameter")
    assert client.current == before


def test_what_is_no_table(client: Client) -> None:
    url = "/api/v1/datasets/tiny/tables/persons"
    assert client.web.post(url, json={}).json()["code"] == "unsupported-media-type"
    assert client.web.post(url, files={"metadata": "{}"}).json()["code"] == "upload-syntax"
    assert client.send("tiny/persons", "id\n1\n", mode="upsert").status_code == 422
    assert (
        client.web.get("/api/v1/datasets/none/tables/persons").json()["code"] == "unknown-dataset"
    )
