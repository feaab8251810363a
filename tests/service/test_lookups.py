"""The JSON lookups: exact answers on the shipped data, dates, evidence, hostile identifiers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.service.conftest import DOCUMENT, HOSTILE_ID, HOSTILE_LABEL, SENTENCES, serve
from tests.service.test_sparql import problem

from govgraph.settings import Settings

DATA = Path(__file__).parents[2] / "data"
Json = dict[str, Any]


def get(web: httpx.Client, path: str, **parameters: Any) -> Json:
    response = web.get(f"/api/v1/{path}", params=parameters)
    assert response.status_code == 200, response.text
    document: Json = response.json()
    return document


def held(items: list[Json], *names: str) -> list[tuple[Any, ...]]:
    """The ids that items hold under names, `holds` as it is."""
    return [
        tuple(item[n]["id"] if isinstance(item[n], dict) else item[n] for n in names)
        for item in items
    ]


def evidences(node: Any) -> Iterator[tuple[Json, Json]]:
    """Every (item, piece of evidence) anywhere in an answer."""
    if isinstance(node, dict):
        for piece in node.get("evidence", ()):
            yield node, piece
        for value in node.values():
            yield from evidences(value)
    elif isinstance(node, list):
        for value in node:
            yield from evidences(value)


def csv_row(piece: Json) -> dict[str, str]:
    """The CSV's own row that a piece of evidence names, found by row and, apart, by line."""
    path = DATA / piece["dataset"] / piece["table"]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        lines: list[int] = []
        rows = []
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num)
    found = rows[piece["row"] - 1]
    start = lines[piece["row"] - 2] + 1 if piece["row"] > 1 else 2
    assert piece["line"] == start
    assert piece["iri"].endswith(f"{piece['dataset']}/{piece['table']}#row={piece['row'] + 1}")
    return found


PERSON_ROLES = [
    (None, [("ex-c07-a01", None), ("ex-c07-a03", None), ("ex-c07-a02", None)]),
    ("2017-12-31", []),
    ("2018-01-01", [("ex-c07-a01", "yes")]),
    ("2018-02", [("ex-c07-a01", "yes"), ("ex-c07-a03", "yes")]),
    ("2018", [("ex-c07-a01", "yes"), ("ex-c07-a03", "unknown")]),
    ("2021-04-15", [("ex-c07-a03", "yes")]),
    ("2021-03", [("ex-c07-a01", "yes"), ("ex-c07-a03", "yes")]),
    ("2021-05", [("ex-c07-a03", "yes"), ("ex-c07-a02", "unknown")]),
    ("2021", [("ex-c07-a01", "unknown"), ("ex-c07-a03", "yes"), ("ex-c07-a02", "unknown")]),
    ("2099", [("ex-c07-a03", "yes"), ("ex-c07-a02", "yes")]),
]


@pytest.mark.parametrize(("at", "expected"), PERSON_ROLES)
def test_roles_at_a_date(
    web: httpx.Client, at: str | None, expected: list[tuple[str, str | None]]
) -> None:
    answer = get(web, "people/ex-c07-p1/roles", **({"at": at} if at else {}))
    found = [(r["appointment"]["id"], r.get("holds")) for r in answer["roles"]]
    assert found == expected
    assert answer["at"] == at
    assert answer["left_out"] == 3 - len(expected)


ROLES_IN_WINDOWS = [
    ("2017", "2017-12-31", []),
    ("2018", "2018-01-31", [("ex-c07-a01", "yes")]),
    ("2021-04-01", "2021-05-14", [("ex-c07-a03", "yes")]),
    ("2021-03-31", "2021-05-15", [("ex-c07-a01", "yes"), ("ex-c07-a03", "yes"), ("ex-c07-a02", "yes")]),
    ("2021-06", None, [("ex-c07-a03", "yes"), ("ex-c07-a02", "yes")]),
    (None, "2018-01", [("ex-c07-a01", "yes")]),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "expected"), ROLES_IN_WINDOWS)
def test_roles_in_a_window(
    web: httpx.Client, start: str | None, end: str | None, expected: list[tuple[str, str]]
) -> None:
    given = {name: text for name, text in (("from", start), ("to", end)) if text}
    answer = get(web, "people/ex-c07-p1/roles", **given)
    assert [(r["appointment"]["id"], r["holds"]) for r in answer["roles"]] == expected
    assert (answer["at"], answer["from"], answer["to"]) == (None, start, end)
    assert answer["left_out"] == 3 - len(expected)


def test_a_coarse_start_may_fall_into_a_window(web: httpx.Client) -> None:
    """The director's start is some day of March 2018."""
    for last, expected in (("2018-02", []), ("2018-03-30", ["unknown"]), ("2018-03-31", ["yes"])):
        answer = get(web, "posts/ex-c07-zr-post/holders", to=last)
        assert [item["holds"] for item in answer["holders"]] == expected


