"""Entries over HTTP, from Python and from the command line: one answer in every form."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import polars as pl
import pytest
from tests.catalog.expected import examples
from tests.service.conftest import serve
from typer.testing import CliRunner

from govgraph.catalog.index import entries
from govgraph.cli import app as command
from govgraph.errors import GovgraphError
from govgraph.http.state import Opened
from govgraph.notebook import open_release
from govgraph.settings import Settings

URL = "/api/v1/queries"
EVERY = list(entries().values())
every_entry = pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.name)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def client(whole_home: Path) -> Iterator[httpx.Client]:
    yield from serve(Settings(home=whole_home))


def get(client: httpx.Client, name: str, **parameters: Any) -> Json:
    response = client.get(f"{URL}/{name}", params=parameters)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def problem(client: httpx.Client, name: str, **parameters: Any) -> tuple[int, str]:
    response = client.get(f"{URL}/{name}", params=parameters)
    document = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert document["message_zh"]
    return response.status_code, document["code"]


@every_entry
def test_the_route_gives_the_rows_of_the_python_call(
    client: httpx.Client, whole_home: Path, entry: Any
) -> None:
    asked = examples(entry)
    over_http = get(client, entry.name, **asked, limit=10000)
    frame = open_release(home=whole_home).query(entry.name, **asked)
    assert over_http["total"] == frame.height == len(over_http["rows"])
    for column in entry.shown:
        values = [row[column.name] for row in over_http["rows"]]
        if column.type == "entity":
            values = [value and value["iri"] for value in values]
        if column.type in ("decimal", "number"):
            assert values == pytest.approx(frame[column.name].cast(pl.Float64).to_list())
        else:
            expected = frame[column.name].to_list()
            assert values == [str(v) if column.type == "date" and v else v for v in expected]


@every_entry
def test_it_is_described_as_it_answers(client: httpx.Client, entry: Any) -> None:
    described = client.get("/openapi.json").json()["paths"][f"{URL}/{entry.name}"]["get"]
    named = {parameter["name"] for parameter in described["parameters"]}
    assert {p.name for p in entry.parameters} | {"limit", "offset", "release"} <= named
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]
    answered = get(client, entry.name, **examples(entry))
    assert answered.keys() == schema["properties"].keys()
    for row in answered["rows"][:3]:
        assert row.keys() == schema["properties"]["rows"]["items"]["properties"].keys()


@every_entry
def test_its_rows_have_evidence(client: httpx.Client, entry: Any) -> None:
    document = get(client, entry.name, **examples(entry), evidence="true", limit=5)
    evidence = document["evidence"]
    assert len(evidence["rows"]) == len(document["rows"])
    facts = evidence["facts"]
    for rest in evidence["rows"]:
        for number in rest["facts"]:
            assert (
                facts[number]["cells"]
                or facts[number]["derivations"]
                or _of_the_house(facts[number])
            )
        assert {n for found in rest["columns"].values() for n in found} <= set(rest["facts"])


def _of_the_house(fact: Json) -> bool:
    """Whether a fact is of the ontology or the description of a table, which no cell states, or an
    inferred one beyond those whose derivation is looked for."""
    places = ("/ontology", "/table/", "/inferred/")
    return all(any(place in graph for place in places) for graph in fact["graphs"])


def test_a_fact_leads_to_its_cell_and_its_sentence(client: httpx.Client) -> None:
    document = get(client, "observations", about="place/pl-xiyuan", evidence="true")
    row = next(n for n, r in enumerate(document["rows"]) if r["verbatim"] == "近8万人")
    rest, facts = document["evidence"]["rows"][row], document["evidence"]["facts"]
    (upper,) = (facts[n] for n in rest["columns"]["upper"] if "gov:upper" in facts[n]["text"])
    (cell,) = upper["cells"]
    assert (cell["dataset"], cell["table"], cell["row"], cell["column"]) == (
        "xiyuan", "observations.csv", 2, "upper",
    )  # fmt: skip
    assert [sentence["number"] for sentence in cell["sentences"]] == ["S04"]


def test_a_functions_row_rests_on_what_tables_state_of_its_entities(client: httpx.Client) -> None:
    document = get(client, "rule-findings", place="ex-c07", status="broken", evidence="true")
    (rest,), facts = document["evidence"]["rows"], document["evidence"]["facts"]
    assert all(facts[number]["asserted"] for number in rest["facts"])
    cells = [cell for number in rest["facts"] for cell in facts[number]["cells"]]
    assert {cell["table"] for cell in cells} == {
        "post_rules.csv", "model_adoptions.csv", "appointments.csv",
    }  # fmt: skip
    said = {s["number"] for cell in cells for s in cell["sentences"]}
    assert said == {"S36"}
    assert [facts[n]["text"] for n in rest["columns"]["person"]]


def test_pages_follow_one_another(client: httpx.Client) -> None:
    whole = get(client, "rows-by-table", limit=1000)["rows"]
    page, found = get(client, "rows-by-table", limit=7), []
    while True:
        found += page["rows"]
        assert page["total"] == len(whole)
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert found == whole


def test_the_permalink_names_the_release_and_repeats_the_answer(client: httpx.Client) -> None:
    first = get(client, "projects", at="2022")
    again = client.get(first["permalink"]).json()
    assert first["release"] in first["permalink"]
    assert again == first


def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get(f"{URL}/projects")
    second = client.get(f"{URL}/projects", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
    assert first.headers["govgraph-release"] == second.headers["govgraph-release"]
    assert client.head(f"{URL}/projects").content == b""


def test_csv_xlsx_and_parquet_hold_the_same_rows(client: httpx.Client) -> None:
    rows = get(client, "observations", limit=1000)["rows"]
    text = client.get(f"{URL}/observations?format=csv").content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    content = client.get(
        f"{URL}/observations", headers={"accept": "application/vnd.apache.parquet"}
    )
    frame = pl.read_parquet(content.content)
    sheet = _sheet(client.get(f"{URL}/observations?format=xlsx").content, 1)
    assert len(table) == frame.height == len(rows) == len(sheet) - 1
    assert [row["verbatim"] for row in table] == frame["verbatim"].to_list()
    assert sheet[0] == list(table[0])
    assert [row[6] for row in sheet[1:]] == frame["verbatim"].to_list()
    assert frame.schema["value"] == pl.Decimal(38, 1)
    assert table[0]["subject_zh"] == rows[0]["subject"]["label"]["zh"]


def test_the_codebook_tells_what_columns_mean(client: httpx.Client) -> None:
    content = client.get(f"{URL}/organizations-by-type?format=xlsx").content
    cells = [cell for row in _sheet(content, 2) for cell in row]
    assert {"organizations", "组织数", "with_founding"} <= set(cells)
    assert any("知道成立日期" in str(cell) and "个组织中" in str(cell) for cell in cells)


def _sheet(content: bytes, number: int) -> list[list[str]]:
    """The cells of a sheet, shared strings put in."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    book = zipfile.ZipFile(io.BytesIO(content))
    strings = [
        "".join(text.text or "" for text in item.iter(f"{space}t"))
        for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    ]
    rows = []
    for row in ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(
        f"{space}row"
    ):
        cells = {}
        for cell in row:
            assert cell.find(f"{space}f") is None
            value = cell.findtext(f"{space}v") or ""
            letters = cell.attrib["r"].rstrip("0123456789")
            place = sum((ord(x) - 64) * 26**n for n, x in enumerate(reversed(letters))) - 1
            cells[place] = strings[int(value)] if cell.get("t") == "s" else value
        rows.append([cells.get(n, "") for n in range(max(cells, default=-1) + 1)])
    return rows


