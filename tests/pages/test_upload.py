"""Sending a table by the page: trying, reading what is wrong, publishing; on a home of its own."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.service.conftest import write_dataset

from govgraph.access.keys import Keys
from govgraph.app import create_app
from govgraph.build import build
from govgraph.release import Home
from govgraph.settings import Settings

HTML = {"Accept": "text/html"}
TAGS = re.compile(r"<[^>]*>")
GOOD = "id,label_zh,assertion\nt-p5,小戊,synthetic\nt-p2,小乙乙,synthetic\n"
BAD = 'id,label_zh,assertion,<b>\nt-p2,"两\n行",synthetic,1\nt-p7,小庚,<script>,2\nt-p8,x\n'


class Desk:
    """The application over a home, asked as a browser's form asks it."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.home = Home(home)
        self.key = "" if not settings.get("allow_update", True) else _key(home, "pen", "write")
        self.app = create_app(
            Settings(home=home, **{"allow_update": True} | settings), one_by_one=True
        )

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
                headers = HTML | more.pop("headers", {})
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(asked())

    def send(self, content: str | bytes | None, lang: str = "en", **fields: str) -> httpx.Response:
        given = {"key": self.key, "dataset": "tiny", "table": "persons.csv"} | fields
        button = given.pop("do", "try")
        files = {} if content is None else {"file": ("sent.csv", content)}
        # without a file the form is sent as one of parts all the same; the button comes last
        parts = {name: (None, value) for name, value in given.items()} | files
        parts |= {"do": (None, button)}
        return self.ask("POST", f"/data/upload?lang={lang}", files=parts)


