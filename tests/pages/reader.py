"""A reader with a browser of their own: nothing is asked of others, and what goes wrong is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Response, Route

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
LANGS = {"zh": "zh-Hans", "en": "en"}
#: Milliseconds that a page may take on a machine with much else to do.
PATIENCE = 120_000
#: What is wrong with a page that is open, whatever it shows.
_AMISS = """(lang) => {
  const found = [];
  if (document.documentElement.lang !== lang) found.push(`lang is ${document.documentElement.lang}`);
  if (!/\\S.* · govgraph$/.test(document.title)) found.push(`title is ${document.title}`);
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) found.push(`${headings} h1`);
  if (!document.querySelector("main")?.innerText.trim()) found.push("nothing in main");
  return found;
}"""
_BROAD = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, pre, svg, .unseen"))
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 200))"""


class Reader:
    """One context of the browser with one page. `answers` stands for a server, if there is none at
    `site`: it is given each request and fulfils it."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        lang: str,
        answers: Callable[[Route], None] | None = None,
        **options: Any,
    ) -> None:
        self.site, self.lang = site, lang
        self.context = browser.new_context(locale=LOCALES[lang], **options)
        self.context.set_default_timeout(PATIENCE)
        self.answers = answers or (lambda route: route.continue_())
        self.context.route("**/*", self._route)
        self.page = self.context.new_page()
        self.amiss: list[str] = []
        self.page.on("console", lambda message: self.amiss.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.amiss.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.amiss.append(f"dialog: {dialog.message}"))

    def close(self) -> None:
        self.context.close()

    def open(self, address: str) -> Response:
        """Go to an address of the site, in the reader's language."""
        separator = "&" if "?" in address else "?"
        answer = self.page.goto(f"{self.site}{address}{separator}lang={self.lang}")
        assert answer is not None
        return answer

    def faults(self, address: str, status: int = 200) -> list[str]:
        """What is wrong with the page at an address, on a wide screen and on a small one."""
        self.page.set_viewport_size({"width": 1360, "height": 900})
        answer = self.open(address)
        found = [] if answer.status == status else [f"status {answer.status}"]
        found += self.page.evaluate(_AMISS, LANGS[self.lang])
        self.page.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        for width in (390, 320):
            found += self._sideways(width)
        return found + self.said(status)

    def said(self, status: int = 200) -> list[str]:
        """What the console said and who else was asked since the last time. Chromium reports the
        page's own status if it is no success."""
        said, self.amiss = self.amiss, []
        expected = f"status of {status}"
        return [one for one in said if status == 200 or expected not in one]

    def _sideways(self, width: int) -> list[str]:
        """The elements for which a screen of this width has to be scrolled sideways."""
        self.page.set_viewport_size({"width": width, "height": 800})
        if self.page.evaluate("document.documentElement.scrollWidth") <= width:
            return []
        return [f"wider than {width}", *self.page.evaluate(_BROAD)]

    def _route(self, route: Route) -> None:
        if _within(route.request, self.site):
            self.answers(route)
        else:
            self.amiss.append(f"outside: {route.request.url}")
            route.abort()


def _within(request: Request, site: str) -> bool:
    return request.url.startswith((site + "/", "data:"))
