"""The first page: the portfolio, sorted as the address says."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.desk import Desk
from pipelines.desk.forms import choice
from pipelines.desk.pages import page
from pipelines.desk.portfolio import COLUMNS, ordered, portfolio

_RISING = ("name", "meeting")  # these begin with the first letter or the nearest day; figures with the largest


def routes(desk: Desk) -> Sequence[Route]:
    """The first page."""

    def accounts(request: Request) -> Response:
        column = choice(request, "sort", tuple(COLUMNS), "name")
        descending = choice(request, "order", ("up", "down"), _first_order(column)) == "down"
        with desk.reading() as workspace:
            rows = ordered(portfolio(workspace), column, descending=descending)
        heads = [(key, words, _link(key, column, descending)) for key, words in COLUMNS.items()]
        return page(desk, request, "accounts.html", rows=rows, heads=heads, column=column, descending=descending)

    return (Route("/", accounts),)


def _first_order(column: str) -> str:
    return "up" if column in _RISING else "down"


def _link(key: str, column: str, descending: bool) -> str:
    """The address that sorts by `key`, or turns the order round where the page is sorted by it."""
    order = ("up" if descending else "down") if key == column else _first_order(key)
    return f"?sort={key}&order={order}"
