"""Addresses as strangers write them: one reading each, the inside refused in every spelling, and no other error."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.collect.scope import canonical, page_key, site_of, unread
from research.collect.site import SitePlan
from research.net.guard import check_url, is_public, next_hop, public_addresses
from research.net.refused import Refused
from research.text.urls import flaw, host, join, normalise, parse, registrable_domain

_PARTS = st.sampled_from([
    "http://", "https://", "HTTP:", "//", "/", "\\", "@", ":", "#", "?", "%", "%00", "%2e", "..", ".", "127.0.0.1", "localhost", "[::1]", "[",
    "]", "0x7f", "2130706433", "example.com", "bücher.example", "①", "\u200b", "\u3002", "\t", "\n", " ", ":80", ":8080", ":-1", ":99999", "a=b",
    "&", ";", "javascript:", "data:", "user", "xn--", "\ud800", "\x00", "é", "a" * 70,
])  # fmt: skip
URLS = st.lists(_PARTS | st.text(max_size=3), max_size=9).map("".join)
INSIDE = st.one_of(
    *(
        st.integers(int(IPv4Address(first)), int(IPv4Address(last))).map(IPv4Address)
        for first, last in (
            ("10.0.0.0", "10.255.255.255"), ("127.0.0.0", "127.255.255.255"), ("169.254.0.0", "169.254.255.255"),
            ("172.16.0.0", "172.31.255.255"), ("192.168.0.0", "192.168.255.255"), ("100.64.0.0", "100.127.255.255"),
            ("0.0.0.0", "0.255.255.255"), ("224.0.0.0", "255.255.255.255"),
        )
    )
)  # fmt: skip


def spellings(address: IPv4Address) -> list[str]:
    """The ways in which browsers let an IPv4 address be written, and in which IPv6 carries one."""
    number, (a, b, c, d) = int(address), address.packed
    return [
        str(address), f"{address}.", str(number), hex(number), f"0{number:o}", f"0x{a:x}.{b}.0{c:o}.{d}", f"{a}.{b}.{c * 256 + d}",
        f"{a}.{number & 0xFFFFFF}", "".join(f"%{ord(char):02x}" for char in str(address)), str(address).replace(".", "\u3002"),
        f"[::ffff:{address}]", f"[::{address}]", f"[64:ff9b::{a:02x}{b:02x}:{c:02x}{d:02x}]", f"[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::]",
        f"[::ffff:0:{address}]",
    ]  # fmt: skip


@given(URLS, URLS)
def test_nothing_but_a_refusal_comes_of_any_address(url, other):
    for check in (lambda: check_url(url), lambda: next_hop(check_url("https://pumps.example/a"), url)):
        with suppress(Refused):
            check()
    for reading in (parse, flaw, normalise, canonical, page_key, host, site_of, registrable_domain, unread):
        reading(url)
    join(url, other)
    SitePlan(url, max_pages=3).add_known((other,))


@given(URLS)
def test_what_is_admitted_is_plain_and_stays_so(url):
    try:
        target = check_url(url)
    except Refused:
        return
    again = check_url(target.url)
    assert again == target
    assert target.url.startswith(("http://", "https://"))
    assert target.port in (80, 443)
    assert not set(target.url) & set("\\\t\n\r \x00#")
    assert "@" not in target.url.split("/", 3)[2]


@given(URLS)
def test_one_spelling_is_its_own(url):
    once = canonical(url)
    assert once is None or canonical(once) == once
    spelled = normalise(url)
    assert spelled is None or normalise(spelled) == spelled


def reach(url: str) -> None:
    """What the client does before it connects, with a resolver that takes every name for an address."""
    target = check_url(url)
    public_addresses(target.host, target.port, lambda host, port: (host.strip("[]").rstrip("."),), ())


@given(INSIDE, st.sampled_from(["/", "/x", ":80/", ""]))
def test_an_inside_address_is_refused_in_every_spelling(address, rest):
    for name in spellings(address):
        with pytest.raises(Refused):
            reach(f"http://{name}{rest}")


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_the_table_refuses_all_that_the_standard_library_does(address):
    if (
        address.is_private
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
    ):
        assert not is_public(str(address))


@pytest.mark.parametrize(
    "address",
    [
        "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
        "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "1.0.0.0",
        "2001:200::1", "2003::1", "2620:4f:7fff::1", "3ffe:ffff::1", "2400::1",
    ],
)  # fmt: skip
def test_the_neighbours_of_inside_ranges_are_public(address):
    assert is_public(address), ip_address(address)


def test_credentials_and_backslashes_are_refused_wherever_they_come_from():
    for url in (
        "https://user@pumps.example/",
        "https://:word@pumps.example/",
        "https:\\\\pumps.example\\",
        "https://pumps.example\\@a/",
    ):
        assert flaw(url)
        assert SitePlan(url, max_pages=3).start == url  # not made presentable before the client refuses it
    plan = SitePlan("https://pumps.example/", max_pages=3)
    plan.next()
    plan.add_known(("https://user:word@pumps.example/a",))
    assert plan.next() is None
