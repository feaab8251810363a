"""What page routes share: the release and the time that a reader looks at."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from govgraph.http.common import Release
from govgraph.http.lookups import Days
from govgraph.pages.page import Page


async def page_of(request: Request, release: Release, asked: Days) -> Page:
    """The page of a request on the release and at the time that it asks for."""
    return Page.of(request, release, asked)


Shown = Annotated[Page, Depends(page_of)]
