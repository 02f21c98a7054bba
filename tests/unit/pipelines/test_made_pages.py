"""Made-up pages: they are the same everywhere, and what is labelled on them is what they say."""

from __future__ import annotations

import pytest

from pipelines.made_pages import make_page
from pipelines.single import UNDATED, document_of
from research.analyse.page_lines import squash
from research.model.capture import Fetched

SEEDS = range(40)


def text_of(html: bytes) -> str:
    url = "file:///made.html"
    fetched = Fetched(
        url=url, final_url=url, fetched_at=UNDATED, status=200, media_type="text/html", body=html, charset="utf-8"
    )
    return document_of(fetched, "made").text


def test_a_seed_gives_the_same_page_and_another_seed_another() -> None:
    assert make_page(7) == make_page(7)
    assert len({make_page(seed).html for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_label_stands_in_the_text_that_is_read_of_the_page(seed: int) -> None:
    page = make_page(seed)
    text = squash(text_of(page.html))
    assert [label for labels in page.gold.values() for label in labels if squash(label) not in text] == []


def test_made_pages_teach_people_and_titles() -> None:
    held = [set(make_page(seed).gold) for seed in SEEDS]
    assert sum({"person", "role"} <= kinds for kinds in held) > len(SEEDS) / 2


def test_no_slot_is_left_open() -> None:
    assert all(b"{" not in make_page(seed).html for seed in SEEDS)
