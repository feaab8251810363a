"""`doctor`: what is well and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govgraph.cli.options import DocumentsOption, HomeOption, JsonOption, console, print_json
from govgraph.printed import safe

if TYPE_CHECKING:
    from govgraph.doctor.finding import Finding

_MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}


def doctor(
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Read every file of every release, and open both engines."),
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Remove what is left over, and correct file modes.")
    ] = False,
    home: HomeOption = None,
    documents: DocumentsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at settings, releases, keys, disk and memory, and say what to do. Leaves with 1 if
    anything is wrong."""
    findings = []
    for finding in _findings(home, documents, deep, fix):
        findings.append(finding)
        if not as_json:
            _print(finding)
    well = not any(finding.level == "error" and not finding.fixed for finding in findings)
    if as_json:
        print_json({"ok": well, "findings": [finding.as_dict() for finding in findings]})
    if not well:
        raise typer.Exit(1)


def _findings(
    home: Path | None, documents: Path | None, deep: bool, fix: bool
) -> Iterator[Finding]:
    from pydantic import ValidationError

    from govgraph.doctor.examine import examine, of_settings
    from govgraph.doctor.finding import Asked
    from govgraph.settings import Settings

    given = {name: value for name, value in (("home", home), ("documents", documents)) if value}
    try:
        asked = Asked(Settings(**given), deep)  # type: ignore[arg-type]
    except ValidationError as error:
        return of_settings(error)
    return examine(asked, fix=fix)


def _print(finding: Finding) -> None:
    mark = "[green]✓[/]" if finding.fixed else _MARKS[finding.level]
    both = "\n  ".join(dict.fromkeys((safe(finding.zh), safe(finding.en))))
    console.print(f"{mark} {both}", highlight=False)
    if finding.fixed:
        console.print("  → 已处理 done", highlight=False)
    elif finding.do_en:
        what = dict.fromkeys((finding.do_zh, finding.do_en))
        console.print(f"  → {safe(' · '.join(what))}", highlight=False)
