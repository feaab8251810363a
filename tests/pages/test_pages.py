"""What every page has: its language, one heading, words in both languages, no blank for a gap."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.pages.site import PAGES, STATUS

from govgraph.pages.words import texts

TAGS = re.compile(r"<[^>]*>")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page(site: httpx.Client, name: str, lang: str) -> None:
    address = PAGES[name]
    answer = site.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert answer.status_code == STATUS.get(name, 200)
    page = answer.text
    assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}"' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert not re.search(r"<script(?! src=\"/static/)|<style|\bstyle=|\bon[a-z]+=\"", page)
    assert "None" not in TAGS.sub(" ", page)
    assert len(page.encode()) < 150_000


def test_every_text_is_in_both_languages() -> None:
    assert all(set(both) == {"zh", "en"} and all(both.values()) for both in texts().values())
    gaps = {key for key, both in texts().items() if _fields(both["zh"]) != _fields(both["en"])}
    assert gaps == set()


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_chinese_words_have_chinese_punctuation() -> None:
    wrong = {
        key: both["zh"] for key, both in texts().items() if re.search("[一-鿿][,;:!?]", both["zh"])
    }
    assert wrong == {}


def test_language_by_address_cookie_and_header(site: httpx.Client) -> None:
    english = {"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.5"}
    assert '<html lang="en"' in site.get("/", headers=english).text
    assert '<html lang="zh-Hans"' in site.get("/", headers={"Accept-Language": "zh-TW"}).text
    assert '<html lang="zh-Hans"' in site.get("/?lang=zh", headers=english).text
    answer = site.get("/?lang=en")
    assert "lang=en" in answer.headers["set-cookie"]
    assert '<html lang="en"' in site.get("/", headers={"Cookie": "lang=en"}).text


def test_an_address_holds_all_choices(site: httpx.Client) -> None:
    page = site.get("/id/person/ex-c07-p1?at=2020&lang=en").text
    assert re.search(r'href="/id/post/ex-c07-gzz-post\?at=2020&amp;lang=en"', page)


def test_data_for_programs_is_as_before(site: httpx.Client) -> None:
    answer = site.get("/id/place/pl-xiyuan", headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    missing = site.get("/id/place/none", headers={"Accept": "application/json"})
    assert missing.json()["code"] == "not-found"


def test_errors_of_routes_for_programs_stay_problem_documents(site: httpx.Client) -> None:
    assert site.get("/api/v1/queries/none").json()["code"] == "unknown-query"
    assert site.get("/sparql?query=x").json()["code"] == "query-syntax"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\x"])
def test_the_theme_leads_back_to_this_site_only(site: httpx.Client, back: str) -> None:
    answer = site.get("/theme", params={"to": "dark", "back": back})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_the_theme_is_kept(site: httpx.Client) -> None:
    answer = site.get("/theme?to=dark&back=/search")
    assert answer.headers["location"] == "/search"
    assert 'data-theme="dark"' in site.get("/").text


def test_a_page_that_is_kept_keeps_its_policy(site: httpx.Client) -> None:
    """The headers of a 304 replace those that a browser has of the page."""
    first = site.get("/queries")
    again = site.get("/queries", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert "content-security-policy" not in again.headers
    assert "script-src 'self'" in first.headers["content-security-policy"]


def test_an_error_offers_what_helps(site: httpx.Client) -> None:
    """The key of an entity is looked for; of a form that was filled in wrongly there is a new one."""
    assert 'value="nowhere"' in site.get("/id/place/nowhere").text
    assert 'value="findings"' not in site.get("/findings?rule=post-rule/none").text
    wrong = site.get("/queries/holders-on-date?at=2020-13&lang=en")
    assert wrong.status_code == 422
    assert '<a href="/queries/holders-on-date?lang=en">Fill it in anew</a>' in wrong.text


def test_the_release_is_named_by_its_day(site: httpx.Client) -> None:
    assert re.search(r"Release of \d{1,2} \w+ \d{4}</a>", site.get("/rules?lang=en").text)
