"""The command `govgraph`.

A command imports what it needs when it runs, so that the others start without it.
"""

from __future__ import annotations

import typer

from govgraph.cli import (
    asking,
    building,
    configured,
    doctor,
    keeping,
    keys,
    querying,
    releases,
    serving,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A knowledge graph of local governance, from CSV to answered questions.",
)
app.command("build")(building.build)
app.command("check")(building.check)
app.command("serve")(serving.serve)
app.command("demo")(serving.demo)
app.command("ask")(asking.ask)
app.command("query")(querying.query)
app.command("queries")(querying.queries)
app.command("compare")(asking.compare)
app.command("why")(asking.why)
app.command("releases")(releases.releases)
app.command("diff")(releases.diff)
app.command("rollback")(releases.rollback)
app.command("export")(releases.export)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.command("prune")(keeping.prune)
app.command("doctor")(doctor.doctor)
app.add_typer(keys.app, name="keys")
app.command("audit")(keys.audit)
app.command("settings")(configured.show)
