"""Captured traffic: what an archive holds comes back, and what is damaged says so."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from research.errors import DossierError, UsageError
from research.model.capture import Fetched, Request, Skipped
from research.net.replay import Replay, open_warc

SHARED = Path(__file__).parents[4] / "shared" / "data" / "warc"
PAGE = b"<html><body><p>We make pumps for farms.</p></body></html>"
HTML = [("Content-Type", "text/html; charset=utf-8")]


def record(url: str, status: str, headers: list, body: bytes, kind: str = "response", **warc: str) -> bytes:
    """The bytes of one record; `warc` are further headers, underscores for hyphens."""
    block = f"HTTP/1.1 {status}\r\n".encode() + b"".join(f"{k}: {v}\r\n".encode() for k, v in headers) + b"\r\n" + body
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:example:{abs(hash((url, body)))}>",
        "WARC-Target-URI": url,
        "WARC-Date": "2020-05-06T07:08:09Z",
        "Content-Type": "application/http; msgtype=response",
    }
    fields |= {name.replace("_", "-"): value for name, value in warc.items()} | {"Content-Length": str(len(block))}
    head = "WARC/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def archive(path: Path, *answers: tuple, packed: bool = True) -> Path:
    """Writes (url, status line, headers, body) answers, each its own gzip member as archives have it."""
    records = [record(*answer) for answer in answers]
    path.write_bytes(b"".join(map(gzip.compress, records) if packed else records))
    return path


def fetch(replay: Replay, url: str) -> Fetched | Skipped:
    return replay.fetch(Request(url=url))


@pytest.mark.parametrize("packed", [True, False])
def test_pages_come_back_with_their_own_date(tmp_path, packed):
    path = archive(
        tmp_path / "a.warc.gz",
        ("https://example.com/", "200 OK", [*HTML, ("ETag", '"e"')], PAGE),
        ("https://example.com/packed", "200 OK", [*HTML, ("Content-Encoding", "gzip")], gzip.compress(PAGE)),
        (
            "https://example.com/chunked",
            "200 OK",
            [*HTML, ("Transfer-Encoding", "chunked")],
            b"5\r\n<p>ab\r\n3\r\ncd!\r\n0\r\n\r\n",
        ),
        ("https://example.com/logo.png", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
        ("https://example.com/gone", "404 Not Found", HTML, b"gone"),
        packed=packed,
    )
    replay = open_warc(path)
    home = fetch(replay, "https://EXAMPLE.com:443/?utm_source=x#top")
    assert isinstance(home, Fetched)
    assert (home.body, home.fetched_at, home.etag) == (PAGE, "2020-05-06T07:08:09Z", '"e"')
    assert fetch(replay, "https://example.com/packed").body == PAGE
    assert fetch(replay, "https://example.com/chunked").body == b"<p>abcd!"
    assert fetch(replay, "https://example.com/gone") == Skipped(
        url="https://example.com/gone", reason="HTTP 404 (not found)"
    )
    assert fetch(replay, "https://example.com/other") == Skipped(url="https://example.com/other", reason="not captured")
    assert len(replay.urls()) == 5
    assert "https://example.com/logo.png" not in replay.pages()
    assert replay.problems == ()


def test_redirects_are_followed_within_the_archive(tmp_path):
    path = archive(
        tmp_path / "a.warc.gz",
        ("http://example.com/", "301 Moved", [("Location", "https://www.example.com/")], b""),
        ("https://www.example.com/", "200 OK", HTML, PAGE),
        ("https://www.example.com/out", "302 Found", [("Location", "https://elsewhere.example/")], b""),
        ("https://www.example.com/round", "302 Found", [("Location", "/round")], b""),
    )
    replay = open_warc(path)
    assert fetch(replay, "http://example.com/").final_url == "https://www.example.com/"
    assert (
        fetch(replay, "https://www.example.com/out").reason
        == "redirects to https://elsewhere.example/, which is not captured"
    )
    assert fetch(replay, "https://www.example.com/round").reason == "redirects in a circle"


def test_a_folder_is_found_with_and_without_its_index_file(tmp_path):
    replay = open_warc(archive(tmp_path / "a.warc.gz", ("https://example.com/about/", "200 OK", HTML, PAGE)))
    for url in ("https://example.com/about", "https://example.com/about/index.html"):
        assert fetch(replay, url).final_url == "https://example.com/about/"


def test_the_last_good_capture_of_an_address_counts(tmp_path):
    path = archive(
        tmp_path / "a.warc.gz",
        ("https://example.com/", "200 OK", HTML, b"<p>old</p>"),
        ("https://example.com/", "200 OK", HTML, b"<p>new</p>"),
        ("https://example.com/", "503 Busy", HTML, b"busy"),
    )
    assert fetch(open_warc(path), "https://example.com/").body == b"<p>new</p>"


def test_a_revisit_is_read_from_what_it_repeats(tmp_path):
    path = tmp_path / "a.warc"
    first = record("https://example.com/", "200 OK", HTML, PAGE, WARC_Payload_Digest="sha1:A")
    copy = record(
        "https://example.com/copy", "200 OK", HTML, b"", "revisit",
        WARC_Payload_Digest="sha1:A", WARC_Date="2021-01-01T00:00:00Z",
    )  # fmt: skip
    lost = record("https://example.com/lost", "200 OK", HTML, b"", "revisit", WARC_Payload_Digest="sha1:B")
    path.write_bytes(first + copy + lost)
    replay = open_warc(path)
    copy = fetch(replay, "https://example.com/copy")
    assert isinstance(copy, Fetched)
    assert (copy.body, copy.final_url, copy.fetched_at) == (PAGE, "https://example.com/copy", "2021-01-01T00:00:00Z")
    assert "not in this archive" in fetch(replay, "https://example.com/lost").reason


def pages(count: int) -> list[tuple]:
    return [
        (f"https://example.com/{n}", "200 OK", HTML, b"<p>%d</p>" % n + bytes(range(33, 120)) * 40)
        for n in range(count)
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_of_a_file_that_is_cut_off_the_readable_part_is_kept(tmp_path, packed):
    path = archive(tmp_path / "a.warc.gz", *pages(10), packed=packed)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 65 // 100])
    replay = open_warc(path)
    assert 4 <= len(replay.urls()) <= 6
    assert all(isinstance(fetch(replay, url), Fetched) for url in replay.urls())
    assert [problem for problem in replay.problems if "cut off" in problem.reason or "damaged" in problem.reason]


def test_a_damaged_place_costs_its_own_record_only(tmp_path):
    path = archive(tmp_path / "a.warc.gz", *pages(10))
    data = bytearray(path.read_bytes())
    middle = data.index(b"\x1f\x8b\x08", len(data) // 2)
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    replay = open_warc(path)
    assert len(replay.urls()) == 9
    assert replay.problems
    assert fetch(replay, "https://example.com/9").body.startswith(b"<p>9</p>")


def test_a_file_that_was_packed_as_a_whole(tmp_path):
    plain = archive(tmp_path / "a.warc", *pages(3), packed=False)
    path = tmp_path / "b.warc.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    replay = open_warc(path)
    assert [fetch(replay, url).status for url in replay.urls()] == [200, 200, 200]


def test_a_bomb_in_an_archive_is_bounded(tmp_path):
    path = archive(
        tmp_path / "a.warc.gz",
        ("https://example.com/", "200 OK", [*HTML, ("Content-Encoding", "gzip")], gzip.compress(bytes(40 << 20))),
    )
    assert "inflates more than 200-fold" in fetch(open_warc(path), "https://example.com/").reason


@pytest.mark.parametrize("data", [b"", b"not an archive\n" * 50, b"\x1f\x8b" + bytes(100), b"WARC/1.0\r\n\r\n\r\n\r\n"])
def test_what_is_no_archive_is_said_in_a_line(tmp_path, data):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    with pytest.raises(DossierError, match="holds no captured page"):
        open_warc(path)
    with pytest.raises(UsageError, match="there is no file"):
        open_warc(tmp_path / "missing.warc")


@pytest.mark.shared
@pytest.mark.parametrize(("name", "count"), [("rapid7_2019", 336), ("doublecloud_2025", 88), ("flux_2020", 21)])
def test_every_page_of_the_real_sites_comes_through(name, count):
    path = SHARED / f"{name}.warc.gz"
    if not path.exists():
        pytest.skip("the shared archives are not here")
    replay = open_warc(path)
    answers = [fetch(replay, url) for url in replay.pages()]
    assert [answer.media_type for answer in answers if isinstance(answer, Fetched)] == ["text/html"] * count
    assert replay.problems == ()
