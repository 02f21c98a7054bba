"""changes, digest, notify, schedule and accounts meeting as a user meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from research.model.account import Account, Source
from research.model.capture import Fetched
from research.model.document import Document, Passage
from research.model.finding import Evidence, Finding, attributes
from research.store.accounts import save_account, save_source
from research.store.captures import keep
from research.store.connect import open_store
from research.store.documents import record_extraction
from research.store.findings import replace_findings
from research.text.hashing import sha256_text, short_id

COMMANDS = ("changes", "digest", "notify", "schedule", "refresh")


def dossier(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DOSSIER_HOME": str(home), "PYTHONHASHSEED": "0", "NO_COLOR": "1", **more}
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        capture_output=True, text=True, timeout=120, env=environment, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account whose head office moved from Leeds to Ulm on 2 March 2026."""
    folder = tmp_path_factory.mktemp("changes") / "home"
    with open_store(folder) as store:
        save_account(store, Account(id="acme", name="Acme Works"))
        save_source(store, Source(id="s", account_id="acme", kind="site", url="https://acme.example/"))
        for at, place in (("2026-01-05T08:00:00+00:00", "Leeds"), ("2026-03-02T08:00:00+00:00", "Ulm")):
            text = f"Acme Works has its head office in {place}"
            url = "https://acme.example/contact"
            fetched = Fetched(
                url=url, final_url=url, fetched_at=at, status=200, media_type="text/html", body=text.encode()
            )
            capture = keep(store, "s", fetched)
            document = Document(
                id=short_id("acme", url, text), account_id="acme", capture_id=capture.id, url=url, title="Contact",
                published=None, language="en", page_type="contact", media_type="text/html", text=text,
                text_sha256=sha256_text(text), extractor="sample", extractor_version="1",
                passages=(Passage(ordinal=0, start=0, end=len(text), role="paragraph"),),
            )  # fmt: skip
            record_extraction(store, capture, "acme", "x", document)
            identity = short_id("acme", "headquarters", place)
            evidence = Evidence(
                finding_id=identity, document_id=document.id, start=0, end=len(text), quote_sha256=sha256_text(text)
            )
            finding = Finding(
                id=identity, account_id="acme", kind="fact", confidence=0.9, status="new", first_seen=at, last_seen=at,
                attributes=attributes(field="headquarters", value=place, normal=place), evidence=(evidence,),
            )  # fmt: skip
            replace_findings(store, "acme", [finding], at)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, home: Path) -> None:
    shown = dossier(command, "--help", home=home)
    assert shown.returncode == 0
    assert "Usage" in shown.stdout


def test_changes_come_as_text_json_markdown_and_atom(home: Path, tmp_path: Path) -> None:
    text = dossier("changes", "acme", "--since", "2026-03-01", home=home)
    assert text.returncode == 0, text.stderr
    head, before, now = text.stdout.splitlines()
    assert head.startswith("2026-03-02 changed")
    assert head.endswith("headquarters: Leeds → headquarters: Ulm")
    assert "“Acme Works has its head office in Leeds”" in before
    assert "“Acme Works has its head office in Ulm”" in now
    assert "1 change since 2026-03-01" in text.stderr
    line = json.loads(dossier("changes", "acme", "--since", "2026-03-01", "--json", home=home).stdout)
    assert (line["change"], line["topic"], line["before"]) == ("changed", "fact.headquarters", "headquarters: Leeds")
    whole = json.loads(dossier("changes", "acme", "--since", "2026-03-01", "--format", "json", home=home).stdout)
    assert (whole["schema"], whole["changes"][0]["after"]) == ("dossier.changes/1", "headquarters: Ulm")
    written = dossier(
        "changes", "acme", "--since", "2026-03-01T00:00:00Z", "--format", "atom", "--out", str(tmp_path), home=home
    )
    assert written.stdout.strip() == str(tmp_path / "acme.atom")
    assert ET.parse(tmp_path / "acme.atom").getroot().tag == "{http://www.w3.org/2005/Atom}feed"
    later = dossier("changes", "acme", "--since", "2026-03-02T09:00:00Z", home=home)
    assert (later.returncode, later.stdout) == (0, "")


def test_since_the_last_meeting_needs_one_and_then_counts_from_it(home: Path) -> None:
    asked = dossier("changes", "acme", "--since", "last-meeting", home=home)
    assert asked.returncode == 2
    assert "dossier accounts meeting acme DATE" in asked.stderr
    noted = dossier("accounts", "meeting", "acme", "2026-02-01", "2099-01-01", "--title", "Review", home=home)
    assert noted.stdout.splitlines() == ["2026-02-01\tlast\tReview", "2099-01-01\tnext\tReview"]
    told = dossier("changes", "acme", "--since", "last-meeting", home=home)
    assert "Leeds → headquarters: Ulm" in told.stdout
    digest = dossier("digest", "--feeds", str(home / "feeds"), home=home)
    assert digest.returncode == 0, digest.stderr
    assert "## Acme Works" in digest.stdout
    assert (home / "feeds" / "acme.atom").exists()
    gone = dossier("accounts", "meeting", "acme", "2026-02-01", "--remove", home=home)
    assert gone.stdout.splitlines() == ["2099-01-01\tnext\tReview"]


def test_meetings_come_from_a_calendar(home: Path, tmp_path: Path) -> None:
    calendar = tmp_path / "team.ics"
    event = "BEGIN:VEVENT\nDTSTART:{}T090000Z\nSUMMARY:{}\nEND:VEVENT\n"
    events = event.format("20260110", "Acme Works kick-off") + event.format("20260111", "Dentist")
    calendar.write_text(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n", encoding="utf-8")
    noted = dossier("accounts", "meeting", "acme", "--ics", str(calendar), home=home)
    assert noted.returncode == 0, noted.stderr
    assert "2026-01-10\tlast\tAcme Works kick-off" in noted.stdout
    assert "Dentist" not in noted.stdout


def test_the_schedule_is_printed_and_nothing_is_set_up_unasked(home: Path) -> None:
    shown = dossier("schedule", home=home)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.split("\t")[0].split() == ["now", "acme"]
    turn = json.loads(dossier("schedule", "--json", home=home).stdout)
    assert (turn["account"], turn["kinds"]) == ("acme", ["site"])
    timer = dossier("schedule", "--print", "systemd", "--every", "3", home=home)
    assert "OnCalendar=*-*-* 0/3:00:00" in timer.stdout
    assert f"--home {home}" in timer.stdout
    assert dossier("schedule", "--print", "cron", home=home).stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("changes", "acme", "--since", "soon"), 2, "last-meeting"),
        (("changes", "acme", "--since", "2026-01-01", "--format", "pdf"), 2, "text, json, md or atom"),
        (("accounts", "meeting", "acme", "2026-02-30"), 2, "no date"),
        (("accounts", "meeting", "acme", "2020-01-01", "--remove"), 2, "no meeting with Acme Works is known"),
        (("refresh", "acme", "--budget-requests", "5"), 2, "go with --due"),
        (("schedule", "--print", "at"), 2, "use systemd or cron"),
        (("notify",), 2, "no such file"),
    ],
)
def test_wrong_input_is_one_line_and_an_exit_code(
    home: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    run = dossier(*arguments, home=home)
    assert run.returncode == code, run.stderr
    lines = [line for line in run.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, run.stderr
    assert words in lines[0]
