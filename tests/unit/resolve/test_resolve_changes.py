"""Two states of a made-up account and what changed between them: claims, not bytes, and typed as a reader would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from research.model.account import Account
from research.model.change import ClaimChange, Difference
from research.model.document import Document, Passage
from research.model.finding import FindingKind, Observation, Value, attributes
from research.resolve.changes import FACTORS, Ground, differences, importance
from research.resolve.resolve import resolve
from research.text.hashing import sha256_text, short_id
from research.text.topics import load_topics, topic_of

ACCOUNT = Account(id="tarnbeck", name="Tarnbeck", domains=("tarnbeck.example",))
TODAY = "2026-06-01"


@dataclass(frozen=True)
class Say:
    """One line of a page and what is read in it; `kind` None: nothing."""

    text: str
    kind: FindingKind | None = None
    values: tuple[tuple[str, Value], ...] = ()
    score: float = 0.8


def say(text: str, kind: FindingKind | None = None, *, score: float = 0.8, **values: Value) -> Say:
    return Say(text, kind, tuple(values.items()), score)


@dataclass(frozen=True)
class Page:
    """A page of the account's site."""

    url: str
    lines: tuple[Say, ...]
    published: str | None = None


def page(name: str, *lines: Say, published: str | None = None) -> Page:
    return Page(f"https://tarnbeck.example/{name}", lines, published)


def person(name: str, role: str, **more: Value) -> Say:
    return say(f"{name}, {role}", "person", name=name, role=role, current=more.get("current"))


def customer(name: str) -> Say:
    return say(f"{name} trusts our anchors", "relation", company=name, relation="customer", of="Tarnbeck")


def revenue(amount: str, normal: float, period: str | None, text: str = "") -> Say:
    words = text or f"Revenue of {amount} in {period}"
    return say(words, "fact", field="revenue", value=amount, normal=normal, unit="USD", period=period)


def compare(then: Sequence[Page], now: Sequence[Page], *, noted: bool = True) -> Difference:
    """The difference of two sites, each read and resolved as the pipeline does it."""
    before, after = ({d.id: (d, said) for d, said in map(_read, pages)} for pages in (then, now))
    documents = {key: d for key, (d, _) in (before | after).items()}
    observed = {key: said for key, (_, said) in (before | after).items()}
    former, later = (
        resolve(ACCOUNT, [o for _, said in state.values() for o in said], {k: d for k, (d, _) in state.items()}, TODAY)
        for state in (before, after)
    )
    return differences(
        Ground(
            then=former.findings,
            now=later.findings,
            today=TODAY,
            documents=documents,
            left=frozenset(before.keys() - after.keys()) if noted else None,
            come=frozenset(after.keys() - before.keys()) if noted else None,
            observed=observed,
            standing=frozenset(before.keys() & after.keys()),
            conflicts=later.conflicts,
        )
    )


def _read(source: Page) -> tuple[Document, tuple[Observation, ...]]:
    text, passages, observations = "", [], []
    identity = short_id(source.url, *(line.text for line in source.lines))
    for number, line in enumerate(source.lines):
        start, end = len(text), len(text) + len(line.text)
        passages.append(Passage(ordinal=number, start=start, end=end, role="paragraph"))
        if line.kind:
            observations.append(
                Observation(
                    kind=line.kind, attributes=attributes(**dict(line.values)), document_id=identity, start=start,
                    end=end, score=line.score, analyser="sample", version="1",
                )
            )  # fmt: skip
        text += f"{line.text}\n"
    document = Document(
        id=identity, account_id=ACCOUNT.id, capture_id="c", url=source.url, title="", published=source.published,
        language="en", page_type="press_release" if source.published else "other", media_type="text/html", text=text,
        text_sha256=sha256_text(text), extractor="sample", extractor_version="1", passages=tuple(passages),
    )  # fmt: skip
    return document, tuple(observations)


def told(difference: Difference) -> list[tuple[str, str, str]]:
    """Type, before and after of each change, by the word that names the finding."""

    def name(change: ClaimChange, side: str) -> str:
        finding = change.before if side == "before" else change.after
        if finding is None:
            return ""
        return finding.text("value") or finding.text("name") or finding.text("company") or finding.text("place") or (
            finding.text("summary") or finding.text("phrase")
        )  # fmt: skip

    return [(c.type, name(c, "before"), name(c, "after")) for c in difference.changes]


TEAM = page("team", person("Astrid Mellor", "Chief Executive Officer"), person("Piers Hollow", "Head of Sales"))


def test_nothing_changed_is_nothing_told() -> None:
    assert compare([TEAM], [TEAM]) == Difference(changes=(), folded=())


