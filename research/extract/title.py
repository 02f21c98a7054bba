"""The title of a page, without the name of its site."""

from __future__ import annotations

import re
from typing import Final

from research.extract.clean import fold
from research.text.names import company_key

_PARTS: Final = re.compile(r"\s+[|\-–—:·•»›]{1,2}\s+|\s*[|»›·•]\s*")


def page_title(*, open_graph: str, heading: str, document: str, site: str) -> str:
    """The first that the page gives of og:title, its <title> and its only h1, cut to what is about the page.

    A part of the title that is the site's name goes; of a title whose one part is the page's heading, that stays.
    """
    title = fold(open_graph) or fold(document)
    heading = fold(heading)
    if not title:
        return heading
    parts = [part for part in _PARTS.split(title) if part]
    if len(parts) < 2:
        return title
    if heading and any(company_key(part) == company_key(heading) for part in parts):
        return heading
    site_key = company_key(site)
    kept = [part for part in parts if not _names_site(company_key(part), site_key)]
    if not kept:
        return parts[0]
    if len(kept) == len(parts):
        return title
    first = title.index(kept[0])
    return title[first : title.rindex(kept[-1]) + len(kept[-1])]


def _names_site(part: str, site: str) -> bool:
    if not site:
        return False
    return part == site or part.replace(" ", "") == site.replace(" ", "")
