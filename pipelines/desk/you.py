"""Who sits at the desk: asked once, kept in this browser, and carried by every judgement."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.desk import Desk
from pipelines.desk.forms import analyst_name, form_of, own_path, remember_analyst
from pipelines.desk.pages import go_on, page


def routes(desk: Desk) -> Sequence[Route]:
    """The page that asks for a name, and the form that keeps it."""

    def ask(request: Request) -> Response:
        return page(desk, request, "you.html", onward=own_path(request.query_params.get("next", "/")))

    def keep(request: Request) -> Response:
        form = form_of(request)
        name = analyst_name(form.one("name"))
        if not name:
            raise HTTPException(422, "The name is empty: go back and write the name that your decisions shall carry.")
        answer = go_on(form.one("next"))
        remember_analyst(answer, name)
        return answer

    return (Route("/you", ask), Route("/you", keep, methods=["POST"]))
