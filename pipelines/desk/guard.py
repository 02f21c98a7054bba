"""What stands before every page of the desk: who may ask, how, and what a browser may do with the answer."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Refuses other host names (a page elsewhere may point its own name at this machine) and every method that could
    write; puts the security headers on each answer, refusals too."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: tuple[str, ...]) -> None:
        self.app = app
        self.allowed_hosts = frozenset(allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(MutableHeaders(scope=message))
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if host_name(Headers(scope=scope).get("host", "")) not in self.allowed_hosts:
            return PlainTextResponse("This desk answers on 127.0.0.1 only.", status_code=421)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("This desk only reads.", status_code=405, headers={"allow": "GET, HEAD"})
        return None


def host_name(header: str) -> str:
    """The name of a Host header, without its port; empty where the header is no plain name and port."""
    name, colon, port = header.strip().lower().partition(":")
    return name if not colon or port.isdigit() else ""


def _secure(headers: MutableHeaders) -> None:
    own_style = headers.get("x-style-source", "")
    if own_style:
        del headers["x-style-source"]
    policy = f"default-src 'none'; style-src 'self' {own_style}".rstrip()
    headers["content-security-policy"] = f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    for name, value in _FIXED.items():
        headers[name] = value
