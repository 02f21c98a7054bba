"""Addresses: one spelling each, joined as a browser joins them, and the domain that one owner registers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.text.urls import host, join, normalise, parse, registrable_domain


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Example.com:80/a/../b?b=2&a=1#part", "http://www.example.com/b?a=1&b=2"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("  https://example.com/a \n", "https://example.com/a"),
        ("https://example.com/?utm_source=x&gclid=1&FBCLID=2", "https://example.com/"),
        ("https://example.com/?page=2&utm_medium=mail", "https://example.com/?page=2"),
        ("https://example.com/a?x=2&x=1", "https://example.com/a?x=1&x=2"),
        ("https://example.com/a?empty=", "https://example.com/a?empty="),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://user:secret@example.com/x", "https://example.com/x"),
        ("http://2130706433/", "http://127.0.0.1/"),
    ],
)
def test_one_spelling_an_address(url, expected):
    assert normalise(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "mailto:a@example.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "/relative",
        "//example.com/a",
        "not an address",
        "https://ex ample.com/",
        "http://[bad/",
        "",
    ],
)
def test_what_is_no_web_address_has_no_spelling(url):
    assert normalise(url) is None


PAIRS = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=4)
PATHS = st.text(alphabet="abcAZ09/.-_~%é +;=@", max_size=20)


@settings(max_examples=60)
@given(st.sampled_from(["example.com", "Example.COM:80", "bücher.example", "127.1", "[::1]:8080"]), PATHS, PAIRS)
def test_normalising_twice_changes_nothing(name, path, pairs):
    query = "&".join(f"{key}={value}" for key, value in pairs)
    once = normalise(f"http://{name}/{path}?{query}#end")
    if once is not None:
        assert normalise(once) == once
        assert "#" not in once


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_addresses(text):
    for url in (text, f"http://{text}", f"https://example.com/{text}"):
        normalise(url)
        host(url)
        join("https://example.com/", url)


@settings(max_examples=40)
@given(PAIRS)
def test_the_order_of_parameters_is_no_other_page(pairs):
    keys = [(f"k{i}", str(len(value))) for i, (_, value) in enumerate(pairs)]
    spelled = ["&".join(f"{k}={v}" for k, v in order) for order in (keys, keys[::-1])]
    assert len({normalise(f"https://example.com/?{query}") for query in spelled}) == 1


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("https://e.example/a/b", "../c", "https://e.example/c"),
        ("https://e.example/a/b", "c", "https://e.example/a/c"),
        ("https://e.example/a/b", "?x=1", "https://e.example/a/b?x=1"),
        ("https://e.example/a/b", "//f.example/x", "https://f.example/x"),
        ("https://e.example/a/b", " /c\n", "https://e.example/c"),
        ("https://e.example/a/", "", "https://e.example/a/"),
        ("https://e.example/a", "mailto:x@e.example", "mailto:x@e.example"),
        ("https://e.example/a", "http://[bad", None),
        ("nonsense", "/c", None),
    ],
)
def test_links_are_joined_as_a_browser_joins_them(base, href, expected):
    assert join(base, href) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ir.example.co.uk/x", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("https://shop.harrowgate.com.au/", "harrowgate.com.au"),
        ("https://WWW.Harrowgate.example", "harrowgate.example"),
        ("deep.www.harrowgate.example", "harrowgate.example"),
        ("one.github.io", "one.github.io"),
        ("a.one.github.io", "one.github.io"),
        ("https://127.0.0.1:8080/x", "127.0.0.1"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("http://[::1]:80/x", "[::1]"),
        ("http://2130706433/", "127.0.0.1"),
        ("localhost", "localhost"),
        ("https://localhost:3000/", "localhost"),
        ("co.uk", "co.uk"),
    ],
)
def test_the_domain_that_one_owner_registers(url, expected):
    assert registrable_domain(url) == expected


def test_a_domain_is_not_shared_by_those_who_only_look_alike():
    ours = registrable_domain("https://www.harrowgate.example/")
    for other in (
        "https://harrowgate.example.evil.example/",
        "https://notharrowgate.example/",
        "https://harrowgate.org/",
        "https://evil.example/harrowgate.example/",
        "https://harrowgate.example@evil.example/",
    ):
        assert registrable_domain(other) != ours


def test_hosts():
    assert host("HTTPS://WWW.Example.com:8443/a") == "www.example.com"
    assert host("no address") == ""
    assert parse("http://[bad") is None
