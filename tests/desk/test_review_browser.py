"""An analyst with a keyboard, two analysts at once, and a page that changed beneath somebody's words; in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from research.model.finding import Finding
from research.store.connect import open_store
from research.store.documents import load_document
from research.store.findings import load_findings, replace_findings
from research.store.judgements import judgements_of
from tests.desk.serving import Watched, sit_down
from tests.desk.stored import ACCOUNT, fixture, keep_brief

pytestmark = pytest.mark.browser
REVIEW = f"/accounts/{ACCOUNT.id}/review"


@pytest.fixture
def chromium(browser: Any) -> Iterator[Any]:
    """The browser, without the windows that a test before left open."""
    yield browser
    for context in browser.contexts:
        context.close()


def verdicts(home: Path) -> list[tuple[str, str, str | None]]:
    with open_store(home) as store:
        return [(j.analyst, j.verdict, j.edit) for j in judgements_of(store, ACCOUNT.id)]


def test_deciding_by_keyboard(chromium: Any, address: str, home: Path) -> None:
    ada = sit_down(chromium, address, "Ada")
    ada.open(REVIEW)
    first = ada.title()
    ada.press("a")
    assert "Ada accepted" in ada.status()
    second = ada.title()
    assert second != first
    ada.page.keyboard.press("e")
    ada.page.keyboard.press("Control+a")
    ada.page.keyboard.type("What we say")
    ada.press("Control+Enter")
    third = ada.title()
    assert third not in (first, second)
    ada.page.keyboard.press("r")
    ada.press("2")
    assert "Ada rejected" in ada.status()
    ada.press("u")
    assert ada.title() == third
    assert "took back" in ada.status()
    ada.press("j")
    ada.press("k")
    assert ada.title() == third
    assert [v for _, v, _ in verdicts(home)] == ["accept", "edit", "reject", "rule", "undo", "undo"]
    assert verdicts(home)[1] == ("Ada", "edit", "What we say")
    with open_store(home) as store:
        assert judgements_of(store, ACCOUNT.id)[2].reason == "not_theirs"
    assert ada.ran == []


def test_keys_write_nothing_into_fields_and_can_be_switched_off(chromium: Any, address: str, home: Path) -> None:
    ada = sit_down(chromium, address, "Ada")
    ada.open(REVIEW)
    ada.page.keyboard.press("n")
    ada.page.keyboard.type("aapprej")
    assert ada.page.locator("#note").input_value() == "aapprej"
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("?")
    ada.page.locator("[data-keys]").uncheck()
    ada.page.locator("h1").click()
    ada.page.keyboard.press("a")
    ada.page.wait_for_timeout(300)
    assert verdicts(home) == []


def twin(finding: Finding) -> Finding:
    return replace(
        finding, id="twin", attributes=tuple(sorted({**finding.values, "role": "Head of everything"}.items())),
        evidence=tuple(replace(e, finding_id="twin") for e in finding.evidence),
    )  # fmt: skip


def test_merging_and_splitting_by_keyboard(chromium: Any, address: str, home: Path) -> None:
    with open_store(home) as store:
        found = load_findings(store, ACCOUNT.id)
        person = next(f for f in found if f.kind == "person")
        replace_findings(store, ACCOUNT.id, (*found, twin(person)), fixture.SEEN)
    ada = sit_down(chromium, address, "Ada")
    ada.open(f"{REVIEW}?at={person.id}")
    ada.page.keyboard.press("m")
    ada.page.keyboard.press("Space")
    ada.press("Control+Enter")
    assert "1 merged into this" in ada.page.locator("article").inner_text()
    ada.press("s")
    assert "merged into this" not in ada.page.locator("article").inner_text()
    ada.press("u")
    assert "1 merged into this" in ada.page.locator("article").inner_text()
    assert [v for _, v, _ in verdicts(home)] == ["merge", "split", "undo"]


def test_two_browsers_on_one_finding_lose_nothing(chromium: Any, address: str, home: Path) -> None:
    ada, bob = sit_down(chromium, address, "Ada"), sit_down(chromium, address, "Bob")
    ada.open(REVIEW)
    bob.open(REVIEW)
    for who, words in ((ada, "Ada's words"), (bob, "Bob's words")):
        who.page.locator("details[data-key=e] summary").click()
        who.page.locator("#edit").fill(words)
    title = bob.title()
    ada.press("Control+Enter")
    bob.page.keyboard.press("Control+Enter")
    bob.page.wait_for_selector(".stale")
    told = bob.page.locator(".stale").inner_text()
    assert "Ada was faster" in told
    assert "Ada's words" in told
    assert "Bob's words" in told
    assert [v for v in verdicts(home) if v[1] == "edit"] == [("Ada", "edit", "Ada's words")]
    assert bob.title() == "Ada's words" != title
    bob.page.get_by_role("button", name="Save mine over it").click()
    bob.page.wait_for_function("() => !document.querySelector('.stale')")
    assert [w for _, _, w in verdicts(home)] == ["Ada's words", "Bob's words"]


def reworded(home: Path, finding: Finding) -> Finding:
    """The same page fetched again with another sentence in the place of the finding's, resolved to another finding."""
    with open_store(home) as store:
        page = load_document(store, finding.evidence[0].document_id)
        assert page is not None
        brief = fixture.make_brief()
    phrase = finding.text("phrase") + " every single week"
    old = page.text[finding.evidence[0].start : finding.evidence[0].end]
    text = page.text.replace(old, phrase)
    changed = _document(page, text)
    start = text.index(phrase)
    new = _finding(finding, changed, start, start + len(phrase), phrase)
    keep_brief(home, replace(brief, documents=(*brief.documents, changed)))
    with open_store(home) as store:
        kept = tuple(f for f in load_findings(store, ACCOUNT.id) if f.id != finding.id)
        replace_findings(store, ACCOUNT.id, (*kept, new), "2024-05-21T08:00:00+00:00")
    return new


