"""What the desk's pages say: the portfolio, an account, its findings, a search, battlecards and the history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipelines.desk.marking import cut, mark_words
from pipelines.desk.network import draw, groups_of
from pipelines.desk.portfolio import ordered, portfolio
from pipelines.seller import load_profile
from research.model.account import Account
from research.model.judgement import Judgement
from research.resolve.changes import FLOOR
from research.review.seller_edits import seller_changes
from research.store.accounts import load_seller
from research.store.connect import open_store
from research.store.documents import documents_of
from research.store.judgements import add_judgement
from research.store.sellers import ProfileChangedError, edit_seller, seller_edits, seller_version
from tests.desk.stored import ACCOUNT, NOW, Client, fixture, keep_brief, make_desk

HOME = f"/accounts/{ACCOUNT.id}"
CARD = f"{HOME}/rivals/portlane-systems"
WORDS = "/seller/rivals/portlane-systems"
ADA = {"analyst": "Ada"}


def tree(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.document_fromstring(answer.text)


def judge(home: Path, **changes: Any) -> Judgement:
    made = Judgement(
        id="j1", account_id=ACCOUNT.id, target_kind="finding", target_ids=(fixture.FINDINGS[0].id,), verdict="accept",
        analyst="Ada", at=NOW,
    )  # fmt: skip
    made = replace(made, **changes)
    with open_store(home) as store:
        add_judgement(store, made)
    return made


def region(page: Any, title: str) -> str:
    """The text of the section under a heading."""
    found = page.xpath("//section[h2[starts-with(normalize-space(), $title)]]", title=title)
    return " ".join(found[0].text_content().split())


def test_the_portfolio_says_how_each_account_stands(client: Client, home: Path) -> None:
    judge(home)
    rows = {row.xpath("string(th/a)"): row for row in tree(client, "/").xpath("//tbody/tr")}
    known = " ".join(rows[ACCOUNT.name].text_content().split())
    assert "yesterday" in known
    assert "4 pages, newest of 2024-05-19" in known
    assert "2 of 5 fields" in known
    assert rows[ACCOUNT.name].xpath("string(td[@data-name='To review'])") == str(len(fixture.FINDINGS) - 1)
    assert rows[ACCOUNT.name].xpath("string(td[@data-name='Conflicts']/a)") == "1"
    assert "last 2024-04-02" in known
    assert "never" in rows["<b>Empty</b> & Co"].text_content()


@pytest.mark.parametrize(("sort", "first"), [("open", ACCOUNT.name), ("name", "<b>Empty</b> & Co"), ("nonsense", "<b>Empty</b> & Co")])  # fmt: skip
def test_the_portfolio_is_sorted_by_links(client: Client, sort: str, first: str) -> None:
    page = tree(client, f"/?sort={sort}")
    assert page.xpath("string(//tbody/tr[1]/th/a)") == first
    turned = page.xpath("//th[@aria-sort]/a/@href")[0]
    assert tree(client, f"/{turned}").xpath("string(//tbody/tr[1]/th/a)") != first


def test_changes_since_the_last_meeting_leave_the_first_reading_out(home: Path) -> None:
    with make_desk(home).reading() as workspace:
        assert {row.id: row.changes for row in portfolio(workspace)} == {ACCOUNT.id: 0, "empty": 0}
    brief = fixture.make_brief()
    with open_store(home) as store:
        from research.store.findings import replace_findings

        replace_findings(store, ACCOUNT.id, brief.findings[3:], "2024-05-20T07:00:00+00:00")
    with make_desk(home).reading() as workspace:
        rows = {row.id: row for row in portfolio(workspace)}
    assert rows[ACCOUNT.id].changes == 3
    assert rows[ACCOUNT.id].since == "2024-04-02"


def test_accounts_without_a_date_stand_last_either_way(home: Path) -> None:
    with make_desk(home).reading() as workspace:
        rows = portfolio(workspace)
    for descending in (True, False):
        assert [r.id for r in ordered(rows, "read", descending=descending)][-1] == "empty"


def test_the_overview_shows_coverage_events_themes_and_conflicts(client: Client) -> None:
    page = tree(client, HOME)
    assert "founded filled" in region(page, "Coverage")
    assert "gleif: no connection in time" in region(page, "Coverage")
    assert "name different cities" in region(page, "Conflicts")
    assert "the company sold its ferry line" in region(page, "Events")
    assert page.xpath("//svg[@role='img']/title[contains(., 'Timeline')]")
    assert "Crane drivers" in region(page, "Themes")
    assert "Open the brief" not in page.text_content()
    assert page.xpath(f"//a[@href='{HOME}/brief']")


def test_the_brief_is_the_exported_page_and_can_be_taken_along(client: Client) -> None:
    page = tree(client, f"{HOME}/brief")
    assert page.xpath("//h1")[0].text_content() == ACCOUNT.name
    assert page.xpath("//nav[@aria-label='Desk']//a/@href")[0] == "/"
    assert page.xpath(f"//a[@href='{HOME}/sources#pages'][contains(., '4 documents')]")
    notes = len(page.xpath("//section[@class='evidence']//li"))
    assert len(page.xpath("//section[@class='evidence']//blockquote")) == notes > 20
    whole = tree(client, f"{HOME}/brief.html")
    assert len(whole.xpath("//section[@class='evidence']//li")) == notes
    assert len(whole.xpath("//section[@class='sources']/ul[1]/li")) == 4
    assert not whole.xpath("//nav[@aria-label='Desk']")
    taken = client.get(f"{HOME}/brief.json")
    assert taken.json()["schema"] == "dossier.brief/1"
    assert taken.headers["content-disposition"] == f'attachment; filename="{ACCOUNT.id}.json"'
    assert client.get(f"{HOME}/brief.exe").status_code == 404


def test_a_decision_shows_at_once_in_the_live_brief(client: Client, home: Path) -> None:
    edited = fixture.FINDINGS[0]
    judge(home, verdict="reject", reason="not_said", target_ids=(edited.id,))
    found = next(f for f in client.get(f"{HOME}/brief.json").json()["findings"] if f["id"] == edited.id)
    assert found["status"] == "rejected"


def test_findings_show_their_evidence_and_can_be_cut_down_to_a_kind(client: Client) -> None:
    every = tree(client, f"{HOME}/findings")
    assert len(every.xpath("//tbody/tr")) == len(fixture.FINDINGS)
    assert len(every.xpath("//tbody/tr[.//mark]")) == len(fixture.FINDINGS)
    people = tree(client, f"{HOME}/findings?kind=person")
    assert len(people.xpath("//tbody/tr")) == 5
    assert tree(client, f"{HOME}/findings?kind=person&page=99999").xpath("//tbody/tr") == []
    assert len(tree(client, f"{HOME}/findings?kind=%3Cscript%3E").xpath("//tbody/tr")) == len(fixture.FINDINGS)


def test_a_quote_leads_to_its_place_in_the_pages_text(client: Client) -> None:
    finding = next(f for f in fixture.FINDINGS if f.kind == "presence")
    page = tree(client, f"{HOME}/findings/{finding.id}")
    assert "published on the account's own domain" in region(page, "Why these pages count")
    link = page.xpath("//p[@class='cite']/a/@href")[0]
    text = tree(client, link.partition("#")[0])
    hit = text.xpath("//*[@id='hit']")[0]
    assert (
        hit.xpath("string(mark)")
        == hit.text_content()
        == "You will maintain our Portlane YardMaster installation and the interfaces around it."
    )


def test_a_document_of_another_account_is_not_shown(client: Client, home: Path) -> None:
    with open_store(home) as store:
        document = documents_of(store, ACCOUNT.id)[0].id
    assert client.get(f"{HOME}/documents/{document}").status_code == 200
    assert client.get(f"/accounts/empty/documents/{document}").status_code == 404
    for odd in ("from=-1", "from=999999999999", "part=0", "part=99", "from=x&to=y"):
        assert client.get(f"{HOME}/documents/{document}?{odd}").status_code == 200


def test_people_and_companies_are_drawn_and_listed(client: Client) -> None:
    page = tree(client, f"{HOME}/network")
    assert page.xpath("//svg//text[contains(., 'Delta Quay Group')]")
    assert "Ostwerk" in region(page, "Their competitors")
    assert "Portlane" in region(page, "Our rivals seen here")
    assert "Portlane" not in region(page, "Their competitors")
    assert "Karel Bohm" in region(page, "People who left")


def test_a_large_network_stays_one_drawing(client: Client) -> None:
    many = [replace(f, id=f"{f.id}{n}", attributes=(("company", f"Company {n}"), ("relation", "customer"))) for n in range(300) for f in fixture.FINDINGS[-6:-5]]  # fmt: skip
    many = [replace(f, kind="relation") for f in many]
    drawing = draw(groups_of(many))
    assert [card.more for card in drawing.cards] == [291]
    assert len(drawing.cards[0].lines) == 9
    assert drawing.height < 600
    assert len(groups_of(many)[0].nodes) == 300


def test_search_finds_accounts_findings_notes_and_pages(client: Client, home: Path) -> None:
    judge(home, verdict="note", note="They asked us about cranes in Hamburg")
    page = tree(client, "/search?q=crane")
    assert "crane drivers for the night shifts" in region(page, "Findings")
    assert "about cranes in Hamburg" in region(page, "Analysts' words")
    assert "Annual report 2022" in region(page, "Pages")
    assert {mark.text_content().lower() for mark in page.xpath("//mark")} == {"crane", "cranes"}
    assert ACCOUNT.name in region(tree(client, "/search?q=harrow"), "Accounts")
    only = tree(client, f"/search?q=crane&sort=note&account={ACCOUNT.id}")
    assert not only.xpath("//section[h2[.='Findings']]")
    assert "Nothing stored holds" in client.get("/search?q=zzzz").text
    assert "no word" in client.get("/search?q=***").text


def test_what_is_edited_is_found_by_its_new_words(client: Client, home: Path) -> None:
    brief = fixture.make_brief()
    changed = tuple(
        replace(f, attributes=tuple((k, "Nightshade Cranes" if k == "company" else v) for k, v in f.attributes))
        if f.text("company") == "Ostwerk"
        else f
        for f in brief.findings
    )
    keep_brief(home, replace(brief, findings=changed))
    assert "Nightshade" in region(tree(client, "/search?q=nightshade"), "Findings")
    assert "relation: Ostwerk" not in client.get("/search?q=ostwerk&sort=finding").text


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Plans and planning, planets", "plan", ["Plans", "planning"]),
        ("the lead time of two weeks, then", "lead times the", ["the", "lead", "time"]),
        ("securities of a security guard", "security", ["securities", "security"]),
        ("an in inner", "in", ["in"]),
        ("Müller meets Muller", "muller", ["Müller", "Muller"]),
        ("the category of cat", "cat", ["cat"]),
        ("prefixes: telemetry", "tele*", ["telemetry"]),
        ("nothing", "", []),
    ],
)
def test_words_are_marked_in_their_forms(text: str, query: str, marked: list[str]) -> None:
    pieces = mark_words(text, query)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, on in pieces if on] == marked


def test_overlapping_spans_lose_no_letter() -> None:
    pieces = cut("abcdefgh", [(1, 4), (2, 6), (7, 99), (5, 5)])
    assert "".join(piece for piece, _ in pieces) == "abcdefgh"
    assert [piece for piece, on in pieces if on] == ["bcd", "ef", "h"]


def test_a_battlecard_shows_what_is_known_and_asks_for_the_rest(client: Client) -> None:
    page = tree(client, CARD)
    assert "Portlane YardMaster installation" in region(page, "Presence here")
    assert "vessel delays" in region(page, "Where we win").lower()
    for title in (
        "Strategy",
        "Strengths",
        "Weaknesses",
        "Landmine questions",
        "Customers' words",
        "Do not claim",
        "Who",
    ):
        assert "needs your input" in region(page, title), title
    assert "Delta Quay" not in page.text_content()
    assert client.get(f"{HOME}/rivals/delta-quay-group").status_code == 404


def test_the_two_lists_of_competitors_stand_apart(client: Client) -> None:
    page = tree(client, f"{HOME}/rivals")
    rivals, theirs = page.xpath("//tbody")[0].text_content(), region(page, "Their own competitors")
    assert "Portlane Systems" in rivals
    assert "Ostwerk" not in rivals
    assert "Ostwerk" in theirs
    assert "Portlane" not in theirs


def test_a_rival_that_is_an_account_brings_its_own_events(client: Client, home: Path) -> None:
    brief = fixture.make_brief()
    rival = Account(id="portlane", name="Portlane Systems")
    event = next(f for f in brief.findings if f.text("type") == "expansion")
    document = next(d for d in brief.documents if d.id == event.evidence[0].document_id)
    own = replace(document, id="rival-doc", account_id="portlane")
    moved = replace(
        event, id="rival-event", account_id="portlane",
        evidence=tuple(replace(e, finding_id="rival-event", document_id="rival-doc") for e in event.evidence),
    )  # fmt: skip
    empty = {"conflicts": (), "themes": (), "admissions": (), "sections": (), "skipped": ()}
    keep_brief(home, replace(brief, account=rival, documents=(own,), findings=(moved,), **empty))  # type: ignore[arg-type]
    assert "opened its second terminal" in region(tree(client, CARD), "Recent moves")


def test_our_side_is_kept_with_who_changed_what(client: Client, home: Path) -> None:
    ada = Client(home, cookies=ADA)
    page = tree(ada, WORDS)
    fields = [("seen", page.xpath("//input[@name='seen']/@value")[0]), ("about", "Makes yard software."), ("landmines", "Who answers at night?\n\n Who answers at night?\nWhat did the last upgrade cost?")]  # fmt: skip
    assert ada.post(WORDS, fields).status_code == 303
    with open_store(home) as store:
        rival = load_seller(store).rivals[0]  # type: ignore[union-attr]
        edits = seller_edits(store)
    assert rival.landmines == ("Who answers at night?", "What did the last upgrade cost?")
    assert rival.aliases == ("Portlane",)
    assert {(e.analyst, e.edit.subject, e.edit.field, e.edit.before) for e in edits} == {
        ("Ada", "Portlane Systems", "about", ""),
        ("Ada", "Portlane Systems", "landmines", ""),
    }
    card = tree(client, CARD)
    assert "Makes yard software." in region(card, "Who")
    assert "Who answers at night?" in region(card, "Change log")
    assert "Makes yard software." in tree(client, "/history").text_content()


def test_nothing_is_saved_over_what_was_not_seen_nor_without_a_name(client: Client, home: Path) -> None:
    ada = Client(home, cookies=ADA)
    with open_store(home) as store:
        version = seller_version(load_seller(store))
    assert client.post(WORDS, [("seen", version), ("about", "x")]).status_code == 403
    assert ada.post(WORDS, [("seen", version), ("about", "first")]).status_code == 303
    late = ada.post(WORDS, [("seen", version), ("about", "second")])
    assert late.status_code == 409
    assert "second" in late.text
    with open_store(home) as store:
        seller = load_seller(store)
        assert seller is not None
        assert seller.rivals[0].about == "first"
        with pytest.raises(ProfileChangedError):
            edit_seller(store, seller, (), analyst="Ada", at=NOW, seen=version)


def test_the_profile_form_renames_adds_and_takes_out(client: Client, home: Path) -> None:
    ada = Client(home, cookies=ADA)
    with open_store(home) as store:
        version = seller_version(load_seller(store))
    base = [("seen", version), ("name", "Quayside"), ("differentiators", "One plan\nOne team")]
    rival = [
        ("rival_was", "Portlane Systems"),
        ("rival_name", "Portlane Group"),
        ("rival_aliases", "Portlane\nYardMaster"),
    ]
    new = [("rival_was", ""), ("rival_name", "Gatehouse"), ("rival_aliases", "")]
    offering = [("offering_name", "Planner"), ("offering_description", "Plans."), ("offering_solves", "delays")]
    twice = ada.post("/seller", [*base, *new, *new])
    assert twice.status_code == 422
    assert ada.post("/seller", [*base, *offering, *rival, *new]).status_code == 303
    with open_store(home) as store:
        seller = load_seller(store)
    assert seller is not None
    assert [r.name for r in seller.rivals] == ["Portlane Group", "Gatehouse"]
    assert seller.rivals[0].aliases == ("Portlane", "YardMaster")
    assert [o.name for o in seller.offerings] == ["Planner"]
    assert seller.differentiators == ("One plan", "One team")
    removed = {e.subject for e in seller_changes(fixture.SELLER, seller) if e.field == "removed"}
    assert {"Quayside Signal", "Portlane Systems"} <= removed
    assert ada.post("/seller", [("seen", version), ("name", "a" * 600)]).status_code == 422


def test_the_history_says_who_decided_what_before_and_after(client: Client, home: Path) -> None:
    judge(home)
    judge(
        home,
        id="j2",
        verdict="edit",
        analyst="Ben",
        at="2024-05-20T09:00:00+00:00",
        edit="new words",
        base=("old words",),
    )
    page = tree(client, f"{HOME}/history")
    first = " ".join(page.xpath("//tbody/tr[1]")[0].text_content().split())
    assert first.index("Ben") < first.index("accepted by Ada") < first.index("old words") < first.index("new words")
    assert len(tree(client, "/history?analyst=Ada").xpath("//tbody/tr")) == 1
    assert len(tree(client, "/history?about=j2").xpath("//tbody/tr")) == 1
    assert len(tree(client, "/history?verdict=reject").xpath("//tbody/tr")) == 0


def test_sources_say_how_they_went_and_what_was_left_out(client: Client) -> None:
    page = tree(client, f"{HOME}/sources")
    assert "could not be reached" in region(page, "How each source went")
    assert "failed 2024-05-20: no connection in time" in region(page, "How each source went")
    assert "brief https://harrow-tides.example/" in region(page, "Runs")
    assert "a damaged PDF" in region(page, "Left out in the last run")
    assert "About us | Harrow & Tides" in region(page, "Pages that were read")


def test_an_account_of_which_nothing_is_known_has_every_page(client: Client) -> None:
    for tail in (
        "",
        "/findings",
        "/network",
        "/rivals",
        "/changes",
        "/sources",
        "/history",
        "/rivals/portlane-systems",
    ):
        assert client.get(f"/accounts/empty{tail}").status_code == 200, tail


def test_a_change_is_shown_with_its_quotes(client: Client) -> None:
    told = [finding for finding in fixture.FINDINGS if finding.confidence >= FLOOR]
    assert 0 < len(told) < len(fixture.FINDINGS)
    assert len(tree(client, f"{HOME}/changes?since=2024-01-01").xpath("//tbody/tr")) == len(told)
    assert "Nothing changed" in client.get(f"{HOME}/changes?since=2030-01-01").text


def test_a_file_keeps_what_people_wrote_in_the_desk(home: Path, tmp_path: Path) -> None:
    told = replace(fixture.SELLER.rivals[0], about="Makes yard software.", weaknesses=("slow",))
    with open_store(home) as store:
        seller = replace(fixture.SELLER, rivals=(told,), differentiators=("One plan",))
        edit_seller(store, seller, (), analyst="Ada", at=NOW, seen=seller_version(load_seller(store)))
    file = tmp_path / "us.toml"
    file.write_text(
        '[seller]\nname = "Quayside"\n[[rival]]\nname = "Portlane Systems"\naliases = ["YardMaster"]\nabout = "New."\n',
        encoding="utf-8",
    )
    with make_desk(home).writing() as workspace:
        load_profile(file, workspace)
        after, edits = load_seller(workspace.store), seller_edits(workspace.store)
    assert after is not None
    assert after.rivals == (replace(told, aliases=("YardMaster",), about="New."),)
    assert after.differentiators == ("One plan",)
    assert {e.analyst for e in edits} == {"file us.toml"}
    removed = seller_changes(seller, replace(seller, rivals=()))
    assert ("weaknesses", "slow", "") in {(e.field, e.before, e.after) for e in removed}


def test_a_line_on_a_card_makes_nobody_read_again() -> None:
    told = replace(fixture.SELLER.rivals[0], weaknesses=("slow",))
    seller = replace(fixture.SELLER, rivals=(told,), differentiators=("One plan",))
    assert seller.for_reading() == fixture.SELLER.for_reading()
    renamed = replace(seller, rivals=(replace(told, aliases=("Yard",)),))
    assert renamed.for_reading() != seller.for_reading()
