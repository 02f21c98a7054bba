"""Which addresses belong to a site and are worth a request, and why the others are not."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qsl

from research.text.urls import MAX_URL, host, normalise, parse, registrable_domain

_REMEMBERED: Final = 1 << 15  # addresses; navigation repeats the same ones on every page
MAX_PATH_DEPTH: Final = 20
MAX_SAME_SEGMENT: Final = 2
MAX_PARAMETERS: Final = 4

# Subdomains on which companies present themselves; documentation, help, log-in and shops stand on others.
_PRESENTING_NAMES: Final = (
    "www ir investor investors careers career jobs news newsroom press media about blog corporate company corp global "
    "en group team people partners customers"
)
_PRESENTING: Final = frozenset(_PRESENTING_NAMES.split())
_ASSET_ENDINGS: Final = (
    "jpg jpeg png gif webp svg ico bmp tif tiff avif css js mjs map woff woff2 ttf otf eot mp3 mp4 m4a m4v webm ogg "
    "wav avi mov wmv flv exe msi dmg pkg deb rpm apk iso bin jar ics vcf swf"
)
_ASSETS: Final = frozenset(_ASSET_ENDINGS.split())
_UNREAD_ENDINGS: Final = "doc ppt pptx pps ppsx xls xlsx csv rtf odt ods odp epub zip gz tgz rar 7z tar"
_UNREAD: Final = frozenset(_UNREAD_ENDINGS.split())
# First segments and subdomains of two letters that say a language (with a region, all of _ISO_LANGUAGES do). Left out
# are those that sites in English use for something else: us, uk, in, it, is, no, id, my, to, be, at, or.
_LANGUAGES: Final = {
    "de": "de", "fr": "fr", "es": "es", "pt": "pt", "br": "pt", "ja": "ja", "jp": "ja", "zh": "zh", "cn": "zh",
    "tw": "zh", "hk": "zh", "ko": "ko", "kr": "ko", "nl": "nl", "pl": "pl", "ru": "ru", "sv": "sv", "se": "sv",
    "da": "da", "dk": "da", "fi": "fi", "tr": "tr", "cs": "cs", "cz": "cs", "ar": "ar", "he": "he", "vi": "vi",
    "th": "th", "hu": "hu", "ro": "ro", "el": "el", "en": "en",
}  # fmt: skip
_OTHER_LANGUAGES: Final = "it no nb id is uk bg hr sk sl et lv lt ms hi"
_ISO_LANGUAGES: Final = frozenset(_LANGUAGES.values()) | frozenset(_OTHER_LANGUAGES.split())
_LOCALE: Final = re.compile(r"^([a-z]{2})[-_]([a-z]{2,4})$")
_CALENDAR: Final = re.compile(
    r"/(calendar|calendrier|kalender)/|/events?/(day|week|month|list|today)/|[?&](ical|tribe-bar-date|eventdate|month|day|week)="
    r"|/events?/(19|20)\d\d-\d\d"
)
_NO_CONTENT: Final = re.compile(
    r"/(wp-json|wp-admin|wp-login|xmlrpc|cdn-cgi|cart|basket|checkout|log-?in|sign-?in|sign-?up|log-?out|register|my-account"
    r"|account|search|unsubscribe|print)(/|$|\.|\?)|[?&](s|q|query|search|replytocom|add-to-cart|share|print|sort|order|filter)="
)
_SESSION: Final = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


@lru_cache(maxsize=_REMEMBERED)
def canonical(url: str) -> str | None:
    """The one spelling under which an address is asked for; None where it is no web address, or carries credentials."""
    if "@" in url and (parsed := parse(url)) and (parsed.username or parsed.password):
        return None
    return normalise(_SESSION.sub("", url))


@lru_cache(maxsize=_REMEMBERED)
def page_key(url: str) -> str:
    """Equal for addresses that differ in scheme, `www.`, a closing slash or an index file only."""
    rest = (canonical(url) or url).partition("://")[2].removeprefix("www.")
    path, mark, query = rest.partition("?")
    return re.sub(r"/(index\.(html?|php|aspx?))?$", "", path) + mark + query


@lru_cache(maxsize=_REMEMBERED)
def site_of(url: str) -> str:
    """What one owner holds: the registrable domain; of an IP address or a local name, host and port."""
    name = host(url)
    if "." not in name or _is_address(name.strip("[]")):
        parsed = parse(url)
        return f"{name}:{parsed.port if parsed else ''}"
    return registrable_domain(name)


def presents(url: str, start_hosts: frozenset[str]) -> bool:
    """Whether the host is one of the start's own, or a subdomain on which companies present themselves."""
    name = host(url)
    return name in start_hosts or name == registrable_domain(url) or name.partition(".")[0] in _PRESENTING


@lru_cache(maxsize=_REMEMBERED)
def ending(url: str) -> str:
    """The ending of the path's last part in lower case, empty where it has none."""
    last = _path(url).rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""


def is_asset(url: str) -> bool:
    """Whether the ending promises an image, a script, a film or the like: nothing with words."""
    return ending(url) in _ASSETS


def unread(url: str) -> str | None:
    """Why an address is not asked for although it belongs to the site, or None where it may be."""
    if ending(url) in _UNREAD:
        return f"files of type .{ending(url)} are not read"
    return _trap(url)


def language_of(url: str) -> str | None:
    """The language that the address itself names (`/de/…`, `/fr-ca/…`, `jp.example.com`), or None."""
    first = _path(url).strip("/").partition("/")[0].lower()
    match = _LOCALE.match(first)
    if match and match[1] in _ISO_LANGUAGES:
        return match[1]
    sub = host(url).partition(".")[0] if host(url) != registrable_domain(url) else ""
    return _LANGUAGES.get(first) or _LANGUAGES.get(sub)


def _trap(url: str) -> str | None:
    segments = [segment for segment in _path(url).split("/") if segment]
    lower = url.lower()
    if len(url) > MAX_URL:
        return f"the address is longer than {MAX_URL:,} characters"
    if len(segments) > MAX_PATH_DEPTH:
        return f"the address has more than {MAX_PATH_DEPTH} levels"
    if max(Counter(segments).values(), default=0) > MAX_SAME_SEGMENT:
        return "the address repeats itself"
    if len(parse_qsl(url.partition("#")[0].partition("?")[2])) > MAX_PARAMETERS:
        return "the address is one of many filters"
    if _CALENDAR.search(lower):
        return "a calendar has no end"
    return "a form, a search or a personal page" if _NO_CONTENT.search(lower) else None


def _path(url: str) -> str:
    """The path of an address that one parser has spelled already; it is not parsed again, and by no other."""
    return "/" + url.partition("://")[2].partition("#")[0].partition("?")[0].partition("/")[2]


def _is_address(name: str) -> bool:
    if not name[-1:].isdigit() and ":" not in name:
        return False  # a name: an address of either kind ends in a digit or has colons
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
