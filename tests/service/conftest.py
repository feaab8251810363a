"""A tiny dataset with awkward cells, a home with two releases of it, and servers to ask."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from pyoxigraph import Store
from tests.service.disks import disk
from typer.testing import CliRunner, Result

from govgraph.app import create_app
from govgraph.build import build
from govgraph.cli import app as command
from govgraph.engine.hybrid import HybridEngine
from govgraph.http.state import Opened
from govgraph.release import Home
from govgraph.settings import Settings

__all__ = ["disk"]
BASE = "https://w3id.org/govgraph/id/"
GOV = "https://w3id.org/govgraph/ontology#"
HOSTILE_ID = '赵/一 "二"#?%2F\'<三>'
HOSTILE_LABEL = "<script>alert(1)</script> & \"它\" 'it' {{ 7*7 }}"
DOCUMENT = "小西街道是虚构的。😀小甲自2012年6月起任主任。\n"
SENTENCES = {"S1": (0, 9), "S2": (9, 25)}

TABLES: dict[str, list[str]] = {
    "places.csv": [
        "id,label_zh,label_en,type,parent,assertion",
        "t-street,小西街道,Small West Street,Subdistrict,,synthetic",
        "t-c1,小一社区,Small Community 1,Community,t-street,synthetic",
    ],
    "organizations.csv": [
        "id,label_zh,label_en,type,part_of,place,founded,assertion",
        "t-office,小西街道办,Small Office,SubdistrictAuthority,,t-street,,synthetic",
        "t-jwh,小一居委会,Small Committee,ResidentsCommittee,t-office,t-c1,2010-05,synthetic",
    ],
    "persons.csv": [
        "id,label_zh,label_en,party_member,note_zh,assertion",
        't-p1,小甲,Person A,true,"两行的\n备注",synthetic',
        "t-p2,小乙,Person B,,,synthetic",
        f'"{HOSTILE_ID.replace(chr(34), chr(34) * 2)}",'
        f'"{HOSTILE_LABEL.replace(chr(34), chr(34) * 2)}",𰻝𰻝 Person,,,synthetic',
    ],
    "posts.csv": [
        "id,label_zh,label_en,body,assertion",
        "t-head,小一居委会主任,Head,t-jwh,synthetic",
    ],
    "appointments.csv": [
        "id,person,post,start,end,assertion,sentences",
        "t-a1,t-p1,t-head,2012-06,2015,synthetic,S2|S1",
        "t-a2,t-p2,t-head,2016-01-01,..,synthetic,",
        "t-a3,t-p2,t-head,,,synthetic,",
    ],
    "documents.csv": [
        "id,title_zh,title_en,language,file,sha256,char_count",
        f"t-doc,虚构短文,Made-up text,zh,text.txt,{hashlib.sha256(DOCUMENT.encode()).hexdigest()},"
        f"{len(DOCUMENT)}",
    ],
    "sentences.csv": [
        "id,number,document,paragraph,begin,end",
        *(f"{name},{name},t-doc,1,{b},{e}" for name, (b, e) in SENTENCES.items()),
    ],
}


def write_dataset(folder: Path, **rows: list[str]) -> Path:
    """The tiny dataset with rows added to tables: `persons=["…"]`."""
    folder.mkdir(parents=True)
    for name, lines in TABLES.items():
        more = rows.get(name.removesuffix(".csv"), [])
        (folder / name).write_text("\n".join([*lines, *more]) + "\n", "utf-8")
    return folder


def state(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Every file under a folder: size, time of change, digest."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_size,
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the tiny dataset's document."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "text.txt").write_bytes(DOCUMENT.encode())
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "tiny")


@pytest.fixture(scope="session")
def tiny_home(
    tiny: Path, documents: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, str]:
    """A home with two releases, the second of which has one more person: (home, old, new)."""
    home = tmp_path_factory.mktemp("tiny") / "主 目录#?%41"
    settings = Settings(home=home, documents=documents)
    more = write_dataset(
        tmp_path_factory.mktemp("more") / "tiny", persons=["t-p9,小新,New person,,,synthetic"]
    )
    old, new = (build([data], settings).release for data in (tiny, more))
    assert old is not None
    assert new is not None
    return home, old.id, new.id


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs the command in this process."""

    def invoke(*arguments: object, **options: object) -> Result:
        return CliRunner().invoke(command, [str(a) for a in arguments], **options)  # type: ignore[arg-type]

    return invoke


def serve(settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server that runs in a thread."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), port=0, log_level="critical", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def web(home: Path) -> Iterator[httpx.Client]:
    """The shipped data, served."""
    yield from serve(Settings(home=home))


@pytest.fixture(scope="session")
def tiny_web(tiny_home: tuple[Path, str, str], documents: Path) -> Iterator[httpx.Client]:
    """The tiny dataset's two releases, served with its document."""
    yield from serve(Settings(home=tiny_home[0], documents=documents))


@pytest.fixture
def copied_home(tiny_home: tuple[Path, str, str], tmp_path: Path) -> Home:
    """A copy of the home with two releases, to change."""
    shutil.copytree(tiny_home[0], tmp_path / "home")
    return Home(tmp_path / "home")


def store_of(opened: Opened) -> Store:
    """All quads of an opened release in their graphs, and their merge."""
    assert isinstance(opened.engine, HybridEngine)
    return opened.engine.whole.store
