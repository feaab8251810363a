"""What a reader meets when there is nothing to show, or something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.pages.inprocess import SITE, InProcess
from tests.pages.reader import LANGS, Reader

from govgraph.build import build
from govgraph.errors import GovgraphError
from govgraph.pool.plain import told
from govgraph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from tests.pages.axe import Axe

Opening = Callable[..., Reader]
#: The pages that there are without any data.
ALWAYS = (
    "/", "/search", "/search?q=西园", "/search?type=person", "/compare", "/rules", "/queries",
    "/queries/post-succession", "/query", "/funding", "/bodies", "/network", "/ontology", "/shapes",
    "/data/releases", "/data/diff",
)  # fmt: skip
HTML = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "zh"}
#: Addresses that fail: their status and what the page says.
FAILING = {
    "/nowhere": (404, "没有这一页"),
    "/id/person/nobody": (404, "本版没有收录，不等于实际没有"),
    "/queries/no-such-query": (404, "目录中没有这个查询"),
    "/id/person/nobody?at=2020-13": (422, "写法如 2013、2013-06、2013-06-01"),
    "/?release=20200101T000000Z-00000000": (404, "没有这个发布版本"),
    "/query?q=SELECT": (400, "没有执行"),
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    """A service on a release with nothing but the ontology: its one table has no row."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "nothing").mkdir()
    (folder / "nothing" / "persons.csv").write_text("id,label_zh,label_en\n", "utf-8")
    done = build([folder / "nothing"], Settings(home=folder / "home"))
    assert done.release is not None
    return InProcess(folder / "home")


@pytest.fixture
def unpublished(tmp_path: Path) -> InProcess:
    """A service before the first build."""
    return InProcess(tmp_path)


@pytest.fixture
def opening(browser: Browser) -> Iterator[Opening]:
    """Readers, who leave when the test is over."""
    readers: list[Reader] = []

    def one(lang: str, answers: Callable[[Route], None]) -> Reader:
        readers.append(Reader(browser, SITE, lang, answers))
        return readers[-1]

    yield one
    for reader in readers:
        reader.close()


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_of_an_empty_release(
    opening: Opening, bare: InProcess, axe: Axe, lang: str
) -> None:
    reader, found = opening(lang, bare), {}
    for address in ALWAYS:
        faults = reader.faults(address)
        if lang == "en":  # words of ours are longer, and nothing else differs
            faults += [str(one) for one in axe.violations(reader.page)]
        found |= {address: faults} if faults else {}
    assert found == {}


@pytest.mark.parametrize(("lang", "said"), [("zh", "还没有数据"), ("en", "There is no data yet")])
def test_before_the_first_build_a_page_says_so(
    opening: Opening, unpublished: InProcess, lang: str, said: str
) -> None:
    reader = opening(lang, unpublished)
    for address in ("/", "/search?q=x", "/id/person/x", "/data/releases"):
        assert reader.faults(address, 503) == []
        assert reader.page.locator("h1").inner_text() == said


@pytest.mark.parametrize("address", FAILING)
def test_a_failure_is_told_as_a_page(bare: InProcess, address: str) -> None:
    status, said = FAILING[address]
    answer = bare.get(address, headers=HTML)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert said in answer.text


def test_failures_are_accessible(opening: Opening, bare: InProcess, axe: Axe) -> None:
    reader = opening("zh", bare)
    for address, (status, _) in FAILING.items():
        assert reader.faults(address, status) == []
        assert axe.violations(reader.page) == []


def test_a_form_that_nothing_offered_satisfies(bare: InProcess) -> None:
    """A reader who asks for a format that there is not is told as a page, a program in a document."""
    address = "/id/concept/none?format=nonsense"
    assert bare.get(address, headers=HTML).headers["content-type"].startswith("text/html")
    answer = bare.get(address, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json()["code"] == "not-acceptable"


def test_what_nobody_has_foreseen(unpublished: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(unpublished.app.state.releases, "open", fault)
    page = unpublished.get("/search?q=x", headers=HTML)
    assert page.status_code == 500
    assert "<h1>服务出了问题</h1>" in page.text
    assert "secret" not in page.text
    document = unpublished.get("/search?q=x", headers={"Accept": "application/json"})
    assert document.json()["code"] == "internal"


def test_a_busy_service_as_a_reader_meets_it(opening: Opening, bare: InProcess, axe: Axe) -> None:
    def busy(route: Route) -> None:
        if "/static/" in route.request.url:
            return bare(route)
        path = "/" + route.request.url.removeprefix(SITE).lstrip("/").partition("?")[0]
        headers = [(b"accept", route.request.headers["accept"].encode())]
        scope = {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"q=x",
                 "headers": headers}  # fmt: skip
        answer = told(scope, GovgraphError("busy", seconds=3))
        kept = {n.decode(): v.decode() for n, v in answer.headers if n != b"content-length"}
        route.fulfill(status=answer.status, headers=kept, body=answer.body)
        return None

    reader = opening("zh", busy)
    assert reader.faults("/search?q=x", 503) == []
    assert axe.violations(reader.page) == []
    assert reader.page.locator("main a").first.get_attribute("href") == "/search?q=x"
