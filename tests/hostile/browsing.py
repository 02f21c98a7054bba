"""Pages in a real browser, with and without their own policy: what ran, and what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from lxml import html

_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_POLICY: Final = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>")


def tags(page: str) -> set[str]:
    """The names of a page's elements."""
    return {element.tag for element in html.document_fromstring(page).iter() if isinstance(element.tag, str)}


def faults_of(page: str, allowed: set[str]) -> list[str]:
    """What in a parsed page could run or load: foreign elements, handlers, addresses that are none of http."""
    found = []
    for element in html.document_fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag not in allowed:
            found.append(f"element {element.tag}")
        for name, value in element.attrib.items():
            if name.startswith("on") or name in ("srcdoc", "formaction", "action", "src"):
                found.append(f"attribute {name}")
            if name in ("href", "xlink:href") and not value.startswith(("#", "http://", "https://")):
                found.append(f"address {value[:40]}")
    return found


def what_happened(chromium: str, pages: Sequence[str], folder: Path) -> list[str]:
    """Everything that a page ran, opened or asked for, by its number; each page twice, once without its policy, so that
    the escaping is tried and not the policy alone."""
    from playwright.sync_api import sync_playwright

    happened: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        page = browser.new_page()
        current = [""]
        page.on("dialog", lambda dialog: _dismiss(dialog, current[0], happened))
        page.on("request", lambda request: _note(request.url, current[0], happened))
        page.on("popup", lambda _: happened.append(f"{current[0]}: popup"))
        for number, text in enumerate(pages):
            for kind, body in (("as written", text), ("without policy", _POLICY.sub("", text))):
                current[0] = f"page {number} {kind}"
                happened += _visit(page, folder, body, current[0])
        browser.close()
    return happened


def _visit(page: Any, folder: Path, body: str, name: str) -> list[str]:
    place = folder / "page.html"
    place.write_text(body, encoding="utf-8", errors="replace")
    page.goto(place.as_uri())
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for event in ("mouseover", "focus", "click"):
        page.evaluate(
            "event => document.querySelectorAll('svg, li, b, span, blockquote').forEach(one => one.dispatchEvent(new Event(event)))",
            event,
        )
    scripts = page.evaluate("document.scripts.length")
    return [f"{name}: {scripts} scripts"] if scripts else []


def _dismiss(dialog: Any, name: str, happened: list[str]) -> None:
    happened.append(f"{name}: dialog")
    dialog.dismiss()


def _note(url: str, name: str, happened: list[str]) -> None:
    if not url.endswith("/page.html"):
        happened.append(f"{name}: asked for {url[:80]}")
