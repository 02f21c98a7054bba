"""The desk in a real browser: accessible, readable on a phone and on a wide screen, and deaf to hostile text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from research.model.judgement import Judgement
from research.store.accounts import save_account, save_seller
from research.store.connect import open_store
from research.store.documents import documents_of
from research.store.judgements import add_judgement
from tests.desk.serving import served
from tests.desk.stored import ACCOUNT, NOW, fixture, keep_brief

pytestmark = pytest.mark.browser

HOME = f"/accounts/{ACCOUNT.id}"
FINDING = fixture.FINDINGS[0].id
PAGES = (
    "/", HOME, f"{HOME}/brief", f"{HOME}/findings", f"{HOME}/findings/{FINDING}", f"{HOME}/network", f"{HOME}/rivals",
    f"{HOME}/rivals/portlane-systems", f"{HOME}/changes", f"{HOME}/sources", f"{HOME}/history", "/seller",
    f"{HOME}/review", f"{HOME}/queue", f"{HOME}/sections", f"{HOME}/sections/pains", f"{HOME}/rules",
    f"{HOME}/agreement", "/api",
    "/seller/rivals/portlane-systems", "/history", "/search?q=crane", "/search", "/you", "/nothing",
)  # fmt: skip
HOSTILE = (
    "<script>window.ran=1</script>",
    '"><img src=x onerror=window.ran=1>',
    "'-window.ran++-'",
    "</title><svg onload=window.ran=1>",
    "{{ 7*7 }}{% raw %}",
    "javascript:window.ran=1",
)


def document_page(home: Path) -> str:
    with open_store(home) as store:
        found = documents_of(store, ACCOUNT.id)[0]
    return f"{HOME}/documents/{found.id}?from=3&to=9#hit"


@pytest.fixture
def decided(home: Path) -> Path:
    """A home folder with a decision in it, so that the history has a row."""
    with open_store(home) as store:
        add_judgement(
            store,
            Judgement(
                id="j1", account_id=ACCOUNT.id, target_kind="finding", target_ids=(FINDING,), verdict="edit",
                analyst="Ada", at=NOW, edit="runs eleven terminals", note="crane drivers told us", base=("runs terminals",),
            ),
        )  # fmt: skip
    return home


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_access(browser: Any, decided: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    with served(decided) as address, browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        for path in (*PAGES, document_page(decided)):
            page.goto(address + path)
            for violation in Axe().run(page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                    found.append((path, violation["id"], nodes))
    assert found == []


@pytest.mark.parametrize("width", [360, 1600])
def test_no_page_scrolls_sideways(browser: Any, decided: Path, width: int) -> None:
    wide = {}
    with served(decided) as address, browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        for path in (*PAGES, document_page(decided)):
            page.goto(address + path)
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                wide[path] = found
    assert wide == {}


def test_pages_load_nothing_and_break_no_policy(browser: Any, address: str) -> None:
    asked, said = set(), []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.add(request.url))
        page.on("console", lambda message: said.append(message.text))
        for path in PAGES[:-1]:
            page.goto(address + path)
    assert {url for url in asked if not url.startswith(address)} == set()
    assert said == []


def test_keys_alone_lead_from_the_first_page_into_an_account(browser: Any, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
        page.keyboard.press("Enter")
        seen = []
        for _ in range(20):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.textContent.trim()"))
            if seen[-1] == ACCOUNT.name:
                break
        assert seen[-1] == ACCOUNT.name
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}{HOME}")


def test_a_search_leads_to_the_passage_that_holds_the_words(browser: Any, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("searchbox", name="Search everything").fill("night shifts")
        page.keyboard.press("Enter")
        page.get_by_role("region", name="Pages").get_by_role("link").first.click()
        assert "night shifts" in page.locator("#hit").inner_text()
        assert page.locator("#hit mark").inner_text() == "We do not have enough crane drivers for the night shifts."


def test_our_side_is_edited_and_a_second_editor_is_told(browser: Any, address: str) -> None:
    card = f"{address}{HOME}/rivals/portlane-systems"
    with browser.new_context() as ada, browser.new_context() as ben:
        for context, name in ((ada, "Ada"), (ben, "Ben")):
            page = context.new_page()
            page.goto(f"{address}/you?next=/seller/rivals/portlane-systems")
            page.get_by_label("Name").fill(name)
            page.get_by_role("button", name="Keep it").click()
        first, second = ada.pages[0], ben.pages[0]
        first.get_by_label("Weaknesses").fill("no plan for the night\nslow to set up")
        first.get_by_role("button", name="Save").click()
        second.get_by_label("Weaknesses").fill("dear")
        second.get_by_role("button", name="Save").click()
        assert "Not saved" in second.get_by_role("alert").inner_text()
        assert second.get_by_label("Weaknesses").input_value() == "dear"
        second.goto(card)
        assert "slow to set up" in second.get_by_role("region", name="Weaknesses").inner_text()
        assert "needs your input" in second.get_by_role("region", name="Strengths").inner_text()
        assert "Ada" in second.get_by_role("region", name="Change log").inner_text()


def test_hostile_text_is_text_wherever_it_stands(browser: Any, home: Path) -> None:
    text = " ".join(HOSTILE)
    brief = fixture.make_brief()
    findings = tuple(
        replace(f, attributes=tuple((k, f"{text} {k}" if isinstance(v, str) and k not in ("field", "type", "relation", "holder", "date") else v) for k, v in f.attributes))
        for f in brief.findings
    )  # fmt: skip
    documents = tuple(replace(d, title=f"{text} {d.title}", published=d.published) for d in brief.documents)
    account = replace(ACCOUNT, name=text, aliases=HOSTILE)
    themes = tuple(replace(theme, label=f"{text} {theme.label}") for theme in brief.themes)
    keep_brief(home, replace(brief, account=account, findings=findings, documents=documents, themes=themes))
    with open_store(home) as store:
        save_account(store, account)
        rival = replace(fixture.SELLER.rivals[0], weaknesses=HOSTILE, about=text)
        save_seller(store, replace(fixture.SELLER, name=text, rivals=(rival,), differentiators=HOSTILE))
        add_judgement(
            store,
            Judgement(
                id="h1", account_id=ACCOUNT.id, target_kind="finding", target_ids=(FINDING,), verdict="note",
                analyst=text, at=NOW, note=f"{text} crane",
            ),
        )  # fmt: skip
    pages = (*PAGES, document_page(home), f"/search?q={HOSTILE[0]}", f"/search?q=crane&sort={HOSTILE[1]}")
    with served(home) as address, browser.new_context() as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        context.add_cookies(
            [{"name": "analyst", "value": "%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E", "url": address}]
        )
        for path in pages:
            page.goto(address + path)
            assert page.evaluate("window.ran") is None, path
            assert page.locator("main img, main script, svg script, main iframe").count() == 0, path
            assert page.locator("a[href^='javascript:']").count() == 0, path
