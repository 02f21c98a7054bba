"""The desk answers this machine only, reads only, and shows sources' words as words."""

from __future__ import annotations

import asyncio
import importlib
import re
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from pipelines.desk.app import create_app
from pipelines.desk.guard import host_name
from pipelines.desk.serve import serve
from research.errors import DossierError
from research.model.account import Account
from research.model.draft import Brief

sys.path.append(str(Path(__file__).parents[1] / "export"))
fixture = importlib.import_module("fixture_brief")


class Store:
    """A store with one briefed account, one account without a brief, and one that cannot be read."""

    def accounts(self) -> Sequence[Account]:
        return (fixture.ACCOUNT, Account(id="empty", name="<b>Empty</b> & Co"))

    def brief(self, account_id: str) -> Brief | None:
        if account_id == "broken":
            raise DossierError("the store is locked: try again")
        brief: Brief = fixture.make_brief()
        return brief if account_id == fixture.ACCOUNT.id else None


class Client:
    """Asks the app without a socket, one request an event loop."""

    def __init__(self, store: Store, base_url: str = "http://127.0.0.1:8765") -> None:
        self.app, self.base_url = create_app(store), base_url

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.base_url) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)


@pytest.fixture
def client() -> Client:
    return Client(Store())


def tree(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def test_accounts_are_listed_with_links_to_their_briefs(client: Client) -> None:
    page = tree(client, "/")
    assert page.xpath("//a[@href='/accounts/harrow-tides']")[0].text_content() == "Harrow & Tides Logistics"
    assert "<b>Empty</b> & Co" in page.text_content()


def test_the_brief_is_the_exported_page_with_a_bar(client: Client) -> None:
    page = tree(client, "/accounts/harrow-tides")
    assert page.xpath("//h1")[0].text_content() == "Harrow & Tides Logistics"
    assert page.xpath("//nav[@aria-label='Desk']//a/@href") == ["/", "/accounts/harrow-tides/findings"]


def test_findings_show_their_evidence_and_can_be_cut_down_to_a_kind(client: Client) -> None:
    every = tree(client, "/accounts/harrow-tides/findings")
    assert len(every.xpath("//tbody/tr")) == len(fixture.FINDINGS)
    assert len(every.xpath("//tbody/tr[.//mark]")) == len(fixture.FINDINGS)
    people = tree(client, "/accounts/harrow-tides/findings?kind=person")
    assert len(people.xpath("//tbody/tr")) == 5
    assert tree(client, "/accounts/harrow-tides/findings?kind=%3Cscript%3E&page=99999999").xpath("//tbody/tr") == []


@pytest.mark.parametrize(
    "path", ["/", "/desk.css", "/accounts/harrow-tides", "/accounts/harrow-tides/findings", "/nothing"]
)
def test_every_answer_has_the_policy_and_no_page_needs_more(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "x-style-source" not in answer.headers
    assert not re.search(r"<script|\son\w+=|\sstyle=", answer.text)
    assert ("<style>" in answer.text) == ("'sha256-" in policy)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:80@evil.example", "", "localhost:x"]
)
def test_another_host_name_is_refused(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1", "LOCALHOST"])
def test_this_machines_names_are_served(client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200
    assert host_name(host) in ("127.0.0.1", "localhost")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    assert client.request(method, "/").status_code == 405
    assert client.request("HEAD", "/").status_code == 200


def test_unknown_accounts_and_a_store_that_fails_are_said_plainly(client: Client) -> None:
    missing, broken = client.get("/accounts/empty"), client.get("/accounts/broken")
    assert (missing.status_code, broken.status_code) == (404, 503)
    assert "no brief of such an account" in missing.text
    assert "the store is locked: try again" in broken.text


def test_hostile_text_in_findings_is_text() -> None:
    text = "<script>alert(1)</script><img src=x onerror=alert(1)>"

    class Hostile(Store):
        def brief(self, account_id: str) -> Brief | None:
            brief: Brief = fixture.make_brief()
            findings = tuple(
                replace(f, attributes=tuple((k, text if isinstance(v, str) else v) for k, v in f.attributes))
                for f in brief.findings
            )
            documents = tuple(replace(d, title=text, url=f"javascript:{text}") for d in brief.documents)
            return replace(brief, findings=findings, documents=documents)

    page = tree(Client(Hostile(), "http://localhost"), "/accounts/harrow-tides/findings")
    assert not page.xpath("//script|//img")
    assert all(href.startswith(("/", "?")) for href in page.xpath("//a/@href"))


def test_a_taken_port_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DossierError, match=rf"port {port} cannot be used: .*--port"):
            serve(create_app(Store()), port)
