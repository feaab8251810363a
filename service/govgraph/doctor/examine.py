"""All that is looked at, in order."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from govgraph.doctor import access, home, machine, releases
from govgraph.doctor.finding import Asked, Check, Finding
from govgraph.errors import GovgraphError

CHECKS: tuple[Check, ...] = (
    machine.versions,
    home.folder,
    home.lock,
    releases.current,
    releases.whole,
    releases.clock,
    home.leftovers,
    home.disk,
    access.modes,
    access.keys,
    access.audit,
    machine.documents,
    machine.memory,
    machine.open_files,
)


def examine(asked: Asked, *, fix: bool = False) -> Iterator[Finding]:
    """What is found, one check after the other; with `fix`, what can be mended at once is."""
    for check in CHECKS:
        for finding in _found(check, asked):
            yield _mended(finding) if fix else finding


def _found(check: Check, asked: Asked) -> Iterator[Finding]:
    """A check that cannot be made is a finding too."""
    name = check.__name__.replace("_", "-")
    try:
        yield from check(asked)
    except (OSError, GovgraphError) as error:
        yield Finding(name, "error", f"无法检查：{error}", f"It could not be looked at: {error}")


def _mended(finding: Finding) -> Finding:
    try:
        return finding.mended()
    except (OSError, GovgraphError):
        return finding


def of_settings(error: ValidationError) -> Iterator[Finding]:
    """What is wrong with settings that could not be read."""
    for each in error.errors():
        name = f"GOVGRAPH_{str(each['loc'][0]).upper()}" if each["loc"] else "GOVGRAPH_*"
        said = f"{name}: {each['msg']}"
        yield Finding("settings", "error", said, said, "govgraph settings", "govgraph settings")
