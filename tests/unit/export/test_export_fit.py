"""Page one holds what its two columns hold; nothing that it leaves out is lost."""

from __future__ import annotations

from dataclasses import replace

from fixture_brief import FINDINGS, make_brief

from research.export.as_html import to_html
from research.export.as_markdown import to_markdown
from research.export.fit import COLUMNS, LEAST, PAGE_ONE, first_page, is_customers
from research.export.view import page


def test_a_brief_of_usual_size_loses_nothing_of_its_room() -> None:
    sections = {section.name: section for section in make_brief().sections}
    shown = first_page(sections)
    assert list(shown) == list(PAGE_ONE)
    assert len(shown["snapshot"]) == 7
    assert len(shown["questions"]) == 3
    assert sum(is_customers(claim) for claim in shown["pains"]) == 2


def test_long_lines_give_way_but_the_least_of_each_section_stays() -> None:
    brief = make_brief()
    long = tuple(
        replace(s, claims=tuple(replace(c, text=c.text + " word" * 60) for c in s.claims)) for s in brief.sections
    )
    sections = {section.name: section for section in long}
    shown = first_page(sections)
    for column in COLUMNS:
        assert all(len(shown[name]) >= min(LEAST[name], len(sections[name].claims)) for name in column.sections)
    assert len(shown["market"]) + len(shown["us_here"]) <= 2
    assert len(shown["goals"]) == 1


def test_what_page_one_leaves_out_stands_behind_it() -> None:
    brief = make_brief()
    built = page(brief)
    for section in brief.sections:
        behind = next(block for block in built.rest if block.name == section.name)
        count = len(behind.lines) + len(behind.customers) + len(behind.industry)
        if section.name in built.first:
            first = built.first[section.name]
            assert first.left == count
            count += len(first.lines) + len(first.customers) + len(first.industry)
        assert count == len(section.claims)
    assert b"more questions overleaf" in to_html(brief)


def test_findings_without_room_are_counted_and_bring_no_notes() -> None:
    counted = tuple(
        replace(f, id=f"{f.id}{n}", evidence=tuple(replace(e, finding_id=f"{f.id}{n}") for e in f.evidence))
        for n in range(40)
        for f in FINDINGS
        if f.kind == "signal"
    )
    brief = make_brief(findings=counted, conflicts=(), themes=())
    built = page(brief)
    left_out = sum(len(section.left_out) for section in brief.sections)
    assert sum(block.unsaid for block in built.rest) == left_out > 0
    assert b"more findings in brief.json" in to_html(brief)
    assert len(built.notes) < 40
    assert len(to_html(brief)) < 200_000
    assert b"more findings in brief.json" in to_markdown(brief)
