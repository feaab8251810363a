"""Sending a table in a real browser, with scripts and without, through the pool of processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.pages.conftest import HTML, serving
from tests.service.conftest import write_dataset

from govgraph.access.keys import Keys
from govgraph.build import build
from govgraph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LIMIT = 1 << 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with one release of the tiny dataset, and the secret of a key that may write."""
    home = tmp_path_factory.mktemp("open") / "home"
    dataset = write_dataset(tmp_path_factory.mktemp("tiny") / "tiny")
    assert build([dataset], Settings(home=home)).release is not None
    return home, Keys(home).add("pen", "write")[1]


@pytest.fixture(scope="module")
def desk(made: tuple[Path, str]) -> Iterator[str]:
    limits = {"GOVGRAPH_ALLOW_UPDATE": "true", "GOVGRAPH_UPLOAD_LIMIT": "1MB"}
    with serving(made[0], **limits) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def page(
    request: pytest.FixtureRequest, browser: Browser, desk: str
) -> Iterator[tuple[Page, list[str]]]:
    """The form in a browser with scripts or without, and what the console says."""
    context = browser.new_context(java_script_enabled=request.param, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(300_000)  # a build takes long where many others run
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(f"{desk}/data/upload?dataset=tiny&table=persons.csv&lang=en")
    yield page, messages
    context.close()


@pytest.mark.parametrize("page", [True], indirect=True)
def test_mend_and_try_again_without_choosing_again(
    page: tuple[Page, list[str]], made: tuple[Path, str], tmp_path: Path
) -> None:
    """With scripts the key and the file stay chosen, and the heading has the focus."""
    form, messages = page
    bad = _file(tmp_path, "t-p7,新,wrong")
    _fill(form, made[1], bad)
    form.click("button[value=try]")
    form.wait_for_selector(".findings")
    assert "1 to mend first" in form.inner_text("h1")
    assert form.evaluate("document.activeElement.tagName") == "H1"
    assert bad.name in form.inner_text("[data-status]")
    assert form.input_value("#key") == made[1]
    form.set_input_files("#file", _file(tmp_path, "x" * LIMIT, "large.csv"))
    form.click("button[value=try]")
    assert "too large" in form.inner_text("[data-status]")
    assert messages == []


def test_try_and_publish(
    page: tuple[Page, list[str]], made: tuple[Path, str], tmp_path: Path
) -> None:
    """Without scripts key and file are chosen again."""
    form, messages = page
    good = _file(tmp_path, f"t-p2,新{os.urandom(4).hex()},synthetic")
    _fill(form, made[1], good)
    form.click("button[value=try]")
    form.wait_for_selector("button[value=publish]")
    assert "It can be published" in form.inner_text("h1")
    if not form.input_value("#key"):
        _fill(form, made[1], good)
    form.click("button[value=publish]")
    form.wait_for_selector(".seal[href*='/data/reports/']")
    assert "Published as a new release" in form.inner_text("h1")
    assert made[1] not in form.url
    assert made[1] not in form.content()
    assert messages == []


def _file(folder: Path, row: str, name: str = "persons.csv") -> Path:
    path = folder / name
    path.write_text(f"id,label_zh,assertion\n{row}\n", "utf-8")
    return path


def _fill(page: Page, key: str, file: Path) -> None:
    page.fill("#key", key)
    page.set_input_files("#file", file)


def test_a_form_whose_key_is_not_good_is_answered_by_a_page(desk: str) -> None:
    """Also if it is large: a reader is shown its first fields only."""
    parts = {"key": (None, "nobody's"), "dataset": (None, "tiny"), "table": (None, "persons.csv")}
    parts |= {"file": ("x.csv", "x" * (LIMIT // 2))}  # type: ignore[dict-item]
    answer = httpx.post(f"{desk}/data/upload?lang=en", files=parts, headers=HTML, timeout=60)
    assert answer.status_code == 403
    assert "There is no such key" in answer.text
    assert 'value="tiny"' in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_what_is_too_large_is_told_by_a_page(desk: str) -> None:
    answer = httpx.post(
        f"{desk}/data/upload", headers=HTML | {"Content-Type": "multipart/form-data; boundary=b"},
        content=b"x" * (LIMIT + 1), timeout=60,
    )  # fmt: skip
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "body-too-large" in answer.text
    assert "文" in answer.text or "请求" in answer.text


def test_another_sites_page_may_not_send_the_form(desk: str) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{desk}/data/upload", headers=headers)
    assert "access-control-allow-origin" not in answer.headers
