"""Search by label in Chinese and English, by code, with awkward words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from tests.service.conftest import BASE
from tests.service.test_sparql import problem

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.lookup.search import all_of, how_many, nearest, search, write_index
from govgraph.lookup.search.letters import tokens
from govgraph.lookup.search.readings import MOST, readings

SKOS = "http://www.w3.org/2004/02/skos/core#"
LABELS = [
    ("place/xiyuan", "prefLabel", Literal("西园街道", language="zh")),
    ("place/xiyuan", "prefLabel", Literal("Xiyuan Subdistrict", language="en")),
    ("place/xiyuan", "statCode", Literal("340104005")),
    ("place/nanyuan", "prefLabel", Literal("南园街道", language="zh")),
    ("organization/station", "prefLabel", Literal("西园街道社区工作站(试点)", language="zh")),
    ("organization/station", "altLabel", Literal("工作站", language="zh")),
    ("organization/near", "prefLabel", Literal("街道西的园", language="zh")),
    ("organization/station", "uscc", Literal("91340100MA2T00000X")),
    ("organization/taiwan", "prefLabel", Literal("臺灣國際中心", language="zh-TW")),
    ("organization/women", "prefLabel", Literal("女性社", language="zh")),
    ("organization/porto", "prefLabel", Literal("Orçamento Participativo", language="pt")),
    ("place/xian", "prefLabel", Literal("西安", language="zh")),
    ("place/chongqing", "prefLabel", Literal("重庆市区", language="zh")),
    ("person/shan", "prefLabel", Literal("单雄", language="zh")),
    ("place/changle", "prefLabel", Literal("长乐", language="zh")),
    ("organization/full", "prefLabel", Literal("ABC公司2号店", language="zh")),
    ("organization/mixed", "prefLabel", Literal("新加坡 RC/CCC", language="zh")),
    ("organization/organization/x", "prefLabel", Literal("Odd AND Ends", language="en")),
    *((f"person/many-{n}", "altLabel", Literal(f"别名{m}号")) for n in range(3) for m in range(9)),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store()
    for key, name, label in LABELS:
        namespace = "https://w3id.org/govgraph/ontology#" if name in ("statCode", "uscc") else SKOS
        store.add(Quad(NamedNode(BASE + key), NamedNode(namespace + name), label, NamedNode("x:t")))
    path = tmp_path_factory.mktemp("索引 #?%41") / "labels.sqlite"
    assert write_index(OxigraphEngine(store), BASE, path) == len(LABELS)
    return path


def found(index: Path, text: str, limit: int = 50, kind: str | None = None) -> list[str]:
    return [hit.iri.removeprefix(BASE) for hit in search(index, text, limit=limit, kind=kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西园街道", ["place/xiyuan", "organization/station"]),
        ("西园", ["place/xiyuan", "organization/station"]),
        ("园", ["place/nanyuan", "place/xiyuan", "organization/near", "organization/station"]),
        ("街道 西园", ["place/xiyuan", "organization/station"]),
        ("街道\u3000试点", ["organization/station"]),
        ("(试点)", ["organization/station"]),
        ("xiy", ["place/xiyuan", "organization/station"]),
        ("XIYUAN sub", ["place/xiyuan"]),
        ("yuanj", ["place/nanyuan", "place/xiyuan", "organization/station"]),
        ("340104", ["place/xiyuan"]),
        ("104", []),
        ("abc公司2", ["organization/full"]),
        ("ABC2", []),
        ("AND", ["organization/organization/x"]),
        ("西园 nothing", []),
        ("西園街道", ["place/xiyuan", "organization/station"]),
        ("國際", ["organization/taiwan"]),
        ("国际中心", ["organization/taiwan"]),
        ("xiyuanjiedao", ["place/xiyuan", "organization/station"]),
        ("xi yuan jie dao", ["place/xiyuan", "organization/station"]),
        ("xī yuán", ["place/xiyuan", "organization/station"]),
        ("xi1yuan2jie1dao4", ["place/xiyuan", "organization/station"]),
        ("XiYuan gongzuozhan", ["organization/station"]),
        ("xi'an", ["place/xian"]),
        ("xian", ["place/xian"]),
        ("nvxing", ["organization/women"]),
        ("nǚ xìng", ["organization/women"]),
        ("chongqing", ["place/chongqing"]),
        ("zhongqing", []),
        ("changle", ["place/changle"]),
        ("zhangle", []),
        ("shanxiong", ["person/shan"]),
        ("danx", ["person/shan"]),
        ("xin jia po RC", ["organization/mixed"]),
        ("xinjiapo rc", ["organization/mixed"]),
        ("RC xinjiapo", ["organization/mixed"]),
        ("xinjia rc ccc", ["organization/mixed"]),
        ("xin jia po RX", []),
        ("ABC gongsi", ["organization/full"]),
        ("xyjd", ["place/xiyuan", "organization/station"]),
        ("xyjdsq", ["organization/station"]),
        ("yjd", []),
        ("place/xiyuan", ["place/xiyuan"]),
        (f"{BASE}place/xiyuan", ["place/xiyuan"]),
        ("xiyuan", ["place/xiyuan", "organization/station"]),
        ("near", ["organization/near"]),
        ("91340100", ["organization/station"]),
        ("orcamento", ["organization/porto"]),
        ("ORÇAMENTO", ["organization/porto"]),
    ],
)
def test_what_is_found(index: Path, text: str, expected: list[str]) -> None:
    assert found(index, text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "。,!", '"', "*", "a*b", "-", "--", "NEAR(", "NEAR(a b)", "a OR b", "NOT x",
             "^z", "{z}", "text:a", "'; DROP TABLE label", "\x00", "％", "(((", "\\"],
)  # fmt: skip
def test_syntax_of_the_index_is_only_text(index: Path, text: str) -> None:
    assert found(index, text) == []


def test_limits_and_kinds(index: Path) -> None:
    people = [f"person/many-{n}" for n in range(3)]
    assert found(index, "别名") == people, "many labels of one entity are one hit"
    assert found(index, "别名", limit=2) == people[:2]
    assert found(index, "园", kind="place") == ["place/nanyuan", "place/xiyuan"]
    assert found(index, "街道", kind="person") == []


@pytest.mark.parametrize(
    ("text", "key", "how"),
    [
        ("西园街道", "place/xiyuan", "name"),
        ("工作站", "organization/station", "alternative"),
        ("340104005", "place/xiyuan", "code"),
        ("3401", "place/xiyuan", "code"),
        ("xiyuanj", "place/xiyuan", "pinyin"),
        ("xyj", "place/xiyuan", "initials"),
        ("place/xiyuan", "place/xiyuan", "identifier"),
        ("organization/st", "organization/station", "identifier"),
    ],
)
def test_a_hit_says_how_it_was_found(index: Path, text: str, key: str, how: str) -> None:
    first = search(index, text, limit=1)[0]
    assert (first.iri, first.how) == (BASE + key, how)


def near(index: Path, text: str, kind: str | None = None) -> list[tuple[str, str]]:
    hits = nearest(index, text, limit=5, kind=kind)
    return [(hit.iri.removeprefix(BASE), hit.how) for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西圆街道", [("place/xiyuan", "sound"), ("organization/station", "sound")]),
        ("西元", [("place/xiyuan", "sound"), ("organization/station", "sound")]),
        ("西园大街道", [("place/xiyuan", "near"), ("organization/station", "near")]),
        ("西街道", [("place/xiyuan", "near"), ("organization/station", "near")]),
        ("xiyuanjiadao", [("place/xiyuan", "near"), ("organization/station", "near")]),
        ("xiyuanjiedqo", [("place/xiyuan", "near"), ("organization/station", "near")]),
        ("Xiyaun", [("place/xiyuan", "near")]),
        ("subdsitrict Xiyuan", [("place/xiyuan", "near")]),
        ("orcamnto", [("organization/porto", "near")]),
        ("龘龘", []),
        ("zzzzzz", []),
        ("!?", []),
        ("", []),
    ],
)
def test_nearest_names(index: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(index, text) == []
    assert [one for one in near(index, text) if one in expected] == expected
    assert bool(near(index, text)) == bool(expected)
    assert {key for key, _ in near(index, text, "person")} == set()


@pytest.mark.parametrize("text", ["xian" * 50, "a" * 200, "xi " * 60, "ang'an" * 30, "园" * 200])
def test_what_can_be_read_in_many_ways_is_read_in_few(index: Path, text: str) -> None:
    begin = time.process_time()
    assert found(index, text) in ([], ["place/xiyuan"])
    near(index, text)
    assert time.process_time() - begin < 1


def test_how_many_of_each_kind(index: Path) -> None:
    assert how_many(index, "园", 10) == ({"place": 2, "organization": 2}, True)
    assert how_many(index, "别名", 2) == ({"person": 2}, False)


def test_all_of_a_kind_in_order(index: Path) -> None:
    places = [hit.iri.removeprefix(f"{BASE}place/") for hit in all_of(index, "place", limit=9)]
    assert places == ["changle", "chongqing", "nanyuan", "xian", "xiyuan"]
    assert all_of(index, "place", limit=1, offset=1)[0].label == "重庆市区"
    assert all_of(index, "person", limit=9)[0].label == "单雄", "only what has a name"


def test_names_are_read_as_people_read_them() -> None:
    known = readings()
    assert known.of_name("重庆市")[0] == ["chong", "qing", "shi"]
    assert ["shan", "xiong"] in known.of_name("单雄")
    assert known.of_name("Xiyuan 2") == []
    assert known.of_name("第3社区abc") == [["di", "3", "she", "qu", "abc"]]
    assert all(len(known.of_name(text)) <= MOST for text in ("长" * 50, "行长重乐", "都" * 4))


def test_an_index_of_before_is_searched_by_words(tmp_path: Path) -> None:
    path = tmp_path / "labels.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE label (id INTEGER PRIMARY KEY, iri, type, label, lang, preferred)")
        db.execute("CREATE VIRTUAL TABLE word USING fts5(text, content='', tokenize='ascii')")
        rows = [
            ("place/xiyuan", "西园街道", 1),
            ("person/x", "西园", 0),
            ("place/xiyuan", "340104", 0),
        ]
        for number, (key, text, preferred) in enumerate(rows, start=1):
            row = number, BASE + key, None, text, "zh", preferred
            db.execute("INSERT INTO label VALUES (?,?,?,?,?,?)", row)
            words = " ".join(tokens(text))
            db.execute("INSERT INTO word (rowid, text) VALUES (?,?)", (number, words))
    assert found(path, "西园") == ["person/x", "place/xiyuan"]
    assert found(path, "3401", kind="place") == ["place/xiyuan"]
    assert found(path, "xiyuan") == found(path, "!?") == near(path, "西圆") == []
    assert [hit.label for hit in all_of(path, "place", limit=5)] == ["西园街道"]
    assert how_many(path, "西园", 5) == ({"place": 1, "person": 1}, True)


def test_characters_are_words() -> None:
    assert tokens("西园 Xiyuan-2 𰻝面 １２") == ["西", "园", "xiyuan", "2", "𰻝", "面", "12"]


def hits(web: httpx.Client, **parameters: Any) -> dict[str, Any]:
    response = web.get("/api/v1/search", params=parameters)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_search_over_http(web: httpx.Client) -> None:
    answer = hits(web, q="西园街道")
    assert answer["q"] == "西园街道"
    assert {"org-xiyuan"} <= {hit["id"] for hit in answer["hits"]}
    first = answer["hits"][0]
    assert (first["matched"], first["type"]) == ("西园街道", "organization")
    assert {hit["id"] for hit in hits(web, q="两")["hits"]} >= {"gm-2zhan", "gm-1zhan"}
    assert hits(web, q="two committees", type="model")["hits"][0]["id"] in ("gm-1zhan", "gm-2zhan")
    assert {hit["type"] for hit in hits(web, q="示例", type="post")["hits"]} == {"post"}
    assert first["matched_by"] == "name"
    assert first["parent"]["id"] == "pl-xiyuan"
    place = hits(web, q="蜀山区", type="place")["hits"][0]
    assert place["kind"]["zh"] == "市辖区"
    assert hits(web, q="xyjd")["hits"][0]["matched_by"] == "initials"
    like = hits(web, q="西圆街道")
    assert (like["hits"], like["nearest"][0]["matched_by"]) == ([], "sound")
    assert hits(web, q="!?") == {"q": "!?", "hits": [], "more": False}


def test_a_cut_list_says_so(web: httpx.Client) -> None:
    few = hits(web, q="示例", limit=3)
    assert (len(few["hits"]), few["more"]) == (3, True)
    everyone = hits(web, q="示例人员", limit=1000)
    assert everyone["more"] is False
    exact = hits(web, q="示例人员", limit=len(everyone["hits"]))
    assert exact["more"] is False
    assert len(hits(web, q="示例")["hits"]) == 50


@pytest.mark.parametrize(
    "parameters",
    [{}, {"q": ""}, {"q": "x" * 201}, {"q": "x", "limit": 0}, {"q": "x", "limit": "many"},
     {"q": "x", "type": "a/b"}],
)  # fmt: skip
def test_bad_parameters(web: httpx.Client, parameters: dict[str, Any]) -> None:
    problem(web.get("/api/v1/search", params=parameters), 422, "invalid-parameter")


def test_suggestions(web: httpx.Client) -> None:
    answer = web.get("/api/v1/suggest", params={"q": "xyjd", "limit": 1}).json()
    assert answer == {
        "q": "xyjd",
        "suggestions": [
            {
                "name": {"zh": "西园街道", "en": "Xiyuan Subdistrict (as an actor)"},
                "type": "organization",
                "id": "org-xiyuan",
                "kind": {},
                "parent": {"zh": "西园街道(辖区)", "en": "Xiyuan Subdistrict (area)"},
                "code": None,
                "matched": "西园街道",
                "matched_by": "initials",
                "href": "/id/organization/org-xiyuan",
            }
        ],
        "nearest": False,
    }
    like = web.get("/api/v1/suggest", params={"q": "西圆街道", "type": "place"}).json()
    assert like["nearest"] is True
    assert {one["type"] for one in like["suggestions"]} == {"place"}
    assert web.get("/api/v1/suggest", params={"q": "。"}).json()["suggestions"] == []
    problem(web.get("/api/v1/suggest", params={"q": "x", "limit": 50}), 422, "invalid-parameter")