def _document(page: Any, text: str) -> Any:
    from research.text.hashing import sha256_text, short_id

    return replace(
        page, id=short_id(page.url, text), text=text, text_sha256=sha256_text(text),
        passages=(replace(page.passages[0], start=0, end=len(text)),) if page.passages else (),
    )  # fmt: skip


def _finding(old: Finding, page: Any, start: int, end: int, phrase: str) -> Finding:
    from research.model.finding import Evidence
    from research.text.hashing import sha256_text

    quote = Evidence(
        finding_id="reworded", document_id=page.id, start=start, end=end, quote_sha256=sha256_text(page.text[start:end]), score=0.6
    )  # fmt: skip
    return replace(
        old,
        id="reworded",
        first_seen="",
        attributes=tuple(sorted({**old.values, "phrase": phrase}.items())),
        evidence=(quote,),
    )


def test_words_stay_where_the_page_changed_and_the_merge_is_proposed(chromium: Any, address: str, home: Path) -> None:
    with open_store(home) as store:
        signal = next(
            f for f in load_findings(store, ACCOUNT.id) if f.kind == "signal" and len(f.text("phrase").split()) > 3
        )
    ada = sit_down(chromium, address, "Ada")
    ada.open(f"{REVIEW}?at={signal.id}")
    ours = "Ours: " + signal.text("phrase")
    ada.page.locator("details[data-key=e] summary").click()
    ada.page.locator("#edit").fill(ours)
    ada.press("Control+Enter")
    new = reworded(home, signal)
    ada.open(REVIEW)
    assert ada.title() == ours
    assert "an analyst's words to merge" in ada.page.locator(".ahead").inner_text()
    proposal = ada.page.locator(".moved")
    assert "every single week" in proposal.locator("ins").inner_text()
    assert proposal.locator("#merged").input_value() == ours + " every single week"
    proposal.get_by_role("button", name="Save this").click()
    ada.page.wait_for_function("() => !document.querySelector('.moved')")
    assert verdicts(home)[-1] == ("Ada", "edit", ours + " every single week")
    ada.open(f"{REVIEW}?at={new.id}")
    assert ada.page.locator(".moved").count() == 0


def test_without_script_every_form_works(chromium: Any, address: str, home: Path) -> None:
    ada = sit_down(chromium, address, "Ada", java_script_enabled=False)
    ada.open(REVIEW)
    first = ada.title()
    ada.page.get_by_role("button", name="Accept").click()
    assert ada.title() != first
    ada.page.get_by_role("button", name="Undo").click()
    assert ada.title() == first
    assert [v for _, v, _ in verdicts(home)] == ["accept", "undo"]


def test_what_was_typed_outlives_a_restart_of_the_desk_and_a_refusal(chromium: Any, address: str, home: Path) -> None:
    ada = sit_down(chromium, address, "Ada")
    ada.open(REVIEW)
    ada.page.locator("details[data-key=e] summary").click()
    ada.page.locator("#edit").fill("")
    ada.page.keyboard.press("Control+Enter")
    refused = ada.page.locator("[role=alert]")
    refused.wait_for()
    assert "words are empty" in refused.inner_text()
    ada.page.locator("#edit").fill("Typed before the restart")
    ada.page.evaluate(
        "document.querySelectorAll('input[name=token]').forEach(one => { one.value = 'of another run'; })"
    )
    ada.press("Control+Enter")
    assert verdicts(home) == [("Ada", "edit", "Typed before the restart")]


@pytest.mark.parametrize("width", [360, 1600])
def test_no_page_is_wider_than_the_window(chromium: Any, address: str, width: int) -> None:
    ada = sit_down(chromium, address, "Ada", viewport={"width": width, "height": 800})
    for tail in ("review", "queue", "sections", "sections/pains", "rules", "agreement"):
        ada.open(f"/accounts/{ACCOUNT.id}/{tail}")
        assert ada.page.evaluate("document.documentElement.scrollWidth") <= width, tail
    ada.open("/api")
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_serious(chromium: Any, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for scheme in ("light", "dark"):
        ada: Watched = sit_down(chromium, address, "Ada", color_scheme=scheme)
        ada.open(REVIEW)
        ada.press("a")
        for tail in ("review", "queue", "sections", "sections/pains", "rules", "agreement", "../../api"):
            ada.open(f"/accounts/{ACCOUNT.id}/{tail}")
            for summary in ada.page.locator("main details > summary").all():
                summary.click()
            found = axe.run(ada.page).response["violations"]
            serious = [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")]
            assert serious == [], (scheme, tail)
