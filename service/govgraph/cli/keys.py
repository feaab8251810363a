"""`keys` and `audit`: who may do what, and who did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from govgraph.access.audit import Audit
from govgraph.access.key import Key
from govgraph.access.keys import Keys
from govgraph.cli.options import (
    HomeOption,
    JsonOption,
    console,
    errors,
    fail,
    print_json,
    settings,
)
from govgraph.errors import GovgraphError
from govgraph.printed import safe

app = typer.Typer(no_args_is_help=True, help="Make, list, rotate and revoke keys.")
NameArgument = Annotated[str, typer.Argument(help="Whose key it is, or what uses it.")]
ExpiresOption = Annotated[
    str | None,
    typer.Option(
        "--expires",
        metavar="DATE",
        help="Last day of the key, 2027-01-31, or a time with its zone.",
    ),
]


@app.command()
def add(
    name: NameArgument,
    scope: Annotated[
        Literal["read", "write", "admin"], typer.Option(help="Each includes those before it.")
    ],
    expires: ExpiresOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it, once: only its digest is kept."""
    folder = settings(home).home
    try:
        key, secret = Keys(folder).add(name, scope, _end(expires))
        _record(folder, "keys add", [key])
    except GovgraphError as error:
        fail(error, as_json)
    _print_new(key, secret, as_json)


@app.command("list")
def list_keys(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the keys, without their secrets."""
    keys = Keys(settings(home).home)
    try:
        rows = [_about(key) | {"expired": key.expired(keys.now())} for key in keys.all()]
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        end = f"{'已过期 expired' if row['expired'] else '至 until'} {row['expires']}"
        line = f"{row['id']}  {row['scope']:5}  {row['name']}  {end if row['expires'] else ''}"
        console.print(line.rstrip(), highlight=False)


@app.command()
def rotate(
    name: NameArgument,
    grace: Annotated[
        float, typer.Option(min=0, metavar="HOURS", help="The old key ends after so many hours.")
    ] = 0,
    expires: ExpiresOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new key of the same name, scope and end, and end the old one."""
    folder = settings(home).home
    try:
        key, secret = Keys(folder).rotate(name, timedelta(hours=grace), _end(expires))
        _record(folder, "keys rotate", [key], grace_hours=grace)
    except GovgraphError as error:
        fail(error, as_json)
    _print_new(key, secret, as_json)


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="A name, for all its keys, or the id of one.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """End the keys of a name, or the one of an id, at once."""
    folder = settings(home).home
    try:
        ended = Keys(folder).revoke(name)
        _record(folder, "keys revoke", ended)
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json([_about(key) for key in ended])
        return
    for key in ended:
        console.print(f"已撤销 revoked {key.id}  {key.name}", highlight=False)


def audit(
    limit: Annotated[int, typer.Option(min=1, help="Lines to show, the newest first.")] = 50,
    before: Annotated[int | None, typer.Option(min=1, help="Only lines before this one.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who changed what, the newest first."""
    try:
        lines = Audit(settings(home).home).page(limit, before)
    except GovgraphError as error:
        fail(error, as_json)
    if as_json:
        print_json(lines)
        return
    for line in lines:
        rest = {k: v for k, v in line.items() if k not in ("number", "time", "action", "by")}
        who = line["by"].get("name") or line["by"].get("user")
        said = f"{line['number']}  {line['time']}  {who}  {line['action']}"
        more = f"  {json.dumps(rest, ensure_ascii=False)}" if rest else ""
        console.print(safe(said + more), highlight=False)


def _end(text: str | None) -> datetime | None:
    """The moment that an option names: the end of a day, UTC, or a time with its zone."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise GovgraphError("invalid-date", name="--expires") from None
    if len(text) <= len("2027-01-31"):
        return found.replace(tzinfo=UTC) + timedelta(days=1)
    if not found.tzinfo:
        why, why_zh = (
            "the time needs its zone, as in 2027-01-31T12:00+08:00",
            "时间须带时区，如 2027-01-31T12:00+08:00",
        )
        raise GovgraphError("invalid-parameter", name="--expires", why=why, why_zh=why_zh)
    return found.astimezone(UTC)


def _record(home: Path, action: str, keys: list[Key], **more: Any) -> None:
    Audit(home).record(action, keys=[_about(key) for key in keys], **more)


def _about(key: Key) -> dict[str, str | None]:
    """What may be said of a key: not its digest."""
    expires = key.expires.isoformat() if key.expires else None
    return {"id": key.id, "name": key.name, "scope": key.scope, "expires": expires}


def _print_new(key: Key, secret: str, as_json: bool) -> None:
    """The secret alone on standard output, for scripts; what to know of it beside."""
    if as_json:
        print_json(_about(key) | {"key": secret})
        return
    print(secret)
    errors.print(
        "密钥只显示这一次，请妥善保存。This key is shown once: keep it now.", highlight=False
    )
