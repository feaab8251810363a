"""The search page: what is found and why, namesakes apart, the nearest names, all in the address."""

from __future__ import annotations

import re

import httpx
import pytest

TAGS = re.compile(r"<[^>]*>")
SPACES = re.compile(r"\s+")


def said(site: httpx.Client, **parameters: str) -> str:
    """What a reader sees of the page of a search."""
    return SPACES.sub(" ", TAGS.sub(" ", source(site, **parameters)))


def source(site: httpx.Client, **parameters: str) -> str:
    answer = site.get("/search", params={"lang": "zh"} | parameters)
    assert answer.status_code == 200
    return answer.text


def hits(page: str) -> list[str]:
    """The pages that the hits lead to."""
    return re.findall(r'<li><span class="faint">.*?<a href="/id/([^"?]*)', page, re.DOTALL)


@pytest.mark.parametrize(
    ("q", "why"),
    [
        ("xiyuanjiedao", "按拼音找到"),
        ("xyjd", "按拼音首字母找到"),
        ("org-xiyuan", "标识"),
        ("西園街道", ""),
    ],
)
def test_why_a_hit_was_found(site: httpx.Client, q: str, why: str) -> None:
    assert hits(source(site, q=q))[0] == "organization/org-xiyuan"
    assert why in said(site, q=q)


def test_each_hit_says_where_it_is(site: httpx.Client) -> None:
    page = said(site, q="党委副书记", type="post")
    assert "示例一社区党委副书记" in page
    assert re.search("示例一社区党委副书记[^在]*在 示例一社区党委", page)


def test_kinds_with_their_numbers(site: httpx.Client) -> None:
    page = source(site, q="西园", at="2013", release="", type="organization")
    assert re.search(r"地方 <small>1</small>", page)
    assert {kind.partition("/")[0] for kind in hits(page)} == {"organization"}
    place = re.search(r'href="([^"]*)">地方', page)
    assert place
    assert "at=2013" in place[1]
    assert "type=place" in place[1]
    assert '<input type="hidden" name="at" value="2013">' in page
    assert "人员" not in TAGS.sub(" ", page), "no kind without hits"


@pytest.mark.parametrize(
    ("q", "how"),
    [("西圆街道", "读音相同"), ("xiyuanjiadao", "写法相近"), ("西园大街道", "写法相近")],
)
def test_nearest_names(site: httpx.Client, q: str, how: str) -> None:
    page = said(site, q=q)
    assert f"没有找到“{q}”" in page
    assert "不等于没有" in page
    assert "相近的名称" in page
    assert how in page
    assert "organization/org-xiyuan" in source(site, q=q)


def test_nothing_is_like_it(site: httpx.Client) -> None:
    page = said(site, q="龘龘龘", lang="en")
    assert "Nothing is called “龘龘龘”" in page
    assert "Nearest" not in page


def test_nothing_of_a_kind(site: httpx.Client) -> None:
    page = source(site, q="两委两站", type="person")
    assert "人员中没有找到" in page
    assert 'href="/search?lang=zh&amp;q=' in page


def test_hostile_words_are_inert(site: httpx.Client) -> None:
    for q in (
        "<script>alert(1)</script>",
        "\"'><b>",
        "{q}{{7*7}}",
        "\u202e甲",
        "x" * 5000,
        '" OR name:*',
    ):
        page = source(site, q=q)
        assert "<script>alert" not in page
        assert '<b>"' not in page
        assert "49" not in TAGS.sub("", page)


def test_pages_of_hits(site: httpx.Client) -> None:
    first, second = source(site, q="示例人员"), source(site, q="示例人员", page="2")
    assert len(hits(first)) == 50
    assert not set(hits(first)) & set(hits(second))
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert "后面没有了" in said(site, q="示例人员", page="99")


def test_all_of_a_kind(site: httpx.Client) -> None:
    page = source(site, type="model", lang="en")
    assert "All: Governance model" in page
    assert {kind.partition("/")[0] for kind in hits(page)} == {"model"}