def test_bodies_and_models_in_a_window(web: httpx.Client) -> None:
    adopted = get(web, "models/gm-2zhan", **{"from": "2019", "to": "2019"})["adoptions"]
    found = held(adopted, "place", "holds")
    assert ("ex-c01", "yes") in found
    assert ("pl-xiyuan", "unknown") in found
    assert "ex-c09" not in {place for place, _ in found}
    committee = get(web, "organizations/ex-c01-jwh", to="2017-12-31")
    assert held(committee["holders"], "person", "holds") == [("ex-c01-p4", "yes")]
    assert committee["exists"] == "unknown"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"at": "2013", "from": "2012"}, "dates-conflict"),
        ({"from": "2013", "to": "2012"}, "window-reversed"),
        ({"to": "2013-02-30"}, "invalid-date"),
    ],
)
def test_days_that_cannot_be_asked_about(
    web: httpx.Client, given: dict[str, str], code: str
) -> None:
    answer = web.get("/api/v1/people/ex-c07-p1/roles", params=given)
    problem(answer, 422, code)


def test_a_role_tells_all_its_row_says(web: httpx.Client) -> None:
    answer = get(web, "people/ex-c01-p1/roles")
    assert answer["person"]["label"] == {"zh": "示例人员01-1", "en": "Example person 01-1"}
    assert (answer["party_member"], answer["qualification"]) == (True, None)
    first = answer["roles"][0]
    names = ("appointment", "post", "organization", "place", "slot", "start", "end")
    assert held([first], *names) == [
        ("ex-c01-a01", "ex-c01-fsj-post", "ex-c01-dw", "ex-c01", "po-dw-fsj", "2018-01", "..")
    ]
    facts = [first[name] for name in ("acting", "ex_officio", "concurrent", "selection")]
    assert facts == [None, None, True, "appointed"]


def test_undated_roles_are_unknown(web: httpx.Client) -> None:
    roles = get(web, "people/ex-c10-p1/roles", at="2020")["roles"]
    assert ("ex-c10-fsj-post", "unknown") in held(roles, "post", "holds")
    assert ("ex-c10-gzz-post", "yes") in held(roles, "post", "holds")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2019-04-30", []),
        ("2019-05-01", [("ex-c12-p1", "yes"), ("ex-c12-p2", "yes")]),
        ("2022-01-01", [("ex-c12-p1", "yes")]),
        ("2022-04", [("ex-c12-p1", "yes")]),
        ("2022", [("ex-c12-p1", "unknown")]),
        ("2022-05", []),
    ],
)
def test_holders_at_a_date(web: httpx.Client, at: str, expected: list[tuple[str, str]]) -> None:
    answer = get(web, "posts/ex-c12-cy-post/holders", at=at)
    assert held(answer["holders"], "person", "holds") == expected
    assert answer["left_out"] == 2 - len(expected)


def test_an_organization_and_its_links(web: httpx.Client) -> None:
    office = get(web, "organizations/ex-subdistrict-office")
    assert held([office], "organization", "place", "part_of") == [
        ("ex-subdistrict-office", "ex-subdistrict", None)
    ]
    assert "SubdistrictAuthority" in office["types"]
    assert held(office["projects"], "project", "role") == [
        ("ex-prj-1", "sponsor"), ("ex-prj-2", "sponsor"), ("ex-prj-3", "sponsor"),
    ]  # fmt: skip
    assert [flow["flow"]["id"] for flow in office["flows"]] == [
        "ex-ff-1", "ex-ff-1a", "ex-ff-1b", "ex-ff-2", "ex-ff-3", "ex-ff-4",
    ]  # fmt: skip
    assert office["holders"] == []


def test_an_organization_has_its_own_holders_only(web: httpx.Client) -> None:
    committee = get(web, "organizations/ex-c01-jwh")
    assert held(committee["holders"], "person", "post") == [
        ("ex-c01-p4", "ex-c01-cy-post"),
        ("ex-c01-p2", "ex-c01-zr-post"),
        ("ex-c01-p5", "ex-c01-cy-post"),
    ]
    assert held(committee["posts"], "post", "slot") == [
        ("ex-c01-cy-post", "po-jwh-cy"), ("ex-c01-zr-post", "po-jwh-zr"),
    ]  # fmt: skip
    assert [slot["id"] for slot in committee["slots"]] == ["mb-jwh"]
    assert get(web, "organizations/ex-charity")["holders"] == []


