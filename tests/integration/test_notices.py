"""Messages about changes, through apprise to a receiver on this machine: by rule, once, and without a secret in sight."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipelines.bootstrap import Workspace
from pipelines.notices import Rule, load_rules, send_notices
from research.errors import DossierError, UsageError
from research.model.account import Account, Source
from research.model.capture import Capture, Fetched
from research.model.document import Document, Passage
from research.model.finding import Evidence, Finding, Value, attributes
from research.net.notify import Notifier
from research.store.accounts import save_account, save_source
from research.store.captures import keep
from research.store.connect import FILE_NAME, Store
from research.store.documents import record_extraction
from research.store.findings import replace_findings
from research.text.hashing import sha256_text, short_id

from .conftest import workspace_of

BEFORE, AFTER, NOW = "2026-11-01T08:00:00+00:00", "2026-11-19T08:00:00+00:00", "2026-11-20T09:00:00+00:00"
SECRET = "s3cr3t-t0ken"


class _Receiver(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refuses:
            self.send_response(503)
        else:
            self.server.taken.append((self.path, json.loads(body)))
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Receiver)
    server.taken, server.refuses = [], False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address(receiver: Any) -> str:
    return f"json://127.0.0.1:{receiver.server_port}/{SECRET}"


def person(document: Document, name: str, role: str) -> Finding:
    quote = f"{name}, {role}"
    identity = short_id(document.account_id, "person", name, role)
    start = document.text.index(quote)
    evidence = Evidence(
        finding_id=identity,
        document_id=document.id,
        start=start,
        end=start + len(quote),
        quote_sha256=sha256_text(quote),
    )
    values: dict[str, Value] = {"name": name, "role": role, "current": True}
    return Finding(
        id=identity, account_id=document.account_id, kind="person", attributes=attributes(**values), confidence=0.9,
        status="new", first_seen=BEFORE, last_seen=BEFORE, evidence=(evidence,),
    )  # fmt: skip


def team(store: Store, account: str, at: str, *people: tuple[str, str]) -> None:
    """The account's team page as it stood at a moment, and what was found on it."""
    text = "\n".join(f"{name}, {role}" for name, role in people)
    url = f"https://{account}.example/team"
    body = text.encode()
    fetched = Fetched(url=url, final_url=url, fetched_at=at, status=200, media_type="text/html", body=body)
    capture: Capture = keep(store, f"{account}-site", fetched)
    document = Document(
        id=short_id(account, url, text), account_id=account, capture_id=capture.id, url=url, title="Team", published=None,
        language="en", page_type="leadership", media_type="text/html", text=text, text_sha256=sha256_text(text),
        extractor="sample", extractor_version="1",
        passages=(Passage(ordinal=0, start=0, end=len(text), role="paragraph"),),
    )  # fmt: skip
    record_extraction(store, capture, account, "x", document)
    replace_findings(store, account, [person(document, name, role) for name, role in people], at)


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Workspace]:
    """Two accounts, one of them of tier 1, at both of which the chief executive has changed."""
    with workspace_of(tmp_path / "home", NOW) as workspace:
        for slug, segment in (("acme", "tier-1"), ("bolt", "tier-2")):
            save_account(workspace.store, Account(id=slug, name=slug.title(), segment=segment))
            save_source(
                workspace.store,
                Source(id=f"{slug}-site", account_id=slug, kind="site", url=f"https://{slug}.example/"),
            )
            team(workspace.store, slug, BEFORE, ("Ada Byron", "Chief Executive Officer"), ("Bo Lind", "Engineer"))
            team(workspace.store, slug, AFTER, ("Cleo Marr", "Chief Executive Officer"))
        yield workspace


