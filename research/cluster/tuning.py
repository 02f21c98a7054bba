"""Fits readers and their teacher: the one place that trains (PyTorch, the extra `train`). Reading needs none of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final

import numpy as np

from research.cluster.encoder import HEADS, Array, Dense, Encoder, Layer, Norm, chunks
from research.cluster.linear import Floats
from research.cluster.pieces import Layout
from research.errors import UsageError

_DROPOUT: Final = 0.1
_SMOOTHING: Final = 0.05  # of the labels: some of them are wrong
_DECAY: Final = 0.01
_WARM: Final = 0.1  # share of the steps in which the rate rises
_BATCH: Final = 32  # inputs learnt from at once
_SORTED: Final = 16  # batches that are sorted by length together
_MEAN_FROM: Final = 0.5  # of the steps: the weights behind them go into the mean
_MEAN_EVERY: Final = 4  # steps; those between differ little


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One head to train: its labels, the row's label by number (-1: the row does not ask it), and its weight.

    `told` has the probabilities that a teacher gives for rows without a truth; where they sum to less than one, the row
    counts so much less.
    """

    labels: tuple[str, ...]
    truth: Sequence[int]
    weight: float = 1.0
    told: Mapping[int, Sequence[float]] = field(default_factory=dict)

    def target(self, row: int) -> list[float] | None:
        """What the head is to say of a row; None where the row does not ask it."""
        if (truth := self.truth[row]) < 0:
            return list(self.told[row]) if row in self.told else None
        target = [_SMOOTHING / len(self.labels)] * len(self.labels)
        target[truth] += 1 - _SMOOTHING
        return target


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long and how fast to learn; the heads, which begin at nothing, learn `head_rate` times faster. With `mean`
    the weights are the mean of those in the later half of the steps."""

    rounds: int = 3
    rate: float = 2e-4
    head_rate: float = 5.0
    batch: int = _BATCH
    seed: int = 0
    mean: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Training rows: states behind the encoder's first layer (see `prepare`), layouts, and how much each counts."""

    states: Sequence[Any]
    layouts: Sequence[Layout]
    weights: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What a course gives: upper layers, and a dense step for each question."""

    layers: tuple[Layer, ...]
    heads: Mapping[str, Dense]
    _net: Any

    def without_net(self) -> Learnt:
        """The same as plain arrays, which can be handed from one process to another; it can answer no more."""
        return Learnt(layers=self.layers, heads=self.heads, _net=None)

    def answer(self, lesson: Lesson, rows: Sequence[int]) -> dict[str, Floats]:
        """For each question the probabilities of its labels for `rows` of a lesson, (rows, L)."""
        return answer(self._net, lesson, rows)


def prepare(encoder: Encoder, layouts: Sequence[Layout], weights: Sequence[float] = ()) -> Lesson:
    """Rows behind the first layer, which is not trained: computed once, kept in half precision."""
    torch = pinned_torch()
    states: list[Any] = []
    for part in chunks(layouts):
        seen, edges = encoder.embed([layouts[at] for at in part])
        states += [torch.tensor(seen[first:last]).bfloat16() for first, last in pairwise(edges)]
    return Lesson(states=states, layouts=layouts, weights=weights or [1.0] * len(layouts))


def learn(
    encoder: Encoder, lesson: Lesson, rows: Sequence[int], questions: Mapping[str, Question], course: Course
) -> Learnt:
    """Trains the encoder's upper layers and fresh heads on `rows` of the lesson; equal input gives an equal result on
    one thread of one machine."""
    torch = pinned_torch()
    torch.manual_seed(course.seed)
    net = _net(encoder, lesson, questions)
    fit(net, lesson, rows, questions, course)
    return Learnt(
        layers=tuple(_layer_of(layer) for layer in net.layers),
        heads={name: _dense_of(head) for name, head in net.heads.items()},
        _net=net,
    )


def fit(net: Any, lesson: Lesson, rows: Sequence[int], questions: Mapping[str, Question], course: Course) -> None:
    """Trains the `layers` and `heads` of a net on `rows` of the lesson, in place."""
    torch = pinned_torch()
    net.train()
    groups = [(list(net.layers.parameters()), 1.0), (list(net.heads.parameters()), course.head_rate)]
    optimiser = torch.optim.AdamW([{"params": parameters} for parameters, _ in groups], weight_decay=_DECAY)
    chance = random.Random(course.seed)  # noqa: S311 - order of rows, no secret  # nosec B311
    steps = course.rounds * -(-len(rows) // course.batch)
    mean = _Mean(net)
    step = 0
    for _ in range(course.rounds):
        for batch in _batches(lesson, rows, course.batch, chance):
            pace = min(1.0, (step + 1) / (steps * _WARM)) * max(0.02, 1 - step / steps)
            for group, (_, factor) in zip(optimiser.param_groups, groups, strict=True):
                group["lr"] = course.rate * factor * pace
            optimiser.zero_grad()
            _loss(net, lesson, batch, questions).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            step += 1
            if course.mean and step > steps * _MEAN_FROM and step % _MEAN_EVERY == 0:
                mean.add()
    mean.use()
    net.eval()


class _Mean:
    """The mean of a net's weights at the steps that were added; the last ones where none was."""

    def __init__(self, net: Any) -> None:
        self._net = net
        self._sums: list[Any] = []
        self._steps = 0

    def add(self) -> None:
        now = [weights.detach() for weights in self._net.parameters()]
        self._steps += 1
        if self._steps == 1:
            self._sums = [weights.clone() for weights in now]
        for mean, weights in zip(self._sums, now, strict=True):
            mean.add_(weights - mean, alpha=1 / self._steps)

    def use(self) -> None:
        for weights, mean in zip(self._net.parameters(), self._sums, strict=False):
            weights.data.copy_(mean)


