"""A page's text into a tree, within limits."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from research.extract.html_blocks import PageRefused

MAX_BYTES: Final = 20_000_000  # the limit of what is fetched as HTML
MAX_ATTRIBUTES: Final = 512  # of one tag; libxml2 needs seconds for 40,000
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{4000,}")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


def parse(text: str) -> etree._Element:
    """The tree of a page (an empty one where there is nothing to read); raises PageRefused."""
    if any(_attributes(match[0]) > MAX_ATTRIBUTES for match in _LONG_TAG.finditer(text)):
        raise PageRefused(f"a tag has more than {MAX_ATTRIBUTES} attributes")
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # "Document is empty"
        root = None
    except etree.XMLSyntaxError as error:
        if error.code in (0, etree.ErrorTypes.ERR_NO_MEMORY):  # it recovers from all else
            raise MemoryError from error
        raise PageRefused(f"not readable as HTML ({error.msg})") from error
    return etree.Element("html") if root is None else root


def _attributes(tag: str) -> int:
    return len(_QUOTED.sub("", tag).split())
