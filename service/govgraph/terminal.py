"""What the commands print: progress, problems, answers."""

from __future__ import annotations

import json
import re
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from govgraph.ask import Reply
from govgraph.build import STEPS, Build
from govgraph.printed import safe
from govgraph.vocabulary import GOV
from govgraph_loaders.namespaces import DEFAULT_BASE

NAMES = {
    "read": "读表与检查 read",
    "load": "装载 load",
    "infer": "推理 infer",
    "validate": "校验 validate",
    "columns": "列存 columns",
    "index": "索引 index",
    "publish": "发布 publish",
}
SHOWN = 40


class Progress:
    """A bar over the steps of a build on a terminal, plain lines when piped, nothing if quiet."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self.console, self.quiet = console, quiet
        self.bar: Bar | None = None
        self.step, self.count = "", 0

    def __enter__(self) -> Self:
        if self.console.is_terminal and not self.quiet:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
            )
            self.bar = Bar(*columns, console=self.console, transient=True)
            self.bar.start()
            self.task = self.bar.add_task("", total=len(STEPS))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar:
            self.bar.stop()

    def notify(self, step: str, count: int) -> None:
        """A step begins (count 0) or has done `count` more."""
        if self.quiet:
            return
        new = step != self.step
        self.step, self.count = step, 0 if new else self.count + count
        if self.bar:
            done = f" {self.count:,}" if self.count else ""
            self.bar.update(self.task, description=NAMES[step] + done, completed=STEPS.index(step))
        elif new:
            self.console.print(NAMES[step])


def print_problems(console: Console, build: Build) -> None:
    """The problems as a table: place, value, what is wrong."""
    found: list[Any] = [*build.problems, *build.results]
    order = {"error": 0, "warning": 1, "info": 2}
    found.sort(key=lambda p: order[p.severity])
    if not found:
        return
    console.print(f"{len(found)} 个问题 problems", highlight=False)
    shown = SHOWN if build.report_path or build.release else len(found)
    for p in found[:shown]:
        _print_problem(console, p)
    if len(found) > shown:
        console.print(
            f"… 另有 {len(found) - shown} 个，见报告 and {len(found) - shown} more, see the report"
        )


def _print_problem(console: Console, p: Any) -> None:
    """Severity, place and value on one line, what is wrong in zh and en below."""
    place = f"{p.dataset}/{p.table}" if p.table else getattr(p, "focus", "")
    place += f" 第 {p.row} 行 row (line {p.line})" if p.row else ""
    cell = f" {p.column}" if p.column else ""
    value = f" = {_shown(p.value)}" if p.value is not None else ""
    colour = {"error": "red", "warning": "yellow"}.get(p.severity, "dim")
    console.print(f"\n[{colour}]{p.severity}[/] {safe(place + cell + value)}", highlight=False)
    for line in (p.message_zh, f"{p.message_en} [{p.code}]"):
        console.print(Padding(safe(line), (0, 0, 0, 2)), highlight=False)


def _print_carried(console: Console, build: Build) -> None:
    """What became of changes that came over HTTP."""
    added, removed = (build.edits.get(name, 0) for name in ("added", "removed"))
    if added or removed:
        console.print(
            f"沿用更新所作的改动 edits carried over: {added:,} 条增加 added · {removed:,} 条删去 removed",
            highlight=False,
        )
    for name in build.replaced:
        console.print(
            f"[yellow]取代了上传的表 replaces a table that was sent over HTTP:[/yellow] {safe(name)}",
            highlight=False,
        )


def print_build(console: Console, build: Build, publish: bool) -> None:
    """The counts and the outcome of a build or check."""
    report = build.report()
    seconds = sum(build.seconds.values())
    console.print(
        f"{len(report['tables'])} 表 tables · {report['rows_read']:,} 行读入 rows read"
        f" = {report['rows_loaded']:,} 载入 loaded + {report['rows_rejected']:,} 拒绝 rejected"
        f" · {report['quads']:,} quads + {sum(build.inferred.values()):,} 推得 inferred · {seconds:.1f} s",
        highlight=False,
    )
    if build.ingested.reused or build.shapes_kept:
        console.print(
            f"沿用上一版 taken over from the release before: {len(build.ingested.reused)} 表 tables"
            f" · {build.shapes_kept} 个形状的结论 shapes' judgements"
            f" ({build.shapes_judged} 个重新校验 judged again)",
            highlight=False,
        )
    _print_carried(console, build)
    if build.release:
        console.print(f"[green]已发布 published[/green] {build.release.id}", highlight=False)
    elif build.refused:
        console.print(
            "[red]数据未通过检查，没有发布。The data was refused; nothing was published.[/red]"
        )
        if report["rows_rejected"]:
            console.print(
                "被拒绝的行没有经过形状校验，改正后请再检查一次。"
                " The shapes did not see the rejected rows: check again once they are mended."
            )
        if build.report_path:
            console.print(f"报告 report {build.report_path}", highlight=False, markup=False)
    elif not publish:
        console.print("[green]检查通过。The data is in order.[/green]")


def print_reply(console: Console, reply: Reply, release: str) -> None:
    """A question, the answer's rows and the evidence behind them."""
    console.print(f"[bold]{reply.question.id}  {safe(reply.question.zh)}[/bold]", highlight=False)
    console.print(safe(reply.question.en), highlight=False)
    for row in reply.rows:
        console.print()
        _print_record(console, reply, row)
    console.print("\n[dim]依据 evidence[/dim]")
    for item in reply.evidence:
        _print_evidence(console, item)
    if any(s["text"] is None for item in reply.evidence for s in item["sentences"]):
        console.print("[dim]原文不在手边，用 --documents 指明文件夹 (text not at hand)[/dim]")
    console.print(f"[dim]release {release}[/dim]", highlight=False)


