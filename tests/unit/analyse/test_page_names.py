"""Names on pages: what is proposed, how places of one name are weighed together, and what is told of overlaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from reading_builder import read

from research.analyse.chain import FORBIDDEN, Chain, key_of
from research.analyse.entities import entities
from research.analyse.page_lines import read_page
from research.analyse.page_names import KINDS, TAGS, Candidate, candidates, choose
from research.analyse.page_runs import name_runs, title_runs
from research.analyse.page_views import Place, surroundings, views
from research.analyse.read import Reading
from research.model.finding import Mention

LEAST = dict.fromkeys(KINDS, 0.5)


def tagger(**weights: dict[str, float]) -> Chain:
    """A chain in which each feature speaks for the tags that are given."""
    rows = [[votes.get(tag, 0.0) for tag in TAGS] for votes in weights.values()]
    wall = np.array(
        [[FORBIDDEN if to[0] == "I" and tag[2:] != to[2:] else 0.0 for to in TAGS] for tag in TAGS], dtype=float
    )
    return Chain(
        labels=TAGS,
        index={key_of(name.replace("_", "=")): at for at, name in enumerate(weights)},
        weights=np.array(rows, dtype=np.float32),
        moves=wall,
        opens=np.array([FORBIDDEN if tag[0] == "I" else 0.0 for tag in TAGS]),
        closes=np.zeros(len(TAGS)),
    )


@pytest.fixture
def names() -> Chain:
    """Knows `nora quill` for a person and takes every other word for nothing."""
    return tagger(w_nora={"B-person": 9.0}, w_quill={"I-person": 9.0}, s_x={"O": 9.0}, w_valves={"O": 9.0})


def proposed(reading: Reading, chain: Chain, *others: Mention) -> dict[tuple[str, str], Candidate]:
    text = reading.document.text
    return {(c.kind, c.key): c for c in candidates(read_page(reading), text, others, chain)}


def test_a_name_is_one_candidate_with_all_its_places(names: Chain) -> None:
    found = proposed(read("call nora Nora Quill", "Nora Quill"), names)
    assert [(p.start, p.end) for p in found["person", "nora quill"].places] == [(10, 20), (21, 31)]


def test_the_rules_and_the_address_of_the_page_propose_too(names: Chain) -> None:
    reading = read("made by marsh in oakham", "harrowgate")
    found = proposed(reading, names, Mention(label="company", text="marsh", start=8, end=13))
    assert {"marsh", "harrowgate"} <= {key for kind, key in found if kind == "company"}


def place(kind: str, start: int, end: int) -> Place:
    return Place(kind, start, end, 0, 0, 0, 0.9, 0.9, frozenset())


def test_of_two_names_that_overlap_the_likelier_is_told() -> None:
    text = "Nora Quill Valves"
    found = [
        Candidate("person", "nora quill", (place("person", 0, 10),), ()),
        Candidate("company", "nora quill valves", (place("company", 0, 17),), ()),
    ]
    told = choose(found, np.array([0.6, 0.9]), text, LEAST)
    assert [(m.label, m.text) for m in told] == [("company", text)]


def test_an_unlikely_name_is_not_told() -> None:
    found = [Candidate("person", "nora quill", (place("person", 0, 10),), ())]
    assert choose(found, np.array([0.4]), "Nora Quill", LEAST) == []


def runs(text: str, found) -> set[str]:
    page = read_page(read(text))
    return {text[line.tokens[a].start : line.tokens[b].end] for line in page.lines for a, b in found(line)}


def test_a_name_is_proposed_with_and_without_what_stands_before_and_behind_it() -> None:
    assert {"Dr. Robert Quill", "Robert Quill", "Robert Quill, Jr"} <= runs("Dr. Robert Quill, Jr.", name_runs)
    assert "J. Robert Quill" in runs("J. Robert Quill called", name_runs)
    assert "Robert Anne-Quill" in runs("Robert Anne-Quill", name_runs)


def test_a_title_in_small_letters_goes_on_with_its_function() -> None:
    assert "vice president of product management" in runs("a vice president of product management", title_runs)


def seen_of(text: str, *people: tuple[int, int, int, float], title: tuple[int, int, int]) -> set[str]:
    """The views of a title on a page, given its likely people: line, first and last token, chance."""
    page = read_page(read(("card", text)))

    def put(kind: str, line: int, first: int, last: int, chance: float) -> Place:
        tokens = page.lines[line].tokens
        return Place(kind, tokens[first].start, tokens[last].end, line, first, last, chance, chance, frozenset())

    places = {("person", f"p{at}"): [put("person", *given)] for at, given in enumerate(people)}
    own = [put("role", *title, 0.5)]
    return set(views(surroundings(page, {**places, ("role", "clerk"): own}), "role", "clerk", own))


def test_a_title_sees_the_name_above_it_or_before_it_and_only_a_likely_one() -> None:
    assert "role above=True" in seen_of("Nora Quill\nClerk", (0, 0, 1, 0.9), title=(1, 0, 0))
    assert "role above=False" in seen_of("Nora Quill\nClerk", (0, 0, 1, 0.1), title=(1, 0, 0))
    before = seen_of("Nora Quill, Clerk", (0, 0, 1, 0.9), title=(0, 3, 3))
    assert {"role before=True", "role after=False", "role persons=1"} <= before


def test_a_part_of_a_likelier_name_sees_the_whole() -> None:
    page = read_page(read("Nora Quill and Nora"))
    whole = Place("person", 0, 10, 0, 0, 1, 0.9, 0.9, frozenset())
    part = Place("person", 15, 19, 0, 3, 3, 0.2, 0.2, frozenset())
    around = surroundings(page, {("person", "nora quill"): [whole], ("person", "nora"): [part]})
    assert "person whole>0.88" in set(views(around, "person", "nora", [part]))
    assert not any(view.startswith("person whole") for view in views(around, "person", "nora quill", [whole]))


def web_page(*parts, **given) -> Reading:
    """A reading as the extractor of web pages gives it."""
    reading = read(*parts, url="https://www.quillonvalves.example/contact", **given)
    return replace(reading, document=replace(reading.document, extractor="html"))


@pytest.fixture(scope="module")
def contact_page() -> Reading:
    return web_page(
        ("heading", "Contact us"),
        (
            "contact",
            "Quillon Valves Ltd\n12 Mill Road\nManchester M1 2AB\nTel: (212) 555-0143\ninfo@quillonvalves.example",
        ),
        ("heading", "Our team"),
        ("card", "Robert Johnson\nSales Director"),
        ("card", "Susan Miller\nOffice Manager"),
        ("footer", "© 2014 Quillon Valves Ltd. All rights reserved."),
        title="Contact | Quillon Valves",
        page="contact",
        person=["Robert Johnson", "Susan Miller"],
        company=["Quillon Valves Ltd"],
        place=["Manchester"],
    )


def test_a_page_tells_its_people_roles_and_how_to_reach_them(contact_page: Reading) -> None:
    told = {(m.label, m.text) for m in entities(contact_page)}
    assert {
        ("person", "Robert Johnson"),
        ("person", "Susan Miller"),
        ("role", "Sales Director"),
        ("role", "Office Manager"),
        ("phone", "(212) 555-0143"),
        ("email", "info@quillonvalves.example"),
    } <= told


def test_every_entity_is_a_slice_of_the_text_in_order(contact_page: Reading) -> None:
    told = entities(contact_page)
    text = contact_page.document.text
    assert all(text[m.start : m.end] == m.text for m in told)
    assert [m.start for m in told] == sorted(m.start for m in told)


def test_a_page_without_text_names_nothing() -> None:
    assert entities(web_page(("metadata", "description: Quillon makes valves"))) == ()


def test_a_long_list_of_namesakes_is_seen_as_a_list() -> None:
    page = read_page(read(*(f"Nora Quill{'abcdefghij'[at % 10]}{at}" for at in range(400))))
    people = {
        ("person", f"nora quill{at}"): [Place("person", at, at, at, 0, 1, 0.9, 0.9, frozenset())]
        for at in range(len(page.lines))
    }
    around = surroundings(page, people)
    seen = set(views(around, "person", "nora quill200", people["person", "nora quill200"]))
    assert {"person like=8", "person persons=8"} <= seen
    assert all(len(names) <= 100 for names in around.parts.values())
