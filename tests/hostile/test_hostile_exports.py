"""No string of a stranger's runs, loads, or breaks out of an export, and no name leaves the folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from research.errors import DossierError
from research.export import write
from research.export.as_html import to_html
from research.export.as_json import to_json
from research.export.as_markdown import to_markdown
from research.export.write import write_brief
from research.text.names import slug
from tests.hostile.browsing import faults_of, tags, what_happened
from tests.hostile.poisoned import OWN, naughty, poisoned

BENIGN = "An ordinary sentence"


def naughty_here(request: pytest.FixtureRequest) -> list[str]:
    """Our own strings, and some of the shared ones; `make hostile` tries them all."""
    try:
        listed = naughty(request.getfixturevalue("shared_data"))
    except pytest.skip.Exception:
        listed = naughty(None)
    return [*OWN, *listed[len(OWN) :: 9]]


def test_no_string_becomes_markup_in_html(request):
    allowed = tags(to_html(poisoned(BENIGN)).decode())
    for text in naughty_here(request):
        assert faults_of(to_html(poisoned(text)).decode("utf-8", "replace"), allowed) == [], text


def test_no_string_becomes_markup_in_markdown(request):
    renderer = MarkdownIt("commonmark", {"html": True})
    allowed = tags(renderer.render(to_markdown(poisoned(BENIGN)).decode()))
    for text in naughty_here(request):
        page = renderer.render(to_markdown(poisoned(text)).decode("utf-8", "replace"))
        assert faults_of(page, allowed) == [], text


def test_json_reads_back_and_ends_no_script_that_holds_it(request):
    for text in naughty_here(request):
        made = to_json(poisoned(text))
        data = json.loads(made)
        assert (
            data["sections"][0]["claims"][0]["text"] == text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            or "\ud800" <= max(text) <= "\udfff"
        )
        assert b"<" not in made
        page = f"<script type='application/json'>{made.decode('utf-8', 'replace')}</script>"
        assert tags(page) <= {"html", "head", "body", "script"}


def test_a_page_says_that_it_runs_and_loads_nothing():
    page = html.document_fromstring(to_html(poisoned("<b>")).decode())
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


@pytest.mark.browser
def test_no_string_runs_or_loads_in_a_browser(tmp_path: Path, request):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium on the PATH")
    pages = [to_html(poisoned(text)).decode("utf-8", "replace") for text in naughty_here(request)[::6]]
    assert what_happened(chromium, pages, tmp_path) == []
    running = "<p onclick='alert(1)'>x</p><script>alert(1)</script><img src=https://127.0.0.1:9/x>"
    noticed = " ".join(what_happened(chromium, [running], tmp_path))
    assert "dialog" in noticed
    assert "asked for" in noticed
    assert "scripts" in noticed


@given(st.text(max_size=300))
def test_a_name_for_files_stays_within_its_folder(name):
    made = slug(name)
    assert made == Path(made).name
    assert made.isascii()
    assert 0 < len(made) <= 60
    assert not made.startswith((".", "-"))


@pytest.mark.parametrize("name", ["CON", "nul", "aux.", "COM1", "lpt9", "../../etc", "C:\\x", "con inc"])
def test_names_that_systems_reserve_are_not_used(name):
    assert slug(name) not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


def test_an_export_that_fails_leaves_the_old_files_and_no_half_ones(tmp_path, monkeypatch):
    brief = poisoned(BENIGN)
    write_brief(brief, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.os, "fsync", full)
    with pytest.raises(DossierError, match="No space left"):
        write_brief(poisoned("another"), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
