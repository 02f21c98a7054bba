"""The team's own files: read for one account only, marked as internal on every line, left out when asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.brief import Order, make_brief
from pipelines.crm_accounts import crm_rows, keep_resolved
from pipelines.own import read_own
from pipelines.resolving import Resolved
from pipelines.verify import verify_file
from research.errors import UsageError
from research.model.account import Account
from research.model.capture import Fetched, Skipped
from research.store.accounts import find_account
from research.store.meetings import last_meeting

from .example import NOW
from .small_internet import small_internet

MAPPING = """[accounts]
file = "accounts.csv"
name = "Account Name"
id = "Account ID"
owner = "Owner"

[contacts]
file = "contacts.csv"
account = "Account ID"
name = ["First", "Last"]
role = "Title"
email = "E-mail"

[opportunities]
file = "opportunities.csv"
account = "Account Name"
name = "Deal"
stage = "Stage"
amount = "Amount"

[activities]
file = "activities.csv"
account = "Account Name"
date = "Date"
subject = "Subject"
notes = "Notes"
"""
MAIL = """From: Ines Varga <ines@seller.example>
To: Devon Achterberg <devon@northfield-robotics.example>
Subject: Northfield Robotics pilot
Date: Tue, 10 Nov 2026 09:30:00 +0000
Content-Type: text/plain; charset=utf-8

Devon told me that Northfield Robotics struggles with late batteries.

They want a second source before spring.
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART;TZID=America/New_York:20261112T100000
SUMMARY:Quarterly review with Northfield
  Robotics
ATTENDEE;CN="Devon";ROLE=REQ-PARTICIPANT:mailto:devon@northfield-robotics.example
DESCRIPTION:Bring the price list\\, please.\\nRoom 4
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261215
SUMMARY:Northfield Robotics: next steps
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261101T080000Z
SUMMARY:Dentist
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Notes, a mail, a calendar and a CRM export; another account stands in it as well."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "2026-11-03 Northfield Robotics.md").write_text(
        "# Call with Devon\n\nNorthfield Robotics plans to halve its picking errors by 2027.\n", encoding="utf-8"
    )
    (own / "gardell.md").write_text("# Gardell\n\nGardell Mining wants drones.\n", encoding="utf-8")
    (own / "pilot.eml").write_text(MAIL, encoding="utf-8")
    (own / "meetings.ics").write_text(CALENDAR, encoding="utf-8")
    (own / "crm.toml").write_text(MAPPING, encoding="utf-8")
    tables = {
        "accounts": 'Account ID,Account Name,Owner\n1,"Northfield Robotics, Inc.",Ines\n2,Gardell Mining,Ines\n',
        "contacts": "Account ID,First,Last,Title,E-mail\n1,Devon,Achterberg,VP Operations,d@x.example\n2,Pim,Roos,CEO,\n",
        "opportunities": "Account Name,Deal,Stage,Amount\nNorthfield Robotics,Cell monitor,Proposal,120000 USD\n",
        "activities": "Account Name,Date,Subject,Notes\nNORTHFIELD ROBOTICS INC,2026-11-09,Call,They asked about Tessel.\n",
    }
    for name, text in tables.items():
        (own / f"{name}.csv").write_text(text, encoding="utf-8")
    return own


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "home", lambda: NOW) as opened:
        yield opened


ACCOUNT = Account(id="northfield-robotics", name="Northfield Robotics", domains=("northfield-robotics.example",))


def test_only_the_accounts_own_rows_are_kept(folder: Path, workspace: Workspace) -> None:
    answers = [a for a in read_own(folder, ACCOUNT, workspace) if isinstance(a, Fetched)]
    kept = {a.url: a.body.decode() for a in answers}
    crm = json.loads(kept["own:crm/crm.toml"])
    assert [c["name"] for c in crm["contacts"]] == ["Devon Achterberg"]
    assert [len(crm[t]) for t in ("accounts", "opportunities", "activities")] == [1, 1, 1]
    assert "Gardell" not in kept["own:crm/crm.toml"]
    assert "Dentist" not in kept["own:calendar/meetings.ics"]
    assert not any(url.endswith(".csv") for url in kept)


