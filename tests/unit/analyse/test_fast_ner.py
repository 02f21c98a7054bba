"""The fast recogniser finds what spaCy's own finds, entity for entity, and stands aside where a model differs."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from research.analyse.annotate import choose_model
from research.analyse.fast_ner import FastNer

SHARED = Path(__file__).parents[4] / "shared" / "data" / "gold" / "sentences.dev.jsonl"
TEXTS = [
    "Astrid Mellor joined Tarnbeck Ltd. in March 2024 as Chief Financial Officer, from Norvane Energy in Oslo.",
    "Revenue rose by 12 percent to $4.5 million. Halden Dams and the City of Ghent signed in May.",
    "we make pumps",
    "",
    "  \n\n ",
    "Paris",
    "On Monday, the European Commission\nfined Alder & Birch Holdings 30 million euros; Mr. O'Neil did not comment.",
    "ACME CORP. ANNOUNCES FOURTH QUARTER 2023 RESULTS",
    "Visit us at 12 High Street, Leeds LS1 4DT, United Kingdom, or call +44 113 496 0000 before 5 pm.",
    "The Grove-Larch Act of 1999 was signed by President Kestrel in Washington on June 4, 1999",
]


@pytest.fixture(scope="module")
def models() -> tuple[Any, FastNer]:
    import spacy

    unused = ["tagger", "parser", "lemmatizer", "attribute_ruler", "tok2vec"]
    nlp = spacy.load(choose_model(), exclude=unused)
    nlp.enable_pipe("senter")
    fast = FastNer.of(nlp)
    if fast is None:
        pytest.skip("the installed model has another shape")
    return nlp, fast


def compare(nlp: Any, fast: FastNer, texts: list[str]) -> int:
    """The number of entities, which must be the same from both."""
    whole = list(nlp.pipe(texts, batch_size=64))
    with nlp.select_pipes(disable=["ner"]):
        bare = list(nlp.pipe(texts, batch_size=64))
    found = [entities for at in range(0, len(bare), 64) for entities in fast.find(bare[at : at + 64])]
    assert found == [[(e.start, e.end, e.label_) for e in doc.ents] for doc in whole]
    return sum(map(len, found))


def test_every_entity_is_the_same(models: tuple[Any, FastNer]) -> None:
    assert compare(*models, TEXTS) > 10


def test_an_entity_ends_where_its_sentence_does(models: tuple[Any, FastNer]) -> None:
    nlp, fast = models
    with nlp.select_pipes(disable=["ner"]):
        doc = nlp("We met the New York Times in Paris Texas")
    for token in doc[1:]:
        token.is_sent_start = True
    assert all(end == first + 1 for first, end, _ in fast.find([doc])[0])


def test_nothing_is_found_in_nothing(models: tuple[Any, FastNer]) -> None:
    nlp, fast = models
    assert fast.find([]) == []
    assert fast.find([nlp.make_doc("")]) == [[]]


@pytest.mark.shared
def test_every_entity_of_real_sentences_is_the_same(models: tuple[Any, FastNer]) -> None:
    if not SHARED.exists():
        pytest.skip("the shared data are not here")
    rows = [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
    assert compare(*models, sorted((row["sentence"] for row in rows), key=len)) > 100


@pytest.mark.parametrize(
    "pipe",
    [
        SimpleNamespace(model=SimpleNamespace(name="beam", attrs={})),
        SimpleNamespace(model=SimpleNamespace(name="parser_model", attrs={"has_upper": False})),
    ],
)
def test_a_model_of_another_shape_is_left_to_spacy(pipe: Any) -> None:
    nlp = SimpleNamespace(pipe_names=["ner"], disabled=[], get_pipe=lambda _: pipe)
    assert FastNer.of(nlp) is None
    assert FastNer.of(SimpleNamespace(pipe_names=[], disabled=[])) is None
