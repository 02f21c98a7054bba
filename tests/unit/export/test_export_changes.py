"""Changes as text, Markdown, JSON and an Atom feed: whatever a page says, the feed stays a feed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.export.as_atom import to_atom
from research.export.as_changes import change_text, changes_json, changes_markdown, digest_markdown
from research.model.account import Account
from research.model.change import News, ToldChange

ATOM = "{http://www.w3.org/2005/Atom}"
ACCOUNT = Account(id="acme", name="Acme & Söhne <GmbH>")
CHANGE = ToldChange(
    id="c1",
    finding_id="f2",
    at="2026-11-20T09:00:00+00:00",
    change="changed",
    kind="person",
    topic="person.leadership",
    importance=95,
    before="CEO: Ada Byron",
    after="CEO: Cleo Marr",
    quote_before="Ada Byron, CEO",
    quote_after="Cleo Marr, <b>CEO</b> & chair",
    url_before="https://acme.example/team",
    url_after="https://acme.example/team?a=1&b=2",
    finding_before="f1",
)


def test_a_feed_has_what_readers_need() -> None:
    feed = ET.fromstring(to_atom(ACCOUNT, [CHANGE, replace(CHANGE, id="c2", at="2026-10-01T00:00:00Z")], "2026-11-21"))
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}title") == "Acme & Söhne <GmbH>: changes"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-20T09:00:00+00:00"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}title") for e in entries] == ["changed: CEO: Ada Byron → CEO: Cleo Marr"] * 2
    for entry in entries:
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert "<b>CEO</b> & chair" in (entry.findtext(f"{ATOM}content") or "")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == CHANGE.url_after
    ids = [feed.findtext(f"{ATOM}id"), *(e.findtext(f"{ATOM}id") for e in entries)]
    assert len(set(ids)) == 3
    assert all(one and one.startswith("urn:uuid:") for one in ids)


def test_ids_depend_on_account_and_change_alone() -> None:
    def ids(account: Account, change: ToldChange) -> list[str | None]:
        feed = ET.fromstring(to_atom(account, [change], "2026-11-21"))
        return [feed.findtext(f"{ATOM}id"), feed.findtext(f"{ATOM}entry/{ATOM}id")]

    assert ids(ACCOUNT, CHANGE) == ids(replace(ACCOUNT, name="Acme"), replace(CHANGE, importance=1, note="n"))
    assert not set(ids(ACCOUNT, CHANGE)) & set(ids(replace(ACCOUNT, id="bolt"), CHANGE))


def test_a_feed_without_changes_is_a_feed_and_bears_the_day_that_is_given() -> None:
    feed = ET.fromstring(to_atom(ACCOUNT, [], "2026-11-21"))
    assert feed.findtext(f"{ATOM}updated") == "2026-11-21T00:00:00+00:00"


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_words_of_a_page_break_the_feed(words: str) -> None:
    change = replace(CHANGE, before=words, quote_before=words, quote_after=words, url_after=words)
    feed = ET.fromstring(to_atom(replace(ACCOUNT, name=words), [change], "2026-11-21"))
    assert feed.find(f"{ATOM}entry/{ATOM}content") is not None


def test_a_link_that_no_browser_should_follow_is_left_out() -> None:
    feed = ET.fromstring(to_atom(ACCOUNT, [replace(CHANGE, url_after="javascript:alert(1)")], "2026-11-21"))
    assert feed.find(f"{ATOM}entry/{ATOM}link") is None


def test_text_and_markdown_show_both_quotes_and_markdown_escapes_them() -> None:
    text = change_text(CHANGE)
    assert "before: “Ada Byron, CEO” https://acme.example/team" in text
    assert "now:    “Cleo Marr, <b>CEO</b> & chair”" in text
    markdown = changes_markdown(ACCOUNT, News(since="2026-11-01", changes=(CHANGE,), folded=2))
    assert "Since 2026-11-01. 2 rewordings and the like folded." in markdown
    assert "\\<b\\>CEO" in markdown
    assert "<b>" not in markdown


def test_json_keeps_every_field() -> None:
    data = json.loads(changes_json(ACCOUNT, News(since="2026-11-01", changes=(CHANGE,), folded=1), "2026-11-21"))
    assert data["schema"] == "dossier.changes/1"
    assert (data["account"]["slug"], data["since"], data["until"], data["folded"]) == (
        "acme",
        "2026-11-01",
        "2026-11-21",
        1,
    )
    (change,) = data["changes"]
    for name in ("finding_id", "at", "change", "kind", "before", "after", "quote_before", "quote_after"):
        assert change[name] == getattr(CHANGE, name)


def test_the_digest_puts_the_weightiest_account_first_and_names_the_quiet_and_the_untold() -> None:
    light = News(since="2026-11-01", changes=(replace(CHANGE, importance=10),))
    heavy, none = News(since="2026-11-01", changes=(CHANGE,)), News(since="2026-11-01", changes=())
    bolt, cork, dorn = (Account(id=name.lower(), name=name) for name in ("Bolt", "Cork", "Dorn"))
    digest = digest_markdown(
        [(bolt, light), (ACCOUNT, heavy), (cork, none)], [(dorn, "no meeting is known")], "2026-11-21"
    )
    assert digest.index("Acme") < digest.index("## Bolt") < digest.index("## No changes\n\nCork")
    assert "- Dorn: no meeting is known" in digest


@pytest.mark.parametrize("change", ["new", "changed", "lapsed", "contradicted"])
def test_every_type_has_its_word(change: str) -> None:
    told = replace(CHANGE, change=change)  # type: ignore[arg-type]
    assert f"**{change.title()}**" in changes_markdown(ACCOUNT, News(since="2026-11-01", changes=(told,)))
