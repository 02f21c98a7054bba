"""What a page carries but does not show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
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
    r"|(?<![-\w])(left|right|top|bottom|margin-left|margin-top|text-indent):-\d{2,}r?em|translate[xy3d]*\([^)]*-\d{4,}px"
    r"|^(?=.*(?<![-\w])width:1px)(?=.*(?<![-\w])height:1px)(?=.*overflow:hidden)"
    r"|(?<![-\w])color:(rgb|hsl)a?\([^)]*[,/]0?(\.0+)?%?\)(?!.*background-clip)|clip:rect\(0|clip-path:inset\((50|100)%|(?<![-\w])color:transparent(?!.*background-clip)"
)
_OPACITY: Final = re.compile(r"(?<![-\w])opacity:(0?\.0[0-4]?\d*|0)%?(;|!|$)")
_COLOUR: Final = re.compile(r"(?<![-\w])color:([^;!]+)")
_GROUND: Final = re.compile(r"background(?:-color)?:([^;!]+)")
_NAMED: Final = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_RGB: Final = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,1(?:\.0)?)?\)")
_ALIKE: Final = 12  # of 255 in each channel: WCAG's contrast is then below 1.1, and nobody reads it
_UPWARDS: Final = 30  # elements above that are asked for their ground
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
    if style == "concealed" or ("style" in attributes and _blends_in(element)):
        return True
    folded = style or "hidden" in attributes or attributes.get("aria-hidden") == "true"
    folded = folded or (element.tag == "dialog" and "open" not in attributes)
    return bool(folded) and not _opens(attributes, controlled)


def _blends_in(element: _Element) -> bool:
    """Whether an element's own colour is that of the nearest ground that one above it sets by style or `bgcolor`."""
    flat = re.sub(r"\s+", "", element.attrib["style"][:2000].lower())
    colour = _COLOUR.search(flat)
    wanted = _rgb(colour[1]) if colour and not _GROUND.search(flat) else None
    if wanted is None:
        return False
    for above in islice(element.iterancestors(), _UPWARDS):
        style = re.sub(r"\s+", "", above.get("style", "")[:2000].lower())
        ground = _GROUND.search(style)
        stated = ground[1] if ground else above.get("bgcolor", "").strip().lower()
        if stated:
            return _alike(wanted, _rgb(stated))
    return False


@lru_cache(maxsize=1024)
def _rgb(text: str) -> tuple[int, int, int] | None:
    """The channels of a colour as styles write it, None of what is no plain colour."""
    if text in _NAMED:
        return _NAMED[text]
    if match := _RGB.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    digits = text[1:]
    if text[:1] != "#" or len(digits) not in (3, 6) or not all(char in "0123456789abcdef" for char in digits):
        return None
    whole = "".join(char * 2 for char in digits) if len(digits) == 3 else digits
    return int(whole[:2], 16), int(whole[2:4], 16), int(whole[4:], 16)


def _alike(one: tuple[int, int, int] | None, other: tuple[int, int, int] | None) -> bool:
    return one is not None and other is not None and all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))


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
    if colour and ground and (colour[1] == ground[1] or _alike(_rgb(colour[1]), _rgb(ground[1]))):
        return "concealed"
    if _COLLAPSED.search(flat) or (_OPACITY.search(flat) and not (animated or "transform" in flat)):
        return "folded"
    return ""
