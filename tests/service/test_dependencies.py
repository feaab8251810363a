"""An installation without the extras has all that the service needs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from govgraph.http.state import Opened

ROOT = Path(__file__).resolve().parents[2]
OWN = {"govgraph", "govgraph_loaders"}
#: Parts of what is declared: of FastAPI, pydantic-settings and Jinja2.
PARTS = {"starlette", "pydantic", "markupsafe"}
#: The extra `spark`, imported when that engine is asked for.
EXTRA = ROOT / "service" / "govgraph" / "engine" / "spark"


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {_plain(re.split(r"[<>=;!~ \[]", entry)[0]) for entry in project["dependencies"]}


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def imported() -> set[str]:
    """The packages outside the standard library that our modules import."""
    names: set[str] = set()
    for path in [*(ROOT / "service").rglob("*.py"), *(ROOT / "loaders").rglob("*.py")]:
        if EXTRA in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - OWN - set(sys.stdlib_module_names)


def test_what_is_imported_is_declared() -> None:
    distributions = packages_distributions()
    needed = {_plain(distributions[name][0]) for name in imported()}
    assert needed - declared() - PARTS == set()


def test_the_manifest_names_what_an_installation_has(opened: Opened) -> None:
    named = set(opened.release.manifest["versions"]) - {"govgraph", "python"}
    assert named <= declared()
