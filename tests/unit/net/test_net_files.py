"""Documents from the file system."""

from __future__ import annotations

import gzip
import os

import pytest

from research.errors import UsageError
from research.model.capture import Fetched, Skipped
from research.net.files import read_path
from research.net.settings import NetSettings

NOW = "2026-01-02T03:04:05Z"


def read(path, **kwargs):
    return list(read_path(path, fetched_at=NOW, **kwargs))


def test_a_folder_is_read_in_order_of_name_with_a_reason_for_what_is_not(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "b.HTM").write_bytes(b"<p>b</p>")
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>a</p>"))
    (tmp_path / "notes.md").write_text("# Notes")
    (tmp_path / "table.xlsx").write_bytes(b"PK")
    (tmp_path / "empty.txt").write_bytes(b"\n")
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    got = read(tmp_path)
    assert [item.url for item in got] == [
        "file:a.html.gz", "file:deep/er/b.HTM", "file:empty.txt", "file:link.txt", "file:notes.md", "file:table.xlsx",
    ]  # fmt: skip
    kinds = [item.media_type if isinstance(item, Fetched) else "skipped" for item in got]
    assert kinds == ["text/html", "text/html", "skipped", "skipped", "text/markdown", "skipped"]
    assert (got[0].body, got[0].fetched_at, got[0].final_url) == (b"<p>a</p>", NOW, "file:a.html.gz")
    assert "not read" in got[-1].reason


def test_a_single_file_goes_by_its_name_alone(tmp_path):
    path = tmp_path / "Report 2025.pdf"
    path.write_bytes(b"%PDF-1.7 ...")
    (only,) = read(path)
    assert (only.url, only.media_type) == ("file:Report 2025.pdf", "application/pdf")


def test_what_calls_itself_html_and_is_a_pdf(tmp_path):
    (tmp_path / "a.html").write_bytes(b"%PDF-1.4")
    assert read(tmp_path)[0].media_type == "application/pdf"


def test_files_beyond_the_limit_and_bombs_are_left_out(tmp_path):
    (tmp_path / "big.txt").write_bytes(b"x" * 3000)
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(bytes(100_000)))
    (tmp_path / "torn.txt.gz").write_bytes(gzip.compress(os.urandom(500))[:-100])
    got = read(tmp_path, settings=NetSettings(max_body_bytes=2048))
    assert all(isinstance(item, Skipped) for item in got)
    assert "larger than" in got[0].reason
    assert "larger than 2 KB" in got[1].reason
    assert "cut off" in got[2].reason


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert read(tmp_path)[0].reason == "this is no regular file"


def test_a_missing_path_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no file or folder"):
        read(tmp_path / "missing")
