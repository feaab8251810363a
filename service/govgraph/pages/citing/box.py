"""The citation of a page: every style to copy, and the page's own address with `cite=` as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import Response

from govgraph.errors import GovgraphError
from govgraph.pages.citing.bibtex import bibtex
from govgraph.pages.citing.csl import csl
from govgraph.pages.citing.references import apa, gbt
from govgraph.pages.citing.ris import ris
from govgraph.pages.citing.work import Work, clean
from govgraph.pages.page import Page

#: What a page's address may have that is no part of what is cited.
_ASIDE = {"cite": None, "lang": None, "format": None, "evidence": None, "offset": None}


@dataclass(frozen=True)
class Style:
    """A way to cite: its name, what makes it, its media type and the ending of its file."""

    name: str
    make: Callable[[Work], str]
    media: str
    ending: str


STYLES: Mapping[str, Style] = {
    "gbt": Style("GB/T 7714-2015", gbt, "text/plain", "txt"),
    "apa": Style("APA", apa, "text/plain", "txt"),
    "bibtex": Style("BibTeX", bibtex, "application/x-bibtex", "bib"),
    "ris": Style("RIS", ris, "application/x-research-info-systems", "ris"),
    "csl": Style("CSL-JSON", csl, "application/vnd.citationstyles.csl+json", "json"),
}


@dataclass(frozen=True)
class Citation:
    """What is cited, where it stands, and its text in each style."""

    work: Work
    permalink: str
    texts: tuple[tuple[str, Style, str], ...]


def citation(page: Page, title: str, english: str, about: str) -> Citation:
    """How the page is cited by its title; `about` names it in keys of bibliographies."""
    assert page.opened is not None
    release = page.opened.release
    permalink = page.with_(**_ASIDE, release=release.id)
    work = Work(
        clean(title), clean(english or title), page.language, about, release.id,
        date.fromisoformat(release.manifest["created"][:10]), page.origin + permalink,
    )  # fmt: skip
    texts = tuple((key, style, style.make(work)) for key, style in STYLES.items())
    return Citation(work, permalink, texts)


def as_file(page: Page, made: Citation) -> Response | None:
    """The citation as the file that the address asks for, None if it asks for the page.

    GovgraphError(not-acceptable) for a style that there is not."""
    asked = page.request.query_params.get("cite")
    if not asked:
        return None
    if asked not in STYLES:
        raise GovgraphError("not-acceptable", offered=", ".join(STYLES))
    style = STYLES[asked]
    text = next(text for key, _, text in made.texts if key == asked)
    response = Response(text.encode(), media_type=f"{style.media}; charset=utf-8")
    name = f"{made.work.key}.{style.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Govgraph-Release"] = made.work.release
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response
