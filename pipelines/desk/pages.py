"""Pages from templates, the desk's own files, and refusals that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from pipelines.desk.desk import Desk
from pipelines.desk.forms import analyst_of, own_path
from research.errors import UsageError

_MEDIA: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
NAV: Final = (("Accounts", "/"), ("Our side", "/seller"), ("History", "/history"), ("Search", "/search"))
"""The desk's own pages in the order of the top bar: words and address."""

TABS: Final = (
    ("overview", "Overview", ""),
    ("brief", "Brief", "/brief"),
    ("review", "Review", "/review"),
    ("sections", "Sections", "/sections"),
    ("findings", "Findings", "/findings"),
    ("network", "People and companies", "/network"),
    ("rivals", "Our rivals", "/rivals"),
    ("changes", "Changes", "/changes"),
    ("sources", "Sources", "/sources"),
    ("history", "History", "/history"),
)
"""The pages of one account: key, words, and what follows its address."""

_TITLES: Final = {
    400: "That could not be read",
    403: "Not allowed",
    404: "Not here",
    405: "Not possible here",
    409: "Somebody was faster",
    413: "Too large",
    415: "Not a form",
    421: "Another name",
    422: "That does not fit",
}


def page(
    desk: Desk,
    request: Request,
    name: str,
    head: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    **values: object,
) -> Response:
    """A template as an answer; every template knows the analyst's name, the token for forms and where it stands. With
    an `account` (and the `tab` of TABS) it stands under the account's own bar."""
    common = {
        "token": desk.token,
        "analyst": analyst_of(request),
        "here": str(request.url.path),
        "here_whole": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "account": None,
        "tab": "",
    }
    text = environment().get_template(name).render(common | dict(head or {}) | values)
    return HTMLResponse(text, status_code=status)


def go_on(path: str, default: str = "/") -> Response:
    """On to a page of this desk after a write, with GET."""
    return RedirectResponse(own_path(path, default), status_code=303)


def refusal(scope: Scope, status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that says why not: JSON under /api/, else a page."""
    if str(scope["path"]).startswith("/api/"):
        return JSONResponse({"error": message, "status": status}, status_code=status, headers=headers)
    title = _TITLES.get(status, "That did not work")
    text = environment().get_template("message.html").render(title=title, message=message, status=status)
    return HTMLResponse(text, status_code=status, headers=headers)


def refused(request: Request, error: Exception) -> Response:
    """The answer to an HTTPException."""
    if not isinstance(error, HTTPException):
        raise error
    return refusal(request.scope, error.status_code, error.detail, error.headers)


def failed(request: Request, error: Exception) -> Response:
    """The answer where what was asked for does not fit, or the store could not be read or written."""
    return refusal(request.scope, 422 if isinstance(error, UsageError) else 503, f"{error}")


def broken(request: Request, _: Exception) -> Response:
    """The answer to a fault of our own; the server's log has it."""
    return refusal(request.scope, 500, "The desk made a mistake; nothing was saved. The log says more.")


def own_file(request: Request) -> Response:
    """A file of the desk's own folder."""
    name = request.path_params["name"]
    found = _own_files().get(name)
    if found is None:
        raise HTTPException(404, "The desk has no such file.")
    return Response(found, media_type=_MEDIA["." + name.rpartition(".")[2]])


@cache
def _own_files() -> Mapping[str, bytes]:
    folder = files("pipelines.desk").joinpath("static")
    known = (file for file in folder.iterdir() if "." + file.name.rpartition(".")[2] in _MEDIA)
    return {file.name: file.read_bytes() for file in known}


@cache
def environment() -> Environment:
    """The templates of the desk: autoescape everywhere, an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("pipelines.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(nav=NAV, tabs=TABS)
    made.filters["path"] = lambda text: quote(str(text), safe="")
    made.filters["day"] = lambda iso: str(iso or "")[:10]
    return made
