"""What the tag, class, id and role of an element hint at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml.etree import _Element

# Words that page authors use in class, id and role, by what they mark; each group is one bit of a mask.
_WORDS: Final = {
    "nav": r"nav|menu|breadcrumb|breadcrumbs|pagination|pager|topbar|navbar|toc|sitemap|skip|tab|tabs",
    "header": r"header|masthead|banner|topnav|brand|logo",
    "footer": r"foot|footer|colophon|copyright|subfooter",
    "side": r"side|sidebar|aside|rail|widget|widgets|secondary|complementary",
    "main": r"main|content|contents|article|post|entry|body|story|richtext|rte|prose|markdown|wysiwyg|text|copy"
            r"|description",
    "cookie": r"cookie|cookies|consent|gdpr|ccpa|onetrust|cookiebot|cookielaw|cc|cmp|optanon",
    "related": r"related|recommend|recommended|recommendations|similar|more|popular|trending|latest|recent|also"
               r"|suggested|upsell",
    "social": r"share|sharing|social|follow|twitter|facebook|linkedin|addthis|addtoany",
    "comment": r"comment|comments|disqus|respond|reply|discussion|feedback|rating",
    "advert": r"ad|ads|advert|advertisement|sponsor|sponsored|promo|promotion|banner|adslot|dfp|outbrain|taboola",
    "form": r"form|subscribe|newsletter|signup|login|register|search|mailchimp|hubspot|hs|input|field|checkout|cart",
    "overlay": r"modal|popup|overlay|dialog|lightbox|tooltip|toast|notification|alert|dropdown|drawer|offcanvas"
               r"|megamenu|mega",
    "hero": r"hero|jumbotron|intro|lead|headline|title|subtitle|lede",
    "byline": r"meta|byline|author|date|time|tag|tags|category|categories|taxonomy|published|avatar|bio",
    "card": r"card|cards|tile|tiles|grid|item|teaser|box|listing|list|carousel|slider|slide|swiper|slick|gallery"
            r"|product|products",
    "quote": r"testimonial|testimonials|quote|review|reviews|case|cases",
    "call": r"cta|button|btn|action|callout|contact|demo|download",
    "faq": r"faq|faqs|accordion|question|answer|toggle|collapse|panel",
    "section": r"section|row|container|wrapper|block|column|col|feature|features|service|services|about",
    "contact": r"contact|contacts|address|vcard|location|locations|phone|tel|email|adr|office|offices",
    "person": r"team|member|members|person|people|staff|leader|leadership|executive|management|founder|bio|profile"
              r"|speaker",
}  # fmt: skip
_TAGS: Final = {
    "nav": "nav", "header": "header", "footer": "footer", "aside": "side", "main": "main", "article": "main",
    "form": "form",
    "dialog": "overlay", "address": "contact", "fieldset": "form", "figure": "card", "section": "section",
    "button": "call",
}  # fmt: skip
_ROLES: Final = {
    "navigation": "nav", "menu": "nav", "menubar": "nav", "banner": "header", "contentinfo": "footer", "search": "form",
    "complementary": "side", "main": "main", "article": "main", "dialog": "overlay", "alertdialog": "overlay",
    "form": "form",
}  # fmt: skip

HINTS: Final = ("tag", *_WORDS)
"""Names of the bits: `tag` is set where tag or role (and not a class name) gave one of the others."""
BIT: Final = {name: 1 << number for number, name in enumerate(HINTS)}
_GROUP: Final = {word: BIT[name] for name, words in reversed(_WORDS.items()) for word in words.split("|")}
_SPLIT: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_UNHINTED: Final = frozenset(("html", "body", "p", "li", "tr", "td", "th", "tbody", "thead", "br", "center"))


def hints_of(element: _Element, tag: str) -> tuple[int, str]:
    """The mask of an element and its signature (tag and class), by which repeated siblings are known."""
    if not element.attrib:
        name = _TAGS.get(tag)
        return (BIT[name] | BIT["tag"] if name else 0), tag
    named = "" if tag in ("html", "body") else element.get("class", "")
    return _mask(tag, named, element.get("id", ""), element.get("role", "")), f"{tag} {named}"


@lru_cache(maxsize=8192)
def _mask(tag: str, named: str, identifier: str, role: str) -> int:
    mask = 0
    for name in (_TAGS.get(tag), _ROLES.get(role)):
        if name:
            mask |= BIT[name] | BIT["tag"]
    if tag in ("html", "body"):
        return mask
    for word in _SPLIT.findall(f"{named[:300]} {identifier[:100]}"):
        mask |= _GROUP.get(word.lower(), 0)
    return mask
