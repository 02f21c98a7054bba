"""The desk as one app: every part brings its routes, and the guard stands before all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from pipelines.desk import (
    account,
    accounts,
    api,
    document,
    evidence,
    history,
    review,
    rivals,
    rules,
    searching,
    sections,
    seller,
    sources,
    you,
)
from pipelines.desk.desk import Desk
from pipelines.desk.guard import Guard
from pipelines.desk.pages import broken, failed, own_file, refused
from research.errors import DossierError

Part = Callable[[Desk], Sequence[Route]]
PARTS: Final[tuple[Part, ...]] = (
    accounts.routes,
    account.routes,
    review.routes,
    sections.routes,
    rules.routes,
    api.routes,
    evidence.routes,
    document.routes,
    rivals.routes,
    sources.routes,
    seller.routes,
    history.routes,
    searching.routes,
    you.routes,
)
"""Every part of the desk: a function from the desk to its routes."""


def desk_routes(desk: Desk) -> list[Route]:
    """Every route of the desk, in the order in which they are tried."""
    return [Route("/static/{name}", own_file), *(route for part in PARTS for route in part(desk))]


def create_app(desk: Desk) -> Guard:
    """The guarded desk, an ASGI app."""
    app = Starlette(
        routes=desk_routes(desk),
        exception_handlers={HTTPException: refused, DossierError: failed, Exception: broken},
    )
    app.router.redirect_slashes = False  # an address that the desk does not have is not there, and leads nowhere else
    return Guard(app, desk)
