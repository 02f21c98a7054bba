"""The desk answers this machine only, takes writes from its own pages only, and never writes on GET."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from lxml import html
from starlette.routing import Route

from pipelines.desk.app import create_app, desk_routes
from pipelines.desk.forms import BODY_LIMIT, analyst_name, own_path
from pipelines.desk.guard import host_name
from pipelines.desk.serve import serve
from research.errors import DossierError
from research.store.accounts import set_last_meeting
from research.store.connect import open_store
from research.store.documents import documents_of
from tests.desk.stored import ACCOUNT, TOKEN, Client, fingerprint_of, fixture, make_desk

HARMLESS = {"account_id": ACCOUNT.id, "name": "desk.css"}


def addresses(home: Path) -> list[str]:
    """An address for every route that is read, its parameters filled in with what there is, and one that is not."""
    with open_store(home) as store:
        document = documents_of(store, ACCOUNT.id)[0].id
    known = {
        **HARMLESS, "finding_id": fixture.FINDINGS[0].id, "document_id": document, "rival": "portlane-systems",
        "format": "json", "section": "pains", "kind": "fact",
    }  # fmt: skip
    routes = [r for r in desk_routes(make_desk(home)) if isinstance(r, Route) and "GET" in (r.methods or ())]
    return [re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: known.get(m[1], "x"), r.path) for r in routes] + ["/nothing"]


def test_every_answer_of_every_route_has_the_policy_and_needs_no_more(client: Client, home: Path) -> None:
    found = addresses(home)
    assert len(found) > 6
    for path in found:
        for answer in (client.get(path), client.request("HEAD", path), client.post(path, token="wrong")):
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'self'"), path
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert "x-style-source" not in answer.headers
        page = client.get(path)
        assert page.status_code < 500, path
        if page.headers["content-type"].startswith("text/html"):
            assert not re.search(r"<script(?! src=\"/static/)|\son\w+=|\sstyle=|javascript:", page.text), path
            assert ("<style>" in page.text) == ("'sha256-" in page.headers["content-security-policy"])


def test_looking_never_writes(client: Client, home: Path) -> None:
    client.get("/")  # SQLite may tidy up a journal that the fixture left behind
    before = fingerprint_of(home)
    for path in addresses(home):
        client.get(path)
        client.request("HEAD", path)
    assert fingerprint_of(home) == before


def test_no_address_takes_a_write_without_the_token(client: Client, home: Path) -> None:
    writing = [r for r in desk_routes(make_desk(home)) if isinstance(r, Route) and "POST" in (r.methods or ())]
    assert len(writing) > 4
    client.get("/")
    before = fingerprint_of(home)
    for route in writing:
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: HARMLESS.get(m[1], "x"), route.path)
        assert client.post(path, [("name", "x"), ("verdict", "accept")], token="wrong").status_code == 403, path
        answer = client.request("POST", path, json={}, headers={"origin": client.origin})
        assert answer.status_code == 403, path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert fingerprint_of(home) == before


def test_an_odd_address_leads_nowhere_else(client: Client) -> None:
    for path in ("/%2fevil.example/", "/you/", "/accounts//evil.example", "/\\evil.example/"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "location" not in answer.headers


def test_a_page_that_tries_to_write_fails(home: Path) -> None:
    with make_desk(home).reading() as workspace, pytest.raises(DossierError):
        set_last_meeting(workspace.store, ACCOUNT.id, "2024-01-01")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:80@evil.example", "", "localhost:x", "[::1]"]
)
def test_another_host_name_is_refused(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert TOKEN not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1", "LOCALHOST"])
def test_this_machines_names_are_served(client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200
    assert host_name(host) in ("127.0.0.1", "localhost")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8765"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_write_from_another_page_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = client.post("/you", [("name", "Mallory")], **headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "é"])
def test_a_write_without_the_token_is_refused(client: Client, token: str) -> None:
    assert client.post("/you", [("name", "Ada")], token=token).status_code == 403


def test_a_form_without_an_origin_is_no_browsers(client: Client) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = f"name=Ada&token={TOKEN}"
    assert client.request("POST", "/you", content=body, headers=form).status_code == 403
    with_header = form | {"x-dossier-token": TOKEN}
    assert client.request("POST", "/you", content=body, headers=with_header).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_write_nothing(client: Client, method: str) -> None:
    assert client.request(method, "/you", headers={"origin": client.origin}).status_code in (403, 405)


def test_bodies_are_bounded_and_of_known_kinds(client: Client) -> None:
    assert client.post("/you", [("name", "a" * BODY_LIMIT)]).status_code == 413
    own = {"origin": client.origin, "x-dossier-token": TOKEN}
    assert (
        client.request("POST", "/you", content=b"<a/>", headers=own | {"content-type": "text/xml"}).status_code == 415
    )
    assert client.request("POST", "/you", json={"name": "Ada"}, headers=own).status_code == 415
    many = [("a", "")] * 2_001
    assert client.post("/you", many).status_code == 400
    broken = client.request(
        "POST", "/you", content=b"name=%ff", headers=own | {"content-type": "application/x-www-form-urlencoded"}
    )
    assert broken.status_code == 400


@pytest.mark.parametrize(
    "stated",
    ["//evil.example", "/\\evil.example", "\\\\evil", "https://evil.example", "evil", "", "/a\nb", "/é", "/a\\b"],
)
def test_no_way_leads_to_another_site(client: Client, stated: str) -> None:
    assert own_path(stated) == "/"
    assert client.post("/you", [("name", "Ada"), ("next", stated)]).headers["location"] == "/"


def test_a_name_is_kept_in_this_browser_only(client: Client, home: Path) -> None:
    answer = client.post("/you", [("name", " Ada\u202e  Łovelace <b> "), ("next", "/accounts/empty?x=1")])
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert answer.headers["location"] == "/accounts/empty?x=1"
    assert "SameSite=strict" in cookie
    assert "HttpOnly" in cookie
    value = re.match(r"analyst=([^;]+)", cookie)
    assert value
    page = html.document_fromstring(Client(home, cookies={"analyst": value[1]}).get("/").text)
    assert "Ada Łovelace <b>" in page.xpath("//p[@class='who']")[0].text_content()
    assert analyst_name("x" * 500) == "x" * 80
    assert client.post("/you", [("name", " \u200b ")]).status_code == 422


ODD = ("", "-1", "0", "99999999999999999999", "x", "%00", "%ff%fe", "%ed%a0%80", "%27%22%3C", "*", '%22', "%E2%80%AE", "2024-13-99", "a" * 3000)  # fmt: skip
ASKED = ("since", "from", "to", "part", "page", "kind", "q", "account", "sort", "order", "analyst", "verdict", "about", "next", "at")  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_questions_are_no_fault_of_the_desk(client: Client, home: Path, odd: str) -> None:
    asked = "&".join(f"{name}={odd}" for name in ASKED)
    for path in addresses(home):
        answer = client.get(f"{path}?{asked}")
        assert answer.status_code < 500, (path, odd)
    for path in (f"/accounts/{odd}", f"/accounts/{ACCOUNT.id}/findings/{odd}", f"/accounts/{ACCOUNT.id}/rivals/{odd}"):
        assert client.get(path).status_code < 500, path


def test_a_day_that_is_none_is_said_plainly(client: Client) -> None:
    answer = client.get(f"/accounts/{ACCOUNT.id}/changes?since=yesterday")
    assert answer.status_code == 422
    assert "is no day" in answer.text


def test_unknown_pages_are_said_plainly(client: Client) -> None:
    for path in ("/nothing", "/accounts/nobody", "/accounts/empty/brief", "/static/..%2fapp.py", "/api/nothing"):
        answer = client.get(path)
        assert answer.status_code == 404, path
    assert client.get("/api/nothing").json()["status"] == 404


def test_a_store_that_fails_is_said_plainly(client: Client, home: Path) -> None:
    (home / "dossier.sqlite").write_bytes(b"no database at all, but long enough to be read as one" * 50)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "is no database" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_taken_port_is_a_clear_error(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DossierError, match=rf"port {port} cannot be used: .*--port"):
            serve(create_app(make_desk(home)), port)


def test_a_fault_of_our_own_is_guarded_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("secret words of a traceback")

    monkeypatch.setattr("pipelines.desk.accounts.portfolio", fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "secret words" not in answer.text
