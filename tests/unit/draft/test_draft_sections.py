"""What a rep reads in the drafted sections, and what must never stand there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fixture_brief import (
    ACCOUNT,
    CONFLICTS,
    DOCUMENTS,
    FACTS,
    FINDINGS,
    OTHERS,
    SEEN,
    SELLER,
    SIGNALS,
    THEMES,
    fact,
    finding,
    line,
    make_brief,
    person,
    relation,
    signal,
)

from research.draft.draft import draft_sections
from research.draft.people import each_once
from research.draft.sources import print_date
from research.draft.verify import mark_unverified, verify_brief
from research.model.draft import SECTION_TITLES, Section
from research.model.finding import Finding


def draft(findings: tuple[Finding, ...] = FINDINGS, **changes: object) -> dict[str, Section]:
    settings: dict[str, object] = {
        "fetched_at": {}, "as_of": SEEN, "seller": SELLER, "searched": frozenset({"about", "press_release"}), "blocked": frozenset(),
    }  # fmt: skip
    by_id = {document.id: document for document in DOCUMENTS.values()}
    sections = draft_sections(ACCOUNT, findings, THEMES, CONFLICTS, by_id, **{**settings, **changes})  # type: ignore[arg-type]
    return {section.name: section for section in sections}


def texts(section: Section) -> list[str]:
    return [claim.text for claim in section.claims]


def test_ten_sections_in_order_each_claim_cited_and_verified() -> None:
    brief = make_brief()
    assert [section.name for section in brief.sections] == list(SECTION_TITLES)
    assert all(claim.finding_ids for section in brief.sections for claim in section.claims)
    assert verify_brief(brief) == ()


def test_drafting_is_deterministic_and_does_not_depend_on_the_order_of_findings() -> None:
    assert draft(FINDINGS) == draft(FINDINGS[::-1])


def test_snapshot_says_size_money_place_and_flags_what_is_contested() -> None:
    lines = texts(draft()["snapshot"])
    assert 5 <= len(lines) <= 8
    assert "Revenue: €412.6 million, FY2023 (as of 12 Mar 2024)." in lines
    assert any(text.startswith("Headquarters: Rotterdam") and "Sources differ" in text for text in lines)


def test_a_table_value_is_printed_in_full_units() -> None:
    assert "Revenue: €385.7 million, FY2022 (as of 30 Mar 2023)." in texts(draft()["profile"])


def test_why_now_holds_the_last_eighteen_months_newest_first() -> None:
    lines = texts(draft()["why_now"])
    assert [text.split(",")[0] for text in lines] == ["12 Mar 2024", "12 Mar 2024", "Jan 2024", "4 Sep 2023"]
    assert not any("ferry" in text for text in lines)


def test_old_news_is_given_as_old_and_asked_about() -> None:
    section = draft(as_of="2027-01-01")["why_now"]
    assert len(section.claims) == 1
    assert texts(section)[0].startswith("Newest dated event found, 12 Mar 2024")
    assert section.gaps[0].question.endswith("what has changed at Harrow & Tides Logistics since?")


def test_a_customers_pain_never_stands_among_their_own() -> None:
    theirs = {SIGNALS[key].id for key in ("customs", "demurrage", "shortage")}
    for section in draft().values():
        for claim in section.claims:
            if theirs & set(claim.finding_ids):
                assert section.name == "pains"
                assert claim.text.startswith(("What they solve for their customers: “", "Said of the industry: “"))


def test_own_pains_come_first_those_of_a_theme_together() -> None:
    claims = draft()["pains"].claims
    own = [claim.finding_ids[0] for claim in claims if claim.text.startswith("“")]
    assert own == [SIGNALS[key].id for key in ("delays", "data", "gate", "drivers", "energy")]
    assert [claim.finding_ids[0] for claim in claims[:5]] == own


def test_people_stand_by_rank_and_former_ones_last_and_marked() -> None:
    lines = texts(draft()["people"])
    assert [text.split(",")[0] for text in lines] == [
        "Ingrid Vaszary", "Tomás Okafor-Lind", "Priya Raman", "Jonas Weidt", "Karel Bohm",
    ]  # fmt: skip
    assert "formerly Chief Financial Officer" in lines[-1]


def test_a_person_with_several_posts_takes_one_line_before_everybody_else_has_one() -> None:
    posts = (
        person("Jonas Weidt", "Chief Executive Officer", "Jonas Weidt", None, 0.95),
        person("Jonas Weidt", "Director of Procurement", "Jonas Weidt", True, 0.9),
        person("Priya Raman", "Vice President", "Priya Raman", None, 0.8),
    )
    ordered = [(f.text("name"), f.text("role")) for f in each_once(posts)]
    assert ordered == [
        ("Jonas Weidt", "Director of Procurement"),
        ("Priya Raman", "Vice President"),
        ("Jonas Weidt", "Chief Executive Officer"),
    ]


def test_nobody_of_the_top_is_a_gap() -> None:
    others = tuple(f for f in FINDINGS if f.kind != "person")
    section = draft((*others, person("Jonas Weidt", "Director of Procurement", "Jonas Weidt", True, 0.9)))["people"]
    assert [gap.field for gap in section.gaps] == ["decision_maker"]


def test_market_holds_only_the_accounts_competitors_with_their_words() -> None:
    values = {"company": "Kestrel Drayage", "relation": "competitor", "of": "Ostwerk"}
    foreign = finding("relation", line("press", "Kestrel"), 0.9, **values)
    claims = draft((*FINDINGS, foreign))["market"].claims
    assert [claim.text.split(":")[0] for claim in claims] == ["Delta Quay Group, Rhine Container Lines, Ostwerk"]
    assert len(claims[0].finding_ids) == 3
    assert "“We compete with Delta Quay Group" in claims[0].text


def test_us_here_without_a_seller_says_so() -> None:
    section = draft(seller=None)["us_here"]
    assert [(gap.field, gap.state) for gap in section.gaps] == [("seller", "not_searched")]
    assert not any("Opening" in text for text in texts(section))


def test_us_here_matches_own_pains_to_our_offerings() -> None:
    openings = [text for text in texts(draft()["us_here"]) if text.startswith("Opening")]
    assert [text.split("[Ours: ")[1] for text in openings] == ["Quayside Berth Planner].", "Quayside Signal]."]


def test_the_first_three_questions_differ_in_what_they_ask_about() -> None:
    claims = draft()["questions"].claims
    kinds = {f.id: (f.kind, f.text("type")) for f in FINDINGS}
    first = [kinds[claim.finding_ids[0]] for claim in claims[:3]]
    assert first == [("signal", "pain"), ("event", "expansion"), ("signal", "goal")]
    assert all(claim.text.endswith("?") for claim in claims)


def test_conflicts_show_both_values_with_their_dates() -> None:
    section = draft()["contested"]
    (line_,) = [text for text in texts(section) if text.startswith("Headquarters")]
    assert "Rotterdam, the Netherlands (seen 19 May 2024) or Antwerp (as of 30 Mar 2023)" in line_
    assert [(gap.field, gap.state) for gap in section.gaps] == [("headquarters", "conflicting")]


def test_a_conflict_is_followed_by_the_words_behind_each_value() -> None:
    lines = texts(draft()["contested"])
    at = next(n for n, text in enumerate(lines) if text.startswith("Headquarters"))
    behind = lines[at + 1 : at + 3]
    assert all(text.startswith("“") for text in behind)
    assert "headquarters are" in behind[0]
    assert "Antwerp" in behind[1]


def test_doubtful_findings_stand_only_under_contested() -> None:
    doubtful = next(f for f in OTHERS if f.confidence < 0.4)
    where = {name for name, section in draft().items() for claim in section.claims if doubtful.id in claim.finding_ids}
    assert where == {"contested"}


def test_a_signal_of_unclear_holder_is_nobodys_pain() -> None:
    unclear = signal("pain", "other", "Our older gate software fails during peaks", "report", 0.95)
    sections = draft((*(f for f in FINDINGS if f.id != SIGNALS["gate"].id), unclear))
    where = {name for name, section in sections.items() for claim in section.claims if unclear.id in claim.finding_ids}
    assert where == {"contested"}


@pytest.mark.parametrize(
    ("searched", "blocked", "state"),
    [({"about"}, set(), "undisclosed"), (set(), set(), "not_searched"), ({"home"}, {"leadership"}, "blocked"),
     ({"leadership"}, {"leadership"}, "undisclosed")],
)  # fmt: skip
def test_a_gap_says_why_it_is_one(searched: set[str], blocked: set[str], state: str) -> None:
    section = draft((), searched=frozenset(searched), blocked=frozenset(blocked))["people"]
    assert [(gap.field, gap.state) for gap in section.gaps] == [("people", state)]


def test_nothing_known_gives_gaps_and_no_claims() -> None:
    sections = draft((), seller=None)
    assert not any(section.claims for section in sections.values())
    assert {gap.field for gap in sections["snapshot"].gaps} >= {"employees", "revenue", "headquarters"}
    assert 0 < len(sections["questions"].gaps) <= 6


@pytest.mark.parametrize("status", ["rejected", "lapsed"])
def test_rejected_and_lapsed_findings_are_not_drafted(status: str) -> None:
    gone = replace(SIGNALS["delays"], status=status)
    sections = draft(tuple(gone if f.id == gone.id else f for f in FINDINGS))
    assert not any(gone.id in claim.finding_ids for section in sections.values() for claim in section.claims)


def test_what_does_not_fit_is_left_out_by_id_and_no_claim_counts_it() -> None:
    pains = tuple(
        finding(
            "signal",
            line("report", "Fragmented"),
            0.9 - n / 100,
            type="pain",
            holder="account",
            phrase="Fragmented data",
            n=n,
        )
        for n in range(12)
    )
    section = draft(pains)["pains"]
    assert len(section.claims) == 8
    assert all(claim.text for claim in section.claims)
    said = {finding_id for claim in section.claims for finding_id in claim.finding_ids}
    assert len(section.left_out) == 4
    assert said | set(section.left_out) == {pain.id for pain in pains}


def test_a_sentence_that_fails_becomes_the_plain_quote() -> None:
    wrong = fact("employees", "9,999", line("about", "2,340"), 0.99, normal=9999.0, unit="people")
    lines = texts(draft((wrong,))["snapshot"])
    assert lines == [
        "“Founded in 1987 in Esbjerg, the company employs 2,340 people at eleven sites” (seen 19 May 2024)."
    ]


def test_a_phrase_cut_off_from_its_not_is_given_with_it() -> None:
    cut = signal("pain", "account", "have enough crane drivers for the night shifts", "report", 0.9)
    assert texts(draft((cut,))["pains"]) == [
        "“We do not have enough crane drivers for the night shifts” (as of 30 Mar 2023)."
    ]


def test_a_listed_name_that_its_quote_lacks_leaves_the_list() -> None:
    wrong = replace(relation("Norsk Papir", "customer", "about", 0.9))
    wrong = replace(wrong, attributes=tuple((k, "Zephyr Foods" if k == "company" else v) for k, v in wrong.attributes))
    lines = texts(draft((wrong, relation("Alba Chemicals", "customer", "about", 0.8)))["profile"])
    assert lines[0].startswith("Customers named: Alba Chemicals (")
    assert not any("Zephyr" in text for text in lines)


def test_an_analysts_words_lock_the_sentence() -> None:
    words = "Berth planning is their sore point; nothing else comes close."
    edited = replace(
        SIGNALS["delays"], status="edited",
        attributes=tuple(sorted({**SIGNALS["delays"].values, "analyst_text": words}.items())),
    )  # fmt: skip
    brief = make_brief(findings=tuple(edited if f.id == edited.id else f for f in FINDINGS))
    pains = next(section for section in brief.sections if section.name == "pains")
    assert "Berth planning is their sore point; nothing else comes close (analyst's words)." in texts(pains)
    marked = mark_unverified(brief)
    assert verify_brief(marked) == ()
    pains = next(section for section in marked.sections if section.name == "pains")
    assert [claim.unverified for claim in pains.claims if "Berth" in claim.text] == [True]


def test_inputs_hash_moves_with_the_evidence_and_only_with_it() -> None:
    before = draft()
    values = {**FACTS["founded"].values, "normal": 1988.0}
    moved = replace(FACTS["founded"], attributes=tuple(sorted(values.items())))
    after = draft(tuple(moved if f.id == moved.id else f for f in FINDINGS))
    changed = {name for name in before if before[name].inputs_sha256 != after[name].inputs_sha256}
    assert changed == {"snapshot", "profile"}


def test_hostile_braces_and_quotation_marks_in_values_are_text() -> None:
    odd = fact("industry", "{account} “freight” {0}", line("about", "runs container"), 0.9)
    brief = make_brief(findings=(odd,), conflicts=(), themes=())
    assert verify_brief(brief) == ()


def test_an_undated_page_was_seen_when_it_was_fetched_and_not_when_it_is_read() -> None:
    undated = {d.id for d in DOCUMENTS.values() if d.published is None}
    assert undated
    lines = [
        text for s in draft(fetched_at=dict.fromkeys(undated, "2020-06-01T00:00:00Z")).values() for text in texts(s)
    ]
    assert any("(seen 1 Jun 2020)" in text for text in lines)
    assert not any(f"(seen {print_date(SEEN)})" in text for text in lines)
