"""Captured traffic in bulk: each file is read once, and each page goes to the account that it is of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.collect_warcs import collect_warcs, read_list
from research.errors import UsageError
from research.model.account import Account
from research.model.capture import Capture
from research.net.archive import write_warc
from research.store.accounts import list_accounts, save_account
from research.store.captures import current_captures

NOW = "2026-03-01T08:00:00+00:00"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "home", lambda: NOW) as opened:
        yield opened


def archive(path: Path, *urls: str) -> Path:
    pages = []
    for url in urls:
        body = f"<html><body><p>We make pumps, says {url}.</p></body></html>".encode()
        capture = Capture(
            id=url, source_id="s", url=url, final_url=url, fetched_at=NOW, status=200, media_type="text/html",
            body_sha256="0" * 64,
        )  # fmt: skip
        pages.append((capture, body))
    path.write_bytes(write_warc(pages)[0])
    return path


ACME = ("https://www.acme.com/", "https://www.acme.com/about")
BRILL = ("https://brill.org/", "https://brill.org/news", "https://brill.org/team")


def test_pages_go_to_the_account_that_they_are_of(workspace: Workspace, tmp_path: Path) -> None:
    save_account(workspace.store, Account(id="acme", name="Acme", domains=("acme.com",)))
    file = archive(tmp_path / "one.warc.gz", *ACME, *BRILL)
    report = collect_warcs([file], workspace)
    assert (report.done, report.reused) == (1, 0)
    assert {c.url for c in current_captures(workspace.store, "acme")} == set(ACME)
    assert [a.id for a in list_accounts(workspace.store)] == ["acme"]
    again = collect_warcs([file], workspace)
    assert (again.done, again.reused) == (0, 1)


def test_every_site_with_enough_pages_becomes_an_account(workspace: Workspace, tmp_path: Path) -> None:
    collect_warcs([archive(tmp_path / "one.warc.gz", *ACME, *BRILL)], workspace, least_pages=3)
    (account,) = list_accounts(workspace.store)
    assert account.domains == ("brill.org",)
    assert len(current_captures(workspace.store, account.id)) == 3


def test_a_broken_file_is_named_and_the_others_are_read(workspace: Workspace, tmp_path: Path) -> None:
    save_account(workspace.store, Account(id="acme", name="Acme", domains=("acme.com",)))
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(b"this is no archive")
    report = collect_warcs([broken, archive(tmp_path / "one.warc.gz", *ACME)], workspace)
    assert report.done == 1
    assert [failure.url for failure in report.failed] == ["broken.warc.gz"]
    assert len(current_captures(workspace.store, "acme")) == 2


def test_a_list_names_files_beside_itself_and_none_that_is_missing(tmp_path: Path) -> None:
    archive(tmp_path / "one.warc.gz", *ACME)
    listed = tmp_path / "list.txt"
    listed.write_text("# segments\n\none.warc.gz\none.warc.gz\n")
    assert read_list(listed) == ((tmp_path / "one.warc.gz").resolve(),)
    listed.write_text("two.warc.gz\n")
    with pytest.raises(UsageError, match=r"two\.warc\.gz is not there"):
        read_list(listed)
    with pytest.raises(UsageError, match="cannot be read"):
        read_list(tmp_path / "nowhere.txt")