def test_a_gap_is_told_and_is_not_zero(client: httpx.Client) -> None:
    document = get(client, "project-target-groups")
    (said,) = document["coverage"]
    assert (said["known"], said["total"]) == (5, 10)
    assert said["en"] == "5 of 10 rows name a target group"
    assert [r["lower"] for r in document["rows"] if r["group"] is None] == [None] * 5


WRONG = [
    ("placs-within", {}, (404, "unknown-query")),
    ("places-within", {}, (422, "invalid-parameter")),
    ("places-within", {"place": ["ex-c01", "ex-c02"]}, (422, "invalid-parameter")),
    ("places-within", {"place": "nowhere"}, (422, "unknown-value")),
    ("places-within", {"place": "http://"}, (422, "unknown-value")),
    ("places-within", {"place": "http://x/<>"}, (422, "invalid-parameter")),
    ("places-within", {"place": "ex-c01", "plce": "x"}, (422, "invalid-parameter")),
    ("projects", {"at": "2022-13"}, (422, "invalid-date")),
    ("projects", {"at": "2022' OR 1"}, (422, "invalid-date")),
    ("projects", {"at": "x" * 2000}, (422, "invalid-parameter")),
    ("projects", {"limit": "0"}, (422, "invalid-parameter")),
    ("projects", {"limit": "10001"}, (422, "invalid-parameter")),
    ("projects", {"offset": "-1"}, (422, "invalid-parameter")),
    ("projects", {"offset": "9" * 30}, (422, "invalid-parameter")),
    ("projects", {"format": "docx"}, (406, "not-acceptable")),
    ("projects", {"release": "20200101T000000Z-00000000"}, (404, "unknown-release")),
    ("projects", {"evidence": "maybe"}, (422, "invalid-parameter")),
    ("projects", {"evidence": "true", "limit": "500"}, (422, "invalid-parameter")),
    ("observations", {"at_least": "many"}, (422, "invalid-parameter")),
    ("observations", {"at_least": "1e999999999"}, (422, "invalid-parameter")),
    ("what-is-not-stated", {"kind": "lie"}, (422, "invalid-parameter")),
    ("bodies-of-place", {"place": "ex-c01", "below": "perhaps"}, (422, "invalid-parameter")),
]


