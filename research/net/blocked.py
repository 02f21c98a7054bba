"""Pages that a site shows to robots instead of what was asked for."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

# What the interstitials of the common gatekeepers say, in lower case; each is specific enough to stand alone on an
# error page. On a page that came with status 200 it counts only where little else is said (see _MAX_WORDS).
_MARKS: Final = (
    ("enable javascript and cookies to continue", "the site asks for a browser with JavaScript and cookies"),
    ("checking your browser before accessing", "the site checks for a browser"),
    ("checking if the site connection is secure", "the site checks for a browser"),
    ("verify you are human", "the site asks for a captcha"),
    ("verify that you are human", "the site asks for a captcha"),
    ("verifying you are human", "the site asks for a captcha"),
    ("are you a robot", "the site asks for a captcha"),
    ("i'm not a robot", "the site asks for a captcha"),
    ("you are not a robot", "the site asks for a captcha"),
    ("complete the captcha", "the site asks for a captcha"),
    ("complete the security check", "the site asks for a captcha"),
    ("px-captcha", "the site asks for a captcha"),
    ("cf_chl_opt", "the site checks for a browser"),
    ("cf-browser-verification", "the site checks for a browser"),
    ("_incapsula_resource", "the site checks for a browser"),
    ("request unsuccessful. incapsula", "the site turned the request away"),
    ("captcha-delivery.com", "the site asks for a captcha"),
    ("attention required! | cloudflare", "the site turned the request away"),
    ("sorry, you have been blocked", "the site turned the request away"),
    ("you don't have permission to access", "the site turned the request away"),
    ("unusual traffic from your", "the site turned the request away"),
    ("pardon our interruption", "the site checks for a browser"),
    ("ddos protection by", "the site checks for a browser"),
    ("ddos-guard", "the site checks for a browser"),
    ("<title>just a moment", "the site checks for a browser"),
    ("<title>one moment, please", "the site checks for a browser"),
    ("<title>robot check", "the site asks for a captcha"),
    ("<title>human verification", "the site asks for a captcha"),
    ("<title>security check", "the site asks for a captcha"),
    ("<title>access denied", "the site turned the request away"),
    ("<title>access to this page has been denied", "the site turned the request away"),
    ("sucuri website firewall", "the site turned the request away"),
    ("vercel security checkpoint", "the site checks for a browser"),
    ("client challenge", "the site checks for a browser"),
    ("gokuprops", "the site checks for a browser"),
    ("awswafintegration", "the site checks for a browser"),
    ("press & hold to confirm", "the site asks for a captcha"),
    ("please wait while your request is being verified", "the site checks for a browser"),
    ("we need to verify that you're not a robot", "the site asks for a captcha"),
    ("please enable javascript to view", "the page needs JavaScript"),
    ("you need to enable javascript to run this app", "the page needs JavaScript"),
)
_REFUSALS: Final = {
    401: "the site asks for a password",
    403: "the site turned the request away",
    429: "too many requests",
}
_BLOCKING: Final = frozenset({401, 403, 405, 406, 429, 503})  # the statuses with which gatekeepers answer
_MAX_WORDS: Final = 150  # interstitials say less; the shortest real pages that mention a captcha (forms) say more
_MAX_LINKS: Final = (
    20  # a gatekeeper links its maker, its terms and its help; a page with more is not searched for marks
)
_HEAD_BYTES: Final = 200_000
_HIDDEN: Final = re.compile(rb"<(script|style|svg|template)\b.*?(</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(rb"<[^<>]*>")


def refusal_of_status(status: int, body: bytes, challenge: str = "") -> str:
    """The reason why an answer with an error status is not read; `challenge` is the header that gatekeepers set."""
    why = (
        _mark(body[:_HEAD_BYTES].lower())
        or ("the site checks for a browser" if challenge else None)
        or _REFUSALS.get(status)
    )
    if why and status in _BLOCKING:
        return f"blocked: {why} (HTTP {status})"
    return f"HTTP {status} ({_phrase(status)})"


def interstitial(body: bytes) -> str | None:
    """The reason why an HTML body is no page but a gatekeeper's check, or None where it is a page."""
    if len(body) > _HEAD_BYTES or body.count(b"</a>") > _MAX_LINKS:
        return None
    why = _mark(body.lower())
    return f"blocked: {why}" if why and _words(body) <= _MAX_WORDS else None


def _mark(text: bytes) -> str | None:
    plain = text.replace("’".encode(), b"'").replace(b"&#39;", b"'").decode("utf-8", "replace")
    return next((why for mark, why in _MARKS if mark in plain), None)


def _words(body: bytes) -> int:
    return len(_TAG.sub(b" ", _HIDDEN.sub(b" ", body)).split())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "no known status"
