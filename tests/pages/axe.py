"""axe-core of the version that package-lock.json pins, run in a page of the browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
MODULE = HERE / "node_modules" / "axe-core"
#: WCAG 2.2 AA, what it grew from, and the rules of good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map((node) => node.html)]);
}"""


@dataclass(frozen=True)
class Axe:
    """The script as text; a page's policy has no say in what a test evaluates."""

    script: str

    def violations(self, page: Page, rules: list[str] = RULES) -> list[list[str]]:
        """Each rule that is broken, with the first elements that break it."""
        if not page.evaluate("typeof axe !== 'undefined'"):
            page.evaluate(self.script)
        found: list[list[str]] = page.evaluate(_RUN, rules)
        return found


def installed() -> Axe | None:
    """axe-core as pinned, fetched with npm if it is not here; None without npm."""
    if _version(MODULE) != pinned():
        npm = shutil.which("npm")
        if npm is None:
            return None
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=120)
    return Axe((MODULE / "axe.min.js").read_text("utf-8"))


def pinned() -> str:
    lock: dict[str, Any] = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"]["node_modules/axe-core"]["version"])


def _version(module: Path) -> str | None:
    file = module / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"]) if file.exists() else None
