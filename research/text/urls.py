"""Addresses, decided by one WHATWG parser (ada)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode

import ada_url

from research.text.suffixes import private_suffix

MAX_URL: Final = 2_083  # characters; what Internet Explorer took, and no real page needs more

# Parameters that name a visit and not a page (Google Analytics, the ad networks, mailers, session ids).
_TRACKING = frozenset(
    "utm_source utm_medium utm_campaign utm_term utm_content utm_id gclid gclsrc dclid fbclid msclkid mc_cid mc_eid "
    "_hsenc _hsmi hsctatracking igshid yclid sessionid phpsessid jsessionid sid".split()
)

_REMEMBERED: Final = 1 << 12  # addresses: a planner asks several things of one before it turns to the next
_UNCLEAN = re.compile(r"[\x00- \x7f\\]")
_NUMERIC = re.compile(r"[\d.]+|\[[0-9a-f:.]+\]")


def parse(url: str) -> ada_url.URL | None:
    """The address as a browser reads it, or None where a browser would refuse it."""
    try:
        return ada_url.URL(url.strip())
    except ValueError:
        return None


def flaw(url: str) -> str | None:
    """Why an address is not asked for as it is written, whatever parsers make of it, or None: two of them may disagree
    about a backslash, a control character or a second `@`, and what is checked is then not what is reached."""
    return parse_plain(url)[1]


def parse_plain(url: str) -> tuple[ada_url.URL | None, str | None]:
    """The address, and its flaw; exactly one of them is None."""
    if len(url) > MAX_URL:
        return None, f"the address is longer than {MAX_URL:,} characters"
    if _UNCLEAN.search(url):
        return None, "the address contains spaces, control characters or backslashes"
    parsed = parse(url)
    if parsed is None:
        return None, "this is no web address"
    if parsed.username or parsed.password:
        return None, "the address carries a user name or password"
    return parsed, None


def _tracks(parameter: str) -> bool:
    return parameter.lower() in _TRACKING


def join(base: str, href: str) -> str | None:
    """`href` as seen from `base`, absolute; None where it is no address."""
    try:
        return str(ada_url.join_url(base, href.strip()))
    except ValueError:
        return None


def normalise(url: str) -> str | None:
    """One spelling an address: no fragment, tracking parameter or default port, a sorted query; None if not http(s)."""
    parsed = parse(url)
    if parsed is None or parsed.protocol not in ("http:", "https:"):
        return None
    pairs = [(k, v) for k, v in parse_qsl(parsed.search.lstrip("?"), keep_blank_values=True) if not _tracks(k)]
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    return f"{parsed.protocol}//{parsed.host}{parsed.pathname or '/'}{query}"


@lru_cache(maxsize=_REMEMBERED)
def host(url: str) -> str:
    """The host name in lower case, empty where there is none."""
    parsed = parse(url)
    return parsed.hostname.lower() if parsed else ""


@lru_cache(maxsize=_REMEMBERED)
def registrable_domain(url_or_host: str) -> str:
    """The domain that one owner registers: `https://ir.example.co.uk/x` -> `example.co.uk`; the host itself where
    the list knows none (an IP address, localhost)."""
    name = host(url_or_host) if "://" in url_or_host else url_or_host.lower().split(":")[0]
    if _NUMERIC.fullmatch(name):
        return name
    return private_suffix(name) or name