def test_a_replaced_chief_executive_is_one_change_of_leadership() -> None:
    now = page("team", person("Runa Castell", "CEO"), person("Piers Hollow", "Head of Sales"))
    difference = compare([TEAM], [now])
    assert told(difference) == [("changed", "Astrid Mellor", "Runa Castell")]
    assert difference.changes[0].topic == "person.leadership"


def test_a_release_of_its_day_does_not_keep_a_replaced_chief_executive_in_office() -> None:
    release = page("news/1", person("Astrid Mellor", "Chief Executive Officer"), published="2024-03-01")
    now = page("team", person("Runa Castell", "Chief Executive Officer"), person("Piers Hollow", "Head of Sales"))
    assert told(compare([TEAM, release], [now, release])) == [("changed", "Astrid Mellor", "Runa Castell")]


def test_somebody_who_goes_goes_once_whatever_roles_old_releases_give() -> None:
    release = page("news/5", person("Astrid Mellor", "President and CEO"), published="2022-03-01")
    other = page("news/6", person("Piers Hollow", "Vice President Sales"), published="2022-03-01")
    now = page("team", person("Runa Castell", "Chief Executive Officer"))
    assert sorted(told(compare([TEAM, release, other], [now, release, other]))) == [
        ("changed", "Astrid Mellor", "Runa Castell"),
        ("lapsed", "Piers Hollow", ""),
    ]


def test_two_standing_pages_with_two_chief_executives_contradict_each_other() -> None:
    about = page("about", say("We make anchors"))
    now = page("about", say("We make anchors"), person("Runa Castell", "Chief Executive Officer"))
    assert told(compare([TEAM, about], [TEAM, now])) == [("contradicted", "Astrid Mellor", "Runa Castell")]


def test_a_changed_role_is_one_change_and_a_fuller_role_is_none() -> None:
    now = page("team", person("Astrid Mellor", "Chief Executive Officer"), person("Piers Hollow", "Head of Finance"))
    assert told(compare([TEAM], [now])) == [("changed", "Piers Hollow", "Piers Hollow")]
    fuller = page("team", person("Astrid Mellor", "President and CEO"), person("Piers Hollow", "Head of Sales"))
    assert told(compare([TEAM], [fuller])) == []


def test_who_leaves_the_team_page_has_lapsed_though_old_news_name_him() -> None:
    now = page("team", person("Astrid Mellor", "Chief Executive Officer"))
    assert told(compare([TEAM], [now])) == [("lapsed", "Piers Hollow", "")]
    release = page("news/2", person("Piers Hollow", "Head of Sales"), published="2023-01-01")
    difference = compare([TEAM, release], [now, release])
    assert told(difference) == [("lapsed", "Piers Hollow", "")]
    assert "https://tarnbeck.example/news/2" in difference.changes[0].note


def test_who_stands_on_another_standing_page_has_not_lapsed() -> None:
    board = page("board", person("Piers Hollow", "Head of Sales"))
    now = page("team", person("Astrid Mellor", "Chief Executive Officer"))
    assert told(compare([TEAM, board], [now, board])) == []


def test_a_deleted_customer_lapses_and_a_new_one_is_new() -> None:
    then = page("customers", customer("Norvane Energy"), customer("Halden Dams"))
    now = page("customers", customer("Halden Dams"), customer("Oxmoor Wind"))
    assert sorted(told(compare([then], [now]))) == [("lapsed", "Norvane Energy", ""), ("new", "", "Oxmoor Wind")]


def test_a_partner_that_becomes_a_customer_is_one_change() -> None:
    then = page("about", say("Oxmoor is our partner", "relation", company="Oxmoor", relation="partner", of="Tarnbeck"))
    assert told(compare([then], [page("about", customer("Oxmoor"))])) == [("changed", "Oxmoor", "Oxmoor")]


def test_a_revenue_that_is_replaced_has_changed_and_one_of_a_newer_year_as_well() -> None:
    then = page("about", revenue("$10 million", 1e7, "FY2024"))
    now = page("about", revenue("$12 million", 1.2e7, "FY2025"))
    assert told(compare([then], [now])) == [("changed", "$10 million", "$12 million")]
    beside = page("news/3", revenue("$12 million", 1.2e7, "FY2025"), published="2026-02-01")
    assert told(compare([then], [then, beside])) == [("changed", "$10 million", "$12 million")]
    older = page("news/4", revenue("$7 million", 7e6, "FY2023"), published="2024-02-01")
    assert told(compare([then], [then, older])) == [("new", "", "$7 million")]