@pytest.mark.parametrize(("name", "parameters", "expected"), WRONG, ids=lambda part: str(part)[:40])
def test_a_wrong_question_is_told_what_is_wrong(
    client: httpx.Client, name: str, parameters: Json, expected: tuple[int, str]
) -> None:
    assert problem(client, name, **parameters) == expected


def test_what_is_offered_is_named(client: httpx.Client) -> None:
    response = client.get(f"{URL}/projects", headers={"accept": "text/turtle"})
    assert response.status_code == 406
    assert "application/json" in response.json()["message_en"]


def test_the_list_says_how_to_ask(client: httpx.Client) -> None:
    listed = client.get(URL).json()
    assert [item["name"] for item in listed] == [entry.name for entry in EVERY]
    assert all(item["title"]["zh"] and item["columns"] and item["url"] for item in listed)


def test_a_parameter_is_given_in_any_usual_way(client: httpx.Client) -> None:
    ways = ("ex-district", "place/ex-district", "https://w3id.org/govgraph/id/place/ex-district")
    answers = [get(client, "places-within", place=way)["rows"] for way in ways]
    assert answers[0] == answers[1] == answers[2] != []


# -- command line and Python ---------------------------------------------------------------------


def run(whole_home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, [*arguments, "--home", str(whole_home)])
    return done.exit_code, done.output


def test_the_command_answers_in_every_form(whole_home: Path, client: httpx.Client) -> None:
    code, text = run(
        whole_home, "query", "places-within", "--param", "place=ex-district", "--format", "json"
    )
    assert code == 0
    over_http = get(client, "places-within", place="ex-district", limit=1000)
    assert json.loads(text)["rows"] == over_http["rows"]
    code, table = run(whole_home, "query", "places-within", "--param", "place=ex-district")
    assert code == 0
    assert "示例街道" in table
    code, text = run(
        whole_home, "query", "places-within", "--param", "place=ex-district", "--format", "csv"
    )
    assert text.removeprefix("\ufeff").startswith("within,within_zh,within_en,type")


@pytest.mark.parametrize(
    "arguments",
    [
        ("places-within",),
        ("places-within", "--param", "place"),
        ("places-within", "--param", "place=nowhere"),
        ("places-within", "--param", "place=ex-c01", "--format", "docx"),
        ("CQ24", "--param", "x=1"),
    ],
)
def test_the_command_says_what_is_wrong(whole_home: Path, arguments: tuple[str, ...]) -> None:
    assert run(whole_home, "query", *arguments)[0] == 2


def test_the_command_lists_the_queries() -> None:
    done = CliRunner().invoke(command, ["queries"])
    assert all(entry.name in done.output for entry in EVERY)


def test_python_gets_typed_frames(shipped: Opened, whole_home: Path) -> None:
    release = open_release(home=whole_home)
    frame = release.query("observations", about="place/pl-xiyuan", at_least=10000)
    assert frame["value"].to_list() == [10127]
    with pytest.raises(GovgraphError, match="There is no query"):
        release.query("nothing")
    assert release.id == shipped.release.id
