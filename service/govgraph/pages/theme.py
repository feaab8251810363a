"""/theme: remembers whether a reader wants pages light or dark, and goes back."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

router = APIRouter(include_in_schema=False)


@router.get("/theme")
async def theme(to: str = "auto", back: str = "/") -> RedirectResponse:
    """Keep the choice in a cookie. `back` is a path of this site; anything else is the home page."""
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = RedirectResponse(back if own else "/", 303)
    if to in ("light", "dark"):
        response.set_cookie("theme", to, max_age=31_536_000, samesite="lax", httponly=True)
    else:
        response.delete_cookie("theme")
    return response
