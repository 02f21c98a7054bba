"""Sentences that a page showed before are not asked again, whatever else on it changed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipelines.models import Models
from pipelines.recalled import Recalled, answers_version
from research.analyse import signals
from research.analyse.features_signals import SentenceContext, SignalAnswer
from research.model.account import Account
from research.store.accounts import forget_unread, save_account
from research.store.connect import open_store
from research.store.page_answers import forget_answers, keep_answers, load_answers

PAGE = tuple(
    SentenceContext(sentence=text, title="About", url="https://www.example.com/", accounts=("Acme",))
    for text in ("Our pumps fail in winter.", "We plan a plant in Ghent.", "Acme makes pumps.")
)


class Asked:
    """Answers by the length of a sentence, and keeps what it was asked."""

    digest = "v1"

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def __call__(self, contexts):
        self.sentences += [context.sentence for context in contexts]
        return [self.answer(context) for context in contexts]

    @staticmethod
    def answer(context):
        likely = 1 / len(context.sentence)
        return SignalAnswer(kinds={"pain": 1 - likely, "none": likely}, holders={"account": likely / 3})


def read(page, known=None):
    """(what was asked, the answers, what is kept) of one reading of a page."""
    classify = Asked()
    recalled = Recalled(classify, known)
    return classify.sentences, recalled(page), recalled.told()


def test_of_a_changed_page_only_what_changed_is_asked() -> None:
    asked, answers, kept = read(PAGE)
    assert asked == [c.sentence for c in PAGE]
    new = replace(PAGE[0], sentence="Orders are late.")
    asked, again, _ = read((PAGE[1], new, PAGE[2]), kept)
    assert asked == ["Orders are late."]
    assert again == [answers[1], Asked.answer(new), answers[2]]  # equal to the last bit, in the order of likelihood
    assert [list(a.kinds) for a in again] == [["pain", "none"]] * 3


@pytest.mark.parametrize(
    "change", [{"prev": "x"}, {"next": "x"}, {"title": "x"}, {"url": "x"}, {"accounts": ("Acme", "Acme Ltd")}]
)
def test_a_sentence_in_other_surroundings_is_asked_anew(change) -> None:
    _, _, kept = read(PAGE)
    asked, _, _ = read((replace(PAGE[0], **change),), kept)
    assert asked == [PAGE[0].sentence]


def test_what_a_page_no_longer_shows_is_not_kept() -> None:
    _, _, kept = read(PAGE)
    _, _, less = read(PAGE[:1], kept)
    asked, _, _ = read(PAGE, less)
    assert asked == [c.sentence for c in PAGE[1:]]


def test_the_same_sentence_twice_is_asked_once() -> None:
    asked, answers, _ = read((PAGE[0], PAGE[0]))
    assert asked == [PAGE[0].sentence]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("known", [None, "", "{", "[]", '{"x": 3}', '{"x": [1, 2]}', "null"])
def test_answers_of_another_form_are_asked_anew(known) -> None:
    asked, _, _ = read(PAGE, known)
    assert asked == [c.sentence for c in PAGE]


@pytest.mark.parametrize(
    ("kinds", "holders"),
    [
        ('{"pain": "x"}', "{}"),
        ('{"pain": null}', "{}"),
        ('{"pain": true}', "{}"),
        ('{"pain": NaN}', "{}"),
        ('{"pain": 1e999}', "{}"),
        ('{"pain": 0.9}', '{"account": []}'),
        ("{}", "{}"),
    ],
)
def test_answers_that_are_no_probabilities_are_asked_anew(kinds, holders) -> None:
    _, _, kept = read(PAGE)
    spoilt = json.dumps(dict.fromkeys(json.loads(kept), "HERE")).replace('"HERE"', f"[{kinds}, {holders}]")
    asked, answers, _ = read(PAGE, spoilt)
    assert answers == [Asked.answer(c) for c in PAGE]
    assert asked == [c.sentence for c in PAGE]


def test_answers_are_those_of_one_version_and_one_an_address(tmp_path, monkeypatch) -> None:
    with open_store(tmp_path) as store:
        save_account(store, Account(id="acme", name="Acme"))
        for text in ("{}", '{"a": 1}'):
            keep_answers(store, "acme", "https://www.example.com/", "v1", text)
        assert load_answers(store, "acme", "https://www.example.com/", "v1") == '{"a": 1}'
        assert load_answers(store, "acme", "https://www.example.com/", "v2") is None
        assert store.rows("SELECT count(*) FROM page_answers") == [(1,)]
        store.write("UPDATE page_answers SET body = ?", [(b"no zlib",)])
        assert load_answers(store, "acme", "https://www.example.com/", "v1") is None
        assert forget_unread(store, "acme")
        assert store.rows("SELECT count(*) FROM page_answers") == [(0,)]

    models = [Models(annotator=None, signals=Asked(), digest=digest) for digest in ("a", "a", "b")]
    first, same, other = map(answers_version, models)
    assert first == same != other
    monkeypatch.setattr(signals, "VERSION", "0")
    assert answers_version(models[0]) != first


def test_answers_to_pages_that_are_gone_go(tmp_path) -> None:
    with open_store(tmp_path) as store:
        for account in ("acme", "other"):
            save_account(store, Account(id=account, name=account))
            for page in ("a", "b"):
                keep_answers(store, account, f"https://www.example.com/{page}", "v1", "{}")
        forget_answers(store, "acme", ("https://www.example.com/b", "https://www.example.com/new"))
        left = store.rows("SELECT account_id, url FROM page_answers ORDER BY 1, 2")
    assert left == [
        ("acme", "https://www.example.com/b"),
        ("other", "https://www.example.com/a"),
        ("other", "https://www.example.com/b"),
    ]
