"""Changes of one account as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET  # nosec B405 (it writes feeds here and reads nothing)

from research.export.as_changes import change_text
from research.export.as_news import headline
from research.export.notes import safe_link
from research.model.account import Account
from research.model.change import ToldChange

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
# What XML 1.0 may not hold (section 2.2): a page can, and a feed with it would not be read at all.
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://account-dossier.example/changes")


def to_atom(account: Account, changes: Sequence[ToldChange], updated: str) -> bytes:
    """The feed as UTF-8 XML, an entry a change in the order given; ids depend on account and change alone, `updated` is
    the moment of the newest change, and of a feed without any the one given."""
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _id(account.id))
    _add(feed, "title", f"{account.name}: changes")
    _add(feed, "updated", max((_instant(c.at) for c in changes), default=_instant(updated)))
    _add(feed, "generator", "Account Dossier")
    _add(_add(feed, "author"), "name", "Account Dossier")
    for change in changes:
        _entry(feed, account, change)
    ET.register_namespace("", _ATOM)
    ET.indent(feed, " ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="utf-8") + b"\n"


def _entry(feed: ET.Element, account: Account, change: ToldChange) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", _id(f"{account.id}/{change.id}"))
    _add(entry, "title", f"{change.change}: {headline(change)}")
    _add(entry, "updated", _instant(change.at))
    _add(entry, "category").set("term", change.topic)
    link = safe_link(change.url_after or change.url_before)
    if link:
        found = _add(entry, "link")
        found.set("rel", "alternate")
        found.set("href", link)
    _add(entry, "content", change_text(change)).set("type", "text")


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text:
        child.text = _ILLEGAL.sub("", text)
    return child


def _id(key: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, key)}"


def _instant(iso: str) -> str:
    """The date-time as RFC 3339 wants it, with its offset."""
    stated = datetime.fromisoformat(iso)
    return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")
