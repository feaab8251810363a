"""Compiled templates are kept, and are nothing that anyone depends on."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest
from jinja2 import Environment, FileSystemLoader

from govgraph.pages.compiled import Compiled
from govgraph.pages.frame import environment


@pytest.fixture(autouse=True)
def _written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def drawn(folder: Path, name: str = "a.html", *, options: object = "x") -> str:
    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, bytecode_cache=Compiled(options)
    )
    return made.get_template(name).render(x="<")


def files(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").iterdir())


def test_what_was_compiled_is_not_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.html").write_text("{{ x }}!")
    (tmp_path / "a.txt").write_text("{{ x }}?")
    assert drawn(tmp_path) == "&lt;!"
    assert drawn(tmp_path, "a.txt") == "&lt;?"
    assert len(files(tmp_path)) == 2

    def failing(*_: object) -> None:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Environment, "_parse", failing)
        assert drawn(tmp_path) == "&lt;!"
        assert drawn(tmp_path, "a.txt") == "&lt;?"
        with pytest.raises(AssertionError):
            drawn(tmp_path, options="y")


def test_another_text_is_another_template(tmp_path: Path) -> None:
    for text in ("one", "other"):
        (tmp_path / "a.html").write_text(text)
        assert drawn(tmp_path) == text


@pytest.mark.parametrize("length", [0, 1, 10, 60, -1])
def test_a_file_that_is_not_whole_does_no_harm(tmp_path: Path, length: int) -> None:
    (tmp_path / "a.html").write_text("{{ x }}")
    drawn(tmp_path)
    (kept,) = files(tmp_path)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:length])
    assert drawn(tmp_path) == "&lt;"
    assert files(tmp_path) == [kept]
    assert kept.read_bytes() == whole


def test_nothing_is_kept_where_it_may_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.html").write_text("{{ x }}")
    (tmp_path / "__pycache__").write_text("no folder")
    assert drawn(tmp_path) == "&lt;"
    (tmp_path / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert drawn(tmp_path) == "&lt;"
    assert not (tmp_path / "__pycache__").exists()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("{{ x }}")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    assert drawn(tmp_path) == "&lt;"
    assert files(tmp_path) == []


def test_the_pages_use_it() -> None:
    assert isinstance(environment().bytecode_cache, Compiled)