def test_parts_and_relations_of_the_case(web: httpx.Client) -> None:
    with (DATA / "xiyuan" / "organizations.csv").open(encoding="utf-8", newline="") as stream:
        parts = sorted(r["id"] for r in csv.DictReader(stream) if r["part_of"] == "org-xiyuan")
    answer = get(web, "organizations/org-xiyuan")
    assert [part["organization"]["id"] for part in answer["parts"]] == parts
    assert ("rn-3", "org-xiyuan", "org-swa") in held(
        answer["relations"], "relation", "subject", "object"
    )
    association = get(web, "organizations/org-swa", at="2012-05")
    assert (association["founded"], association["exists"]) == ("2012-06", "no")
    assert get(web, "organizations/org-swa", at="2012")["exists"] == "unknown"
    assert get(web, "organizations/org-swa", at="2012-07")["exists"] == "yes"


def test_an_unknown_amount_is_null_and_never_zero(web: httpx.Client) -> None:
    flows = {f["flow"]["id"]: f for f in get(web, "organizations/ex-charity")["flows"]}
    whole, part, unknown = flows["ex-ff-1"], flows["ex-ff-1a"], flows["ex-ff-1b"]
    assert (whole["amount"], whole["precision"], whole["side"]) == ("200000", "exact", "recipient")
    assert (part["amount"], part["part_of"]["id"]) == ("120000", "ex-ff-1")
    assert (unknown["amount"], unknown["precision"]) == (None, "unknown")
    assert unknown["currency"] == "CNY"
    xiyuan = {f["flow"]["id"]: f for f in get(web, "organizations/org-xiyuan")["flows"]}
    assert xiyuan["ff-1"]["amount"] == "334000"
    assert xiyuan["ff-1a"]["amount"] is xiyuan["ff-1b"]["amount"] is None


def test_money_belongs_to_its_year(web: httpx.Client) -> None:
    answer = get(web, "organizations/org-xiyuan", at="2013-05")
    assert held(answer["flows"], "flow", "holds") == [
        ("ff-1", "yes"), ("ff-1a", "yes"), ("ff-1b", "yes"), ("ff-2", "unknown"), ("ff-4", "unknown"),
    ]  # fmt: skip
    later = get(web, "organizations/org-xiyuan", at="2014")
    assert held(later["flows"], "flow", "holds") == [("ff-2", "unknown"), ("ff-4", "unknown")]


def test_a_model_slot_by_slot(web: httpx.Client) -> None:
    answer = get(web, "models/gm-2zhan", at="2018-06")
    bodies = {body["body_slot"]["id"]: body for body in answer["bodies"]}
    assert set(bodies) == {"mb-dw", "mb-jwh", "mb-gzz", "mb-sgz"}
    assert {name: [f["id"] for f in body["functions"]] for name, body in bodies.items()} == {
        "mb-dw": ["fn-lead"], "mb-jwh": ["fn-deliberate"], "mb-gzz": ["fn-execute"],
        "mb-sgz": ["fn-incubate", "fn-serve"],
    }  # fmt: skip
    assert [rule["rule"]["id"] for rule in answer["rules"]] == ["pr-1", "pr-2", "pr-3"]
    pr2 = answer["rules"][1]
    assert held([pr2], "if_holds", "then_holds", "modality", "condition") == [
        ("po-jwh-zr", "po-dw-fsj", "must", "isPartyMember")
    ]
    assert [(s["component"], s["min"], s["max"]) for s in answer["staffing"]] == [
        ("1", 1, 1), ("2", 2, 2), ("X", None, None),
    ]  # fmt: skip
    adopted = dict(held(answer["adoptions"], "place", "holds"))
    assert adopted == {"pl-xiyuan": "unknown", "ex-c09": "yes"}
    assert answer["left_out"] == 10
    assert [a["place"]["id"] for a in get(web, "models/gm-2zhan", at="2018-07")["adoptions"]]


def test_what_the_source_leaves_open_is_said(web: httpx.Client) -> None:
    """Notes about the model itself, its slots and its adoptions."""
    notes = get(web, "models/gm-1zhan")["not_stated"]
    assert [
        csv_row(note["evidence"][0])["id"] for note in sorted(notes, key=lambda n: n["evidence"][0]["row"])
    ] == ["dq-5", "dq-21"]  # fmt: skip
    assert all(note["reason"]["zh"] and note["reason"]["en"] for note in notes)
    assert {note["missing"] for note in notes} == {"composition", "date"}


