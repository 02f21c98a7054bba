"""The readers' teacher: a large sentence encoder whose upper layers learn what the readers learn (the extra `train`).

It reads better than they do and is sixteen times dearer a sentence, so that nothing of it ships but what it says of
sentences that nobody labelled: from that the readers learn.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from research.cluster.linear import Floats
from research.cluster.pieces import Layout
from research.cluster.tuning import Course, Lesson, Question, answer, fit, fresh_heads, pinned_torch, read_out
from research.errors import UsageError
from research.text.parts import Part, Parts

FROZEN: Final = 8  # of twelve layers: computed once; with fewer frozen a fold takes hours on two cores
WEIGHTS: Final = "model.safetensors"
_START, _SEPARATOR, _PADDING = 0, 2, 1  # of MPNet's vocabulary
_ROOM: Final = 1.25  # times the pieces that a reader gets of a part: the teacher has the time
_HIDDEN: Final = -1e4  # added to the attention that a place without a piece gets
_BATCH: Final = 32


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """An MPNet encoder with its tokenizer, as `load_teacher` reads them."""

    model: Any
    tokenizer: Any

    def lay_out(self, parts: Parts) -> Layout:
        """The pieces of one input and the spans that are read out, as readers get them but for a part that keeps its
        ends: no stop stands between them."""
        rows = [_START]
        spans = []
        for part in parts:
            own = self._cut(part)
            if part.slot:
                spans.append((part.slot, len(rows), len(rows) + len(own)))
            rows += own if part.open else [*own, _SEPARATOR]
        if rows[-1] != _SEPARATOR:
            rows.append(_SEPARATOR)
        return Layout(
            rows=tuple(rows), sides=(0,) * len(rows), spans=tuple((first, last) for _, first, last in sorted(spans))
        )

    def _cut(self, part: Part) -> list[int]:
        rows: list[int] = self.tokenizer.encode(part.text, add_special_tokens=False).ids
        most = int(part.most * _ROOM)
        if len(rows) <= most:
            return rows
        if part.keep == "ends":
            return rows[: most - most // 2] + rows[-(most // 2) :]
        return rows[:most] if part.keep == "head" else rows[-most:]

    def prepare(self, layouts: Sequence[Layout], weights: Sequence[float]) -> Lesson:
        """Rows behind the frozen layers: computed once, kept in half precision (about 120 kB a sentence)."""
        torch = pinned_torch()
        states: list[Any] = [None] * len(layouts)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            for batch in _by_length(layouts):
                longest = max(len(layouts[at].rows) for at in batch)
                pieces = torch.full((len(batch), longest), _PADDING)
                seen = torch.zeros(len(batch), 1, 1, longest, dtype=torch.bool)
                for row, at in enumerate(batch):
                    size = len(layouts[at].rows)
                    pieces[row, :size] = torch.tensor(layouts[at].rows)
                    seen[row, :, :, :size] = True
                encoder = self.model.encoder
                x = self.model.embeddings(input_ids=pieces)
                x = _through(encoder.layer[:FROZEN], x, seen, encoder.compute_position_bias(x)).bfloat16()
                for row, at in enumerate(batch):
                    states[at] = x[row, : len(layouts[at].rows)].clone()
        return Lesson(states=states, layouts=layouts, weights=weights)

    def learn(
        self, lesson: Lesson, rows: Sequence[int], questions: Mapping[str, Question], course: Course
    ) -> TeachingNet:
        """Trains copies of the upper layers and fresh heads on `rows` of the lesson."""
        torch = pinned_torch()
        torch.manual_seed(course.seed)
        net = self._net(lesson, questions)
        fit(net, lesson, rows, questions, course)
        return TeachingNet(net=net)

    def _net(self, lesson: Lesson, questions: Mapping[str, Question]) -> Any:
        torch = pinned_torch()
        encoder = self.model.encoder

        class Net(torch.nn.Module):  # type: ignore[name-defined]
            def __init__(self) -> None:
                super().__init__()
                self.layers = torch.nn.ModuleList(copy.deepcopy(list(encoder.layer[FROZEN:])))
                self.heads = fresh_heads(lesson, questions, encoder.layer[0].output.dense.out_features)

            def forward(self, x: Any, seen: Any, layouts: Sequence[Layout]) -> dict[str, Any]:
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    x = x.float()
                    x = _through(self.layers, x, seen, encoder.compute_position_bias(x).detach())
                    return read_out(self, x.float(), layouts)

        return Net()


@dataclass(frozen=True, kw_only=True)
class TeachingNet:
    """What a teacher has learnt."""

    net: Any

    def answer(self, lesson: Lesson, rows: Sequence[int]) -> dict[str, Floats]:
        """For each question the probabilities of its labels for `rows` of a lesson, (rows, L)."""
        return answer(self.net, lesson, rows)


def _through(layers: Any, x: Any, seen: Any, position_bias: Any) -> Any:
    hidden = _HIDDEN * (~seen).float()
    for layer in layers:
        told = layer(x, attention_mask=hidden, position_bias=position_bias)
        x = told[0] if isinstance(told, tuple) else told
    return x


def _by_length(layouts: Sequence[Layout]) -> Iterator[list[int]]:
    order = sorted(range(len(layouts)), key=lambda at: len(layouts[at].rows))
    yield from (order[first : first + _BATCH] for first in range(0, len(order), _BATCH))


def load_teacher(folder: Path) -> Teacher:
    """The encoder in `folder` (config.json, model.safetensors, tokenizer.json); UsageError where it is no MPNet, or
    where the packages of the extra `train` are missing."""
    try:
        from tokenizers import Tokenizer
        from transformers import MPNetModel
    except ImportError:
        raise UsageError(
            'teaching needs PyTorch and transformers: pip install -c constraints-train.txt "account-dossier[train]"'
        ) from None
    if missing := [n for n in ("config.json", WEIGHTS, "tokenizer.json") if not (folder / n).is_file()]:
        raise UsageError(f"{folder} holds no {missing[0]}: name the folder of all-mpnet-base-v2")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "mpnet" or config.get("num_hidden_layers", 0) <= FROZEN:
        raise UsageError(f"{folder} holds no MPNet of more than {FROZEN} layers: name the folder of all-mpnet-base-v2")
    model = MPNetModel.from_pretrained(  # nosec B615 (a folder on this disk: nothing is fetched)
        folder, attn_implementation="eager", local_files_only=True, use_safetensors=True, add_pooling_layer=False
    )
    model.eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Teacher(model=model, tokenizer=tokenizer)
