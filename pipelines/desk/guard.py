"""What stands before every page of the desk: who may ask, how, and what a browser may do with the answer."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.desk.desk import Desk
from pipelines.desk.forms import BODY_LIMIT, read_form
from pipelines.desk.pages import refusal

TOKEN_FIELD: Final = "token"  # noqa: S105 (the name of a field)
TOKEN_HEADER: Final = "x-dossier-token"  # noqa: S105 (the name of a header)
_READS: Final = ("GET", "HEAD")
_WRITES: Final = ("POST", "PUT", "PATCH", "DELETE")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = ("application/json", "application/x-ndjson")
_FIXED: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: under it a browser sends `Origin: null` with the desk's own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
STYLE_HEADER: Final = "x-style-source"  # a page that brings its own style names its hash here; the guard takes it off


class Guard:
    """Refuses other host names (a page elsewhere may point its own name at this machine); a write needs the desk's own
    origin and this process's token, in the form or in a header; puts the security headers on each answer."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self.allowed_hosts = frozenset(desk.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(MutableHeaders(scope=message))
            await send(message)

        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is None and scope["method"] in _WRITES:
            body = await _body(receive)
            refused = self._refused_write(scope, headers, body)
            receive = _replay(body or b"", receive)
        await (refused or self.app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or host_name(hosts[0]) not in self.allowed_hosts:
            return refusal(scope, 421, "This desk answers on 127.0.0.1 only.")
        if scope["method"] not in (*_READS, *_WRITES):
            return refusal(scope, 405, "This desk knows no such method.")
        if _stated_length(headers) > BODY_LIMIT:
            return refusal(scope, 413, "That is more than the desk takes at once: send it in parts.")
        return None

    def _refused_write(self, scope: Scope, headers: Headers, body: bytes | None) -> Response | None:
        """Why a write is not let through, else None; what it brings is left in the scope."""
        if body is None:
            return refusal(scope, 413, "That is more than the desk takes at once: send it in parts.")
        if not _own_origin(headers):
            return refusal(scope, 403, "A page of another site tried to write here. Nothing was changed.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        stated = headers.get(TOKEN_HEADER, "")
        scope["desk.body"] = body
        try:
            if kind == _FORM:
                scope["desk.form"] = read_form(body)
                stated = stated or scope["desk.form"].one(TOKEN_FIELD)
            elif body and kind not in _JSON:
                return refusal(scope, 415, "The desk takes forms and JSON.")
        except HTTPException as error:
            return refusal(scope, error.status_code, error.detail)
        if not hmac.compare_digest(stated.encode("utf-8", "replace"), self.desk.token.encode()):
            return refusal(scope, 403, "The desk was started anew since this page was loaded: go back, load it again.")
        return None


def host_name(header: str) -> str:
    """The name of a Host header, without its port; empty where the header is no plain name and port."""
    name, colon, port = header.strip().lower().partition(":")
    return name if not colon or (port.isascii() and port.isdigit()) else ""


def _stated_length(headers: Headers) -> int:
    stated = headers.get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else 0


def _own_origin(headers: Headers) -> bool:
    """Whether a write comes from this desk's own pages: the origin is the host asked. A client that is no browser sends
    no origin; then the token must stand in a header, which no form of another site can set."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin"):
        return False
    return origin == f"http://{headers['host']}" if origin is not None else TOKEN_HEADER in headers


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is larger than BODY_LIMIT."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_LIMIT:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receiver that gives `body` once, for the app behind, and then what the server says."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again


def _secure(headers: MutableHeaders) -> None:
    own_style = headers.get(STYLE_HEADER, "")
    if own_style:
        del headers[STYLE_HEADER]
    style = f"style-src 'self' {own_style}".rstrip()
    own = "script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
    fixed = "base-uri 'none'; frame-ancestors 'none'"
    headers["content-security-policy"] = f"default-src 'none'; {style}; {own}; {fixed}"
    for name, value in _FIXED.items():
        headers[name] = value
