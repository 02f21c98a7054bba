"""Three dated snapshots of a real site with twelve planted changes: what does `dossier changes` tell of them?

The site is read from captured traffic at run time (`rapid7_2019.warc.gz` of the shared data), edited by rule, and read
by the main job three times. Names, places and figures that are planted are made up. Run as
`python -m benchmarks.snapshots` (or `make changes-check`); exits 1 where a change is missed or mistyped, more than one
is told that was not planted, or an analyst's edit is lost. `--home` keeps the store, so that a second run reads only
what it has not read before; `--only PATTERN` reads a part of the site.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.warc_edits import (
    Traffic,
    add_paragraph,
    copy_block,
    drop_block,
    read_traffic,
    rename_person,
    replace_words,
    write_traffic,
)
from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.brief import Order, make_brief
from pipelines.changes import news_of
from pipelines.console import printer
from pipelines.words import judged
from research.model.change import News, ToldChange
from research.model.judgement import Judgement
from research.review.judgements import ANALYST_TEXT
from research.store.findings import load_findings
from research.store.judgements import add_judgement

DATA: Final = Path("../shared/data/warc/rapid7_2019.warc.gz")
SITE: Final = "https://www.rapid7.com"
DAYS: Final = ("2019-06-01", "2019-07-01", "2019-08-01")
MOST_SPURIOUS: Final = 1
_TEAM, _PLACES, _STORY = f"{SITE}/about/leadership/", f"{SITE}/contact/", f"{SITE}/about/company/"
_LIBERTY, _WINTHROP = f"{SITE}/about/customers/liberty-wines/", f"{SITE}/about/customers/winthrop-weinstine/"
_MOVED, _RELEASE = f"{SITE}/about/stories/winthrop-weinstine/", f"{SITE}/about/press-releases/sorrel-bay-analytics/"
_POLICY, _JOBS = f"{SITE}/about/public-policy/", f"{SITE}/careers/"
_CARD: Final = r'<div class="medium-12 large-6 columns team_member'
_LOCATION: Final = r"<!-- Location Block -->"
_MAIN: Final = r"<h1[^>]*>[\s\S]*?</h1>"
_NEWS: Final = """<!doctype html><html lang="en"><head><title>Rapid7 Acquires Sorrel Bay Analytics</title>
<meta property="og:site_name" content="Rapid7"><meta property="article:published_time" content="2019-07-23"></head>
<body><main><h1>Rapid7 Acquires Sorrel Bay Analytics</h1><p>Boston, MA — July 23, 2019</p>
<p>Rapid7, Inc. today announced that it has acquired Sorrel Bay Analytics, a maker of software for asset
inventories.</p></main></body></html>"""


@dataclass(frozen=True)
class Planted:
    """One planted change: what must be told of it (type and topic, None: nothing), and words that name it."""

    name: str
    snapshot: int
    expected: tuple[str, str] | None
    words: tuple[str, ...]


PLANTED: Final = (
    Planted("a new chief executive", 1, ("changed", "person.leadership"), ("Marit Solhaug",)),
    Planted("an executive who leaves", 1, ("lapsed", "person.leadership"), ("Conan Reidy",)),
    Planted("a customer's name taken off a page", 1, ("lapsed", "relation.customer"), ("Liberty Wines",)),
    Planted("an office that closes", 1, ("lapsed", "office"), ("Seoul",)),
    Planted("an office that opens", 1, ("new", "office"), ("Tromsø",)),
    Planted("a sentence in other words", 1, None, ("this cause", "public-policy")),
    Planted("a page at another address", 2, None, ("Winthrop",)),
    Planted("a newer revenue", 2, ("changed", "fact.revenue"), ("$244.5 million",)),
    Planted("a newer headcount", 2, ("changed", "fact.employees"), ("1,310",)),
    Planted("a rival named for the first time", 2, ("new", "relation.competitor"), ("Brackenfell",)),
    Planted("a release about a purchase", 2, ("new", "event.acquisition"), ("Sorrel Bay",)),
    Planted("two pages with two head offices", 2, ("contradicted", "fact.headquarters"), ("Chicago",)),
)


def snapshots(original: Traffic) -> tuple[Traffic, Traffic, Traffic]:
    """The site as it was, a month later, and two months later."""
    second = original.edited(
        {
            _TEAM: [
                rename_person("Chief Executive Officer", "Marit Solhaug"),
                drop_block(_CARD, "Corporate Development"),
            ],
            _LIBERTY: [replace_words("Liberty Wines", "a wine merchant")],
            _PLACES: [
                drop_block(_LOCATION, "Seoul"),
                copy_block(
                    _LOCATION,
                    "Reading",
                    [
                        (r"<h6>[\s\S]*?</h6>", "<h6>Tromsø</h6>"),
                        (r"<p>[\s\S]*?</p>", "<p>Havnegata 3<br>9008 Tromsø</p>"),
                    ],
                ),
            ],
            _POLICY: [replace_words("advance this cause", "further this very cause")],
        }
    )  # fmt: skip
    third = second.edited(
        {
            _STORY: [
                add_paragraph(
                    r"<h2>The Rapid7 Story</h2>", "In fiscal year 2018, Rapid7 had revenue of $244.5 million."
                ),
                add_paragraph(r"<h2>The Rapid7 Story</h2>", "Our competitors include Brackenfell Security."),
            ],
            _JOBS: [
                add_paragraph(_MAIN, "Today Rapid7 employs 1,310 people."),
                add_paragraph(_MAIN, "Rapid7 is headquartered in Chicago, Illinois."),
            ],
        }
    )
    return original, second, third.with_page(_RELEASE, _NEWS).with_move(_WINTHROP, _MOVED)


def names(change: ToldChange, planted: Planted) -> bool:
    """Whether a told change is about a planted one."""
    told = f"{change.before}\n{change.after}\n{change.quote_before}\n{change.quote_after}\n{change.url_after}"
    return any(word in told for word in planted.words)


def verdict(planted: Planted, told: Sequence[ToldChange]) -> tuple[bool, str]:
    """Whether a planted change was told as it had to be, and what was told of it."""
    about = [change for change in told if names(change, planted)]
    said = "; ".join(f"{change.change} {change.topic}" for change in about) or "nothing"
    if planted.expected is None:
        return not about, said
    return any((change.change, change.topic) == planted.expected for change in about), said


def spurious(told: Sequence[ToldChange]) -> list[ToldChange]:
    """What was told and is about nothing that was planted as a change."""
    return [c for c in told if not any(names(c, planted) for planted in PLANTED if planted.expected)]


def read_snapshots(archives: Sequence[Path], home: Path, tell: Callable[[str], None]) -> tuple[list[News], bool]:
    """What is told after the second and after the third snapshot, and whether an analyst's edit between them stands."""
    news: list[News] = []
    edited = ""
    for number, (archive, day) in enumerate(zip(archives, DAYS, strict=True)):
        with open_workspace(home, _clock(day)) as workspace:
            order = Order(target=f"{SITE}/", sources=(str(archive),), out=home / f"brief-{number + 1}")
            report = make_brief(order, workspace).report
            tell(f"snapshot of {day}: " + ", ".join(f"{s.name} {s.done} of {s.done + s.reused}" for s in report.stages))
            account = require_account(workspace, "rapid7")
            if number:
                news.append(news_of(account, day, workspace))
            if number == 1:
                edited = _edit_one(workspace, account.id)
            if number == 2:
                return news, _stands(workspace, account.id, edited)
    raise AssertionError("there are three snapshots")