def _print_record(console: Console, reply: Reply, row: dict[str, str | None]) -> None:
    """One line a column. Chinese and English columns of one name share a line, and a name stands
    for the IRI that goes with it."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name in reply.columns:
        base = name.removesuffix("_zh").removesuffix("_en")
        named = f"{base}_zh" in reply.columns
        if named and name != f"{base}_zh":
            continue
        value, twin = row.get(name), row.get(f"{base}_en") if named else None
        both = safe(_shown(value)) + (f" [dim]{safe(twin)}[/dim]" if twin else "")
        grid.add_row(f"{_heading(reply, name)} {base}", both)
    console.print(grid)


def _heading(reply: Reply, name: str) -> str:
    """A column's Chinese heading without its explanation."""
    return re.split("[::(]", reply.question.columns.get(name, {}).get("zh", ""))[0]


def _print_evidence(console: Console, item: dict[str, Any]) -> None:
    place = f"{item['dataset']}/{item['table']} 第 {item['row']} 行 row (line {item['line']})"
    console.print(f"  {place} {item['assertion'] or ''}", highlight=False)
    for sentence in item["sentences"]:
        span = f"{sentence['number']} [{sentence['begin']}, {sentence['end']})"
        console.print(f"    {safe(span)} {safe(sentence['text'] or '')}", highlight=False)


def _shown(text: str | None) -> str:
    """A value as people read it: our terms by their name, our instances by type and key, nothing
    as a dash."""
    if text is None:
        return "—"
    return text.removeprefix(GOV).removeprefix(DEFAULT_BASE)


def print_rows(console: Console, body: bytes) -> None:
    """SPARQL JSON results as a table."""
    results = json.loads(body)
    table = Table(show_edge=False, header_style="dim")
    names = results["head"]["vars"]
    for name in names:
        table.add_column(name, overflow="fold")
    for row in results["results"]["bindings"]:
        table.add_row(*(safe(_shown(row[name]["value"])) if name in row else "" for name in names))
    console.print(table)
