"""One sentence more on one page: the brief is what a first run over the same pages makes, and little is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.brief import Order, make_brief
from pipelines.demo_run import run_demo
from pipelines.models import LazySignals
from research.child.process import Child
from research.errors import DossierError
from research.store.connect import open_store
from research.store.page_answers import keep_answers

from .conftest import workspace_of

NEWS = (
    "In autumn Tarnbeck Ltd will open a second service desk in Ghent.",
    "The order system of Tarnbeck Ltd fails every week, and customers complain about late parcels.",
)
STABLE = (
    "The biggest problem of Tarnbeck Ltd is the high cost of spare parts, which delayed many repairs last winter.",
    "Tarnbeck Ltd plans to double the output of its valve works by 2030, and to hire forty engineers.",
    "Tarnbeck Ltd struggles to hire engineers for its foundry, which slows every order down.",
)


PAGE = (
    "<!doctype html><html lang=en><head><title>{title} | Tarnbeck Ltd</title></head>"
    "<body><main><h1>{title}</h1><p>Tarnbeck Ltd makes pumps; harbours trust Tarnbeck Ltd.</p>{text}</main></body></html>"
)


def _write(folder: Path, *sentences: str) -> None:
    folder.mkdir(exist_ok=True)
    text = "".join(f"<p>{sentence}</p>" for sentence in (*STABLE, *sentences))
    (folder / "about.html").write_text(PAGE.format(title="About us", text=text))
    pumps = "<p>Tarnbeck Ltd makes pumps for harbours. It plans to cut the energy of each pump by a third.</p>"
    (folder / "pumps.html").write_text(PAGE.format(title="Pumps", text=pumps))


def _brief(folder: Path, out: Path, home: Path, as_of: str | None = None) -> bytes:
    with workspace_of(home, "2026-01-05T08:00:00+00:00") as workspace:
        order = Order(target="Tarnbeck Ltd", sources=(str(folder),), out=out, formats=("json",), as_of=as_of)
        make_brief(order, workspace)
    return (out / "brief.json").read_bytes()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences that the trained models are asked."""
    sentences: list[str] = []
    answer = LazySignals.__call__

    def noted(self, contexts):
        sentences.extend(context.sentence for context in contexts)
        return answer(self, contexts)

    monkeypatch.setattr(LazySignals, "__call__", noted)
    return sentences


def test_a_changed_page_is_read_where_it_changed_and_told_as_if_all_of_it_were(
    tmp_path: Path, asked: list[str]
) -> None:
    pages, home = tmp_path / "pages", tmp_path / "home"
    _write(pages, NEWS[0])
    _brief(pages, tmp_path / "out", home)
    assert set(STABLE) <= set(asked)
    asked.clear()
    _write(pages, *NEWS)
    changed = _brief(pages, tmp_path / "out", home)
    assert NEWS[1] in asked
    assert not set(asked) & set(STABLE[:2])  # the last one's neighbour is as it was, too
    fresh = _brief(pages, tmp_path / "fresh", tmp_path / "other")
    assert changed == fresh


def test_answers_to_a_page_that_is_gone_go_with_the_next_full_run(tmp_path: Path) -> None:
    pages, home = tmp_path / "pages", tmp_path / "home"
    _write(pages, NEWS[0])
    _brief(pages, tmp_path / "out", home)
    urls = "SELECT url FROM page_answers ORDER BY url"
    with open_store(home) as store:
        known = store.rows(urls)
        assert len(known) == 2
        (account,) = store.row("SELECT DISTINCT account_id FROM page_answers")
        keep_answers(store, account, "https://gone.example.com/", "v1", "{}")
    _write(pages, *NEWS)
    with pytest.raises(DossierError, match="after 2025-06-30"):  # a run that leaves the younger pages out
        _brief(pages, tmp_path / "early", home, as_of="2025-06-30")
    with open_store(home) as store:
        assert len(store.rows(urls)) == 3
    _brief(pages, tmp_path / "out", home)
    with open_store(home) as store:
        assert store.rows(urls) == known


def test_a_visit_that_meets_nothing_new_parses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Child.ask

    def noted(self, head, body, seconds):
        asked.append(head.get("read", "extract"))
        return ask(self, head, body, seconds)

    monkeypatch.setattr(Child, "ask", noted)
    for day in ("05", "06"):
        asked.clear()
        with workspace_of(tmp_path / "home", f"2026-01-{day}T08:00:00+00:00") as workspace:
            outcome = run_demo(workspace, tmp_path / "out")
        if day == "05":
            assert {"links", "sitemap", "extract"} <= set(asked)
    assert asked == []
    assert outcome.report.stages[0].reused > 10
