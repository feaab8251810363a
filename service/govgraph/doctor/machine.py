"""The machine: versions, memory and open files, and whether they do for the settings."""

from __future__ import annotations

import os
import platform
import resource
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from govgraph import __version__
from govgraph.doctor.finding import Asked, Finding, size
from govgraph.settings import in_bytes

_PACKAGES = ("pyoxigraph", "duckdb", "polars", "pyarrow")
#: Where Linux tells a container its limit.
_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
#: Files that a server has open beside its connections: each worker those of its releases.
_OWN, _EACH = 64, 256


def versions(_asked: Asked) -> Iterator[Finding]:
    """What is running."""
    told = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    said = f"govgraph {__version__}, Python {platform.python_version()}, {told}"
    yield Finding("versions", "ok", said, said)


def documents(asked: Asked) -> Iterator[Finding]:
    """Is the folder of source documents there, if one is set?"""
    folder = asked.settings.documents
    if folder is not None and not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
        yield Finding(
            "documents", "error", f"原文文件夹 {folder} 不可读", f"The folder of documents {folder} cannot be read",
            "改正 GOVGRAPH_DOCUMENTS", "correct GOVGRAPH_DOCUMENTS",
        )  # fmt: skip


def memory(asked: Asked) -> Iterator[Finding]:
    """Is there the memory that the workers may take together?"""
    settings, there = asked.settings, memory_of_machine()
    one, query = in_bytes(settings.worker_memory), in_bytes(settings.query_memory)
    wanted = settings.workers * one + in_bytes(settings.cache)
    if not one:
        yield Finding(
            "memory", "warning", "工作进程内存没有上限", "Workers may take any amount of memory",
            "设置 GOVGRAPH_WORKER_MEMORY", "set GOVGRAPH_WORKER_MEMORY",
        )  # fmt: skip
    elif wanted > there:
        yield Finding(
            "memory", "warning",
            f"{settings.workers} 个工作进程最多可用 {size(wanted)}，内存共 {size(there)}",
            f"{settings.workers} workers may take {size(wanted)} together; there are {size(there)}",
            "减少 GOVGRAPH_WORKERS 或 GOVGRAPH_WORKER_MEMORY", "lower GOVGRAPH_WORKERS or GOVGRAPH_WORKER_MEMORY",
        )  # fmt: skip
    else:
        yield Finding(
            "memory",
            "ok",
            f"内存 {size(there)}，最多使用 {size(wanted)}",
            f"{size(there)} of memory, {size(wanted)} at most are used",
        )
    if one and query >= one:
        yield Finding(
            "memory-query", "warning", "GOVGRAPH_QUERY_MEMORY 不小于 GOVGRAPH_WORKER_MEMORY",
            "GOVGRAPH_QUERY_MEMORY is not below GOVGRAPH_WORKER_MEMORY: heavy queries end their workers",
            "调小前者", "lower the former",
        )  # fmt: skip


def memory_of_machine() -> int:
    """Bytes of memory that this process can have: the machine's, or its container's."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for place in _CGROUPS:
        try:
            found.append(int(Path(place).read_text()))
        except (OSError, ValueError):
            continue
    return min(found)


def open_files(asked: Asked) -> Iterator[Finding]:
    """May enough files and connections be open at a time?"""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    wanted = max(_EACH, _OWN + asked.settings.queue_length + 2 * asked.settings.workers)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        yield Finding(
            "open-files", "warning", f"可同时打开 {soft} 个文件，需要 {wanted}",
            f"{soft} files may be open at a time; {wanted} are wanted",
            "用 ulimit -n 或 LimitNOFILE= 提高", "raise it with ulimit -n or LimitNOFILE=",
        )  # fmt: skip
    else:
        yield Finding(
            "open-files", "ok", f"可同时打开 {soft} 个文件", f"{soft} files may be open at a time"
        )
