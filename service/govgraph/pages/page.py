"""One page as it is asked for: its language, its address, the release that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Request
from markupsafe import Markup, escape

from govgraph.catalog.entry import Entry
from govgraph.catalog.values import as_texts
from govgraph.governance.models.nodes import Words
from govgraph.governance.time import Asked
from govgraph.http.state import Opened
from govgraph.pages import dates
from govgraph.pages.address import KEPT, Address
from govgraph.pages.language import LANGUAGES, Language, language_of
from govgraph.pages.words import say, texts
from govgraph.vocabulary import GOV

Labels = Mapping[str, str] | Words


@dataclass(frozen=True)
class Page:
    """What a page and its frame are drawn from. `asked` is the time that the reader looks at."""

    request: Request
    language: Language
    address: Address
    opened: Opened | None = None
    asked: Asked | None = None

    @classmethod
    def of(cls, request: Request, opened: Opened | None = None, asked: Asked | None = None) -> Page:
        """The page that a request asks for."""
        every = request.query_params.multi_items()
        parameters = tuple((name, text) for name, text in every if text or name not in KEPT)
        address = Address(request.url.path, parameters)
        return cls(request, language_of(request), address, opened, asked)

    @property
    def other(self) -> Language:
        return next(language for language in LANGUAGES if language != self.language)

    @property
    def theme(self) -> str | None:
        """light or dark if the reader has chosen, None if the system's choice holds."""
        chosen = self.request.cookies.get("theme")
        return chosen if chosen in ("light", "dark") else None

    @property
    def release(self) -> str | None:
        return self.opened.release.id if self.opened else None

    @property
    def published(self) -> str:
        """The day of the release in words."""
        created: str = self.opened.release.manifest["created"] if self.opened else ""
        return self.date(created[:10])

    @cached_property
    def is_current(self) -> bool:
        """Whether the release is the one that is served."""
        served: str = self.request.app.state.releases.home.served.name()
        return served == self.release

    @property
    def inference(self) -> bool:
        """Whether inferred facts are shown."""
        return self.request.query_params.get("inference", "true").lower() not in (
            "false",
            "0",
            "no",
        )

    # -- words ---------------------------------------------------------------------------------

    def t(self, key: str, /, **values: Any) -> str:
        """What the page says under a key."""
        return say(self.language, key, **values)

    def name(self, labels: Labels | None, otherwise: str = "") -> Markup:
        """A name in the page's language; one that is only known in another says so in its `lang`."""
        text, language = self.chosen(labels or {}, otherwise)
        if language in (None, self.language):
            return escape(text)
        return Markup('<span lang="{}">{}</span>').format(language, text)

    def plain(self, labels: Labels | None, otherwise: str = "") -> str:
        """The same as text."""
        return self.chosen(labels or {}, otherwise)[0]

    def chosen(self, labels: Labels, otherwise: str = "") -> tuple[str, str | None]:
        """The text in the best language there is, and that language."""
        if isinstance(labels, Words):
            labels = {name: text for name in LANGUAGES if (text := getattr(labels, name))}
        for language in (self.language, "und", self.other, *labels):
            if labels.get(language):
                return labels[language], None if language == "und" else language
        return otherwise, None

    def titled(self, labels: Labels | None, iri: str) -> Markup:
        """The name of an entity of ours; one that has none is told by its kind and key."""
        return self.name(labels, self.nameless(iri))

    def nameless(self, iri: str) -> str:
        """What an entity without a name is called, as in `appointment ex-1`."""
        kind, key = self.opened.context.split(iri) if self.opened else ("", iri)
        return f"{self.kind(kind)} {key}" if kind and f"kinds.{kind}" in texts() else key

    def date(self, text: str | None) -> str:
        return dates.date(text, self.language)

    def sentence(self, labels: Labels | None, otherwise: str = "") -> Markup:
        """A sentence of ours, with the dates in it in words; a source's own is left as it is."""
        text, language = self.chosen(labels or {}, otherwise)
        if language in (None, self.language):
            return escape(dates.worded(text, self.language))
        told = dates.worded(text, self.other)
        return Markup('<span lang="{}">{}</span>').format(language, told)

    def number(self, value: float | int | str | None) -> str:
        return dates.number(value)

    def word(self, value: str) -> str:
        """A coded value in the page's words; as it is if there are none."""
        key = f"values.{value.replace(' ', '-')}"
        return self.t(key) if key in texts() else value

    def kind(self, kind: str) -> str:
        """What entities are called by the first part of their IRIs."""
        return self.t(f"kinds.{kind if f'kinds.{kind}' in texts() else 'other'}")

    # -- addresses -----------------------------------------------------------------------------

    def with_(self, **changes: Any) -> str:
        """This page with other parameters."""
        return self.address.with_(**changes)

    def to(self, path: str, **parameters: Any) -> str:
        """Another page at the same time and of the same release."""
        return self.address.to(path, **parameters)

    def entity(self, iri: str) -> str:
        """The page of an entity of ours, the place of a term in the ontology's; the IRI itself for
        any other."""
        if iri.startswith(GOV):
            return f"{self.to('/ontology')}#{iri.removeprefix(GOV)}"
        base = self.opened.context.base if self.opened else "\0"
        if not iri.startswith(base):
            return iri
        return self.to(f"/id/{iri.removeprefix(base)}")

    @property
    def permalink(self) -> str:
        """The page as it is now, for ever: its release and language are named."""
        return self.with_(release=self.release, lang=self.language)

    @property
    def origin(self) -> str:
        return str(self.request.base_url).rstrip("/")

    def examples(self, entry: Entry) -> str:
        """This page with the examples of a query's parameters."""
        found = {p.name: as_texts(p.example) for p in entry.parameters if p.required}
        return self.with_(**found)
