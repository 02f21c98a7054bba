"""Web archives that strangers made: read in bounds, said in a line where they cannot be, and never an exception."""

from __future__ import annotations

import contextlib
import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.memory import peak, reset_peak
from research.errors import DossierError
from research.model.capture import Fetched, Request, Skipped
from research.net.archive import open_archive, open_bytes
from research.net.replay import Replay
from research.net.warc import scan

from .archives import ARCHIVES, GOOD, HTML, URL, record

_COST = 64 << 20  # as for a bomb that comes over the network


def fetch(replay: Replay, url: str = URL) -> Fetched | Skipped:
    return replay.fetch(Request(url=url, origin="replay"))


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_made_to_flood_costs_little_and_the_page_after_it_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(ARCHIVES[name]())
    before = reset_peak()
    if name.endswith(".gz"):
        replay = open_archive(path)
        good, bad = fetch(replay, URL + "good"), fetch(replay)
        assert isinstance(good, Fetched)
        assert good.body == GOOD
        assert isinstance(bad, Skipped) or len(bad.body) == 1
    else:
        with pytest.raises(DossierError) as said:
            open_archive(path)
        assert name in str(said.value)
        assert "\n" not in str(said.value)
    assert peak() - before < _COST


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"4\r\nabcd\r\n1;x=y\r\ne\r\n0\r\n\r\n", b"abcde"),
        (b"4\r\nabcd\r\n9\r\nef", b"abcdef"),
        (b"<p>not in chunks</p>", b"<p>not in chunks</p>"),
        (b"4\r\nabcd\r\n<p>no longer</p>", b"abcd<p>no longer</p>"),
        (b"add\r\nand more words\r\n" + b"x" * 3_000, b"add\r\nand more words\r\n" + b"x" * 3_000),
        (b"-5\r\nabcde", b"-5\r\nabcde"),
        (b"%x\r\n" % 200_000 + b"y" * 200_000 + b"\r\n0\r\n\r\n", b"y" * 200_000),
    ],
)
def test_chunks_are_put_together_and_what_is_in_none_is_kept(body: bytes, read: bytes) -> None:
    replay = open_bytes(record(body, HTML + b"Transfer-Encoding: chunked\r\n"), "a.warc")
    answer = fetch(replay)
    assert isinstance(answer, Fetched)
    assert answer.body == read


def mutants(whole: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Copies with one to four bytes changed, often to what heads are made of."""
    draw = random.Random(seed)
    for _ in range(count):
        made = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            made[draw.randrange(len(made))] = draw.choice((draw.randrange(256), *b"\n:-09"))
        yield bytes(made)


def test_no_changed_byte_of_an_archive_is_more_than_a_problem() -> None:
    chunked = record(b"4\r\nabcd\r\n0\r\n\r\n", HTML + b"Transfer-Encoding: chunked\r\n")
    plain = record(GOOD) * 2 + chunked
    packed = gzip.compress(record(GOOD)) * 2 + gzip.compress(chunked)
    for whole in (plain, packed):
        for made in mutants(whole, 1_500, seed=3):
            answer = fetch(open_bytes(made, "a.warc"))
            assert isinstance(answer, Fetched) or answer.reason


def test_no_changed_byte_of_a_packed_archive_is_more_than_an_error_in_words(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.warc", record(GOOD) * 3)
    path, read = tmp_path / "a.wacz", 0
    for made in mutants(held.getvalue(), 1_000, seed=4):
        path.write_bytes(made)
        with contextlib.suppress(DossierError):  # any other error fails
            read += isinstance(fetch(open_archive(path)), Fetched)
    assert 0 < read < 1_000


def test_an_archive_of_too_many_answers_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("research.net.warc._MAX_ENTRIES", 3)
    found = list(scan(io.BytesIO(record(GOOD) * 9), "a.warc"))
    assert [type(one).__name__ for one in found] == ["Entry", "Entry", "Entry", "Skipped"]


def test_addresses_of_an_archive_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    fetch(open_bytes(record(GOOD, url=URL + " \x1b[2Jx"), "a.warc"))
    assert caplog.text == ""
