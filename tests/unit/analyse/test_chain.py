"""The linear chain: its posteriors and its best path are those of going through every sequence of labels."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from research.analyse.chain import FORBIDDEN, Chain, best_path, emit, encode, key_of, line_up, spans_of, sweep

LABELS = ("O", "B-person", "I-person")
LENGTHS = [3, 1, 4]


@pytest.fixture
def chain() -> Chain:
    chance = np.random.default_rng(7)
    moves = chance.normal(size=(3, 3))
    moves[0, 2] = FORBIDDEN
    return Chain(
        labels=LABELS,
        index={key_of("a"): 0, key_of("b"): 1},
        weights=chance.normal(size=(2, 3)).astype(np.float32),
        moves=moves,
        opens=np.array([0.3, -0.2, FORBIDDEN]),
        closes=chance.normal(size=3),
    )


def score(chain: Chain, emitted: np.ndarray, path: tuple[int, ...]) -> float:
    total = chain.opens[path[0]] + chain.closes[path[-1]] + sum(emitted[at, label] for at, label in enumerate(path))
    return float(total + sum(chain.moves[a, b] for a, b in pairwise(path)))


def pieces(emitted: np.ndarray) -> list[np.ndarray]:
    return np.split(emitted, np.cumsum(LENGTHS)[:-1])


def test_posteriors_are_those_of_all_paths(chain: Chain) -> None:
    emitted = np.random.default_rng(1).normal(size=(sum(LENGTHS), 3))
    swept = sweep(emitted, chain, line_up(LENGTHS))
    expected, log_z = [], 0.0
    for piece in pieces(emitted):
        paths = list(product(range(3), repeat=len(piece)))
        weights = np.exp([score(chain, piece, path) for path in paths])
        log_z += float(np.log(weights.sum()))
        for at in range(len(piece)):
            shares = [weights[[path[at] == label for path in paths]].sum() for label in range(3)]
            expected.append(np.array(shares) / weights.sum())
    assert np.allclose(swept.ahead * swept.behind, expected, atol=1e-9)
    assert swept.log_z == pytest.approx(log_z)


def test_the_best_path_is_the_best_of_all(chain: Chain) -> None:
    emitted = np.random.default_rng(2).normal(size=(sum(LENGTHS), 3))
    found = best_path(emitted, chain, line_up(LENGTHS)).tolist()
    expected: list[int] = []
    for piece in pieces(emitted):
        expected += max(product(range(3), repeat=len(piece)), key=lambda path: score(chain, piece, path))
    assert found == expected


def test_a_token_scores_what_its_features_and_its_line_say(chain: Chain) -> None:
    sequences = encode([(["a"], [["b"], ["unknown"]]), ([], [["b", "b"]])])
    line, own = chain.weights[0], chain.weights[1]
    assert np.allclose(emit(chain, sequences), [line + own, line, own], atol=1e-6)


def test_spans_begin_at_b_and_run_on_over_their_own_kind() -> None:
    tags = ["B-person", "I-person", "O", "B-role", "B-role", "I-role"]
    assert list(spans_of(tags)) == [(0, 2, "person"), (3, 4, "role"), (4, 6, "role")]