def answer(net: Any, lesson: Lesson, rows: Sequence[int]) -> dict[str, Floats]:
    """For each question of a net the probabilities of its labels for `rows` of a lesson, (rows, L)."""
    torch = pinned_torch()
    out: dict[str, Floats] = {}
    with torch.no_grad():
        for batch in _batches(lesson, rows, _BATCH, None):
            for name, logits in net(*_stack(lesson, batch), [lesson.layouts[at] for at in batch]).items():
                into = out.setdefault(name, np.zeros((len(lesson.layouts), logits.shape[1])))
                into[batch] = logits.float().softmax(1).numpy()
    return {name: values[list(rows)] for name, values in out.items()}


def _loss(net: Any, lesson: Lesson, batch: Sequence[int], questions: Mapping[str, Question]) -> Any:
    torch = pinned_torch()
    weights = torch.tensor([lesson.weights[at] for at in batch])
    total = 0.0
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answers = net(*_stack(lesson, batch), [lesson.layouts[at] for at in batch])
    for name, question in questions.items():
        targets = {row: target for row, at in enumerate(batch) if (target := question.target(at)) is not None}
        if asked := list(targets):
            said = torch.log_softmax(answers[name].float()[asked], 1)
            losses = -(torch.tensor(list(targets.values())) * said).sum(1)
            total = total + question.weight * (losses * weights[asked]).mean()
    return total


def _batches(lesson: Lesson, rows: Sequence[int], size: int, chance: random.Random | None) -> Iterator[list[int]]:
    """Rows in batches of about equal length; in a random order where `chance` is given."""
    order = list(rows)
    span = size * _SORTED if chance else max(1, len(order))
    if chance:
        chance.shuffle(order)
    out = []
    for start in range(0, len(order), span):
        near = sorted(order[start : start + span], key=lambda at: len(lesson.layouts[at].rows))
        out += [near[at : at + size] for at in range(0, len(near), size)]
    if chance:
        chance.shuffle(out)
    yield from out


def _stack(lesson: Lesson, batch: Sequence[int]) -> tuple[Any, Any]:
    torch = pinned_torch()
    length = max(len(lesson.layouts[at].rows) for at in batch)
    states = torch.zeros(len(batch), length, lesson.states[batch[0]].shape[1], dtype=torch.bfloat16)
    seen = torch.zeros(len(batch), 1, 1, length, dtype=torch.bool)
    for row, at in enumerate(batch):
        size = len(lesson.layouts[at].rows)
        states[row, :size] = lesson.states[at]
        seen[row, :, :, :size] = True
    return states, seen


