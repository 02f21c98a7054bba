"""Fetching over a real socket: what comes back, what is refused, and with which words."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib

import brotli
import pytest

from research.model.capture import Fetched, Request, Skipped
from research.net.client import Client
from research.net.settings import NetSettings

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<html><body><p>We make pumps for farms.</p></body></html>"


def reason(answer: Fetched | Skipped) -> str:
    assert isinstance(answer, Skipped), answer
    assert "\n" not in answer.reason
    return answer.reason


def body(answer: Fetched | Skipped) -> bytes:
    assert isinstance(answer, Fetched), answer
    return answer.body


def test_a_page_comes_with_what_was_declared(site, client_for):
    site.routes["/"] = (
        200,
        {
            "Content-Type": "Text/HTML; Charset=windows-1252",
            "ETag": '"v1"',
            "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
        },
        PAGE,
    )
    answer = client_for(site).fetch(Request(url=site.url + "/"))
    assert isinstance(answer, Fetched)
    assert (answer.media_type, answer.charset, answer.status) == ("text/html", "windows-1252", 200)
    assert (answer.etag, answer.last_modified) == ('"v1"', "Thu, 01 Jan 2026 00:00:00 GMT")
    assert (answer.body, answer.fetched_at) == (PAGE, "2026-01-02T03:04:05Z")


def test_we_say_who_we_are_and_where_to_complain(site, client_for):
    site.page("/")
    client_for(site, contact="ops@example.com").fetch(Request(url=site.url + "/"))
    agents = {headers["User-Agent"] for _, headers in site.asked}
    assert agents == {"account-dossier/0.1 (+ops@example.com)"}
    assert site.asked[-1][1]["Host"] == f"127.0.0.1:{site.port}"


def test_an_unknown_charset_is_handed_on_and_crashes_nothing(site, client_for):
    site.routes["/"] = (200, {"Content-Type": "text/html; charset=klingon-8"}, "<p>Grüße</p>".encode("latin-1"))
    answer = client_for(site).fetch(Request(url=site.url + "/"))
    assert isinstance(answer, Fetched)
    assert answer.charset == "klingon-8"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("br", brotli.compress(PAGE)),
        ("identity", PAGE),
        ("gzip", PAGE),
    ],
)
def test_one_content_encoding_is_undone(site, client_for, encoding, packed):
    site.page("/", packed, Content_Encoding=encoding)
    assert body(client_for(site).fetch(Request(url=site.url + "/"))) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_is_dropped_at_the_limit(site, client_for, encoding):
    zeros = bytes(64 << 20)
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=5)}[
        encoding
    ](zeros)
    del zeros
    site.page("/", packed, Content_Encoding=encoding)
    client = client_for(site, max_body_bytes=2 << 20)
    tracemalloc.start()
    answer = client.fetch(Request(url=site.url + "/"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reason(answer) == "the body is not read: larger than 2 MB"
    assert peak < 12 << 20


def test_two_layers_and_unknown_layers_are_refused(site, client_for):
    site.page("/twice", gzip.compress(gzip.compress(PAGE)), Content_Encoding="gzip, gzip")
    site.page("/zstd", b"x", Content_Encoding="zstd")
    site.page("/broken", gzip.compress(PAGE)[:-20], Content_Encoding="gzip")
    client = client_for(site)
    assert "more than once" in reason(client.fetch(Request(url=site.url + "/twice")))
    assert "zstd" in reason(client.fetch(Request(url=site.url + "/zstd")))
    assert "cut off" in reason(client.fetch(Request(url=site.url + "/broken")))


def test_a_page_that_did_not_change_is_a_304_without_body(site, client_for):
    def answer(handler):
        fresh = (
            handler.headers.get("If-None-Match") == '"v1"' and handler.headers.get("If-Modified-Since") == "yesterday"
        )
        handler.send_response(304 if fresh else 200)
        handler.end_headers()

    site.routes["/"] = answer
    got = client_for(site).fetch(Request(url=site.url + "/", etag='"v1"', last_modified="yesterday"))
    assert isinstance(got, Fetched)
    assert (got.status, got.body) == (304, b"")


def test_a_304_that_nobody_asked_for_is_no_page(site, client_for):
    site.routes["/"] = (304, {}, b"")
    assert reason(client_for(site).fetch(Request(url=site.url + "/"))) == "HTTP 304 (not modified)"


@pytest.mark.parametrize(
    ("status", "words"), [(404, "HTTP 404 (not found)"), (500, "HTTP 500"), (410, "HTTP 410 (gone)")]
)
def test_an_error_status_is_a_reason(site, client_for, status, words):
    site.routes["/x"] = (status, HTML, b"sorry")
    assert reason(client_for(site).fetch(Request(url=site.url + "/x"))).startswith(words)


@pytest.mark.parametrize(
    ("status", "headers", "page"),
    [
        (403, {}, b"<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>"),
        (403, {"cf-mitigated": "challenge"}, b""),
        (503, {}, b"<p>Checking your browser before accessing example.com"),
        (429, {}, b"slow down"),
        (200, {}, b"<html><script>var x = 1;</script><p>Please verify you are human.</p></html>"),
        (200, {}, b"<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"),
    ],
)
def test_a_gatekeepers_page_is_blocked(site, client_for, status, headers, page):
    site.routes["/"] = (status, HTML | headers, page)
    assert reason(client_for(site).fetch(Request(url=site.url + "/"))).startswith("blocked: ")


def test_a_long_page_that_mentions_a_captcha_is_a_page(site, client_for):
    page = (
        b"<html><body>"
        + b"<p>We ship pumps to farms.</p>" * 60
        + b"<p>Complete the captcha to write to us.</p></body></html>"
    )
    site.page("/", page)
    assert body(client_for(site).fetch(Request(url=site.url + "/"))) == page


def test_media_types_without_words_are_not_downloaded(site, client_for):
    site.routes["/logo"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    site.routes["/nothing"] = (200, {"Content-Type": "text/html"}, b"  ")
    client = client_for(site)
    assert reason(client.fetch(Request(url=site.url + "/logo"))) == "media type image/png is not read"
    assert reason(client.fetch(Request(url=site.url + "/nothing"))) == "the answer is empty"


def test_the_media_type_decides_not_the_ending(site, client_for):
    site.page("/index.html.tmp", PAGE)
    site.routes["/report"] = (200, {"Content-Type": "application/octet-stream"}, b"%PDF-1.7\n...")
    site.routes["/undeclared"] = (200, {}, PAGE)
    client = client_for(site)
    kinds = [client.fetch(Request(url=site.url + path)) for path in ("/index.html.tmp", "/report", "/undeclared")]
    assert [kind.media_type for kind in kinds] == ["text/html", "application/pdf", "text/html"]


def test_redirects_are_followed_and_the_last_address_is_told(site, client_for):
    site.routes["/a"] = (301, {"Location": "/b"}, b"")
    site.routes["/b"] = (302, {"Location": "c?x=1#part"}, b"")
    site.page("/c?x=1", PAGE)
    answer = client_for(site).fetch(Request(url=site.url + "/a"))
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.final_url) == (site.url + "/a", site.url + "/c?x=1")


def test_redirects_end(site, client_for):
    site.routes["/circle"] = (302, {"Location": "/circle"}, b"")
    for number in range(12):
        site.routes[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    client = client_for(site)
    assert reason(client.fetch(Request(url=site.url + "/circle"))) == "redirects in a circle"
    assert reason(client.fetch(Request(url=site.url + "/0"))) == "more than 10 redirects"
    assert "/11" not in site.paths()


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{p2}/",
        "//127.0.0.1:{p2}/",
        "http://[::1]:{p2}/",
        "http://localhost:{p2}/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "\\\\127.0.0.1:{p2}/",
    ],
)
def test_no_redirect_reaches_another_port_of_this_machine(serve, client_for, target):
    site, canary = serve(), serve()
    client = client_for(site)
    for status in (301, 302, 303, 307, 308):
        site.routes[f"/{status}"] = (status, {"Location": target.format(p2=canary.port)}, b"")
        assert isinstance(client.fetch(Request(url=f"{site.url}/{status}")), Skipped)
    assert len(site.paths()) == 6
    assert canary.asked == []


def test_robots_that_redirect_elsewhere_reach_nothing_and_close_the_site(serve, client_for):
    site, canary = serve(), serve()
    site.routes["/robots.txt"] = (302, {"Location": canary.url + "/robots.txt"}, b"")
    site.page("/")
    assert "robots.txt" in reason(client_for(site).fetch(Request(url=site.url + "/")))
    assert canary.asked == []
    assert "/" not in site.paths()


def test_a_trickle_ends_at_the_deadline(site, client_for):
    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    site.routes["/"] = trickle
    start = time.monotonic()
    answer = client_for(site, total_seconds=0.5).fetch(Request(url=site.url + "/"))
    assert reason(answer) in ("took longer than 0.5 s in all", "no answer in time")
    assert time.monotonic() - start < 2


def test_a_trickle_is_too_slow_before_the_deadline(site, client_for):
    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)

    site.routes["/"] = trickle
    answer = client_for(site, floor_after_seconds=0.2).fetch(Request(url=site.url + "/"))
    assert reason(answer) == "slower than 1024 bytes a second"


def test_headers_that_never_end_do_not_outlast_the_deadline(site, client_for):
    def trickle(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            handler.wfile.write(b"X-%d: y\r\n" % number)
            handler.wfile.flush()
            time.sleep(0.05)

    site.routes["/"] = trickle
    start = time.monotonic()
    reason(client_for(site, total_seconds=0.4).fetch(Request(url=site.url + "/")))
    assert time.monotonic() - start < 2


def test_silence_a_closed_door_and_nonsense_have_their_reasons(site, client_for):
    site.routes["/silent"] = lambda handler: time.sleep(1)
    site.routes["/noise"] = lambda handler: handler.wfile.write(b"\x00\x01 not http at all\r\n\r\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: nobody answers there
        closed = taken.getsockname()[1]
        client = client_for(site, read_seconds=0.3, allowed_hosts=(("127.0.0.1", site.port), ("127.0.0.1", closed)))
        assert reason(client.fetch(Request(url=site.url + "/silent"))) == "no answer in time"
        assert "does not speak HTTP" in reason(client.fetch(Request(url=site.url + "/noise")))
        assert reason(client.fetch(Request(url=f"http://127.0.0.1:{closed}/"))) == "the server refuses the connection"


def test_a_host_that_does_not_exist():
    with Client(NetSettings(), now=lambda: "", resolve=lambda host, port: ()) as client:
        answer = client.fetch(Request(url="https://no-such-company.example/"))
    assert reason(answer) == "no such host: no-such-company.example"


def test_a_plain_server_on_a_tls_address(site, client_for):
    site.page("/")
    assert "TLS" in reason(client_for(site).fetch(Request(url=f"https://127.0.0.1:{site.port}/")))


def test_a_busy_server_is_waited_for_once(site, client_for):
    answers = iter([(503, {"Retry-After": "7"}, b"")])
    waits: list[float] = []

    def busy(handler):
        status, headers, page = next(answers, (200, HTML, PAGE))
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(page)

    site.routes["/"] = busy
    assert body(client_for(site, sleep=waits.append).fetch(Request(url=site.url + "/"))) == PAGE
    assert waits == [7.0]


@pytest.mark.parametrize("wish", ["3600", "soon", "-5", "Thu, 01 Jan 2099 00:00:00 GMT"])
def test_a_server_that_asks_for_too_much_time_is_left(site, client_for, wish):
    waits: list[float] = []
    site.routes["/"] = (429, {"Retry-After": wish}, b"")
    assert reason(client_for(site, sleep=waits.append).fetch(Request(url=site.url + "/"))).startswith(
        "blocked: too many"
    )
    assert waits == []
    assert site.paths().count("/") == 1


def test_a_made_up_host_is_played_by_a_port_of_this_machine(site):
    site.page("/about", b"<p>We make pumps.</p>")
    settings = NetSettings(delay_seconds=0.0, played_hosts=(("www.pumps.example", site.port),))
    with Client(settings, now=lambda: "2026-01-02T03:04:05Z") as client:
        answer = client.fetch(Request(url="http://www.pumps.example/about"))
        elsewhere = client.fetch(Request(url="http://pumps.example/about"))
    assert isinstance(answer, Fetched)
    assert answer.final_url == "http://www.pumps.example/about"
    assert site.asked[-1][1]["Host"] == "www.pumps.example"
    assert reason(elsewhere)


def test_only_names_that_nobody_can_own_are_played():
    with pytest.raises(ValueError, match=r"only names under \.example"):
        NetSettings(played_hosts=(("www.example.com", 8080),))
