"""The encoder's pieces, arithmetic and eight-bit storage, against a slow reference written out step by step."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.cluster.encoder import (
    CHUNK,
    HEADS,
    Array,
    Dense,
    Encoder,
    Layer,
    Norm,
    chunks,
    load_encoder,
    pack_encoder,
    pack_words,
    read_encoder,
    read_out,
    read_words,
    rows_read,
)
from research.cluster.pieces import SEPARATOR, START, UNKNOWN, Layout, Pieces
from research.errors import DossierError
from research.text.parts import Part

WORDS = (START, SEPARATOR, UNKNOWN, ".", "late", "##r", "order", "##s", "we", "~")
PIECES = Pieces(words=WORDS)
WIDTH = HEADS * 2


def spelt(text: str) -> list[str]:
    return [WORDS[row] for row in PIECES.of_text(text)]


def test_words_are_spelt_by_their_longest_known_pieces() -> None:
    assert spelt("We: Later órders!") == ["we", UNKNOWN, "late", "##r", "order", "##s", UNKNOWN]


@given(st.text(max_size=200))
def test_any_text_is_spelt(text: str) -> None:
    assert all(0 <= row < len(WORDS) for row in PIECES.of_text(text))


def test_an_input_is_laid_out_part_by_part_in_the_room_it_has() -> None:
    parts = (
        Part(text="we late", most=5, slot=2),
        Part(text="late later late", most=2, keep="tail", side=1, open=True),
        Part(text="we we order order late", most=2, keep="ends", slot=1),
    )
    layout = PIECES.lay_out(parts)
    assert [WORDS[row] for row in layout.rows] == [
        *(START, "we", "late", SEPARATOR),
        *("##r", "late"),
        *("we", ".", "late", SEPARATOR),
    ]
    assert layout.sides == (0, 0, 0, 0, 1, 1, 0, 0, 0, 0)
    assert layout.spans == ((6, 9), (1, 3))  # in the order of the slots


def dense(rng: np.random.Generator, inputs: int, outputs: int) -> Dense:
    return Dense(
        weight=rng.normal(size=(inputs, outputs)).astype(np.float32) / 3,
        bias=rng.normal(size=outputs).astype(np.float32),
    )


def norm(rng: np.random.Generator) -> Norm:
    return Norm(weight=rng.normal(1, 0.1, WIDTH).astype(np.float32), bias=rng.normal(size=WIDTH).astype(np.float32))


def layer(rng: np.random.Generator) -> Layer:
    square = [dense(rng, WIDTH, WIDTH) for _ in range(4)]
    return Layer(
        query=square[0],
        key=square[1],
        value=square[2],
        mixed=square[3],
        mixed_norm=norm(rng),
        inner=dense(rng, WIDTH, 3 * WIDTH),
        outer=dense(rng, 3 * WIDTH, WIDTH),
        outer_norm=norm(rng),
    )


@pytest.fixture
def encoder() -> Encoder:
    rng = np.random.default_rng(7)
    return Encoder(
        pieces=PIECES,
        words=rng.normal(size=(len(WORDS), WIDTH)).astype(np.float32),
        places=rng.normal(size=(16, WIDTH)).astype(np.float32),
        sides=rng.normal(size=(2, WIDTH)).astype(np.float32),
        norm=norm(rng),
        layers=(layer(rng), layer(rng)),
    )


def by_hand(x: list[Array], step: Layer) -> list[Array]:
    """One layer, position by position and head by head."""

    def apply(part: Dense, v: Array) -> Array:
        return np.array([v @ part.weight[:, j] + part.bias[j] for j in range(part.weight.shape[1])])

    def normed(part: Norm, v: Array) -> Array:
        return (v - v.mean()) / math.sqrt(v.var() + 1e-12) * part.weight + part.bias

    size = WIDTH // HEADS
    query, key, value = ([apply(part, v) for v in x] for part in (step.query, step.key, step.value))
    out = []
    for at, v in enumerate(x):
        heads = []
        for head in range(HEADS):
            cut = slice(head * size, (head + 1) * size)
            scores = np.array([query[at][cut] @ k[cut] / math.sqrt(size) for k in key])
            shares = np.exp(scores) / np.exp(scores).sum()
            heads.append(sum(share * w[cut] for share, w in zip(shares, value, strict=True)))
        mid = normed(step.mixed_norm, v + apply(step.mixed, np.concatenate(heads)))
        inner = apply(step.inner, mid)
        inner = np.array([0.5 * u * (1 + math.tanh(math.sqrt(2 / math.pi) * (u + 0.044715 * u**3))) for u in inner])
        out.append(normed(step.outer_norm, mid + apply(step.outer, inner)))
    return out


def test_layers_compute_what_they_should_of_inputs_side_by_side_and_of_chosen_rows(encoder: Encoder) -> None:
    short = Layout(rows=(0, 4, 1), sides=(0, 0, 1), spans=((1, 2),))
    long = Layout(rows=(0, 4, 5, 6, 7, 1), sides=(0, 0, 0, 1, 1, 1), spans=((1, 4),))
    layouts = (short, long)
    lower, edges = encoder.embed(layouts)
    rows = rows_read(layouts, edges)
    states = encoder.layers[1](lower, edges)
    read = read_out(encoder.layers[1](lower, edges, rows), layouts, edges, rows)
    for at, layout in enumerate(layouts):
        x = [
            encoder.norm(encoder.words[row] + encoder.places[place] + encoder.sides[side])
            for place, (row, side) in enumerate(zip(layout.rows, layout.sides, strict=True))
        ]
        for step in encoder.layers:
            x = by_hand(x, step)
        assert np.allclose(states[edges[at] : edges[at + 1]], x, atol=1e-3)
        first, last = layout.spans[0]
        seen = np.concatenate([x[0], np.mean(x[first:last], axis=0)])
        assert np.allclose(read[at], seen, atol=1e-3)


def test_inputs_are_read_in_runs_of_so_many_rows_and_none_is_left_out() -> None:
    sizes = (CHUNK - 5, 5, 1, 2 * CHUNK, 3)
    layouts = [Layout(rows=(0,) * size, sides=(0,) * size, spans=()) for size in sizes]
    assert list(chunks(layouts)) == [range(2), range(2, 3), range(3, 4), range(4, 5)]
    assert list(chunks([])) == []


def test_an_encoder_comes_back_from_its_bytes_but_for_rounding(encoder: Encoder, tmp_path_factory: object) -> None:
    import io

    buffer = io.BytesIO()
    np.savez_compressed(buffer, **pack_encoder(encoder))  # type: ignore[arg-type]
    again = read_encoder(buffer.getvalue())
    assert again.pieces.words == WORDS
    for old, new in zip(encoder.layers, again.layers, strict=True):
        step = np.abs(old.inner.weight).max(axis=0) / 127
        assert (np.abs(old.inner.weight - new.inner.weight) <= step / 2 + 1e-6).all()
        assert np.array_equal(old.outer_norm.bias, new.outer_norm.bias)
    with pytest.raises(DossierError, match="install the project again"):
        read_encoder(b"PK no archive")


def test_four_bits_keep_embeddings_within_half_a_step() -> None:
    words = np.random.default_rng(3).normal(size=(20, 8)).astype(np.float32)
    again = read_words(pack_words(words))
    step = np.abs(words).max(axis=1, keepdims=True) / 7.5
    assert (np.abs(words - again) <= step / 2 + 1e-6).all()


def test_the_shipped_encoder_tells_near_from_far() -> None:
    encoder = load_encoder()
    texts = ("our profit fell sharply", "earnings declined steeply", "the cat sat on the mat")
    layouts = [encoder.pieces.lay_out((Part(text=text, most=20, slot=1),)) for text in texts]
    states, edges = encoder.embed(layouts)
    for step in encoder.layers[1:]:
        states = step(states, edges)
    seen = read_out(states, layouts, edges, np.arange(len(states)))[:, encoder.words.shape[1] :]
    seen = seen / np.linalg.norm(seen, axis=1, keepdims=True)
    assert seen[0] @ seen[1] > seen[0] @ seen[2]