def test_an_account_that_stands_nowhere_gets_reasons(folder: Path, workspace: Workspace) -> None:
    answers = list(read_own(folder, Account(id="x", name="Xylo Works"), workspace))
    reasons = {a.url: a.reason for a in answers if isinstance(a, Skipped)}
    assert "nothing of Xylo Works" in reasons["own:crm/crm.toml"]
    assert "no meeting with Xylo Works" in reasons["own:calendar/meetings.ics"]


def brief(folder: Path, tmp_path: Path, *, internal: bool = True) -> tuple[dict[str, Any], str, str, int, Workspace]:
    home, out = tmp_path / "brief-home", tmp_path / f"out-{internal}"
    home.mkdir(exist_ok=True)
    with small_internet() as net, open_workspace(home, lambda: NOW) as opened:
        workspace = replace(opened, internet=net.internet())
        target = f"http://www.northfield-robotics.example:{net.port}/"
        order = Order(target=target, kinds=("site",), own=(str(folder),), out=out, internal=internal)
        make_brief(order, workspace)
        problems = len(verify_file(out / "brief.json", workspace).problems)
        meeting = last_meeting(workspace.store, "northfield-robotics", NOW)
    data = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    pages = [(out / f"brief.{form}").read_text(encoding="utf-8") for form in ("md", "html")]
    assert meeting == "2026-11-12"
    return data, pages[0], pages[1], problems, workspace


def test_internal_lines_are_marked_wherever_they_stand(folder: Path, tmp_path: Path) -> None:
    data, markdown, html, problems, _ = brief(folder, tmp_path)
    assert problems == 0
    inside = {d["id"] for d in data["documents"] if d.get("internal")}
    assert len(inside) == 4
    by_id = {f["id"]: f for f in data["findings"]}
    assert any(f["attributes"].get("name") == "Devon Achterberg" for f in by_id.values())
    for section in data["sections"]:
        for claim in section["claims"]:
            cited = {e["document"] for f in claim["findings"] for e in by_id[f]["evidence"]}
            assert bool(claim.get("internal")) == bool(cited & inside), claim
    line = next(line for line in markdown.splitlines() if line.startswith("- Devon Achterberg"))
    assert "**internal**" in line
    assert html.count(">internal<") >= 3


def test_nothing_internal_is_left_when_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    data, markdown, html, problems, _ = brief(folder, tmp_path, internal=False)
    text = json.dumps(data) + markdown + html
    assert problems == 0
    for word in ("Achterberg", "own:", "struggles", "Tessel", "halve", "pilot.eml", "crm.toml", "meetings.ics"):
        assert word not in text, word
    assert "founded" in text


def test_another_accounts_note_is_not_admitted(folder: Path, tmp_path: Path) -> None:
    data, *_ = brief(folder, tmp_path)
    refused = [a for a in data["identity"] if not a["admitted"]]
    assert [a["url"] for a in refused] == ["own:gardell.md"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[leads]\nfile = 'a.csv'\n", "the tables here are"),
        ("[accounts]\nfile = 'accounts.csv'\n", "no `file` or no `name`"),
        ("[accounts]\nfile = 'accounts.csv'\nname = 'Account Name'\ncolour = 'x'\n", "unknown key 'colour'"),
        ("[accounts]\nfile = 'accounts.csv'\nname = 'Firm'\n", "no column 'Firm'"),
        ("[accounts]\nfile = 'none.csv'\nname = 'Firm'\n", "must lie beside it"),
        ("[accounts\n", "no valid TOML"),
        ("[contacts]\nfile = 'contacts.csv'\naccount = 'Account ID'\n", r"no \[accounts\]"),
    ],
)
def test_a_wrong_mapping_says_what_to_do(folder: Path, text: str, words: str) -> None:
    (folder / "crm.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        crm_rows(folder / "crm.toml")


def test_resolved_accounts_are_kept_with_their_identifiers(workspace: Workspace) -> None:
    answers = [
        Resolved(typed="ORRIN (old)", state="resolved", reason="r", name="Orrin plc", identifiers=(("lei", "L1"),)),
        Resolved(typed="Tolle", state="ambiguous", reason="two"),
    ]
    assert keep_resolved(answers, workspace) == 1
    account = find_account(workspace.store, "Orrin")
    assert account is not None
    assert dict(account.identifiers) == {"lei": "L1"}
    assert find_account(workspace.store, "Tolle") is None
