"""The team's calendars and tables, into which strangers write as well: each costs at most itself."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.accounts import import_accounts
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.own import meetings_in, read_own
from research.errors import DossierError, UsageError
from research.model.account import Account
from research.model.capture import Fetched, Skipped
from research.sources import calendar, crm, own
from research.sources.own import OwnReader, UnreadFileError
from research.store.accounts import list_accounts

NOW = "2026-11-20T10:00:00+00:00"
ACCOUNT = Account(id="tolle-pumps", name="Tolle Pumps", domains=("tolle.example",))
EVENT = "BEGIN:VEVENT\nDTSTART:20261112T100000Z\nSUMMARY:Tolle Pumps: %s\nEND:VEVENT\n"
MAPPING = (
    '[accounts]\nfile = "a.csv"\nname = "Name"\nid = "Id"\n[contacts]\nfile = "c.csv"\naccount = "Id"\nname = "Who"\n'
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "home", lambda: NOW) as opened:
        yield opened


def written(folder: Path, **files: str | bytes) -> Path:
    """A folder with these files; of a name the last `_` stands for a dot."""
    folder.mkdir(exist_ok=True)
    for name, body in files.items():
        data = body if isinstance(body, bytes) else body.encode()
        (folder / ".".join(name.rsplit("_", 1))).write_bytes(data)
    return folder


BROKEN = {
    "bytes_ics": bytes(range(256)) * 50,
    "foreign_ics": "BEGIN:VEVENT\nSUMMARY:Grüße\n".encode("utf-16"),
    "events_ics": b"BEGIN:VEVENT\n" + b"A:" + b"x" * 3_000_000 + b"\nEND:VEVENT\n",
    "endless_ics": b"BEGIN:VEVENT\n" + b'A;B="' * 200_000,
    "folded_ics": b"BEGIN:VEVENT\nSUMMARY:" + b"x\n " * 1_000_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_calendar_that_is_broken_is_skipped_and_the_next_one_read(tmp_path, workspace, name) -> None:
    files = {name: BROKEN[name], "zz_ics": EVENT % "review"}
    bad, good = read_own(written(tmp_path / "own", **files), ACCOUNT, workspace)
    assert isinstance(bad, Skipped)
    assert bad.reason
    assert isinstance(good, Fetched)
    assert json.loads(good.body)["meetings"][0]["title"] == "Tolle Pumps: review"


def test_an_export_that_cannot_be_read_costs_itself_alone(tmp_path, workspace) -> None:
    wide = b"Name,Id\n" + b'"' + b"x" * 200_000 + b'",1\n'  # more than a cell may have
    folder = written(tmp_path / "own", crm_toml=MAPPING, a_csv=wide, c_csv="Id,Who\n1,Ines\n", zz_ics=EVENT % "review")
    bad, good = read_own(folder, ACCOUNT, workspace)
    assert isinstance(bad, Skipped)
    assert "a.csv: cannot be read as CSV" in bad.reason
    assert isinstance(good, Fetched)
    (folder / "a.csv").write_text("Name,Id\nTolle Pumps,7\nOther,8\n")
    (folder / "c.csv").write_text("Id,Who\n7,Ines\n8,Pim\n")
    export, _ = read_own(folder, ACCOUNT, workspace)
    assert isinstance(export, Fetched)
    assert [row["name"] for row in json.loads(export.body)["contacts"]] == ["Ines"]


def test_a_file_that_takes_too_long_or_too_much_is_said_and_the_next_one_read(tmp_path, monkeypatch) -> None:
    folder = written(tmp_path / "own", a_csv=b"," * 30_000_000, b_csv=b"1,2\n", c_ics=EVENT % "review")
    with OwnReader() as reader:
        with pytest.raises(UnreadFileError, match=r"a\.csv: .*more than 512 MB"):
            reader.rows(folder / "a.csv")
        assert reader.rows(folder / "b.csv") == [["1", "2"]]
    with OwnReader(seconds=0.0) as hurried, pytest.raises(UnreadFileError, match=r"c\.ics: .*longer than"):
        hurried.meetings(folder / "c.ics", ("Tolle Pumps",), ())
    monkeypatch.setattr(own, "MAX_BYTES", 20)
    with OwnReader() as reader, pytest.raises(UnreadFileError, match=r"c\.ics: is larger than .*fewer rows"):
        reader.meetings(folder / "c.ics", ("Tolle Pumps",), ())


def test_what_was_asked_for_by_name_is_an_error_in_words(tmp_path, workspace) -> None:
    folder = written(tmp_path / "own", a_ics=BROKEN["bytes_ics"], a_csv=b'name\n"' + b"x" * 200_000 + b'"\n')
    with pytest.raises(UsageError, match=r"a\.ics: is not UTF-8 text: save it again"):
        meetings_in(folder / "a.ics", ACCOUNT)
    with pytest.raises(DossierError, match=r"a\.csv: cannot be read as CSV"):
        import_accounts(workspace, folder / "a.csv")
    with pytest.raises(DossierError, match=r"b\.csv: cannot be read \(No such file"):
        import_accounts(workspace, folder / "b.csv")


def test_lines_of_accounts_are_kept_or_refused_one_by_one(tmp_path, workspace) -> None:
    table = "\ufeffname,site,segment\nTolle Pumps,,farms\n\nOrrin,,a,b\nGardell\nTessel,,,\n"
    added, problems = import_accounts(workspace, written(tmp_path / "own", a_csv=table) / "a.csv")
    assert (added, problems) == (3, ("line 3: has 4 cells where the header has 3; quote what holds a comma",))
    assert {(a.name, a.segment) for a in list_accounts(workspace.store)} == {
        ("Tolle Pumps", "farms"), ("Gardell", None), ("Tessel", None),
    }  # fmt: skip


PIECES = st.lists(
    st.sampled_from(["BEGIN:VEVENT\n", "END:VEVENT\n", "DTSTART:20261112\n", "DTSTART;X=\"", "SUMMARY:", "ATTENDEE:mailto:a@tolle.example\n", "\n ", "\\n", "\\", ";", ":", '"', ",", "\r\n", "Name,Id\n", "Tolle Pumps"])
    | st.text(max_size=20),
    max_size=30,
).map("".join)  # fmt: skip


@given(PIECES)
def test_no_text_breaks_the_reader_of_calendars(text) -> None:
    body = calendar.meetings_of(("Tolle Pumps",), ("tolle.example",), tuple(calendar.read_calendar(text)))
    for day, _ in calendar.days_of(body):
        assert len(day) == 10
    if body:
        assert calendar.read(calendar.PREFIX + "a.ics", body).lines


@given(PIECES, st.sampled_from([None, ("tolle pumps", "1")]))
def test_no_text_breaks_the_reader_of_tables(text, keys) -> None:
    layout = crm.read_mapping(MAPPING, "crm.toml")
    try:
        rows = crm.read_table(layout, "accounts", text.encode("utf-8", "surrogatepass"), "a.csv", keys)
    except (UsageError, csv.Error, UnicodeDecodeError):
        return
    assert all(row.keys() == {"name", "id"} for row in rows)
