"""A page's text into a tree, within limits."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from research.extract.html_blocks import PageRefused
from research.extract.limits import MAX_ATTRIBUTES

_SHORTEST: Final = 2 * MAX_ATTRIBUTES  # characters that so many attributes take at least: `a `
_ATTRIBUTE: Final = (
    r"(?:[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+|[\s/]*+=[^\s/>=]*+)"
)
# A tag as browsers read it, whatever stands in its quotes; comments and scripts are passed over as a whole. A tag that
# could have too many attributes is long, and is looked at again alone; the short ones cost one step of this pattern.
_TAG: Final = re.compile(
    rf"<!--(?:.*?-->|.*\Z)|<(?P<raw>script|style)\b[^>]*+>(?:.*?</(?P=raw)|.*\Z)|<[a-z][^\s/>]*+{_ATTRIBUTE}*+",
    re.IGNORECASE | re.DOTALL,
)
_MANY: Final = re.compile(rf"<[a-zA-Z][^\s/>]*+{_ATTRIBUTE}{{{MAX_ATTRIBUTES + 1}}}")


def parse(text: str) -> etree._Element:
    """The tree of a page (an empty one where there is nothing to read); raises PageRefused."""
    refuse_attributes(text)
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


def refuse_attributes(text: str) -> None:
    """Raises PageRefused for a tag with more attributes than MAX_ATTRIBUTES, before a parser sees it."""
    for match in _TAG.finditer(text):
        if match.end() - match.start() > _SHORTEST and _MANY.match(text, match.start()):
            raise PageRefused(f"a tag has more than {MAX_ATTRIBUTES} attributes")
