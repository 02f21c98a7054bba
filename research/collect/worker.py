"""What a child that reads for a plan does: a page's links, a feed's entries or a sitemap's addresses."""

from __future__ import annotations

from typing import Any

from research.collect.readers import Here
from research.text.codec import encode


def warm_up() -> None:
    """Nothing: importing this module has loaded the parser."""


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What `head` asks of `body`, as JSON; ValueError for a question that nobody asks."""
    here = Here()
    match head["read"]:
        case "links":
            return {"found": encode(here.links(body, head["url"], head["charset"]))}
        case "feed":
            return {"found": encode(here.feed(body, head["url"]))}
        case "sitemap":
            return {"found": encode(here.sitemap(body))}
    raise ValueError(f"nothing reads {head['read']!r}")
