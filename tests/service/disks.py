"""Small file systems of their own, where this process may mount one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Disk = Callable[[int], Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mounts a file system of so many bytes."""
    place = tmp_path / "disk"

    def mount(size: int) -> Path:
        place.mkdir()
        if not mounted("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)):
            pytest.skip("this process may not mount a file system")
        return place

    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


def mounted(*options: str) -> bool:
    command = ["mount", *options]
    return (
        bool(shutil.which("mount")) and not subprocess.run(command, capture_output=True).returncode
    )