def rules(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    file = tmp_path / "notify.toml"
    file.write_text(text, encoding="utf-8")
    return load_rules(file)


LEADERS = """
[[rule]]
name = "leadership of tier 1"
topics = ["leadership"]
segments = ["tier-1"]
importance = 50
targets = ["SALES_CHAT"]
"""


def test_a_rule_tells_what_it_asks_for_and_tells_it_once(changed: Workspace, receiver: Any, tmp_path: Path) -> None:
    found = rules(tmp_path, LEADERS)
    environment = {"SALES_CHAT": address(receiver)}
    first = send_notices(found, changed, environment=environment)
    assert (first.sent, first.failed) == (1, ())
    ((path, message),) = receiver.taken
    assert path == f"/{SECRET}"
    assert message["title"] == "Acme: Chief Executive Officer: Ada Byron → Chief Executive Officer: Cleo Marr"
    assert "before: “Ada Byron, Chief Executive Officer”" in message["message"]
    assert "https://acme.example/team" in message["message"]
    again = send_notices(found, changed, environment=environment)
    assert (again.sent, again.failed) == (0, ())
    assert len(receiver.taken) == 1


def test_what_was_not_taken_is_sent_with_the_next_run(changed: Workspace, receiver: Any, tmp_path: Path) -> None:
    found = rules(tmp_path, LEADERS)
    receiver.refuses = True
    failed = send_notices(found, changed, environment={"SALES_CHAT": address(receiver)})
    assert failed.sent == 0
    assert failed.failed == ("leadership of tier 1 to SALES_CHAT: the service did not take the message",)
    receiver.refuses = False
    assert send_notices(found, changed, environment={"SALES_CHAT": address(receiver)}).sent == 1
    assert len(receiver.taken) == 1


def test_of_two_targets_only_the_one_that_failed_is_tried_again(
    changed: Workspace, receiver: Any, tmp_path: Path
) -> None:
    found = rules(tmp_path, LEADERS.replace('"SALES_CHAT"', '"SALES_CHAT", "BOSS"'))
    away = {"SALES_CHAT": address(receiver), "BOSS": "nonsense"}
    half = send_notices(found, changed, environment=away)
    assert half.sent == 1
    assert "apprise does not know" in half.failed[0]
    whole = send_notices(found, changed, environment={**away, "BOSS": address(receiver)})
    assert (whole.sent, whole.failed) == (1, ())
    assert len(receiver.taken) == 2


def test_a_dry_run_sends_and_keeps_nothing(changed: Workspace, receiver: Any, tmp_path: Path) -> None:
    found = rules(tmp_path, LEADERS)
    environment = {"SALES_CHAT": address(receiver)}
    assert send_notices(found, changed, dry_run=True, environment=environment).sent == 1
    assert receiver.taken == []
    assert send_notices(found, changed, environment=environment).sent == 1


def test_no_secret_is_stored_logged_or_told(
    changed: Workspace, receiver: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = rules(tmp_path, LEADERS.replace('"SALES_CHAT"', '"SALES_CHAT", "BOSS"'))
    environment = {"SALES_CHAT": address(receiver), "BOSS": f"nonsense://{SECRET}@127.0.0.1"}
    outcome = send_notices(found, changed, environment=environment)
    receiver.refuses = True
    told = [*outcome.lines, *outcome.failed, caplog.text]
    assert outcome.failed
    assert not any(SECRET in text for text in told)
    stored = b"".join(file.read_bytes() for file in changed.home.glob(f"{FILE_NAME}*"))
    assert b"Cleo Marr" in stored
    assert SECRET.encode() not in stored


def test_the_rule_decides_by_kind_field_change_and_account(changed: Workspace, tmp_path: Path) -> None:
    def wanted(**values: str) -> int:
        lines = "\n".join(f"{key} = {value}" for key, value in values.items())
        found = rules(tmp_path, f'[[rule]]\nname = "r"\ntargets = ["T"]\n{lines}\n')
        return send_notices(found, changed, dry_run=True, environment={"T": "json://127.0.0.1"}).sent

    assert wanted() == 4
    assert wanted(changes='["lapsed"]') == 2
    assert wanted(changes='["lapsed"]', accounts='["bolt"]') == 1
    assert wanted(kinds='["office"]') == 0
    assert wanted(fields='["leadership"]') == 2
    assert wanted(topics='["person"]') == 4
    assert wanted(importance="80") == 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[rule]]\nname = "r"\ntargets = ["T"]\nkind = ["person"]', "unknown key 'kind'"),
        ('[[rules]]\nname = "r"', "unknown key 'rules'"),
        ('[[rule]]\nname = "r"\ntargets = ["json://user:pw@host"]', "name environment variables"),
        ('[[rule]]\nname = "r"\ntargets = []', "rule.1.targets"),
        ('[[rule]]\nname = "r"\ntargets = ["T"]\nkinds = ["gossip"]', "rule.1.kinds.1"),
        ('[[rule]]\nname = "r"\ntargets = ["T"]\nimportance = 101', "rule.1.importance"),
        ('[[rule]]\nname = "r"\ntargets = ["T"]\n[[rule]]\nname = "r"\ntargets = ["T"]', "two rules have one name"),
        ("rule = ", "no valid TOML"),
    ],
)
def test_a_bad_rule_is_told_by_its_key(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=r"notify\.toml") as told:
        rules(tmp_path, text)
    assert complaint in str(told.value)
    assert "pw@host" not in str(told.value)


def test_what_is_missing_is_told(changed: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no such file"):
        load_rules(tmp_path / "none.toml")
    with pytest.raises(DossierError, match="SALES_CHAT is not set"):
        send_notices(rules(tmp_path, LEADERS), changed, environment={})
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(DossierError, match=r"account-dossier\[notify\]"):
        Notifier().send("json://127.0.0.1", "t", "b")


def test_apprise_is_not_loaded_before_a_message_goes_out() -> None:
    loaded = sys.modules.pop("apprise", None)
    try:
        Notifier()
        assert "apprise" not in sys.modules
    finally:
        if loaded is not None:
            sys.modules["apprise"] = loaded