def test_figures_of_one_year_that_differ_contradict_each_other() -> None:
    then = page("about", revenue("$10 million", 1e7, "FY2024"))
    other = page("investors", revenue("$13 million", 1.3e7, "FY2024"))
    assert told(compare([then], [then, other])) == [("contradicted", "$10 million", "$13 million")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Tarnbeck serves Norvane Energy with rope access anchors",
            "Rope access anchors by Tarnbeck serve Norvane Energy",
        ),
        ("Norvane Energy has used our anchors since 2019", "Since 2019 our anchors are used by Norvane Energy"),
    ],
)
def test_a_rewording_is_folded_even_where_it_is_no_longer_read(before: str, after: str) -> None:
    values: dict[str, Value] = {"company": "Norvane Energy", "relation": "customer", "of": "Tarnbeck"}
    then = page("about", say(before, "relation", **values))
    read, unread = page("about", say(after, "relation", **values)), page("about", say(after))
    assert told(compare([then], [read])) == []
    difference = compare([then], [unread])
    assert told(difference) == []
    assert [f.reason for f in difference.folded] == ["reworded"]
    assert told(compare([unread], [then])) == []


def test_an_end_is_no_rewording() -> None:
    values: dict[str, Value] = {"company": "Norvane Energy", "relation": "customer", "of": "Tarnbeck"}
    then = page("about", say("Norvane Energy is a customer of our anchors", "relation", **values))
    now = page("about", say("Norvane Energy is no longer a customer of our anchors"))
    assert told(compare([then], [now])) == [("lapsed", "Norvane Energy", "")]


def test_another_number_is_no_rewording() -> None:
    def staff(number: int) -> Page:
        words = f"Some {number} people work at Tarnbeck today"
        return page(
            "about", say(words, "fact", field="employees", value=str(number), normal=float(number), unit="people")
        )

    assert told(compare([staff(310)], [staff(345)])) == [("changed", "310", "345")]


def test_a_moved_page_changes_nothing() -> None:
    then = page("customers", customer("Norvane Energy"), customer("Halden Dams"))
    assert told(compare([then], [replace(then, url="https://tarnbeck.example/who-trusts-us")])) == []


def test_what_is_only_read_now_on_an_unchanged_page_is_no_news() -> None:
    team, about = TEAM, page("about", say("We are in Leeds"))
    now = compare([team, about], [team, about])
    assert told(now) == []
    document, said = _read(page("about", say("We are in Leeds", "office", place="Leeds")))
    later = resolve(ACCOUNT, said, {document.id: document}, TODAY)
    ground = Ground(
        then=(), now=later.findings, today=TODAY, documents={document.id: document}, left=frozenset(), come=frozenset()
    )
    assert [f.reason for f in differences(ground).folded] == ["read anew"]
    unknown = differences(replace(ground, left=None, come=None))
    assert [c.type for c in unknown.changes] == ["new"]


def test_news_that_roll_off_a_list_are_history_and_a_cancelled_plan_is_told() -> None:
    past = say("Tarnbeck bought Halvard", "event", type="acquisition", date="2025-11-03", summary="bought Halvard")
    plan = say("A plant opens in Ulm", "event", type="expansion", date="2027-02", summary="a plant opens in Ulm")
    difference = compare([page("news", past, plan)], [page("news", say("Nothing is new."))])
    assert told(difference) == [("lapsed", "a plant opens in Ulm", "")]
    assert [f.reason for f in difference.folded] == ["history"]


def test_offices_open_and_close() -> None:
    then = page("contact", say("Leeds, Mill Lane 4", "office", place="Leeds"), say("Ulm, Hof 2", "office", place="Ulm"))
    now = page(
        "contact", say("Leeds, Mill Lane 4", "office", place="Leeds"), say("Bergen, Kai 9", "office", place="Bergen")
    )
    assert sorted(told(compare([then], [now]))) == [("lapsed", "Ulm", ""), ("new", "", "Bergen")]


def test_the_weightiest_change_comes_first() -> None:
    then = [TEAM, page("contact", say("Ulm, Hof 2", "office", place="Ulm"))]
    now = [
        page("team", person("Runa Castell", "CEO"), person("Piers Hollow", "Head of Sales")),
        page("contact", say("-")),
    ]
    assert [c.topic for c in compare(then, now).changes] == ["person.leadership", "office"]


def test_importance_is_the_documented_formula() -> None:
    (finding,) = compare([page("x", say("-"))], [page("x", customer("Norvane"))]).changes
    after = finding.after
    assert after is not None
    weight = load_topics()["relation.customer"].weight
    assert topic_of(after).weight == weight
    assert finding.importance == round(100 * weight * FACTORS["new"] * after.confidence)
    pinned = replace(after, attributes=tuple(sorted((*after.attributes, ("pinned", True)))))
    assert importance("new", pinned, weight) == round(100 * weight * FACTORS["new"] * after.confidence * 1.25)


def test_states_of_before_documents_were_noted_are_compared_by_their_findings() -> None:
    now = page("team", person("Runa Castell", "CEO"), person("Piers Hollow", "Head of Sales"))
    assert told(compare([TEAM], [now], noted=False)) == [("changed", "Astrid Mellor", "Runa Castell")]
