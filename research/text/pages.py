"""What kind of page an address and a title promise: the planner ranks by it, and the analysers read by it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from research.text.patterns import load_patterns

PAGE_TYPES: Final = (
    "home",
    "about",
    "leadership",
    "product",
    "press_release",
    "newsroom",
    "investor",
    "careers",
    "job",
    "customers",
    "case_study",
    "comparison",
    "partners",
    "contact",
    "blog",
    "legal",
    "filing",
    "other",
)

_HOME: Final = re.compile(r"^/?((index|default|home)(\.[a-z.]+)?)?$")
_INDEX: Final = re.compile(r"/(?:index|default)\.[a-z.]+$")
_LOCALE: Final = re.compile(r"^/[a-z]{2}([-_][a-z]{2})?(?=/|$)")


def page_type(url: str, title: str = "") -> str:
    """One of PAGE_TYPES for the page at `url`; the path decides, and the title where the path says nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address, such as one with a single bracket: indexes of archives hold such
        return "other"
    path = _INDEX.sub("/", _LOCALE.sub("", unquote(parts.path).lower())) or "/"
    if parts.scheme in ("http", "https") and _HOME.match(path) and not parts.query:
        return "home"
    return _first("path_", f"//{parts.hostname or ''}{path}") or _first("title_", title) or "other"


def _first(group: str, subject: str) -> str | None:
    """The first kind of a group whose pattern is found in `subject`."""
    rules = load_patterns("page_types").items()
    return next((name[len(group) :] for name, rule in rules if name.startswith(group) and rule.search(subject)), None)
