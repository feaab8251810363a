"""Writes docs/pictures/: pages of the shipped data as a reader sees them, and the page that shows them.

It builds and serves a release of its own and needs playwright and the system's Chromium.
"""

from __future__ import annotations

import argparse
import base64
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
DATA = ("xiyuan", "example-communities", "comparators")
SIZES = {"wide": (1360, 900), "small": (390, 844)}
#: Of WebP, from 0 to 100: letters stay sharp, and a picture has some 50 kB.
QUALITY = 72
_GOVGRAPH = [sys.executable, "-m", "govgraph.cli"]


class Shown(NamedTuple):
    """A page in the gallery; `main` ones are shown dark and on a small screen too."""

    address: str
    en: str
    zh: str
    main: bool = False


PAGES = {
    "home": Shown(
        "/", "What the release holds, and what is sourced", "这一版有什么，哪些有据", main=True
    ),
    "person": Shown(
        "/id/person/ex-c07-p1?at=2020", "A person and the posts they held", "一个人和他任过的职", main=True
    ),
    "compare": Shown(
        "/compare?m=gm-2zhan&m=cm-shenyang&m=cm-parish&pin=gm-2zhan#side",
        "Models side by side, each cell with its source", "模式并排，每格有出处", main=True,
    ),
    "rules": Shown(
        "/rules/gm-2zhan",
        "A rule set as a picture, and whether it is kept", "规则画成图，以及是否照做", main=True,
    ),
    "funding": Shown(
        "/funding#flow", "Money, with unknown amounts drawn as unknown", "资金，未知的金额画成未知", main=True
    ),
    "network": Shown(
        "/network?place=ex-c07",
        "Bodies that people join by holding posts in both", "由同一人任职相连的组织",
    ),
    "bodies": Shown(
        "/bodies?place=ex-c07&at=2020", "A place's bodies, posts and holders", "一地的组织、岗位与任职者"
    ),
    "query": Shown(
        "/queries/post-succession?post=ex-c12-cy-post&evidence=true",
        "A named question as a form", "一个命名查询的表单",
    ),
    "editor": Shown(
        "/query?q=SELECT ?post ?name WHERE { ?post a org:Post ; skos:prefLabel ?name } LIMIT 8",
        "The SPARQL editor", "SPARQL 编辑器",
    ),
    "search": Shown("/search?q=xyjd", "Found by the initials of its pinyin", "按拼音首字母找到"),
}  # fmt: skip


def name(page: str, lang: str, scheme: str, size: str) -> str:
    """The file of a picture."""
    return f"{page}-{lang}-{scheme}-{size}.webp"


def variants(page: str) -> list[tuple[str, str, str]]:
    """In which languages, schemes and sizes a page is shown."""
    extra = product(("zh", "en"), ("dark",), ("wide", "small")) if PAGES[page].main else ()
    return [("zh", "light", "wide"), ("en", "light", "wide"), *extra]


def gallery() -> str:
    """The page that shows all pictures."""
    head = "# Pages in pictures · 网页截图\nMade with `make screenshots` from the shipped data.\n"
    return head + "".join(_of_page(page) for page in PAGES)


def _of_page(page: str) -> str:
    shown = PAGES[page]
    said = {"zh": shown.zh, "en": shown.en}
    pictures = "\n".join(
        f"![{said[lang]}]({name(page, lang, scheme, size)})"
        for lang, scheme, size in variants(page)
    )
    return f"\n## {shown.en} · {shown.zh}\n{pictures}\n"


def take(browser: Browser, site: str) -> None:
    """Take all pictures of a site."""
    for page in PAGES:
        for lang, scheme, size in variants(page):
            width, height = SIZES[size]
            one = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme,  # type: ignore[arg-type]
                locale={"zh": "zh-CN", "en": "en-GB"}[lang],
            )  # fmt: skip
            one.set_default_timeout(120_000)
            address, _, part = PAGES[page].address.partition("#")
            one.goto(f"{site}{address}{'&' if '?' in address else '?'}lang={lang}#{part}")
            # playwright writes PNG and JPEG only, the browser itself WebP too
            session = one.context.new_cdp_session(one)
            asked = {"format": "webp", "quality": QUALITY}
            data = session.send("Page.captureScreenshot", asked)["data"]
            (PICTURES / name(page, lang, scheme, size)).write_bytes(base64.b64decode(data))
            one.close()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a service on a home while it is needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [*_GOVGRAPH, "serve", "--home", str(home), "--port", port]
    unlimited = os.environ | {"GOVGRAPH_CLIENT_SECONDS": "10000", "GOVGRAPH_LOG_LEVEL": "warning"}
    service = subprocess.Popen(command, env=unlimited, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        service.terminate()
        service.wait(30)


def _wait(site: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(f"{site}/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the service does not answer")


def main() -> None:
    """Build, serve, take, and write the gallery."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a home that is built already")
    given = parser.parse_args().home
    from playwright.sync_api import sync_playwright

    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        home = given or Path(folder)
        if not given:
            data = [str(ROOT / "data" / dataset) for dataset in DATA]
            subprocess.run([*_GOVGRAPH, "build", *data, "--home", str(home)], check=True)
        with served(home) as site, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            take(browser, site)
            browser.close()
    (PICTURES / "README.md").write_text(gallery(), "utf-8")
    sizes = [file.stat().st_size for file in PICTURES.glob("*.webp")]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
