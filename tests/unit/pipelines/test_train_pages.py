"""Training of the weights that tell names on pages: what is learnt, on what, and how it is judged."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipelines.fit_chain import Lesson, fit_chain, save_chain
from pipelines.train_pages import MADE, Example, best_thresholds, cross_validate, folds_of, forms_of, tags_of
from research.analyse.chain import Chain, best_path, emit, encode, line_up
from research.analyse.page_lines import read_page
from research.analyse.page_names import Candidate
from research.analyse.read import Block, Reading
from research.model.account import Account
from research.model.document import Document, Passage

TAGS = ("O", "B-person", "I-person")


def reading_of(text: str) -> Reading:
    passage = Passage(ordinal=0, start=0, end=len(text), role="contact")
    document = Document(
        id="d", account_id="a", capture_id="c", url="https://www.quillon.example/", title="", published=None,
        language="en", page_type="contact", media_type="text/html", text=text, text_sha256="", extractor="html",
        extractor_version="1", passages=(passage,),
    )  # fmt: skip
    block = Block(passage=passage, text=text, sentences=(), mentions=())
    return Reading(document=document, account=Account(id="a", name=""), own=False, blocks=(block,))


def example(text: str = "Nora Quill", site: str = "a.example", **gold: tuple[str, ...]) -> Example:
    return Example(id="page", site=site, text=text, page=read_page(reading_of(text)), seen=[], rules=(), gold=gold)


def tags(text: str, **gold: tuple[str, ...]) -> list[str]:
    page = example(text, **gold)
    return [tag for line in page.page.lines for tag in tags_of(line, forms_of(page))]


def test_every_place_of_a_labelled_string_is_tagged_the_longest_first() -> None:
    found = tags("West Oakham and Oakham", place=("Oakham", "West Oakham"))
    assert found == ["B-place", "I-place", "O", "B-place"]


def test_a_name_in_small_letters_is_the_word_but_a_role_is_a_role() -> None:
    assert tags("Reading on reading, sales manager", place=("Reading",), role=("Sales Manager",)) == [
        "B-place", "O", "O", "O", "B-role", "I-role",
    ]  # fmt: skip


def test_the_stop_behind_a_labelled_string_is_no_part_of_it() -> None:
    assert tags("Quillon Inc.", company=("Quillon Inc.",)) == ["B-company", "I-company", "O"]


def test_a_label_that_lost_a_comma_or_a_space_is_found_all_the_same() -> None:
    title = ["B-role", "I-role", "I-role", "I-role"]
    assert tags("Vice President, Valves", role=("Vice President Valves",)) == title
    assert tags("Vice President, Valves", role=("VicePresident Valves",)) == title


def test_a_label_begins_and_ends_with_a_word() -> None:
    assert tags("Foreman: Odo Marsh", role=("Foreman:",), person=("Odo Marsh",)) == [
        "B-role", "O", "B-person", "I-person",
    ]  # fmt: skip


def made(seed: int, **gold: tuple[str, ...]) -> Example:
    return replace(example(**gold), id=f"{MADE}{seed}", site=f"{MADE}{seed}")


def test_made_up_pages_leave_the_folds_of_the_others_as_they_are() -> None:
    pages = [example(site=f"{name}.example") for name in "abcdefgh"]
    assert folds_of([*pages, made(0), made(1)])[:8] == folds_of(pages)


def test_no_threshold_is_taken_from_a_made_up_page() -> None:
    pages = [example(site=f"{name}.example", person=("Nora Quill",)) for name in "abcdefgh"]
    found = [[candidate("nora quill", "known"), candidate("about us", "other")] for _ in pages]
    alone = cross_validate(pages, found)
    beside = cross_validate(
        [*pages, made(1, person=("Odo Marsh",))],
        [*found, [candidate("odo marsh", "odd"), candidate("quick links", "odd")]],
    )
    assert list(beside.least[:8]) == list(alone.least)


def test_all_pages_of_a_site_are_in_one_fold() -> None:
    pages = [example(site=f"{name}.example") for name in "abcdefghabcdefgh"]
    folds = folds_of(pages)
    assert folds[:8] == folds[8:]
    assert len(set(folds)) > 1


@pytest.fixture(scope="module")
def chain() -> Chain:
    """A chain that was taught that `given` opens a name and `sur` goes on with it."""
    lines = [(["line"], [["given"], ["sur"], ["word"]]), (["line"], [["word"], ["word"]])] * 4
    sequences = encode(lines)
    labels = [["B-person", "I-person", "O"], ["O", "O"]] * 4
    sites = [site for site in "abcd" for _ in range(2)]
    return fit_chain(Lesson(sequences=sequences, labels=labels, groups=sites), TAGS, penalty=0.01, rounds=60)


def said(chain: Chain, *tokens: str) -> list[str]:
    emitted = emit(chain, encode([(["line"], [[token] for token in tokens])]))
    return [chain.labels[at] for at in best_path(emitted, chain, line_up([len(tokens)]))]


def test_a_chain_learns_what_it_is_taught(chain: Chain) -> None:
    assert said(chain, "word", "given", "sur", "word") == ["O", "B-person", "I-person", "O"]


def test_nothing_goes_on_that_has_not_begun(chain: Chain) -> None:
    tags = said(chain, "word", "sur", "sur")
    assert all(before != "O" for before, tag in pairwise(["O", *tags]) if tag == "I-person")


def test_a_feature_of_two_sites_is_not_kept() -> None:
    lesson = Lesson(
        sequences=encode([([], [["everywhere", "rare" if site in "ab" else "other"]]) for site in "abcd"]),
        labels=[["O"], ["O"], ["B-person"], ["B-person"]],
        groups=list("abcd"),
    )
    assert len(fit_chain(lesson, TAGS, penalty=1.0, rounds=5).index) == 1


def test_a_saved_chain_says_the_same(chain: Chain, tmp_path: Path) -> None:
    save_chain(chain, tmp_path / "chain.npz")
    with np.load(tmp_path / "chain.npz", allow_pickle=False) as stored:
        assert [str(label) for label in stored["labels"]] == list(chain.labels)
        assert {int(key) for key in stored["keys"]} == set(chain.index)
        row = {int(key): at for at, key in enumerate(stored["keys"])}
        for key, at in chain.index.items():
            assert np.allclose(stored["weights"][row[key]], chain.weights[at], atol=0.01)


def candidate(key: str, *names: str) -> Candidate:
    return Candidate("person", key, (), names)


def test_the_threshold_is_the_one_of_the_greatest_f1() -> None:
    page = example(person=("Nora Quill", "Odo Marsh"))
    found = [candidate(key) for key in ("nora quill", "odo marsh", "quick links", "about us")]
    cut = best_thresholds([page], [found], [np.array([0.9, 0.4, 0.3, 0.2])])
    assert cut["person"] == pytest.approx(0.4)


def test_of_places_recall_counts_for_more() -> None:
    page = Example(
        id="page", site="a.example", text="", page=example().page, seen=[], rules=(),
        gold={"place": ("Oakham", "Marsh End"), "person": ("Oakham", "Marsh End")},
    )  # fmt: skip
    keys = ("oakham", "x", "y", "z", "marsh end")
    chances = np.linspace(0.9, 0.3, len(keys))
    cuts = [
        best_thresholds([page], [[Candidate(kind, key, (), ()) for key in keys]], [chances])[kind]
        for kind in ("person", "place")
    ]
    assert cuts == pytest.approx([0.9, 0.3])
