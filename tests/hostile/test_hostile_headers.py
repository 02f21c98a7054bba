"""What strangers write into headers: none breaks a visit, holds it up, or makes a page that is never had again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.model.capture import Fetched, Request, Skipped
from research.net import client, media
from research.net.answer import Answer, read_answer
from research.net.client import Client
from research.net.refused import Refused
from research.net.settings import NetSettings

from .faulty_server import Answer as Written
from .faulty_server import Asked, Served, serve, whole
from .visits import NOW

NAMES = (
    "content-type", "content-encoding", "etag", "last-modified", "location", "retry-after", "date", "cf-mitigated",
    "transfer-encoding", "set-cookie", "link", "refresh",
)  # fmt: skip
FOREIGN = '"é–漢"'
ODD = {
    "rfc2231": {"Content-Type": "text/html; charset*=a'b'c'd; charset*1=x"},
    "quotes": {"Content-Type": 'text/html; charset="' + ";" * 60_000},
    "foreign-mark": {"ETag": FOREIGN, "Last-Modified": FOREIGN},
    "long-mark": {"ETag": '"' + "x" * 60_000 + '"'},
    "foreign-encoding": {"Content-Encoding": "é"},
    "far-zone": {"Retry-After": "Mon, 02 Jan 2023 00:00:00 +99999999999999999999", "Date": "Mon, 02 Jan 2023 00:00:00 GMT"},
    "far-year": {"Retry-After": "Mon, 02 Jan 99999 00:00:00 GMT", "Date": "Mon, 02 Jan 2023 00:00:00 GMT"},
    "long-wait": {"Retry-After": "9" * 5_000},
}  # fmt: skip
WORDS = st.lists(
    st.sampled_from(["text/html", "; charset", "=", "*", "*0*", "'", '"', "\\", ";", "utf-8", "gzip", ",", "Mon, 02 Jan 2023 00:00:00 ", "+9999", "GMT", "é", "\x00", "\x7f", "http://", "//x\\y", "30"])
    | st.text(max_size=12),
    max_size=24,
).map("".join)  # fmt: skip


def route(asked: Asked) -> Written:
    name = asked.path.strip("/")
    if name not in ODD:
        return whole(404, {})
    status = 503 if "Retry-After" in ODD[name] else 200
    return whole(status, {"Content-Type": "text/html"} | ODD[name], b"<p>We build pumps for farms.</p>")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(route) as running:
        yield running


def ask(served: Served, name: str, **marks: str | None) -> Fetched | Skipped:
    settings = NetSettings(delay_seconds=0.0, allowed_hosts=(("odd.example", served.port),))
    with Client(settings, now=lambda: NOW, resolve=lambda *_: ("127.0.0.1",), sleep=lambda _: None) as asking:
        return asking.fetch(Request(url=f"http://odd.example:{served.port}/{name}", **marks))


@pytest.mark.parametrize("name", ODD)
def test_odd_headers_give_a_page_or_a_reason_and_so_the_second_time(served, name):
    first = ask(served, name)
    if isinstance(first, Fetched):
        again = ask(served, name, etag=first.etag, last_modified=first.last_modified)
        assert isinstance(again, Fetched)
    else:
        assert any(word in first.reason for word in ("HTTP 503", "content encoding"))


def test_a_mark_that_a_request_can_carry_is_kept_and_another_is_not():
    assert _read({"etag": '"abc"', "last-modified": "Mon, 02 Jan 2023 00:00:00 GMT"}).etag == '"abc"'
    for mark in (FOREIGN, '"a\tb"', '"a\r\nX: y"', '"' + "x" * 600 + '"', ""):
        assert _read({"etag": mark}).etag is None


def _read(headers: dict[str, str], status: int = 200) -> Fetched:
    written = {"content-type": "text/html"} | headers
    answer = Answer(
        url="http://odd.example/",
        at=NOW,
        status=status,
        header=lambda name: written.get(name, ""),
        chunks=[b"<p>Pumps"],
    )
    return read_answer(answer, Request(url="http://odd.example/"), NetSettings())


@given(st.dictionaries(st.sampled_from(NAMES), WORDS), st.sampled_from([200, 206, 304, 403, 429, 503]))
def test_no_header_breaks_the_reading_of_an_answer(headers, status):
    with contextlib.suppress(Refused):  # with its reason; any other error fails
        assert isinstance(_read(headers, status), Fetched)
    answer = Answer(url="u", at=NOW, status=429, header=lambda name: headers.get(name, ""), chunks=())
    wait = client._retry_after(answer)
    assert wait is None or 0 <= wait <= 30


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("text/html; charset=utf-8", ("text/html", "utf-8")),
        ("Text/HTML;CHARSET = 'ISO-8859-1' ; x=y", ("text/html", "ISO-8859-1")),
        ('text/html; charset="windows-1252"', ("text/html", "windows-1252")),
        ('text/html; a="; charset=utf-7"; charset=utf-8', ("text/html", "utf-8")),
        ("text/html; charset=a; charset=b", ("text/html", "a")),
        ("text/html;charset", ("text/html", None)),
        ("text/html; charset=", ("text/html", None)),
        ("", ("", None)),
        ("text/html; charset*=utf-8''x", ("text/html", None)),
        ('text/html; charset="gb\\"k', ("text/html", 'gb\\"k')),
        ("application/json", ("application/json", None)),
        ("text/html; x=" + "y" * 5_000 + "; charset=utf-8", ("text/html", None)),
    ],
)
def test_a_content_type_is_read_by_its_parameters(header, found):
    assert media.declared(header) == found
