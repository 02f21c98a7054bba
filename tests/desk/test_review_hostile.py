"""Hostile text in every place that a page shows is text: nothing of it runs in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from research.model.finding import Finding
from research.model.judgement import Judgement
from research.store.accounts import save_account
from research.store.connect import open_store
from research.store.findings import load_findings, replace_findings
from research.store.judgements import decide, import_judgements
from tests.desk.serving import served, sit_down
from tests.desk.stored import ACCOUNT, NOW, fixture, keep_brief

pytestmark = pytest.mark.browser
OURS = (
    "<script>console.log('ran-1')</script>",
    "<img src=x onerror=\"console.log('ran-2')\">",
    "\"><svg/onload=console.log('ran-3')>",
    "'-console.log('ran-4')-'",
    "javascript:console.log('ran-5')",
    "</textarea><script>alert('ran-6')</script>",
    "</title><script>alert('ran-7')</script>",
    "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}x{% endfor %}",
    "<iframe srcdoc=\"<script>parent.console.log('ran-8')</script>\"></iframe>",
    "<details open ontoggle=alert('ran-9')>",
    "<a href=\"javascript:alert('ran-10')\">x</a><style>*{display:none}</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert('ran-11')>",
    "\u202egnihton\u2066<b>bold</b>",
)


@pytest.fixture(params=["ours", "naughty"])
def strings(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Our own hostile strings, or the list of naughty ones of the shared data (skipped where that is not there)."""
    if request.param == "ours":
        return tuple(_keepable(text) for text in OURS)
    shared: Path = request.getfixturevalue("shared_data")
    found = json.loads((shared / "hostile" / "blns" / "blns.json").read_text(encoding="utf-8"))
    chosen = [text for text in found if "<" in text or "script" in text.lower() or "{" in text]
    return tuple(_keepable(text) for text in (*OURS, *chosen))


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode() or "x"


@pytest.fixture
def hostile(home: Path, strings: tuple[str, ...]) -> Path:
    """The made-up account with hostile words in its name, its pages' titles, its findings and all that people say."""
    brief = fixture.make_brief()
    documents = tuple(replace(d, title=strings[n % len(strings)]) for n, d in enumerate(brief.documents))
    keep_brief(home, replace(brief, documents=documents))
    with open_store(home) as store:
        save_account(store, replace(brief.account, name=OURS[0]))
        found = load_findings(store, ACCOUNT.id)
        replace_findings(store, ACCOUNT.id, [_hostile(found, n, text) for n, text in enumerate(strings)], fixture.SEEN)
        judgements = list(_judgements(strings))
        import_judgements(store, judgements)
    return home


def _hostile(found: tuple[Finding, ...], number: int, text: str) -> Finding:
    model = found[number % len(found)]
    key = f"hostile{number}"
    attributes = tuple(
        (name, text if isinstance(value, str) and name not in ("type", "date") else value)
        for name, value in model.attributes
    )
    return replace(
        model, id=key, attributes=attributes, evidence=tuple(replace(e, finding_id=key) for e in model.evidence)
    )


def _judgements(strings: tuple[str, ...]) -> Iterator[Judgement]:
    for number, text in enumerate(strings):
        common = {
            "account_id": ACCOUNT.id,
            "target_kind": "finding",
            "target_ids": (f"hostile{number}",),
            "at": f"2024-05-19T08:{number // 60:02}:{number % 60:02}",
        }
        yield Judgement(id=f"n{number}", verdict="note", analyst=text[:80], note=text, **common)  # type: ignore[arg-type]
        if number % 3 == 0:
            yield Judgement(
                id=f"e{number}",
                verdict="edit",
                analyst=text[:80],
                edit=text,
                base=(text[::-1],),
                inputs=("a:b:",),
                **common,
            )  # type: ignore[arg-type]
    for name in ("pains", "goals"):
        yield Judgement(
            id=f"s{name}", account_id=ACCOUNT.id, target_kind="section", target_ids=(name,), verdict="add", analyst=OURS[1], at=NOW, edit=" ".join(OURS),
        )  # fmt: skip


@pytest.fixture
def chromium(browser: Any) -> Iterator[Any]:
    """The browser, without the windows that a test before left open."""
    yield browser
    for context in browser.contexts:
        context.close()


def test_nothing_runs_on_any_page_of_the_review(chromium: Any, hostile: Path, strings: tuple[str, ...]) -> None:
    base = f"/accounts/{ACCOUNT.id}"
    with served(hostile) as address:
        ada = sit_down(chromium, address, OURS[4])
        for number in (*range(len(OURS)), *range(len(OURS), len(strings), 15)):
            ada.open(f"{base}/review?at=hostile{number}")
            assert ada.page.locator("#h-finding").count() == 1
        pages = ("/queue", "/queue?page=2", "/sections", "/sections/pains", "/sections/goals", "/rules", "/agreement")
        for tail in pages:
            ada.open(base + tail)
            assert ada.page.locator("main h1").count() == 1, tail
        ada.open(
            f"{base}/review?at=%3Cscript%3Ealert('ran-12')%3C/script%3E&theme=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        )
        assert ada.ran == []


def test_what_is_typed_comes_back_as_typed_and_does_not_run(chromium: Any, home: Path) -> None:
    with served(home) as address:
        ada = sit_down(chromium, address, "Ada")
        for text in OURS:
            ada.open(f"/accounts/{ACCOUNT.id}/review")
            here = ada.page.url
            ada.page.locator("details[data-key=n] summary").click()
            ada.page.locator("#note").fill(text)
            ada.press("Control+Enter")
            assert ada.page.url != here
            assert " ".join(text.split()) in " ".join(ada.page.locator("article").inner_text().split())
        assert ada.ran == []


def test_exports_with_hostile_words_run_nothing(chromium: Any, hostile: Path, tmp_path: Path) -> None:
    from pipelines.bootstrap import open_workspace
    from pipelines.making import stored_brief
    from research.export.write import write_brief

    with open_workspace(hostile, lambda: NOW) as workspace:
        brief = stored_brief(ACCOUNT.id, workspace)
    assert brief is not None
    write_brief(brief, tmp_path / "out")
    text = (tmp_path / "out" / "brief.html").read_text(encoding="utf-8")
    assert text.count("analyst&#39;s word") >= 2
    context = chromium.new_context()
    page = context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: ran.append(message.text) if "ran-" in message.text else None)
    page.goto((tmp_path / "out" / "brief.html").as_uri())
    assert ran == []


def test_a_desk_of_hostile_names_still_decides(hostile: Path) -> None:
    with open_store(hostile) as store:
        saved = decide(store, Judgement(
            id="last-one", account_id=ACCOUNT.id, target_kind="finding", target_ids=("hostile1",), verdict="accept", analyst="Ada", at=NOW,
        ), 10**9)  # fmt: skip
    assert not saved.again