def _clock(day: str) -> Callable[[], str]:
    return lambda: f"{day}T12:00:00+00:00"


def _edit_one(workspace: Workspace, account_id: str) -> str:
    """An analyst words one finding anew: the surest product, since no plan touches it."""
    products = [f for f in load_findings(workspace.store, account_id) if f.kind == "offering"]
    chosen = max(products, key=lambda f: (f.confidence, f.id))
    judgement = Judgement(
        id="benchmark-edit", account_id=account_id, target_kind="finding", target_ids=(chosen.id,), verdict="edit",
        analyst="ana", at=workspace.clock(), edit="What we call it among ourselves",
    )  # fmt: skip
    add_judgement(workspace.store, judgement)
    return chosen.id


def _stands(workspace: Workspace, account_id: str, finding_id: str) -> bool:
    findings = judged(load_findings(workspace.store, account_id), account_id, workspace.store)
    found = next((f for f in findings if f.id == finding_id), None)
    return (
        found is not None and found.status == "edited" and found.get(ANALYST_TEXT) == "What we call it among ourselves"
    )


def table(news: Sequence[News]) -> tuple[list[str], int, int]:
    """The lines of the report, how many of the planted changes were told rightly, and how many others were told."""
    lines, right, others = [], 0, 0
    for planted in PLANTED:
        good, said = verdict(planted, news[planted.snapshot - 1].changes)
        right += good
        wanted = " ".join(planted.expected) if planted.expected else "nothing"
        lines.append(f"{'ok  ' if good else 'MISS'} {planted.name:<36} wanted: {wanted:<28} told: {said}")
    for told in news:
        for change in spurious(told.changes):
            others += 1
            where = change.url_after or change.url_before
            said = f"{change.before or '-'} → {change.after or '-'}"
            lines.append(f"     not planted: {change.change} {change.topic} {change.importance}: {said} {where}")
    folded = sum(told.folded for told in news)
    lines.append(
        f"{right} of {len(PLANTED)} as planted, {others} not planted (at most {MOST_SPURIOUS}), {folded} folded"
    )
    return lines, right, others


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", default="", help="pattern of the press releases and products to read")
    chosen = parser.parse_args(arguments)
    out = printer()
    if not chosen.data.exists():
        out.note(f"{chosen.data} is not there: give the captured site with --data")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or Path(folder) / "home"
        home.mkdir(parents=True, exist_ok=True)
        wanted = re.compile(chosen.only) if chosen.only else None
        original = read_traffic(chosen.data, lambda url: wanted is None or wanted.search(url) is not None)
        archives = []
        for day, traffic in zip(DAYS, snapshots(original), strict=True):
            archives.append(Path(folder) / f"snapshot-{day}.warc.gz")
            write_traffic(traffic, archives[-1], f"{day}T00:00:00Z")
        news, kept = read_snapshots(archives, home, out.note)
    lines, right, others = table(news)
    for line in lines:
        out.line(line)
    out.line(f"an analyst's edit between the snapshots {'stands' if kept else 'IS LOST'}")
    return 0 if right == len(PLANTED) and others <= MOST_SPURIOUS and kept else 1


if __name__ == "__main__":
    sys.exit(main())
