"""A brief as one printable page: no script, nothing loaded from anywhere. The one door to jinja2 in this room."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from research.export.shield import shortened
from research.export.view import page
from research.model.draft import Brief

if TYPE_CHECKING:
    from jinja2 import Environment

# Control characters that no page may hold, and marks that turn the direction of the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_html(brief: Brief, *, links: Sequence[tuple[str, str]] = (), shelf: str = "") -> bytes:
    """The brief as one self-contained UTF-8 page, equal bytes for equal briefs.

    `links` are (words, address) pairs of our own for a bar above the page; a file that is handed on has none. `shelf`
    is where the lists of documents stand instead of on the page, which then shows the best quote of each finding.
    """
    template = _environment().get_template("brief.html")
    return template.render(page=page(brief), css=_css(), links=links, shelf=shelf).encode("utf-8")


@cache
def style_source() -> str:
    """The page's style as a Content-Security-Policy source, for a server that sends the page."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(_css().encode("utf-8")).digest()).decode("ascii") + "'"


@cache
def _css() -> str:
    from markupsafe import Markup

    return Markup(files("research.export").joinpath("templates", "brief.css").read_text("utf-8"))  # noqa: S704 (our own file)  # nosec B704


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("research.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_seen,
    )
    environment.filters["shortened"] = shortened
    return environment


def _seen(value: object) -> object:
    """A printed string without characters that hide or turn text."""
    return _UNSEEN.sub("", value) if type(value) is str else value
