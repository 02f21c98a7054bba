"""What a page says of itself to machines: JSON-LD, OpenGraph and the older meta tags."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from lxml.etree import _Element

from research.extract.clean import fold

Json: TypeAlias = Any
"""What json.loads gives: it has no narrower type that a reader of foreign data could rely on."""

_LONGEST: Final = 500  # characters of a value; longer ones are prose, which the page's own text holds
_MAX_SCRIPT: Final = 1_000_000
_MAX_ITEMS: Final = 400
_ORGANIZATION: Final = ("organization", "corporation", "localbusiness", "store", "ngo", "company")
_KINDS: Final = {
    "Organization": (
        "legalName", "alternateName", "foundingDate", "numberOfEmployees", "founder", "founders", "tickerSymbol",
        "parentOrganization", "subOrganization", "industry", "address", "telephone", "email", "description",
    ),
    "Article": ("headline", "datePublished", "dateModified", "author", "publisher"),
    "Person": ("jobTitle", "worksFor"),
    "JobPosting": ("title", "datePosted", "hiringOrganization", "jobLocation", "employmentType"),
    "Product": ("brand", "category", "description"),
}  # fmt: skip
_NAMED: Final = frozenset(
    ("address", "telephone", "email", "description")
)  # keys that are ambiguous without their owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that JSON-LD describes: its kind (a key of _KINDS, or the type as it stands) and its values."""

    kind: str
    values: Mapping[str, Json]

    def text(self, key: str) -> str:
        """The value under `key` in words: a name, a number, an address on one line; empty where there is none."""
        return _words(self.values.get(key))[:_LONGEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfDescription:
    """All that a page's head says: JSON-LD items, and the first content of each meta name (lower case)."""

    items: tuple[Item, ...]
    meta: Mapping[str, str]
    canonical: str
    base: str = ""

    def first(self, kind: str) -> Item | None:
        """The first item of a kind, or None."""
        return next((item for item in self.items if item.kind == kind), None)


def describe(root: _Element) -> SelfDescription:
    """Read a page's self-description; broken JSON is passed over, as browsers do."""
    meta: dict[str, str] = {}
    canonical = base = ""
    for element in root.iter("meta", "link", "base"):
        if element.tag == "base":
            base = base or element.get("href", "").strip()
            continue
        if element.tag == "link":
            if not canonical and element.get("rel", "").lower() == "canonical":
                canonical = element.get("href", "")
            continue
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        content = fold(element.get("content") or "")
        if name and content:
            meta.setdefault(name, content)
    return SelfDescription(items=tuple(_items(root)), meta=meta, canonical=canonical.strip(), base=base)


def metadata_lines(page: SelfDescription) -> list[str]:
    """The values of interest as `key: value`, each once, in the page's order."""
    lines = {}
    for key, names in (("site_name", ("og:site_name",)), ("description", ("og:description", "description"))):
        value = next((page.meta[name] for name in names if name in page.meta), "")
        lines[f"{key}: {value[:_LONGEST]}"] = bool(value)
    for item in page.items:
        for key in ("name", *_KINDS.get(item.kind, ())):
            value = item.text(key)
            label = f"{item.kind} {key}" if key == "name" or key in _NAMED else key
            lines.setdefault(f"{label}: {value}", bool(value) and item.kind in _KINDS)
    return [line for line, full in lines.items() if full]


def metadata_pairs(page: SelfDescription) -> tuple[tuple[str, str], ...]:
    """`site_name canonical base author og_type organization_name organization_legal_name`, as far as the page says."""
    organization, article = page.first("Organization"), page.first("Article")
    author = (article.text("author") if article else "") or page.meta.get("author", "")
    pairs = {
        "site_name": page.meta.get("og:site_name", ""),
        "canonical": page.canonical,
        "base": page.base,
        "author": author or page.meta.get("article:author", ""),
        "og_type": page.meta.get("og:type", ""),
        "organization_name": organization.text("name") if organization else "",
        "organization_legal_name": organization.text("legalName") if organization else "",
    }
    return tuple((key, value[:_LONGEST]) for key, value in pairs.items() if value)


def _items(root: _Element) -> Iterator[Item]:
    left = _MAX_ITEMS
    for script in root.iter("script"):
        if "ld+json" not in script.get("type", "").lower() or not script.text or len(script.text) > _MAX_SCRIPT:
            continue
        for item in _flatten(_load(script.text)):
            if left == 0:
                return
            left -= 1
            yield item


def _load(text: str) -> Json:
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):  # not JSON, or nested beyond reason: the page shows nothing of it either
        return None


def _flatten(value: Json, depth: int = 0) -> Iterator[Item]:
    """The item, the items of a list or @graph, and those that stand in an item under the keys that hold things."""
    if depth > 6:
        return
    if isinstance(value, list):
        for part in value:
            yield from _flatten(part, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield Item(kind=_kind(value["@type"]), values=value)
        for key in (
            "@graph",
            "mainEntity",
            "publisher",
            "author",
            "employee",
            "member",
            "about",
            "itemListElement",
            "item",
        ):
            if key in value:
                yield from _flatten(value[key], depth + 1)


def _kind(kind: Json) -> str:
    names = [str(name).rsplit("/", 1)[-1] for name in (kind if isinstance(kind, list) else [kind])]
    for name in names:
        lower = name.lower()
        if lower.endswith(_ORGANIZATION):
            return "Organization"
        if lower.endswith(("article", "posting", "report", "pressrelease")) and lower != "jobposting":
            return "Article"
        if lower in ("product", "softwareapplication", "webapplication", "service", "productgroup"):
            return "Product"
    return names[0] if names else ""


def _words(value: Json) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (str, int, float)):
        return fold(str(value))
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(text for part in value[:20] if (text := _words(part))))
    if isinstance(value, dict):
        return _thing(value)
    return ""


def _thing(value: dict[str, Json]) -> str:
    """A thing by its name; an address by its parts; a quantity by its value or its range."""
    parts = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
    if any(part in value for part in parts):
        return ", ".join(text for part in parts if (text := _words(value.get(part))))
    low, high = _words(value.get("minValue")), _words(value.get("maxValue"))
    if low and high:
        return f"{low}-{high}"
    for key in ("name", "value", "address", "@value"):
        if text := _words(value.get(key)):
            return text
    return low
