"""What stands in the files: the contract's JSON, Markdown without markup of others, and files whole or not at all."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fixture_brief import DOCUMENTS, SIGNALS, make_brief

from research.errors import DossierError, UsageError
from research.export.as_html import to_html
from research.export.as_json import to_json
from research.export.as_markdown import escape, to_markdown
from research.export.figures import timeline, treemap
from research.export.fit import first_page
from research.export.notes import safe_link
from research.export.write import write_brief
from research.model.capture import Skipped
from research.model.draft import SECTION_TITLES
from research.model.finding import Admission


def test_json_has_exactly_the_contracts_shape_and_the_named_additions() -> None:
    data = json.loads(to_json(make_brief()))
    assert list(data) == [
        "schema", "account", "as_of", "documents", "skipped", "identity", "findings", "conflicts", "themes", "sections",
        "sources", "coverage", "suspicious",
    ]  # fmt: skip
    assert data["schema"] == "dossier.brief/1"
    assert set(data["account"]) == {"slug", "name", "aliases", "domains", "identifiers", "segment"}
    assert set(data["documents"][0]) == {
        "id", "url", "title", "media_type", "published", "fetched_at", "sha256", "words",
        "text_sha256", "page_type", "language", "trust", "sent_from", "identity",
    }  # fmt: skip
    assert set(data["skipped"][0]) == {"url", "reason"}
    assert set(data["findings"][0]) == {
        "id", "kind", "attributes", "confidence", "status", "first_seen", "last_seen", "evidence",
    }  # fmt: skip
    assert set(data["findings"][0]["evidence"][0]) == {"document", "url", "start", "end", "quote"}
    assert set(data["themes"][0]) >= {"id", "label", "terms", "findings"}
    assert [section["name"] for section in data["sections"]] == list(SECTION_TITLES)
    assert set(data["sections"][0]) >= {"name", "title", "claims", "gaps"}
    assert set(data["sections"][0]["claims"][0]) == {"text", "findings"}


def test_json_quotes_are_slices_and_every_claim_is_cited() -> None:
    data = json.loads(to_json(make_brief()))
    texts = {document.id: document.text for document in DOCUMENTS.values()}
    ids = {finding["id"] for finding in data["findings"]}
    for finding in data["findings"]:
        assert finding["evidence"]
        for evidence in finding["evidence"]:
            assert texts[evidence["document"]][evidence["start"] : evidence["end"]] == evidence["quote"] != ""
    for section in data["sections"]:
        for claim in section["claims"]:
            assert claim["findings"]
            assert ids.issuperset(claim["findings"])


def test_exports_are_deterministic_and_survive_a_lone_surrogate() -> None:
    assert to_json(make_brief()) == to_json(make_brief())
    assert to_markdown(make_brief()) == to_markdown(make_brief())
    documents = tuple(replace(d, title="a\ud800b") for d in DOCUMENTS.values())
    odd = replace(make_brief(), documents=documents)
    assert json.loads(to_json(odd))["documents"][0]["title"] == "a\ud800b"
    assert b"ab" in to_markdown(odd)


def test_markdown_has_every_section_claim_and_gap() -> None:
    brief = make_brief()
    text = to_markdown(brief).decode()
    for section in brief.sections:
        assert re.search(rf"\n### {re.escape(escape(section.title))}(?:, continued)?\n", text)
        assert all(escape(claim.text) in text for claim in section.claims)
    assert "— ask: " in text
    assert "robots.txt refuses" in text


def test_markdown_opens_with_the_page_that_the_html_prints_first() -> None:
    brief = make_brief()
    text = to_markdown(brief).decode()
    head = text[text.index("## On one page") : text.index("## Behind the page")]
    rest = text[text.index("## Behind the page") :]
    first = first_page({section.name: section for section in brief.sections})
    for section in brief.sections:
        for claim in section.claims:
            shown = claim in first.get(section.name, ())
            assert f"- {escape(claim.text)}" in (head if shown else rest)


def test_a_refused_document_is_listed_once_among_what_was_not_used() -> None:
    refused = Admission(
        document_id="none", url="https://else.example/", admitted=False, own=False, reason="another firm"
    )
    twice = Skipped(url=refused.url, reason=f"not admitted: {refused.reason}")
    other = Skipped(url="https://x.example/", reason="went missing")
    brief = replace(make_brief(), admissions=(refused,), skipped=(twice, other))
    for made in (to_markdown(brief).decode(), to_html(brief).decode()):
        assert made.count("another firm") == 1
        assert made.count("went missing") == 1
    assert to_json(brief).decode().count("not admitted: another firm") == 1


def test_a_missing_profile_of_our_own_is_no_page_that_was_not_read() -> None:
    brief = make_brief(seller=None)
    for made in (to_markdown(brief).decode(), to_html(brief).decode()):
        assert "Our own profile is missing" in made
        assert "dossier seller" in made


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "# head",
        "- item",
        "1. item",
        "a\n\n## b",
        "`code`",
        "![x](y)",
    ],
)
def test_markdown_of_a_page_stays_text(hostile: str) -> None:
    escaped = escape(hostile)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)[<\[`!#(]", escaped)
    assert not re.match(r"(-|\d+\.)\s", escaped)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1", True), ("http://a.example", True), ("javascript:alert(1)", False),
        ("file:a.pdf", False),
        ("https://user:pass@a.example/", False), ("https://a.example/ x", False), ("//a.example", False),
        ("data:text/html,x", False), ("https://[bad", False), ("https:\\\\a.example", False), ("", False),
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str, safe: bool) -> None:
    assert bool(safe_link(url)) is safe


def test_files_are_written_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    paths = write_brief(make_brief(), out, ("html", "json"))
    assert [path.name for path in paths] == ["brief.html", "brief.json"]
    assert sorted(path.name for path in out.iterdir()) == ["brief.html", "brief.json"]
    assert json.loads(paths[1].read_bytes())["schema"] == "dossier.brief/1"
    assert write_brief(make_brief(), out) == tuple(out / f"brief.{name}" for name in ("html", "md", "json"))


def test_an_unwritable_folder_is_a_clear_error(tmp_path: Path) -> None:
    blocking = tmp_path / "file"
    blocking.write_text("kept")
    with pytest.raises(DossierError, match=r"cannot write into .*file: .*--out"):
        write_brief(make_brief(), blocking)
    assert blocking.read_text() == "kept"


def test_a_failed_replacement_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    (tmp_path / "brief.html").mkdir()
    with pytest.raises(DossierError):
        write_brief(make_brief(), tmp_path, ("html",))
    assert [path.name for path in tmp_path.iterdir()] == ["brief.html"]


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format 'docx'"):
        write_brief(make_brief(), tmp_path / "x", ("html", "docx"))
    assert not (tmp_path / "x").exists()


def test_the_treemap_fills_its_box_in_proportion() -> None:
    counts = [
        ("a", 6, False),
        ("b", 6, True),
        ("c", 4, False),
        ("d", 3, False),
        ("e", 2, False),
        ("f", 2, False),
        ("g", 1, False),
    ]
    tiles = treemap(counts, 600, 400)
    assert [tile.label for tile in tiles] == list("abcdefg")
    assert sum(t.width * t.height for t in tiles) == pytest.approx(600 * 400, rel=0.01)
    assert all(t.width * t.height == pytest.approx(t.count * 10_000, rel=0.02) for t in tiles)
    assert all(t.x + t.width <= 600.2 and t.y + t.height <= 400.2 for t in tiles)
    assert treemap([]) == ()


def test_the_timeline_leaves_out_what_is_no_date_and_counts_what_is_older() -> None:
    def event(day: str) -> object:
        values = tuple((k, day if k == "holder" else v) for k, v in SIGNALS["gate"].attributes)
        return replace(SIGNALS["gate"], attributes=tuple(("date", v) if k == "holder" else (k, v) for k, v in values))

    days = ("2024-03-12", "2023", "2010-01", "2024-02-31", "soon", "9999-12-31x")
    drawn = timeline([(event(day), "launch") for day in days], "2024-05-20")  # type: ignore[misc]
    assert drawn is not None
    assert (len(drawn.marks), drawn.older) == (2, 1)
    assert all(0 <= mark.x <= 420 for mark in drawn.marks)
    assert timeline([], "2024-05-20") is None
