"""What a page carries but does not show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lxml.etree import XPath, _Element

# Elements whose text is never shown as part of the page, or that are controls whose text is not prose.
UNSHOWN: Final = frozenset(
    (
        "script", "style", "template", "noscript", "svg", "iframe", "object", "canvas", "audio", "video", "picture",
        "img", "head", "meta", "link", "select", "option", "textarea", "input", "datalist", "map", "progress",
        "meter", "param",
    )
)  # fmt: skip
VOID: Final = frozenset(("embed", "source", "track"))
"""Elements without an end that the parser does not know as such, so that the rest of the page may stand in them."""
_COLLAPSED: Final = re.compile(
    r"display:none|visibility:(hidden|collapse)|(?<![-\w])(max-)?(width|height):0(px|%)?(;|!|$)|transform:scale\(0\)"
)
_CONCEALED: Final = re.compile(
    r"font-size:[01](px|pt|em|rem|%)?(;|!|$)|text-indent:-\d{3}|(?<![-\w])(left|right|top|bottom|margin-left|margin-top):-\d{3,}px"
    r"|clip:rect\(0|clip-path:inset\((50|100)%|(?<![-\w])color:transparent(?!.*background-clip)"
)
_OPACITY: Final = re.compile(r"(?<![-\w])opacity:0(\.0+)?(;|!|$)")
_COLOUR: Final = re.compile(r"(?<![-\w])color:([^;!]+)")
_GROUND: Final = re.compile(r"background(?:-color)?:([^;!]+)")
_SAME: Final = {"white": "#fff", "#ffffff": "#fff", "rgb(255,255,255)": "#fff", "black": "#000", "#000000": "#000"}
# A slide of a carousel that is not in front just now; its clones say nothing new.
_SLIDE: Final = re.compile(
    r"\b(slick|swiper|splide|glide|carousel|owl)(-|__)(slide|item)\b(?!.*\b[\w-]*(cloned|duplicate))"
)
_CONTROLLED: Final = XPath(
    "//@aria-controls | //@data-target | //@data-bs-target | //a[starts-with(@href, '#')]/@href", smart_strings=False
)


def controlled_ids(root: _Element) -> frozenset[str]:
    """The ids of the parts that a control on the page opens: tabs, accordions, questions with their answers."""
    values = _CONTROLLED(root)
    return frozenset(name.lstrip("#") for value in values for name in value.split())


def is_hidden(element: _Element, controlled: frozenset[str]) -> bool:
    """Whether the page itself hides the element, by attribute or by its own style: never by the look of a class name.

    A part that is only folded away, and that one of the page's own controls opens, is not hidden; nor is a slide of a
    carousel, or what a server streams ahead of its place (`S:` boxes of React). Text concealed in its place always is.
    """
    attributes = element.attrib
    style = _reading(attributes["style"], "data-w-id" in attributes) if "style" in attributes else ""
    if style == "concealed":
        return True
    folded = style or "hidden" in attributes or attributes.get("aria-hidden") == "true"
    folded = folded or (element.tag == "dialog" and "open" not in attributes)
    return bool(folded) and not _opens(attributes, controlled)


def _opens(attributes: Mapping[str, str], controlled: frozenset[str]) -> bool:
    name = attributes.get("id", "")
    if name in controlled or name.startswith("S:"):
        return bool(name)
    if _SLIDE.search(attributes.get("class", "")):
        return True
    role = attributes.get("role")
    return role == "tabpanel" or (role == "region" and "aria-labelledby" in attributes)


@lru_cache(maxsize=4096)
def _reading(style: str, animated: bool) -> str:
    """`concealed`, `folded` or nothing; `animated` elements fade in as they scroll into view, so that their opacity
    of nought is not meant to hide them."""
    flat = re.sub(r"\s+", "", style[:2000].lower())
    colour, ground = _COLOUR.search(flat), _GROUND.search(flat)
    if _CONCEALED.search(flat):
        return "concealed"
    if colour and ground and _SAME.get(colour[1], colour[1]) == _SAME.get(ground[1], ground[1]):
        return "concealed"
    if _COLLAPSED.search(flat) or (_OPACITY.search(flat) and not (animated or "transform" in flat)):
        return "folded"
    return ""