PATHS = [
    "people/ex-c01-p1/roles",
    "posts/ex-c12-cy-post/holders",
    "organizations/org-xiyuan",
    "organizations/ex-c01-jwh",
    "organizations/ex-charity",
    "models/gm-2zhan",
    "models/gm-1zhan",
    "models/ex-gm",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_item_has_the_row_that_states_it(web: httpx.Client, path: str) -> None:
    answer = get(web, path)
    pieces = list(evidences(answer))
    assert pieces
    for item, piece in pieces:
        row = csv_row(piece)
        named = {v["id"] for v in item.values() if isinstance(v, dict) and "id" in v}
        assert row["id"] in named or "reason" in item, (item, row)
        assert row.get("assertion") in (piece["assertion"], None)
        sentences = [s for s in (row.get("sentences") or "").split("|") if s]
        assert sorted(s["iri"].rpartition("/")[2] for s in piece["sentences"]) == sorted(sentences)
    for name, items in answer.items():
        if isinstance(items, list) and name not in ("evidence", "types", "slots"):
            assert all(item["evidence"] for item in items), name


def test_sentences_have_their_place_and_text(tiny_web: httpx.Client) -> None:
    roles = get(tiny_web, "people/t-p1/roles")["roles"]
    ((_, piece),) = evidences(roles)
    assert [(s["number"], s["begin"], s["end"], s["text"]) for s in piece["sentences"]] == [
        (name, begin, end, DOCUMENT[begin:end]) for name, (begin, end) in SENTENCES.items()
    ]
    assert piece["sentences"][1]["text"].startswith("😀"), "offsets count characters, not bytes"


def test_rows_and_lines_differ_after_a_line_break(tiny_web: httpx.Client) -> None:
    (piece,) = get(tiny_web, "people/t-p2/roles")["evidence"]
    assert (piece["row"], piece["line"]) == (2, 4)


def test_passages_are_cut_from_the_article(home: Path, shared: Path) -> None:
    article = (shared / "seed" / "article.txt").read_text("utf-8")
    for web in serve(Settings(home=home, documents=shared / "seed")):
        sentences = [
            sentence
            for path in ("models/gm-2zhan", "organizations/org-xiyuan")
            for _, piece in evidences(get(web, path))
            for sentence in piece["sentences"]
        ]
        assert len(sentences) > 10
        for sentence in sentences:
            assert sentence["text"] == article[sentence["begin"] : sentence["end"]] != ""


def test_without_the_document_there_is_no_text(web: httpx.Client) -> None:
    pieces = [piece for _, piece in evidences(get(web, "models/gm-2zhan"))]
    texts = {sentence["text"] for piece in pieces for sentence in piece["sentences"]}
    assert texts == {None}


def test_a_hostile_identifier_is_found_by_its_own_name(tiny_web: httpx.Client) -> None:
    hits = get(tiny_web, "search", q="𰻝𰻝")["hits"]
    assert [hit["id"] for hit in hits] == [HOSTILE_ID]
    assert hits[0]["label"] == {"zh": HOSTILE_LABEL, "en": "𰻝𰻝 Person"}


HOSTILE = [
    "没有这个人",
    "a b",
    "a'b\"c",
    "<script>",
    "a%2Fb",
    "a%252Fb",
    "..%2f..",
    "%00",
    "%0a%0d",
    "%FF%FE",
    "{x}",
    "x> ?p ?o } #",
    "x" * 5000,
    "https:%2F%2Fw3id.org%2Fgovgraph%2Fid%2Fperson%2Fex-c01-p1",
    "-",
    "*",
]


@pytest.mark.parametrize("key", HOSTILE, ids=lambda key: key[:20])
@pytest.mark.parametrize(
    "path", ["people/{}/roles", "posts/{}/holders", "organizations/{}", "models/{}"]
)
def test_hostile_identifiers_are_not_found(web: httpx.Client, path: str, key: str) -> None:
    url = f"{web.base_url}/api/v1/" + path.format(key if "%" in key else quote(key, safe=""))
    response = httpx.get(url)
    assert response.status_code == 404, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] in ("not-found", "no-such-path")


@pytest.mark.parametrize("at", ["", "..", "yesterday", "2013-13", "2013-02-30", "中", "\r\nX: y"])
def test_bad_dates_are_refused(web: httpx.Client, at: str) -> None:
    for path in ("people/ex-c01-p1/roles", "organizations/org-xiyuan", "models/gm-2zhan"):
        problem(web.get(f"/api/v1/{path}", params={"at": at}), 422, "invalid-date")


def test_questions_over_http(web: httpx.Client) -> None:
    listed = web.get("/api/v1/questions").json()
    assert "CQ24" in {question["id"] for question in listed}
    answer = get(web, "questions/CQ24")
    (row,) = answer["rows"]
    assert (row["value"], row["unit"]) == ("3.4", "km2")
    assert csv_row(answer["evidence"][0])["id"] == "ob-01"
    problem(web.get("/api/v1/questions/zzzz"), 404, "unknown-question")