def _net(encoder: Encoder, lesson: Lesson, questions: Mapping[str, Question]) -> Any:
    torch = pinned_torch()
    width = encoder.words.shape[1]

    class TrainedLayer(torch.nn.Module):  # type: ignore[name-defined]
        def __init__(self, layer: Layer) -> None:
            super().__init__()
            for part in fields(Layer):
                setattr(self, part.name, _module_of(getattr(layer, part.name)))

        def forward(self, x: Any, seen: Any) -> Any:
            rows, length, _ = x.shape
            parts = [
                part(x).view(rows, length, HEADS, -1).transpose(1, 2) for part in (self.query, self.key, self.value)
            ]
            mixed = torch.nn.functional.scaled_dot_product_attention(*parts, attn_mask=seen)
            mixed = self.mixed(mixed.transpose(1, 2).reshape(rows, length, width))
            x = self.mixed_norm(x + torch.nn.functional.dropout(mixed, _DROPOUT, self.training))
            inner = torch.nn.functional.gelu(self.inner(x), approximate="tanh")
            outer = torch.nn.functional.dropout(self.outer(inner), _DROPOUT, self.training)
            return self.outer_norm(x + outer)

    class Net(torch.nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layers = torch.nn.ModuleList([TrainedLayer(layer) for layer in encoder.layers[1:]])
            self.heads = fresh_heads(lesson, questions, width)

        def forward(self, x: Any, seen: Any, layouts: Sequence[Layout]) -> dict[str, Any]:
            x = x.float()
            for layer in self.layers:
                x = layer(x, seen)
            return read_out(self, x, layouts)

    return Net()


def fresh_heads(lesson: Lesson, questions: Mapping[str, Question], width: int) -> Any:
    """A fresh head for each question on what `read_out` takes from states of `width` numbers."""
    torch = pinned_torch()
    heads = torch.nn.ModuleDict()
    for name, question in questions.items():
        head = torch.nn.Linear(width * (1 + len(lesson.layouts[0].spans)), len(question.labels))
        torch.nn.init.normal_(head.weight, std=0.02)
        torch.nn.init.zeros_(head.bias)
        heads[name] = head
    return heads


def read_out(net: Any, x: Any, layouts: Sequence[Layout]) -> dict[str, Any]:
    """What the heads of a net say of the first state of each row and the means of its spans."""
    torch = pinned_torch()
    read = [
        torch.cat([x[row, 0], *(x[row, a : max(b, a + 1)].mean(0) for a, b in layout.spans)])
        for row, layout in enumerate(layouts)
    ]
    pooled = torch.nn.functional.dropout(torch.stack(read), _DROPOUT, net.training)
    return {name: head(pooled) for name, head in net.heads.items()}


def _module_of(part: Dense | Norm) -> Any:
    torch = pinned_torch()
    if isinstance(part, Dense):
        module = torch.nn.Linear(*part.weight.shape)
        module.weight.data = torch.tensor(part.weight.T.copy())
    else:
        module = torch.nn.LayerNorm(len(part.weight), eps=1e-12)
        module.weight.data = torch.tensor(part.weight.copy())
    module.bias.data = torch.tensor(part.bias.copy())
    return module


def _layer_of(module: Any) -> Layer:
    return Layer(
        query=_dense_of(module.query),
        key=_dense_of(module.key),
        value=_dense_of(module.value),
        mixed=_dense_of(module.mixed),
        mixed_norm=_norm_of(module.mixed_norm),
        inner=_dense_of(module.inner),
        outer=_dense_of(module.outer),
        outer_norm=_norm_of(module.outer_norm),
    )


def _dense_of(module: Any) -> Dense:
    return Dense(weight=_array(module.weight.T), bias=_array(module.bias))


def _norm_of(module: Any) -> Norm:
    return Norm(weight=_array(module.weight), bias=_array(module.bias))


def _array(tensor: Any) -> Array:
    return np.ascontiguousarray(tensor.detach().float().numpy(), dtype=np.float32)


def version() -> str:
    """The PyTorch that trains; another version may round otherwise."""
    return str(pinned_torch().__version__)


def pinned_torch() -> Any:
    """PyTorch on one thread; UsageError where it is missing."""
    try:
        import torch
    except ImportError:
        raise UsageError(
            'training readers needs PyTorch: pip install -c constraints-train.txt "account-dossier[train]"'
        ) from None
    torch.set_num_threads(1)  # sums in the same order, whatever the machine
    return torch
