"""/api/v1/entities: the facts of an entity with dates, certainty and evidence, as JSON and CSV."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import httpx
from pyoxigraph import Literal
from tests.service.conftest import HOSTILE_ID
from tests.service.test_sparql import problem

from govgraph.governance.models.exports.written import csv_of
from govgraph.http.state import Opened
from govgraph.lookup.statements import Fact, Statements, as_table

ROUTE = "/api/v1/entities"


def _rows(answer: httpx.Response) -> list[dict[str, str]]:
    return _rows_of(answer.content)


def _rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_facts_with_their_evidence(web: httpx.Client, opened: Opened) -> None:
    found = web.get(f"{ROUTE}/appointment/ex-c07-a01").json()
    assert (found["type"], found["id"]) == ("appointment", "ex-c07-a01")
    assert found["release"] == opened.release.id
    assert found["total"] == len(found["facts"])
    (post,) = [f for f in found["facts"] if f["property"]["iri"].endswith("#onPost")]
    assert post["value"]["id"] == "ex-c07-fsj-post"
    assert (post["from"], post["to"]) == ("2018-01-01", "2021-03-31")
    assert post["certainty"] == ["synthetic"]
    (cell,) = post["evidence"]
    assert (cell["table"], cell["column"]) == ("appointments.csv", "post")


def test_what_no_table_states_is_inferred(web: httpx.Client) -> None:
    facts = web.get(f"{ROUTE}/person/ex-c07-p1").json()["facts"]
    (place,) = [f for f in facts if f["property"]["iri"].endswith("#holdsPostAt")]
    assert (place["certainty"], place["evidence"]) == (["inferred"], [])


def test_a_record_lends_its_dates(web: httpx.Client) -> None:
    """A person has no dates, an appointment has."""
    facts = web.get(f"{ROUTE}/person/ex-c07-p1").json()["facts"]
    dates = {f["value"]["id"]: (f["from"], f["to"]) for f in facts if f["value"].get("type")}
    assert dates["ex-c07-a01"] == ("2018-01-01", "2021-03-31")
    assert dates["ex-c07"] == (None, None)


def test_csv_has_the_same_facts(web: httpx.Client) -> None:
    address = f"{ROUTE}/organization/org-xiyuan"
    facts = web.get(address).json()["facts"]
    answer = web.get(address, params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="org-xiyuan.csv"' in answer.headers["content-disposition"]
    rows = _rows(answer)
    assert [row["property"] for row in rows] == [fact["property"]["iri"] for fact in facts]
    assert any(row["sentences"] for row in rows)
    assert all(row["rows"] for row in rows if row["certainty"] != "inferred")
    assert answer.content == web.get(address, headers={"Accept": "text/csv"}).content


def test_no_text_is_a_formula() -> None:
    """What a spreadsheet would calculate is quoted by an apostrophe."""
    fact = Fact("urn:p", Literal("=1+1", language="en"), "@x", None, ("stated",), ())
    found = Statements("urn:x", (fact,), 1, 0, {"urn:p": {"zh": "-1", "en": "+1"}})
    (row,) = _rows_of(csv_of([list(each) for each in as_table(found)]))
    assert (row["value"], row["property_zh"], row["property_en"], row["from"]) == (
        "'=1+1", "'-1", "'+1", "'@x",
    )  # fmt: skip


def test_any_key(tiny_web: httpx.Client) -> None:
    answer = tiny_web.get(f"{ROUTE}/person/{quote(HOSTILE_ID, safe='')}", params={"format": "csv"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].isascii()


def test_facts_are_paged(web: httpx.Client) -> None:
    whole = web.get(f"{ROUTE}/person/ex-c07-p1").json()
    parts = [
        web.get(f"{ROUTE}/person/ex-c07-p1", params={"limit": 4, "offset": n}).json()["facts"]
        for n in range(0, whole["total"], 4)
    ]
    assert [fact for part in parts for fact in part] == whole["facts"]


def test_what_there_is_not(web: httpx.Client) -> None:
    problem(web.get(f"{ROUTE}/person/nobody"), 404, "not-found")
    problem(
        web.get(f"{ROUTE}/person/ex-c07-p1", headers={"Accept": "image/png"}), 406, "not-acceptable"
    )
