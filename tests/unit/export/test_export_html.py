"""The page: nothing of a source's is alive in it, nothing is loaded, and everything that is said can be checked."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from fixture_brief import ACCOUNT, DOCUMENTS, FINDINGS, SIGNALS, THEMES, make_brief
from lxml import html

from research.export.as_html import to_html
from research.model.capture import Skipped
from research.model.draft import SECTION_TITLES, Claim, Gap
from research.model.finding import Admission, Conflict

XSS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "</title><svg onload=alert(1)>",
    "</style><script>alert(1)</script>", "javascript:alert(1)", "{{ 7*7 }}{% raw %}", "<!--<img src=--><b>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "\u202e<a href=javascript:alert(1)>x</a>\x00\x1b",
)  # fmt: skip
ALLOWED = frozenset(
    "html head meta title style body header main footer nav section div h1 h2 h3 h4 p ul ol li b span a sup br "
    "blockquote mark details summary svg desc g line circle rect text".split(" ")
)


def parsed(brief: Any) -> Any:
    return html.document_fromstring(to_html(brief).decode())


@pytest.fixture(scope="module")
def tree() -> Any:
    return parsed(make_brief())


def hostile(text: str) -> Any:
    """The fixture's brief with `text` in every field that a page could have filled."""
    documents = tuple(
        replace(d, title=text, url=text, published=text, language=text, page_type=text, text=text * 40)
        for d in DOCUMENTS.values()
    )
    findings = tuple(
        replace(
            f,
            attributes=tuple(
                (name, text if isinstance(value, str) and name != "holder" else value) for name, value in f.attributes
            ),
            evidence=tuple(replace(e, start=0, end=len(text)) for e in f.evidence),
        )
        for f in FINDINGS
    )
    brief = make_brief()
    sections = tuple(
        replace(
            s,
            title=text,
            claims=tuple(Claim(text=f"{text}: {text} (as of {text})", finding_ids=c.finding_ids) for c in s.claims),
            gaps=(Gap(field=text, state="undisclosed", question=text),) * 3,
        )
        for s in brief.sections
    )
    return replace(
        brief,
        account=replace(ACCOUNT, name=text, aliases=(text,), domains=(text,)), documents=documents, findings=findings,
        sections=sections, skipped=(Skipped(url=text, reason=text),),
        admissions=(Admission(document_id="x", url=text, admitted=False, own=False, reason=text),),
        conflicts=(Conflict(field=text, kind="genuine", finding_ids=(), explanation=text),),
        themes=tuple(replace(t, label=text, terms=(text,)) for t in THEMES),
        fetched_at=tuple((d.id, text) for d in documents),
    )  # fmt: skip


@pytest.mark.parametrize("text", XSS)
def test_hostile_text_in_every_field_gives_no_live_element(text: str) -> None:
    tree = parsed(hostile(text))
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= ALLOWED
    for element in tree.iter():
        assert not [
            name for name in element.attrib if name.startswith("on") or name in ("style", "src", "srcdoc", "action")
        ]
        for name in ("href", "xlink:href"):
            assert re.match(r"#|https?://", element.get(name, "#")), element.get(name)
    assert len(tree.findall(".//style")) == 1
    assert not re.search("[\x00\x1b\u202e]", to_html(hostile(text)).decode())


def test_nothing_is_loaded_and_nothing_runs(tree: Any) -> None:
    page = to_html(make_brief()).decode()
    assert not tree.xpath("//script|//link|//img|//iframe|//object|//embed|//form|//base|//audio|//video")
    assert not re.search(r"url\(|@import|expression\(", page)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    for link in tree.xpath("//a[starts-with(@href, 'http')]"):
        assert link.get("rel") == "noopener noreferrer"


