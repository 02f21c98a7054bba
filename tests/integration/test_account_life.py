"""What stays of an account, when it is due, and what a brief as of a day may know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.bootstrap import Workspace
from pipelines.brief import Order, make_brief
from pipelines.reading import documents_until, extract
from pipelines.refresh import is_due, refresh_accounts
from pipelines.verify import verify_file
from research.errors import DossierError
from research.model.account import Account, Source
from research.model.capture import Fetched
from research.store.accounts import list_accounts, load_account, save_account, save_source, sources_of
from research.store.captures import keep
from research.store.runs import save_skipped, start_run

from .conftest import NOW, workspace_of

ACCOUNT = Account(id="harrowgate", name="Harrowgate Systems", domains=("harrowgate.example",))
PAGE = """<html><head><title>{title}</title><meta property="article:published_time" content="{day}"></head><body><main>
<h1>{title}</h1><p>Harrowgate Systems makes meters for water utilities. Harrowgate Systems sells them, and
Harrowgate Systems reads them. {words}</p></main></body></html>"""


def write_page(file: Path, day: str, words: str = "") -> None:
    file.write_text(PAGE.format(title=file.stem, day=day, words=words), encoding="utf-8")


def answer(words: str, at: str, url: str = "https://www.harrowgate.example/") -> Fetched:
    body = PAGE.format(title="Harrowgate", day="", words=words).replace('content=""', "").encode()
    return Fetched(url=url, final_url=url, fetched_at=at, status=200, media_type="text/html", body=body)


def watched(workspace: Workspace, kind: str = "site", url: str = "https://www.harrowgate.example/") -> Source:
    save_account(workspace.store, ACCOUNT)
    source = Source(id="s1", account_id=ACCOUNT.id, kind=kind, url=url)  # type: ignore[arg-type]
    save_source(workspace.store, source)
    return source


# --- ghosts -------------------------------------------------------------------------------------------------------


def test_nothing_stays_of_an_account_that_could_not_be_read(tmp_path: Path, workspace: Workspace) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"")
    with pytest.raises(DossierError):
        make_brief(Order(target="Harrowgate Systems", sources=(str(broken),), out=tmp_path / "out"), workspace)
    assert list_accounts(workspace.store) == ()
    assert sources_of(workspace.store, "harrowgate-systems") == ()


def test_an_account_that_somebody_added_stays_when_it_cannot_be_read(tmp_path: Path, workspace: Workspace) -> None:
    save_account(workspace.store, ACCOUNT)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"")
    with pytest.raises(DossierError):
        make_brief(Order(target="harrowgate", sources=(str(broken),), out=tmp_path / "out"), workspace)
    assert load_account(workspace.store, ACCOUNT.id) is not None


# --- due ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "due"), [("warc", False), ("file", False), ("site", True)])
def test_captured_traffic_is_due_by_the_last_run_and_a_site_by_its_pages(
    workspace: Workspace, kind: str, *, due: bool
) -> None:
    source = watched(workspace, kind)
    keep(workspace.store, source.id, answer("Old.", "2019-05-01T10:00:00+00:00"))
    assert is_due(ACCOUNT, workspace)
    save_skipped(workspace.store, start_run(workspace.store, "brief", NOW), ACCOUNT.id, ())
    assert is_due(ACCOUNT, workspace) is due


def test_what_was_read_longer_ago_than_its_cadence_is_due_again(tmp_path: Path) -> None:
    for now, due in ((NOW, False), ("2026-11-26T09:00:00+00:00", False), ("2026-11-27T09:00:00+00:00", True)):
        with workspace_of(tmp_path / "home", now) as workspace:
            source = watched(workspace)
            keep(workspace.store, source.id, answer("New.", NOW))
            assert is_due(ACCOUNT, workspace) is due, now


# --- as of --------------------------------------------------------------------------------------------------------


def test_a_brief_as_of_a_day_knows_nothing_younger(tmp_path: Path, workspace: Workspace) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    write_page(folder / "january.html", "2024-01-10", "Harrowgate Systems was founded in 1987.")
    write_page(folder / "march.html", "2024-03-10", "Revenue was $12.5 million.")
    (folder / "undated.txt").write_text("Harrowgate Systems has 250 employees in Leeds.", encoding="utf-8")
    order = Order(
        target="Harrowgate Systems", sources=(str(folder),), out=tmp_path / "out", formats=("json",), as_of="2024-02-01"
    )
    make_brief(order, workspace)
    brief = json.loads((tmp_path / "out" / "brief.json").read_text(encoding="utf-8"))
    skipped = {s["url"]: s["reason"] for s in brief["skipped"]}
    assert [d["url"] for d in brief["documents"]] == ["file:january.html"]
    assert skipped["file:march.html"].startswith("published on 2024-03-10, after 2024-02-01")
    assert skipped["file:undated.txt"].startswith("read on 2026-11-20, after 2024-02-01")
    assert {e["url"] for f in brief["findings"] for e in f["evidence"]} == {"file:january.html"}
    assert verify_file(tmp_path / "out" / "brief.json", workspace).problems == ()


def test_of_a_page_that_changed_since_the_earlier_capture_counts(workspace: Workspace) -> None:
    source = watched(workspace)
    for words, at in (
        ("They have 100 staff.", "2026-01-05T10:00:00Z"),
        ("They have 900 staff.", "2026-06-05T10:00:00Z"),
    ):
        keep(workspace.store, source.id, answer(words, at))
        extract(ACCOUNT, workspace)
    keep(
        workspace.store, source.id, answer("A new page.", "2026-06-05T10:00:00Z", "https://www.harrowgate.example/new")
    )
    extract(ACCOUNT, workspace)
    documents, later = documents_until(ACCOUNT, workspace, "2026-03-01")
    assert ["100 staff" in d.text for d in documents] == [True]
    assert [(s.url, s.reason.split(",")[0]) for s in later] == [
        ("https://www.harrowgate.example/new", "read on 2026-06-05")
    ]
    today, none = documents_until(ACCOUNT, workspace, "2026-11-20")
    assert len(today) == 2
    assert none == ()


# --- a refresh that reads nothing -----------------------------------------------------------------------------------


def test_a_refresh_that_reads_no_page_fails_with_the_reason(workspace: Workspace) -> None:
    source = watched(workspace)
    keep(workspace.store, source.id, answer("They are in Leeds.", "2026-11-01T10:00:00Z"))
    (result,) = refresh_accounts(["harrowgate"], workspace, out=workspace.home / "out")
    assert result.failed
    assert "none of its pages could be read" in result.message
    assert "no such host: www.harrowgate.example" in result.message
