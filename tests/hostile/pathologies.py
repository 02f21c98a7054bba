"""Pages and files that are made to hang, flood or break a parser; each is a few lines of ours."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

_FILING: Final = b"<p>Securities and Exchange Commission</p><p>Form 10-K</p><p>Commission file number 1</p>"
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Made = Callable[[], bytes]

HTML: Final[Mapping[str, Made]] = {
    "attributes": lambda: b"<div " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">x</div>",
    "attributes-quoted": lambda: b"<div " + b" ".join(b'a%d="<>"' % n for n in range(40_000)) + b">x</div>",
    "attribute-open": lambda: b'<div a="' + b"x" * 5_000_000,
    "depth": lambda: b"<div>" * 40_000 + b"x",
    "depth-inline": lambda: b"<b>" * 400_000 + b"x",
    "comments": lambda: b"<!--" * 200_000,
    "cdata": lambda: b"<![CDATA[" * 200_000 + b"x",
    "instructions": lambda: b"<?xml " * 200_000,
    "table": lambda: b"<table>" + b"<tr><td>1<td>2" * 1_000_000,
    "tables-nested": lambda: b"<table><tr><td>" * 20_000 + b"x",
    "line": lambda: b"<p>" + b"a " * 25_000_000,
    "word": lambda: b"<p>" + b"a" * 19_000_000,
    "entities": lambda: b"<p>" + b"&#x;" * 3_000_000,
    "breaks": lambda: b"<p>" + b"a<br>" * 3_000_000,
    "links": lambda: b"<a href=x>y</a>" * 1_000_000,
    "json-ld": lambda: b"<script type='application/ld+json'>" + b"[" * 400_000 + b"</script><p>x</p>",
    "metas": lambda: b"<meta name=a content=b>" * 700_000 + b"<p>x</p>",
    "headings": lambda: b"<h1>a</h1>" * 60_000,
    "formatting": lambda: b"<a><b><i><u><font><p>" * 20_000,
    "doctype": lambda: b"<!DOCTYPE html [" + b'<!ENTITY a "b">' * 100_000 + b"]><p>&a;</p>",
    "nul": lambda: b"<p>" + b"\x00" * 10_000_000 + b"x",
    "filing-lines": lambda: _FILING + b"<p>ITEM 1. Business</p>" * 300_000,
    "filing-depth": lambda: _FILING + b"<div>" * 40_000 + b"x",
    "filing-attributes": lambda: _FILING + b"<div " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">x</div>",
}
"""HTML pages that browsers' parsers and ours have hung on, by what they have too much of."""


def _zip(parts: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return held.getvalue()


_TYPES: Final = (
    b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' "
    b"ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Override PartName='/word/document.xml' "
    b"ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"
)
_RELATIONS: Final = (
    b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' "
    b"Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' "
    b"Target='word/document.xml'/></Relationships>"
)
_WORDS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(document: bytes, **more: bytes) -> bytes:
    """A Word file whose main part is `document`."""
    return _zip({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document, **more})


def paragraph(words: str, prolog: str = "") -> bytes:
    """A main part with one paragraph, whatever stands before it."""
    body = f"<w:document xmlns:w='{_WORDS}'><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    return f"<?xml version='1.0'?>{prolog}{body}".encode()


_LAUGHS: Final = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(10))
_LYING: Final = b"<w:document xmlns:w='%s'><w:body>" % _WORDS.encode()

WORD: Final[Mapping[str, Made]] = {
    "bomb": lambda: docx(b" " * 101_000_000),
    "bomb-many": lambda: _zip({f"word/{n}.xml": b"0" * 50_000 for n in range(5_100)} | {"word/document.xml": b"x"}),
    "bomb-below": lambda: docx(paragraph("a " * 30_000_000)),
    "laughs": lambda: docx(paragraph("&l9;", f"<!DOCTYPE d [{_LAUGHS}]>")),
    "external": lambda: docx(paragraph("&x;", "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")),
    "include": lambda: docx(
        b"<w:document xmlns:w='%s' xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd' "
        b"parse='text'/></w:document>" % _WORDS.encode()
    ),
    "depth": lambda: docx(_LYING + b"<w:tbl><w:tr><w:tc>" * 50_000),
    "cells": lambda: docx(_LYING + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 600_000 + b"</w:body></w:document>"),
    "nothing": lambda: docx(b""),
    "other": lambda: _zip({"word/other.xml": b"x"}),
}
"""Word files: bombs, entities, includes, depth."""

XML: Final[Mapping[str, Made]] = {
    "laughs": f"<!DOCTYPE r [{_LAUGHS}]><rss><channel><item><title>&l9;</title></item></channel></rss>".encode,
    "external": lambda: (
        b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title>"
        b"<link>https://a.example/</link></item></channel></rss>"
    ),
    "include": lambda: (
        b"<urlset xmlns:xi='http://www.w3.org/2001/XInclude'><url><loc>https://a.example/</loc>"
        b"<xi:include href='file:///etc/passwd' parse='text'/></url></urlset>"
    ),
    "depth": lambda: b"<urlset>" + b"<url>" * 400_000,
    "attributes": lambda: b"<urlset " + b" ".join(b"a%d='1'" % n for n in range(100_000)) + b"/>",
    "namespaces": lambda: b"<urlset " + b" ".join(b"xmlns:a%d='u%d'" % (n, n) for n in range(50_000)) + b"/>",
    "items": lambda: b"<rss><channel>" + b"<item><title>x</title><link>/a</link></item>" * 200_000,
    "text": lambda: b"<rss><channel><item><title>" + b"x" * 9_000_000,
    "json": lambda: b'{"items":' + b"[" * 3_000_000,
    "json-items": lambda: json.dumps({"items": [{"url": "https://a.example/", "title": "x"}] * 100_000}).encode(),
}
"""Feeds and sitemaps: entities, includes, depth, floods."""

MAIL: Final[Mapping[str, Made]] = {
    "parts": lambda: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3_000,
    "headers": lambda: b"".join(b"X-%d: y\n" % n for n in range(200_000)) + b"\nwords of a mail",
    "addresses": lambda: b"From: a\nTo: " + b"a@b.example, " * 100_000 + b"\n\nwords of a mail",
    "encoded": lambda: b"Subject: " + b"=?utf-8?q?x?= " * 50_000 + b"\n\nwords of a mail",
    "html-depth": lambda: b"Content-Type: text/html\n\n" + b"<div>" * 40_000 + b"x",
    "charset": lambda: b"Content-Type: text/plain; charset=nothing\n\nwords of a mail",
}  # fmt: skip
"""Mails: nested parts, floods of headers."""

TEXT: Final[Mapping[str, Made]] = {
    "emphasis": lambda: b"*a " * 400_000,
    "links": lambda: b"[" * 300_000 + b"](" * 100,
    "rules": lambda: b"|--" * 500_000,
    "underlines": lambda: b"a\n=\n" * 300_000,
    "blanks": lambda: b"\n \n" * 3_000_000 + b"x",
    "lines": lambda: b"a line of words\n" * 500_000,
    "code": lambda: b"`a" * 500_000,
}
"""Markdown and plain text that regular expressions could take long for."""

MEDIA: Final = {"html": "text/html", "word": _DOCX, "mail": "message/rfc822", "text": "text/markdown"}