def test_every_line_leads_to_its_quotes_and_every_mark_has_a_target(tree: Any) -> None:
    targets = set(tree.xpath("//*[@id]/@id"))
    marks = tree.xpath("//a[@class='fn']/@href")
    assert marks
    assert {mark.removeprefix("#") for mark in tree.xpath("//a[starts-with(@href,'#')]/@href")} <= targets
    lines = tree.xpath("//main//section[contains(@class,'block')]//li[not(contains(@class,'gap'))]")
    cited = [line for line in lines if line.xpath(".//a[@class='fn']")]
    explained = tree.xpath("//section[@aria-labelledby='h-conflicts']//li|//ul[@class='legend']/li")
    assert len(cited) + len(explained) == len(lines)
    assert len(tree.xpath("//section[@class='evidence']/ol/li//mark")) >= len(set(marks))


# Words of a claim that the page says by other means: a box's heading, a mark.
SAID_OTHERWISE = ("What they solve for their customers:", "Said of the industry:", "; see Contested and uncertain")


def test_each_word_of_each_claim_stands_in_one_line_of_the_page(tree: Any) -> None:
    lines = [set(re.findall(r"\w+", line.text_content().lower())) for line in tree.xpath("//main//li")]
    for section in make_brief().sections:
        for claim in section.claims:
            text = claim.text
            for words in SAID_OTHERWISE:
                text = text.replace(words, "")
            # The footnote's number stands right behind a line's last word.
            wanted = set(re.findall(r"\w+", text.lower()))
            assert any(len(wanted - line) <= 1 for line in lines), claim.text


def test_customers_pains_stand_apart_from_their_own(tree: Any) -> None:
    for key in ("customs", "demurrage"):
        phrase = SIGNALS[key].text("phrase")
        found = [e for e in tree.xpath("//section[contains(@class,'sheet')]//li") if phrase in e.text_content()]
        assert found
        assert all(e.xpath("ancestor::div[@class='theirs']") and "customer" in e.get("class") for e in found)
    own = [e for e in tree.xpath("//div[@class='theirs']//li") if SIGNALS["delays"].text("phrase") in e.text_content()]
    assert own == []


def test_gaps_say_plainly_what_to_ask() -> None:
    tree = parsed(make_brief(findings=(), conflicts=(), themes=()))
    gaps = [" ".join(e.text_content().split()) for e in tree.xpath("//li[contains(@class,'gap')]")]
    assert any(gap.startswith("Not found — ask: What does Harrow") for gap in gaps)
    assert any("refused to be read — ask:" in gap for gap in gaps)
    assert not tree.xpath("//svg")


def test_headings_are_in_order_and_parts_have_names(tree: Any) -> None:
    levels = [int(e.tag[1]) for e in tree.iter() if e.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for names in tree.xpath("//@aria-labelledby"):
        assert set(names.split()) <= set(ids)
    for svg in tree.xpath("//svg"):
        assert svg.get("role") == "img"
        assert svg.xpath("title")
        assert svg.xpath("desc")
    assert tree.get("lang") == "en"


def test_sections_and_skipped_pages_are_all_there(tree: Any) -> None:
    titles = " ".join(e.text_content() for e in tree.xpath("//h3"))
    assert all(title in titles for title in SECTION_TITLES.values())
    (details,) = tree.xpath("//details")
    assert details.get("open") is None
    assert "robots.txt refuses /investors/" in details.text_content()


def test_the_page_is_deterministic_and_of_a_sane_size() -> None:
    assert to_html(make_brief()) == to_html(make_brief())
    assert len(to_html(make_brief())) < 150_000


def luminance(colour: str) -> float:
    parts = (
        [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        if len(colour) == 7
        else [int(c * 2, 16) / 255 for c in colour[1:]]
    )
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_contrast_in_light_dark_and_print() -> None:
    css = to_html(make_brief()).decode().split("<style>")[1].split("</style>")[0]
    palettes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block)) for block in re.findall(r":root \{[^}]*\}", css)
    ]
    assert len(palettes) == 3
    for palette in palettes:
        for ground in ("paper", "tint", "their-tint"):
            for ink in ("ink", "soft", "accent", "their", "warn"):
                light, dark = sorted((luminance(palette[ink]), luminance(palette[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground, palette[ink])
