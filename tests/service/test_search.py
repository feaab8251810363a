"""Search by label in Chinese and English, by code, with awkward words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from tests.service.conftest import BASE
from tests.service.test_sparql import problem

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.lookup.search import search, write_index
from govgraph.lookup.search.letters import tokens

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
