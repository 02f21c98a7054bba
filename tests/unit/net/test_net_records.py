"""Requests of services: data types, POST, pieces of a file, keys, and who is calling."""

from __future__ import annotations

import pytest

from research.model.capture import Fetched, Request, Skipped
from research.net.client import Client
from research.net.limits import HostRule
from research.net.settings import NetSettings

NOW = "2026-01-02T03:04:05Z"


@pytest.fixture
def site(serve):
    return serve()


def ask(site, request: Request, **rule: object) -> Fetched | Skipped:
    rules = (("127.0.0.1", HostRule(group="g", **rule)),) if rule else ()
    settings = NetSettings(delay_seconds=0.0, allowed_hosts=(("127.0.0.1", site.port),), rules=rules)
    with Client(settings, now=lambda: NOW) as client:
        return client.fetch(request)


def headers_of(site, path: str) -> dict[str, str]:
    return next(headers for asked, headers in site.asked if asked == path)


@pytest.mark.parametrize("media_type", ["application/vnd.api+json", "application/sparql-results+json", "text/x-ndjson"])
def test_data_is_read_where_a_record_is_asked_for_and_nowhere_else(site, media_type) -> None:
    site.routes["/data"] = (200, {"Content-Type": media_type}, b'{"a": 1}')
    url = f"{site.url}/data"
    assert isinstance(ask(site, Request(url=url, origin="record")), Fetched)
    assert isinstance(ask(site, Request(url=url)), Skipped)


def test_a_piece_of_a_file_is_asked_for_by_its_range(site) -> None:
    site.routes["/file"] = (206, {"Content-Type": "application/octet-stream"}, b"piece")
    whole = Request(url=f"{site.url}/file", origin="record", range="bytes=7-11")
    answer = ask(site, whole)
    assert isinstance(answer, Fetched)
    assert answer.body == b"piece"
    assert headers_of(site, "/file")["Range"] == "bytes=7-11"
    unasked = ask(site, Request(url=f"{site.url}/file", origin="record"))
    assert isinstance(unasked, Skipped)


def test_what_is_sent_is_sent_once_and_never_elsewhere(site) -> None:
    received: list[bytes] = []

    def post(handler) -> None:
        received.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(b"{}")

    site.routes["/search"] = post
    site.server.RequestHandlerClass.do_POST = site.server.RequestHandlerClass.do_GET
    assert isinstance(ask(site, Request(url=f"{site.url}/search", origin="record", payload='{"q": "a"}')), Fetched)
    assert received == [b'{"q": "a"}']
    site.routes["/moved"] = (307, {"Location": "/search"}, b"")
    moved = ask(site, Request(url=f"{site.url}/moved", origin="record", payload='{"q": "b"}'))
    assert isinstance(moved, Skipped)
    assert "elsewhere" in moved.reason
    assert len(received) == 1


def test_a_key_is_shown_to_its_own_service_only(site, serve) -> None:
    other = serve()
    other.routes["/data"] = (200, {"Content-Type": "application/json"}, b"{}")
    site.routes["/data"] = (302, {"Location": f"http://localhost:{other.port}/data"}, b"")
    settings = NetSettings(delay_seconds=0.0, allowed_hosts=(("127.0.0.1", site.port), ("localhost", other.port)))
    request = Request(url=f"{site.url}/data", origin="record", authorization="Bearer secret")
    with Client(settings, now=lambda: NOW, resolve=lambda host, port: ("127.0.0.1",)) as client:
        assert isinstance(client.fetch(request), Fetched)
    assert headers_of(site, "/data")["Authorization"] == "Bearer secret"
    assert "Authorization" not in headers_of(other, "/data")


def test_a_service_is_told_who_is_calling_in_the_form_that_it_wants(site) -> None:
    site.page("/")
    ask(site, Request(url=f"{site.url}/"), agent="Account Dossier desk@seller.example")
    assert {headers["User-Agent"] for _, headers in site.asked} == {"Account Dossier desk@seller.example"}


def test_robots_is_read_under_the_same_terms(site) -> None:
    for path in ("/", "/b"):
        site.page(path)
    waits: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    settings = NetSettings(
        delay_seconds=0.0,
        allowed_hosts=(("127.0.0.1", site.port),),
        rules=(("127.0.0.1", HostRule(group="g", requests=1, seconds=5.0)),),
    )
    with Client(settings, now=lambda: NOW, clock=lambda: now[0], sleep=sleep) as client:
        for path in ("/", "/b"):
            assert isinstance(client.fetch(Request(url=site.url + path)), Fetched)
    assert site.paths() == ["/robots.txt", "/", "/b"]
    assert waits == [5.0, 5.0]
