"""A home folder whose store holds the made-up company of the export tests, and a client that asks the desk for pages."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from pipelines.desk.app import create_app
from pipelines.desk.desk import Desk
from research.model.account import Account, Source
from research.model.capture import Fetched
from research.model.draft import Brief, Coverage, Section, SourceState
from research.model.finding import Admission, Conflict, Theme
from research.store.accounts import save_account, save_seller, save_source, set_last_meeting
from research.store.captures import keep
from research.store.connect import FILE_NAME, open_store
from research.store.documents import record_extraction
from research.store.drafts import save_draft
from research.store.findings import replace_findings
from research.store.health import save_health
from research.store.runs import finish_run, save_skipped, start_run

sys.path.append(str(Path(__file__).parents[1] / "unit" / "export"))
fixture = importlib.import_module("fixture_brief")

NOW = "2024-05-20T08:00:00+00:00"
ORIGIN = "http://127.0.0.1:8765"
TOKEN = "a-token-of-the-tests"
ACCOUNT = fixture.ACCOUNT
STATES = (
    SourceState(kind="site", title="Their site", state="read", answers=4),
    SourceState(kind="gleif", title="GLEIF", state="down", reason="no connection in time"),
)
COVERAGE = (
    Coverage(field="founded", state="filled", kinds=("site",)),
    Coverage(field="headquarters", state="conflicting", kinds=("site",)),
    Coverage(field="industry", state="undisclosed", kinds=("site",), reason="read in vain: site"),
    Coverage(field="parent", state="blocked", kinds=("gleif",), reason="gleif: no connection in time"),
    Coverage(field="ownership", state="not_searched", reason="may be had from: gleif"),
)


def keep_brief(home: Path, brief: Brief, *, meeting: str | None = "2024-04-02", seller: Any = fixture.SELLER) -> None:
    """Store a brief as a run would have left it."""
    account = brief.account
    with open_store(home) as store, store.transaction():
        save_account(store, account)
        save_source(
            store, Source(id=f"site-{account.id}", account_id=account.id, kind="site", url="https://h.example/")
        )
        if seller is not None:
            save_seller(store, seller)
        for document in brief.documents:
            fetched = Fetched(
                url=document.url, final_url=document.url, fetched_at=fixture.SEEN, status=200,
                media_type=document.media_type, body=document.text.encode(),
            )  # fmt: skip
            capture = keep(store, f"site-{account.id}", fetched)
            record_extraction(store, capture, account.id, "fixture", replace(document, capture_id=capture.id))
        replace_findings(store, account.id, brief.findings, fixture.SEEN)
        kinds = {
            Section: brief.sections, Theme: brief.themes, Conflict: brief.conflicts, Admission: brief.admissions,
            SourceState: STATES, Coverage: COVERAGE,
        }  # fmt: skip
        for kind, parts in kinds.items():
            save_draft(store, account.id, kind, parts, "fixture")
        run = start_run(store, f"brief https://{account.id}.example/", fixture.SEEN)
        save_skipped(store, run, account.id, brief.skipped)
        stages = [
            {"name": name, "done": 1234, "reused": 23456, "failed": 345, "seconds": 1234.5}
            for name in ("collect", "extract", "annotate")
        ]
        finish_run(store, run, NOW, {"stages": stages, "failures": 345})
        save_health(store, account.id, STATES, NOW)
        set_last_meeting(store, account.id, meeting)


def make_home(home: Path) -> Path:
    """A home folder with one briefed account and one of which nothing is known yet."""
    keep_brief(home, fixture.make_brief())
    with open_store(home) as store:
        save_account(store, Account(id="empty", name="<b>Empty</b> & Co"))
    return home


def make_desk(home: Path, now: str = NOW) -> Desk:
    """The desk of a home folder at a fixed moment."""
    return Desk(home=home, clock=lambda: now, token=TOKEN)


def fingerprint_of(home: Path) -> str:
    """The hash of the database file: no write leaves it as it was."""
    return hashlib.sha256((home / FILE_NAME).read_bytes()).hexdigest()


class Client:
    """Asks the app without a socket, one request an event loop."""

    def __init__(self, home: Path, origin: str = ORIGIN, cookies: dict[str, str] | None = None) -> None:
        self.home, self.origin, self.cookies = home, origin, cookies or {}
        self.app = create_app(make_desk(home))

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self.origin, cookies=self.cookies) as client:
                return await client.request(method, path, **options)

        # A thread of its own: where a browser is driven, this one has a running event loop.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, ask()).result()

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(
        self, path: str, fields: Sequence[tuple[str, str]] = (), *, token: str = TOKEN, **headers: str
    ) -> httpx.Response:
        """A form as a browser sends it from the desk's own page."""
        body = urlencode([*fields, ("token", token)])
        sent = {"origin": self.origin, "content-type": "application/x-www-form-urlencoded"} | headers
        return self.request("POST", path, content=body, headers=sent)
