"""A bar over bytes: on a terminal only, so that what is piped stays plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def bytes_bar(
    console: Console, title: str, *, quiet: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """Gives what is to be called with the bytes done and the bytes in all."""
    if quiet or not console.is_terminal:
        if not quiet:
            console.print(title, highlight=False)
        yield lambda _done, _total: None
        return
    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)
