"""The sample company's site, edited and read again over HTTP: each planted change is told once and rightly, nothing
else is, and what an analyst decided in between stays."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.accounts import require_account
from pipelines.brief import Order, make_brief
from pipelines.changes import news_of, steps_of
from pipelines.demo import sample_folder, serve_sample
from pipelines.demo_run import SITE
from research.model.change import News, ToldChange
from research.model.judgement import Judgement
from research.store.judgements import add_judgement
from research.store.meetings import MeetingDay, save_meetings

from .conftest import SampleRun, workspace_of

MEETING, LATER = "2026-12-01", "2026-12-04T09:00:00+00:00"
RELEASE = "newsroom/press-releases/2026-12-02-sorrel-bay.html"
NEWS = """<!doctype html><html lang="en"><head><title>Kelvarn Acquires Sorrel Bay Analytics | Kelvarn Newsroom</title>
<meta property="og:site_name" content="Kelvarn Controls">
<meta property="article:published_time" content="2026-12-02"></head><body class="news"><main>
<h1>Kelvarn Acquires Sorrel Bay Analytics</h1><p>GRAND RAPIDS, Mich., December 2, 2026 – Kelvarn Controls, Inc.
(NASDAQ: KLVN) today announced that it has acquired Sorrel Bay Analytics, a maker of software for energy meters.</p>
</main></body></html>"""


@dataclass(frozen=True)
class Planted:
    """What must be told of one edit: type, topic, and words before and after."""

    change: str
    topic: str
    before: str
    after: str


PLANTED = (
    Planted("changed", "person.leadership", "Marguerite Oyelaran", "Sunniva Aldertree"),
    Planted("changed", "person.leadership", "Daniel Okafor-Reyes", "Daniel Okafor-Reyes"),
    Planted("lapsed", "person.leadership", "Caleb Whitmore", ""),
    Planted("changed", "fact.employees", "1,480", "1,565"),
    Planted("new", "office", "", "Tromsø"),
    Planted("lapsed", "relation.partner", "Larkspur Cellular", ""),
    Planted("new", "relation.partner", "", "Bramblecote Networks"),
    Planted("new", "event.acquisition", "", "Sorrel Bay Analytics"),
    Planted("new", "relation.acquired", "", "Sorrel Bay Analytics"),
)


def page(name: str) -> str:
    return sample_folder().joinpath("site", *name.split("/")).read_text(encoding="utf-8")


def block(name: str, start: str, words: str) -> str:
    """The one block of a page that holds some words."""
    return next(b for b in re.findall(rf"  {start}.*?</div>\n(?=  <div|</div>)", page(name), re.DOTALL) if words in b)


def edited() -> dict[str, bytes]:
    """The pages of the site that differ three days after the meeting."""
    europe = block("contact/index.html", '<div class="card">', "Europe")
    norway = europe
    for old, new in (
        ("Europe", "Norway"),
        ("Kelvarn Deutschland GmbH", "Kelvarn Norge AS"),
        ("Kühlhausstraße 18", "Havnegata 3"),
        ("20457 Hamburg", "9008 Tromsø"),
        ("Germany", "Norway"),
    ):
        norway = norway.replace(old, new)
    edits: Mapping[str, tuple[tuple[str, str], ...]] = {
        "about/leadership.html": (
            ("Marguerite Oyelaran", "Sunniva Aldertree"),
            ("Marguerite has", "Sunniva has"),
            (block("about/leadership.html", '<div class="card person">', "Caleb Whitmore"), ""),
            (">Chief Technology Officer<", ">Chief Product Officer<"),
        ),
        "index.html": (('"value": 1480', '"value": 1565'),),
        "about/board.html": (("Marguerite Oyelaran", "Sunniva Aldertree"),),
        "about/index.html": (
            ("1,480", "1,565"),
            (  # the same in other words
                "Our founders, refrigeration engineers Ray Kelley and Ardith Varn, started the company in 1987 because",
                "In 1987 two refrigeration engineers, Ray Kelley and Ardith Varn, started the company, since",
            ),
        ),
        "contact/index.html": ((europe, europe + norway),),
        "partners/index.html": (("Larkspur Cellular", "Bramblecote Networks"),),
        "customers/index.html": (("meridor-cold-storage.html", "stories/meridor-cold-storage.html"),),
        "newsroom/index.html": (
            (
                '<ul class="news-list">\n',
                f'<ul class="news-list">\n  <li><a href="/{RELEASE}">Kelvarn Acquires Sorrel Bay Analytics</a></li>\n',
            ),
        ),
    }
    made = {RELEASE: NEWS, "customers/stories/meridor-cold-storage.html": page("customers/meridor-cold-storage.html")}
    for name, pairs in edits.items():
        text = page(name)
        for old, new in pairs:
            assert old in text, (name, old)
            text = text.replace(old, new)
        made[name] = text
    return {name: text.encode() for name, text in made.items()}


@dataclass(frozen=True)
class Read:
    """What the second reading gave."""

    news: News
    steps: tuple[ToldChange, ...]
    brief: dict[str, Any]
    out: Path


@pytest.fixture(scope="module")
def read(sample: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("changes")
    shutil.copytree(sample.home, folder / "home")
    decided = sample.findings("offering", name="Kelvarn Tempo")[0]["id"]
    with workspace_of(folder / "home", LATER) as workspace:
        save_meetings(workspace.store, "sample", [MeetingDay(day=MEETING)])
        add_judgement(
            workspace.store,
            Judgement(
                id="j1", account_id="sample", target_kind="finding", target_ids=(decided,), verdict="edit", analyst="ana",
                at="2026-11-25T08:00:00+00:00", edit="Tempo, their energy software",
            ),
        )  # fmt: skip
        with serve_sample(origin=f"http://{SITE}", overlay=edited()) as address:
            port = int(address.rstrip("/").rsplit(":", 1)[1])
            make_brief(Order(target=f"http://{SITE}/", out=folder / "out", played_hosts=((SITE, port),)), workspace)
        account = require_account(workspace, "sample")
        news, steps = news_of(account, "last-meeting", workspace), steps_of(account, MEETING, workspace)
    brief = json.loads((folder / "out" / "brief.json").read_text(encoding="utf-8"))
    return Read(news=news, steps=steps, brief=brief, out=folder / "out")


def matching(news: News, planted: Planted) -> list[ToldChange]:
    return [
        c
        for c in news.changes
        if (c.change, c.topic) == (planted.change, planted.topic)
        and planted.before in c.before
        and planted.after in c.after
        and bool(planted.before) == bool(c.before)
        and bool(planted.after) == bool(c.after)
    ]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p.change} {p.topic} {p.before or p.after}")
def test_each_planted_change_is_told_once_with_its_quotes(read: Read, planted: Planted) -> None:
    (told,) = matching(read.news, planted)
    assert bool(told.quote_before) == bool(planted.before)
    assert bool(told.quote_after) == bool(planted.after)
    assert planted.before in told.quote_before
    assert planted.after in told.quote_after


def test_nothing_else_is_told(read: Read) -> None:
    """Neither the reworded sentence nor the page at another address nor the lines around what was edited."""
    explained = [c for planted in PLANTED for c in matching(read.news, planted)]
    assert [c for c in read.news.changes if c not in explained] == []
    assert read.news.changes[0].topic == "person.leadership"
    assert [c.importance for c in read.news.changes] == sorted((c.importance for c in read.news.changes), reverse=True)


def test_an_analysts_words_stay(read: Read) -> None:
    (tempo,) = [f for f in read.brief["findings"] if f["attributes"].get("name") == "Kelvarn Tempo"]
    assert (tempo["status"], tempo["attributes"]["analyst_text"]) == ("edited", "Tempo, their energy software")


def test_the_brief_opens_with_what_changed_since_the_meeting(read: Read) -> None:
    assert read.brief["news"]["since"] == MEETING
    assert len(read.brief["news"]["changes"]) == len(read.news.changes)
    markdown = (read.out / "brief.md").read_text(encoding="utf-8")
    html = (read.out / "brief.html").read_text(encoding="utf-8")
    assert "### Since your last meeting on 2026-12-01\n\n- changed: " in markdown
    assert markdown.index("Since your last meeting") < markdown.index("### Snapshot")
    assert html.index("Since your last meeting on 2026-12-01") < html.index('class="cols"')
    assert "Sunniva Aldertree" in html[html.index("Since your last meeting") : html.index('class="cols"')]


def test_told_step_by_step_it_is_the_same(read: Read) -> None:
    assert {(c.change, c.before, c.after) for c in read.steps} == {
        (c.change, c.before, c.after) for c in read.news.changes
    }
