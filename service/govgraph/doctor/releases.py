"""The releases: is the one that is served whole, are the others, does the clock agree with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from govgraph import contents
from govgraph.doctor.finding import Asked, Finding, Level
from govgraph.errors import GovgraphError
from govgraph.release import Home, Release
from govgraph.settings import Settings

#: Faults of one release that are told one by one.
_SHOWN = 3
_FAULTS = {
    "missing": ("缺失", "missing"),
    "size": ("大小不符", "of another size"),
    "digest": ("内容已变", "changed"),
    "unexpected": ("多出", "not of the release"),
}


def current(asked: Asked) -> Iterator[Finding]:
    """Does `current` name a release that is there?"""
    home = Home(asked.settings.home)
    try:
        yield Finding(
            "current", "ok", f"当前版本 {home.current().id}", f"{home.current().id} is served"
        )
    except (GovgraphError, OSError, ValueError) as error:
        found = home.releases()
        do = f"govgraph rollback {found[-1].id}" if found else "govgraph build"
        why = error.message_en if isinstance(error, GovgraphError) else str(error)
        why_zh = error.message_zh if isinstance(error, GovgraphError) else str(error)
        yield Finding(
            "current",
            "error",
            f"没有可提供的版本：{why_zh}",
            f"Nothing can be served: {why}",
            do,
            do,
        )


def whole(asked: Asked) -> Iterator[Finding]:
    """Are all files of all releases there, and with `deep`, are they what they were?"""
    home = Home(asked.settings.home)
    served = _served(home)
    for release in home.releases():
        try:
            hold = release.hold()
        except GovgraphError:
            continue  # it has just been removed
        yield _judged(release, asked, served == release.id)
        hold.close()


def _served(home: Home) -> str | None:
    try:
        return home.current().id
    except (GovgraphError, OSError, ValueError):
        return None


def _judged(release: Release, asked: Asked, served: bool) -> Finding:
    try:
        manifest, kept = release.manifest, contents.read(release.path)
        if manifest.get("id") != release.id:
            raise ValueError("manifest.json: id")
    except (OSError, ValueError, AttributeError) as error:
        return _damaged(release, served, str(error), str(error))
    if kept is None:
        return Finding(
            "release", "warning", f"{release.id} 没有文件目录，无法核对",
            f"{release.id} has no table of contents to check",
            "它由较早的版本构建；重新构建即可", "an earlier version built it: build it again to have one",
        )  # fmt: skip
    found = list(contents.faults(release.path, kept, deep=asked.deep))
    if found:
        told = [(name, *_FAULTS[fault]) for name, fault in found[:_SHOWN]]
        more = f" +{len(found) - _SHOWN}" if len(found) > _SHOWN else ""
        return _damaged(
            release, served, ", ".join(f"{n} {zh}" for n, zh, _ in told) + more,
            ", ".join(f"{n} {en}" for n, _, en in told) + more,
        )  # fmt: skip
    return _opened(release, asked.settings, served) if asked.deep else _well(release, len(kept))


def _well(release: Release, files: int) -> Finding:
    zh, en = f"{release.id} 完整，{files} 个文件", f"{release.id} is whole, {files} files"
    return Finding("release", "ok", zh, en)


def _damaged(release: Release, served: bool, zh: str, en: str) -> Finding:
    level: Level = "error" if served else "warning"
    return Finding(
        "release", level, f"{release.id} 已损坏：{zh}", f"{release.id} is damaged: {en}",
        "从备份恢复(govgraph restore),或重新构建", "restore a backup (govgraph restore), or build again",
    )  # fmt: skip


def _opened(release: Release, settings: Settings, served: bool) -> Finding:
    """Both engines open it and count what its manifest says."""
    from govgraph.doctor.engines import counted

    try:
        counts = counted(release, settings)
    except Exception as error:  # whatever the engines make of damaged files
        return _damaged(release, served, f"无法打开：{error}", f"it does not open: {error}")
    wanted = release.manifest.get("triples")
    if wrong := {name: count for name, count in counts.items() if count != wanted}:
        said = ", ".join(f"{name} {count}" for name, count in wrong.items())
        return _damaged(release, served, f"{said} ≠ {wanted}", f"{said} ≠ {wanted} triples")
    zh = f"{release.id} 完整，两个引擎均为 {wanted} 个三元组"
    return Finding(
        "release", "ok", zh, f"{release.id} is whole; its engines agree on {wanted} triples"
    )


def clock(asked: Asked) -> Iterator[Finding]:
    """Is the clock behind what was published?"""
    last = Home(asked.settings.home).releases()[-1:]
    now = datetime.now(UTC)
    if last and last[0].id > now.strftime("%Y%m%dT%H%M%SZ~"):
        yield Finding(
            "clock", "warning",
            f"时钟 {now:%Y-%m-%d %H:%M:%S} UTC 早于最新版本 {last[0].id}",
            f"The clock says {now:%Y-%m-%d %H:%M:%S} UTC, before the newest release {last[0].id}",
            "校准时钟(如 timedatectl)；密钥期限与保留规则以它为准",
            "set the clock (timedatectl): keys and retention go by it",
        )  # fmt: skip
    else:
        yield Finding(
            "clock", "ok", f"时钟 {now:%Y-%m-%d %H:%M:%S} UTC", f"It is {now:%Y-%m-%d %H:%M:%S} UTC"
        )