def _key(home: Path, name: str, scope: Any) -> str:
    keys = Keys(home)
    known = {key.name for key in keys.all()}
    return (keys.rotate(name) if name in known else keys.add(name, scope))[1]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A home with one release of the tiny dataset; what a test publishes the others see."""
    home = tmp_path_factory.mktemp("desk") / "home"
    dataset = write_dataset(tmp_path_factory.mktemp("tiny") / "tiny")
    assert build([dataset], Settings(home=home)).release is not None
    return Desk(home)


def read(answer: httpx.Response) -> str:
    """What a page says, without its marks."""
    main = re.search(r"<main.*</main>", answer.text, re.S)
    assert main, answer.text
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", main[0])))


def hidden(answer: httpx.Response) -> Mapping[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in found}


def test_the_form_names_columns_and_tables(desk: Desk) -> None:
    page = read(desk.ask("GET", "/data/upload?lang=en&dataset=tiny&table=persons.csv"))
    assert "Columns of the file" in page
    assert "party_member Party member no" in page
    assert "label_zh name, in Chinese no any text" in page
    form = desk.ask("GET", "/data/upload").text
    assert 'method="post" enctype="multipart/form-data"' in form
    assert re.search(r'name="key" type="password" autocomplete="off"', form)


def test_a_trial_tells_what_would_change_and_changes_nothing(desk: Desk) -> None:
    before = desk.home.current().id
    answer = desk.send(GOOD)
    page = read(answer)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "It can be published" in page
    assert re.search(r"Rows added 1 Rows changed 1 Rows taken away 0", page)
    assert re.search(r"Facts added \d+ Facts withdrawn 1", page)
    assert "小乙 小乙乙" in page
    assert hidden(answer)["release"] == before == desk.home.current().id


def test_what_is_wrong_is_told_row_by_row_and_is_inert(desk: Desk) -> None:
    answer = desk.send(BAD, lang="zh")
    page = read(answer)
    assert "不能发布，先改 2 处错误" in page
    assert "读入 3 行 = 装载 1 行 + 退回 2 行" in page
    assert "第 2 行（4） 列 assertion" in page
    assert "第 3 行（5）" in page
    assert "改为所列取值之一" in page
    assert "<script>" in page
    assert not re.search(r"<script(?! src=\"/static/)|<b>\s*</td>", answer.text)
    assert "release" not in hidden(answer)


def test_a_table_is_published_on_the_release_that_it_was_tried_on(desk: Desk) -> None:
    tried = hidden(desk.send(GOOD))
    other = desk.send(GOOD.replace("小戊", "大戊"), **tried, do="publish")
    assert other.status_code == 409
    assert "not the file that was tried" in read(other)
    done = desk.send(GOOD, **tried, do="publish")
    assert "Published as a new release" in read(done)
    assert desk.home.current().id != tried["release"]
    late = desk.send(GOOD, **tried, do="publish")
    assert late.status_code == 412
    assert "there is a newer release" in read(late)
    changes = read(desk.ask("GET", "/data/diff?lang=zh"))
    assert "小乙：名称由小乙改为小乙乙" in changes or "名称由小乙改为小乙乙" in changes
    assert "第 1 至" in changes
    again = desk.send(GOOD)
    assert "Rows added 0 Rows changed 0 Rows taken away 0" in read(again)


@pytest.mark.parametrize(
    ("content", "fields", "status", "said"),
    [
        (None, {}, 422, "No file was chosen"),
        (b" \n", {}, 422, "The file is empty"),
        (b"PK\x03\x04....", {}, 422, "This is no CSV"),
        (GOOD, {"key": ""}, 403, "No key was given"),
        (GOOD, {"key": "gg_nobody's"}, 403, "There is no such key"),
        (GOOD, {"table": "../x"}, 422, "The parameter table is not valid"),
        (GOOD, {"table": "wells.csv"}, 422, "not a standard table"),
        (GOOD, {"mode": "burn"}, 422, "The parameter mode is not valid"),
        (GOOD, {"rejects": "-1"}, 422, "The parameter rejects is not valid"),
        (GOOD, {"rejects": "²"}, 422, "The parameter rejects is not valid"),
    ],
)
def test_what_cannot_be_sent_is_told_on_the_form(
    desk: Desk, content: str | bytes | None, fields: dict[str, str], status: int, said: str
) -> None:
    answer = desk.send(content, **fields)
    assert answer.status_code == status
    assert said in read(answer)
    assert 'type="password"' in answer.text
    # a challenge would make the browser ask for credentials, and send them unasked from then on
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_what_nobody_has_foreseen_is_a_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    """The form is answered by pages only, so a sender who takes anything gets one too."""

    async def fault(*_: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr("govgraph.pages.data.upload.send", fault)
    parts = {"key": (None, desk.key), "file": ("sent.csv", GOOD)}
    answer = desk.ask("POST", "/data/upload?lang=en", files=parts, headers={"Accept": accept})
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "Something went wrong on our side" in read(answer)
    assert "secret" not in answer.text


def test_a_key_is_never_shown_nor_recorded(desk: Desk) -> None:
    for answer in (desk.send(BAD), desk.send(GOOD, table="")):
        assert desk.key not in answer.text
    lines = (desk.home.path / "audit.jsonl").read_text("utf-8")
    assert desk.key not in lines
    assert '"internal"' not in lines


def test_what_a_browser_sends_unasked_may_nothing(desk: Desk) -> None:
    """Neither credentials that it keeps nor a cookie stand for the key of the form."""
    fields = {"key": (None, ""), "dataset": (None, "tiny"), "table": (None, "persons.csv")}
    kept = {"Authorization": f"Bearer {desk.key}", "Cookie": f"key={desk.key}"}
    parts = {**fields, "file": ("x.csv", GOOD)}
    answer = desk.ask("POST", "/data/upload?lang=en", files=parts, headers=kept)
    assert answer.status_code == 403


def test_a_site_that_takes_no_changes_says_so(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.home.path, tmp_path / "home")
    closed = Desk(tmp_path / "home", allow_update=False)
    assert "takes no uploads" in read(closed.ask("GET", "/data/upload?lang=en"))
    answer = closed.send(GOOD)
    assert answer.status_code == 403
    assert "takes no uploads" in read(answer)


def test_thousands_of_bad_rows_make_a_page_that_counts_them(desk: Desk) -> None:
    rows = "".join(f"b-{n},x,wrong\n" for n in range(3000))
    answer = desk.send("id,label_zh,assertion\n" + rows)
    page = read(answer)
    assert "3,000 to mend first" in page
    assert "The first 100 of 3,000" in page
    assert "not-allowed-value 3,000" in page
    assert len(answer.content) < 150_000
