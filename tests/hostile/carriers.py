"""The ways by which an address gets from a stranger's site into a visit: each lays one out for the fault server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Final
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from .faulty_server import Answer, page, whole

Site = Mapping[str, Answer]
"""What a site answers, by path; other paths are not found."""
Carrier = Callable[[str], Site]

_WORDS: Final = "<p>We build pumps for farms, and have done so for forty years.</p>"
_XML: Final = "application/xml"


def _html(head: str = "", body: str = "") -> Answer:
    return page(
        f"<!doctype html><html lang=en><head><title>Pumps</title>{head}</head><body>{_WORDS}{body}</body></html>"
    )


def redirect(status: int) -> Carrier:
    """The home page leads on with that status."""
    return lambda url: {"/": whole(status, {"Location": url})}


def _head(markup: Callable[[str], str]) -> Carrier:
    return lambda url: {"/": _html(head=markup(escape(url, quote=True)))}


def _body(markup: Callable[[str], str]) -> Carrier:
    return lambda url: {"/": _html(body=markup(escape(url, quote=True)))}


def _refresh_header(url: str) -> Site:
    return {"/": whole(200, {"Content-Type": "text/html", "Refresh": f"0; url={url}"}, _WORDS.encode())}


def _sitemap(url: str) -> Site:
    return {"/": _html(), "/sitemap.xml": page(f"<urlset><url><loc>{xml(url)}</loc></url></urlset>", _XML)}


def _sitemap_index(url: str) -> Site:
    index = f"<sitemapindex><sitemap><loc>{xml(url)}</loc></sitemap></sitemapindex>"
    return {"/": _html(), "/sitemap.xml": page(index, _XML)}


def _robots_sitemap(url: str) -> Site:
    return {"/": _html(), "/robots.txt": page(f"User-agent: *\nAllow: /\nSitemap: {url}\n", "text/plain")}


def _feed(item: Callable[[str], str]) -> Carrier:
    link = '<link rel="alternate" type="application/rss+xml" href="/news.xml">'

    def carrier(url: str) -> Site:
        feed = f"<rss version='2.0'><channel><title>News</title><item>{item(url)}</item></channel></rss>"
        return {"/": _html(head=link), "/news.xml": page(feed, "application/rss+xml")}

    return carrier


def _sitemap_document(before: Callable[[str], str], loc: str = "") -> Carrier:
    def carrier(url: str) -> Site:
        text = f"<?xml version='1.0'?>{before(url)}<urlset><url><loc>{loc}</loc></url></urlset>"
        return {"/": _html(), "/sitemap.xml": page(text, _XML)}

    return carrier


def _entity(url: str) -> str:
    return f"<!DOCTYPE urlset [<!ENTITY x SYSTEM {quoteattr(url)}>]>"


def _xinclude(url: str) -> Site:
    include = f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href={quoteattr(url)}/>"
    return {"/": _html(), "/sitemap.xml": page(f"<urlset><url><loc>{include}</loc></url></urlset>", _XML)}


def _pdf_action(url: str) -> Site:
    """A PDF whose open action and link lead to the address; parentheses end a string there and are escaped."""
    target = url.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    action = f"<</S/URI/URI({target})>>"
    objects = (
        f"<</Type/Catalog/Pages 2 0 R/OpenAction {action}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A {action}>>]>>",
    )
    text = "%PDF-1.4\n" + "".join(f"{n} 0 obj{o}endobj\n" for n, o in enumerate(objects, 1))
    pdf = (text + "trailer<</Root 1 0 R>>\n").encode("utf-8", "surrogatepass")
    return {
        "/": _html(body='<a href="/report.pdf">Annual report</a>'),
        "/report.pdf": whole(200, {"Content-Type": "application/pdf"}, pdf),
    }


# The seven of the goal; "direct" is the address as the user gives it, and has no site.
CARRIERS: Final[Mapping[str, Carrier]] = {
    "redirect": redirect(302),
    "meta refresh": _head(lambda url: f'<meta http-equiv="refresh" content="0; url={url}">'),
    "sitemap entry": _sitemap,
    "feed entry": _feed(lambda url: f"<title>New pump</title><link>{xml(url)}</link>"),
    "canonical link": _head(lambda url: f'<link rel="canonical" href="{url}">'),
    "PDF link": _body(lambda url: f'<a type="application/pdf" href="{url}">Annual report (PDF)</a>'),
}

# Further ones, by the names that the shared matrix has for them.
MORE: Final[Mapping[str, Carrier]] = {
    "301": redirect(301),
    "302": redirect(302),
    "303": redirect(303),
    "307": redirect(307),
    "308": redirect(308),
    "meta": CARRIERS["meta refresh"],
    "refresh-header": _refresh_header,
    "sitemap-loc": _sitemap,
    "sitemapindex-loc": _sitemap_index,
    "robots-sitemap": _robots_sitemap,
    "feed-link": CARRIERS["feed entry"],
    "feed-enclosure": _feed(lambda url: f"<title>Film</title><enclosure url={quoteattr(url)} type='text/html'/>"),
    "opensearch": _head(lambda url: f'<link rel="search" type="application/opensearchdescription+xml" href="{url}">'),
    "html-base": lambda url: {"/": _html(head=f'<base href="{escape(url)}">', body='<a href="about">About</a>')},
    "html-a": _body(lambda url: f'<a href="{url}">About us</a>'),
    "link-canonical": CARRIERS["canonical link"],
    "link-alternate": _head(lambda url: f'<link rel="alternate" type="application/rss+xml" href="{url}">'),
    "img-src": _body(lambda url: f'<img src="{url}" alt="Pump">'),
    "pdf-uri-action": _pdf_action,
    "html-iframe": _body(lambda url: f'<iframe src="{url}"></iframe>'),
    "xml-external-entity": _sitemap_document(_entity, "&x;"),
    "xml-stylesheet": _sitemap_document(lambda url: f"<?xml-stylesheet href={quoteattr(url)} type='text/xsl'?>"),
    "xinclude": _xinclude,
    "svg-image": _body(lambda url: f'<svg><image xlink:href="{url}" href="{url}"/></svg>'),
    "css-import": _head(lambda url: f"<style>@import url('{url}');</style>"),
}
