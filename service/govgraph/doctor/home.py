"""The folder of the releases: may it be written, who is at work in it, what is left over."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from govgraph.doctor.finding import Asked, Finding, size
from govgraph.engine.temporary import left_over, sweep
from govgraph.errors import GovgraphError
from govgraph.release import Home
from govgraph.retention import clear, freed, leaving
from govgraph.settings import in_bytes

#: Folders that are told one by one.
_SHOWN = 3


def folder(asked: Asked) -> Iterator[Finding]:
    """Is the home there, and may it be read and written?"""
    home = asked.settings.home
    if not home.exists():
        yield Finding(
            "home", "error", f"文件夹 {home} 不存在", f"The folder {home} is not there",
            "用 govgraph build 建立，或设置 GOVGRAPH_HOME", "make it with govgraph build, or set GOVGRAPH_HOME",
        )  # fmt: skip
    elif not home.is_dir() or not os.access(home, os.R_OK | os.X_OK):
        yield Finding(
            "home", "error", f"{home} 不是可读的文件夹", f"{home} is not a folder that can be read",
            "检查路径和权限", "check the path and its permissions",
        )  # fmt: skip
    elif why := _not_writable(home):
        yield Finding(
            "home", "warning", f"{home} 不可写({why});可以提供服务，不能发布",
            f"{home} cannot be written ({why}): it can be served, but nothing published",
            "如需构建或改动，请改正权限", "for builds and updates, give the user leave to write",
        )  # fmt: skip
    else:
        yield Finding("home", "ok", f"{home} 可读写", f"{home} can be read and written")


def _not_writable(home: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=home):
            return ""
    except OSError as error:
        return error.strerror or "?"


def lock(asked: Asked) -> Iterator[Finding]:
    """Is anything at work that changes the home?"""
    if not (asked.settings.home / ".lock").exists():
        return
    try:
        with Home(asked.settings.home).locked():
            pass
    except GovgraphError as error:
        if error.code == "build-busy":
            yield Finding(
                "lock", "warning", "正在构建、恢复或清理", "A build, restore or prune is running",
                "若不应如此，请查看是哪个进程", "if there should be none, see which process it is",
            )  # fmt: skip
        return
    yield Finding("lock", "ok", "没有正在进行的构建", "No build is running")


def leftovers(asked: Asked) -> Iterator[Finding]:
    """What builds, prunes and queries left behind that were killed."""
    home = Home(asked.settings.home)
    builds, gone = _left_in(home)
    yield from _left(
        "builds", builds, "中断的构建", "builds that were cut off", partial(_sweep, home)
    )
    yield from _left(
        "removed-releases", gone, "删除到一半的版本", "half-removed releases", partial(_sweep, home)
    )
    spilled = left_over()
    yield from _left("spilled", spilled, "中断的查询暂存", "queries that were ended", sweep)
    if not (builds or gone or spilled):
        yield Finding("leftovers", "ok", "没有遗留文件", "Nothing is left over")


def _left_in(home: Home) -> tuple[list[Path], list[Path]]:
    """Folders of builds and of removed releases that nobody is at work on."""
    if not (home.path / ".lock").exists():
        return [], []
    try:
        with home.locked():
            return sorted(home.path.glob(".build-*")), leaving(home)
    except GovgraphError:
        return [], []


def _left(
    check: str, found: list[Path], zh: str, en: str, repair: Callable[[], None]
) -> Iterator[Finding]:
    if found:
        more = f" +{len(found) - _SHOWN}" if len(found) > _SHOWN else ""
        places = ", ".join(map(str, found[:_SHOWN])) + more
        yield Finding(
            f"leftovers-{check}", "warning",
            f"{zh}遗留 {size(sum(map(freed, found)))}：{places}",
            f"{size(sum(map(freed, found)))} left over from {en}: {places}",
            "govgraph doctor --fix 可删除", "govgraph doctor --fix removes it", repair,
        )  # fmt: skip


def _sweep(home: Home) -> None:
    """A workshop is opened on a clean floor."""
    with home.workshop():
        clear(home)


def disk(asked: Asked) -> Iterator[Finding]:
    """Is there room for another release, and for what queries spill?"""
    settings = asked.settings
    if settings.home.is_dir():
        last = Home(settings.home).releases()[-1:]
        yield _room("disk-home", settings.home, 2 * sum(_size(release.path) for release in last))
    yield _room("disk-spill", Path(tempfile.gettempdir()), in_bytes(settings.query_spill))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*"))


def _room(check: str, folder: Path, wanted: int) -> Finding:
    free = shutil.disk_usage(folder).free
    zh, en = f"{folder} 可用空间 {size(free)}", f"{size(free)} are free for {folder}"
    if free >= wanted:
        return Finding(check, "ok", zh, en)
    if check == "disk-home":
        do_zh, do_en = (
            "清理磁盘，或用 govgraph prune 删除旧版本",
            "make room, or remove old releases with govgraph prune",
        )
    else:
        do_zh, do_en = (
            "清理磁盘，或调小 GOVGRAPH_QUERY_SPILL",
            "make room, or lower GOVGRAPH_QUERY_SPILL",
        )
    return Finding(
        check,
        "warning",
        f"{zh}，需要 {size(wanted)}",
        f"{en}; {size(wanted)} are wanted",
        do_zh,
        do_en,
    )
