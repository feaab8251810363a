"""What page routes share: the release and the time that a reader looks at."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from govgraph.governance.time import Asked
from govgraph.http.common import Release
from govgraph.pages.page import Page


async def page_of(request: Request, release: Release) -> Page:
    """The page of a request on the release and at the time that it asks for; a field of a form that
    is left empty asks for nothing. GovgraphError(invalid-date, dates-conflict, window-reversed)."""
    given = (request.query_params.get(name) or None for name in ("at", "from", "to"))
    return Page.of(request, release, Asked.read(*given))


Shown = Annotated[Page, Depends(page_of)]
