"""What came with a request: fields of a form or a JSON value, the analyst's name, and addresses of our own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

BODY_LIMIT: Final = 2_000_000  # bytes of a request; an import of ten thousand judgements has about half
FIELD_LIMIT: Final = 2_000  # fields of a form: a page of a hundred rows with several fields each is far below
NAME_LIMIT: Final = 80
COOKIE: Final = "analyst"
_YEAR: Final = 31_536_000  # seconds
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_OWN_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}", re.ASCII)  # one slash, printable ASCII, no backslash


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in their order."""

    fields: tuple[tuple[str, str], ...]

    def one(self, name: str, default: str = "") -> str:
        """The first value under `name`, without space around it."""
        return next((value.strip() for key, value in self.fields if key == name), default)

    def every(self, name: str) -> tuple[str, ...]:
        """Every value under `name`, empty ones too: rows of several fields stay side by side."""
        return tuple(value.strip() for key, value in self.fields if key == name)


def read_form(body: bytes) -> Form:
    """The form in a body of the usual encoding; 400 where it is none or has too many fields."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELD_LIMIT, errors="strict", encoding="utf-8"
        )
    except ValueError:
        raise HTTPException(400, "The form could not be read: send UTF-8 with at most 2,000 fields.") from None
    return Form(tuple((key, clean(value)) for key, value in pairs))


def form_of(request: Request) -> Form:
    """The form that came with a request; the guard has read and bounded it."""
    found = request.scope.get("desk.form")
    if not isinstance(found, Form):
        raise HTTPException(415, "A form is expected here.")
    return found


def json_of(request: Request) -> Any:
    """The JSON value that came with a request; 400 where there is none."""
    try:
        return json.loads(request.scope.get("desk.body", b""))
    except (ValueError, RecursionError):
        raise HTTPException(400, "The body is no JSON.") from None


def clean(text: str) -> str:
    """Text as it may be kept: lone surrogates replaced, null bytes away."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def analyst_of(request: Request) -> str | None:
    """The name that the analyst gave at this browser, None where none was given."""
    stated = request.cookies.get(COOKIE, "")
    return analyst_name(unquote(stated, errors="replace")) or None


def require_analyst(request: Request) -> str:
    """As `analyst_of`; 403 where nobody has said who decides."""
    name = analyst_of(request)
    if name is None:
        raise HTTPException(403, "Say who you are first (“Your name”, below): a decision carries a name.")
    return name


def analyst_name(text: str) -> str:
    """A name on one line, without characters that hide or turn text."""
    return " ".join(_UNSEEN.sub(" ", text).split())[:NAME_LIMIT].strip()


def remember_analyst(response: Response, name: str) -> None:
    """Keep the name in this browser; it never leaves for another site."""
    response.set_cookie(COOKIE, quote(name, safe=""), max_age=_YEAR, path="/", samesite="strict", httponly=True)


def own_path(stated: str, default: str = "/") -> str:
    """A path of this desk to go on to; `default` where `stated` could lead anywhere else."""
    return stated if _OWN_PATH.fullmatch(stated) else default


def page_number(request: Request, name: str = "page") -> int:
    """The number of the page asked for, 1 where it is none."""
    stated = request.query_params.get(name, "1")
    return max(1, int(stated)) if stated.isascii() and stated.isdigit() and len(stated) < 7 else 1


def day(request: Request, name: str) -> str:
    """An ISO day of the query, empty where none is given; 422 where it is no day."""
    stated = request.query_params.get(name, "")
    try:
        return date.fromisoformat(stated).isoformat() if stated else ""
    except ValueError:
        raise HTTPException(422, f"“{stated[:40]}” is no day: write it like 2026-01-31.") from None


def choice(request: Request, name: str, allowed: Sequence[str], default: str = "") -> str:
    """A query parameter that is one of `allowed`, else `default`."""
    stated = request.query_params.get(name, "")
    return stated if stated in allowed else default


def query(request: Request, **changes: str | int | None) -> str:
    """The query string of this page with some parameters changed, or left out where they are None or empty."""
    kept: Mapping[str, str | int | None] = {**dict(request.query_params), **changes}
    pairs = [f"{quote(name)}={quote(str(value), safe='')}" for name, value in kept.items() if value not in (None, "")]
    return "?" + "&".join(pairs)
