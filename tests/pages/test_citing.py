"""Citations: what is cited stays what it is, and no title breaks a format."""

from __future__ import annotations

import json
import re
from datetime import date

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govgraph.pages.citing.bibtex import bibtex
from govgraph.pages.citing.box import STYLES
from govgraph.pages.citing.csl import csl
from govgraph.pages.citing.references import apa, gbt
from govgraph.pages.citing.ris import ris
from govgraph.pages.citing.work import Work, clean

RELEASE = "20261126T074611Z-9aa2d36b"
ADDRESS = f"https://a.example/id/place/x%7B?release={RELEASE}"
#: Pages of each kind that can be cited, and a word of the title.
CITED = {
    "/id/place/pl-xiyuan": "Xiyuan Subdistrict (area) (pl-xiyuan)",
    "/queries/post-succession?post=ex-c12-cy-post": "The succession of a post (post=ex-c12-cy-post)",
    "/compare?m=gm-2zhan&m=gm-1zhan": "Side by side: ",
    "/data/releases": "govgraph data",
}
#: csl-data.json of schema 1.0.2: what an item must have, and those of its names that we use.
CSL_REQUIRED = {"type", "id"}
CSL_KNOWN = CSL_REQUIRED | {
    "title", "author", "issued", "accessed", "version", "publisher", "URL", "language",
}  # fmt: skip
HOSTILE = '}{\\input{x} 50% #1 $a_b^c~ & "q" <script>\u202e\nTY  - BOOK'
TITLES = st.text(min_size=1, max_size=80)


def _work(title: str, about: str = "place-x") -> Work:
    day = date(2026, 11, 26)
    return Work(clean(title), clean(title), "zh", about, RELEASE, day, ADDRESS)


def _read_bibtex(text: str) -> dict[str, str]:
    """The fields of one entry, read as BibTeX does: braces are counted, whatever is before them."""
    head = re.match(r"@misc\{([A-Za-z0-9-]+),\n", text)
    assert head
    assert text.endswith("\n}\n")
    fields = {"": head[1]}
    for line in text[head.end() : -2].splitlines():
        name, _, value = line.strip().partition(" = ")
        depth = 0
        for place, letter in enumerate(value):
            depth += {"{": 1, "}": -1}.get(letter, 0)
            assert depth >= 0
            if depth == 0 and letter == "}":
                assert value[place + 1 :] in ("", ",")
        assert depth == 0
        fields[name] = value.removesuffix(",")
    return fields


@settings(max_examples=40)
@given(title=TITLES)
@example(title=HOSTILE)
def test_bibtex_is_read_back(title: str) -> None:
    fields = _read_bibtex(bibtex(_work(title)))
    assert fields["author"] == "{{govgraph}}"
    assert (fields["year"], fields["month"]) == ("{2026}", "nov")
    assert fields["url"] == f"{{{ADDRESS}}}"
    plain = re.sub(r"\\[a-z]+\{\}", "", fields["title"])
    assert not re.search(r"(?<!\\)[$&#%_^~]", plain)


def test_bibtex_keeps_names_whole() -> None:
    assert _read_bibtex(bibtex(_work("西园街道")))["title"] == "{{西园街道}}"
    assert _read_bibtex(bibtex(_work("a_b & {c}")))["title"] == (
        r"{{a\_b \& \textbraceleft{}c\textbraceright{}}}"
    )


@settings(max_examples=40)
@given(title=TITLES)
@example(title=HOSTILE)
def test_ris_is_one_record(title: str) -> None:
    text = ris(_work(title))
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines)
    tags = [line[:2] for line in lines]
    assert (tags[0], tags[-1], tags.count("TY"), tags.count("ER")) == ("TY", "ER", 1, 1)
    assert f"UR  - {ADDRESS}" in lines
    assert "DA  - 2026/11/26" in lines


@settings(max_examples=40)
@given(title=TITLES)
@example(title=HOSTILE)
def test_csl_is_an_item_of_its_schema(title: str) -> None:
    (item,) = json.loads(csl(_work(title)))
    assert CSL_REQUIRED <= item.keys() <= CSL_KNOWN
    assert item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[2026, 11, 26]]}
    assert item["title"] == clean(title)


@settings(max_examples=40)
@given(title=TITLES)
@example(title=HOSTILE)
def test_references_are_one_line(title: str) -> None:
    for text in (gbt(_work(title)), apa(_work(title))):
        assert len(text.splitlines()) == 1
        assert "\u202e" not in text


def test_gb_t_7714() -> None:
    assert gbt(_work("西园街道")) == (
        f"govgraph. 西园街道: 版本 {RELEASE}[DB/OL]. (2026-11-26)[2026-11-26]. {ADDRESS}.\n"
    )


def test_apa() -> None:
    assert apa(_work("Xiyuan")) == (
        f"govgraph. (2026). Xiyuan (Version {RELEASE}) [Data set]. {ADDRESS}\n"
    )


def test_keys_are_plain_and_apart() -> None:
    keys = [_work("t", about).key for about in ("place-西园", "place-蜀山", "x" * 99, "x" * 98)]
    assert len(set(keys)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", key) for key in keys)


@pytest.mark.parametrize("address", CITED)
def test_pages_are_cited(site: httpx.Client, address: str) -> None:
    """As text in each style; the permalink is pinned and leads back."""
    joint = "&" if "?" in address else "?"
    page = site.get(f"{address}{joint}lang=en").text
    assert len(re.findall('Copy the [^"]* citation', page)) == len(STYLES)
    (item,) = site.get(f"{address}{joint}lang=en&cite=csl").json()
    assert item["title"].startswith(CITED[address])
    assert f"release={item['version']}" in item["URL"]
    assert "cite=" not in item["URL"]
    assert "lang=" not in item["URL"]
    assert site.get(item["URL"].removeprefix(str(site.base_url).rstrip("/"))).status_code == 200


@pytest.mark.parametrize("key", STYLES)
def test_styles_are_files(site: httpx.Client, key: str) -> None:
    answer = site.get(f"/data/releases?lang=en&cite={key}")
    assert answer.headers["content-type"] == f"{STYLES[key].media}; charset=utf-8"
    assert f'.{STYLES[key].ending}"' in answer.headers["content-disposition"]


def test_a_program_may_ask_for_a_citation(site: httpx.Client) -> None:
    answer = site.get("/id/place/pl-xiyuan?cite=ris", headers={"Accept": "*/*"})
    assert answer.text.startswith("TY  - DATA\r\n")
    assert site.get("/id/place/pl-xiyuan?cite=docx").status_code == 406


def test_without_an_answer_there_is_nothing_to_cite(site: httpx.Client) -> None:
    assert 'citation">' not in site.get("/queries/post-succession?lang=en").text
