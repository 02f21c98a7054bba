"""A linear model and a reader that answer the same questions together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from research.cluster.linear import Model
from research.cluster.reader import Reader, by_label, table
from research.text.hashing import sha256_text
from research.text.parts import Parts

Probabilities = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Committee:
    """For each question of the reader the linear model of the same name."""

    reader: Reader
    linear: Mapping[str, Model]

    @property
    def digest(self) -> str:
        """Changes when any member's weights do."""
        return sha256_text(self.reader.digest + "".join(model.digest for _, model in sorted(self.linear.items())))

    def answer(
        self,
        features: Sequence[Mapping[str, float]],
        inputs: Sequence[Parts],
        spoken: Mapping[str, Sequence[Probabilities]] = MappingProxyType({}),
    ) -> list[dict[str, Probabilities]]:
        """For each row, by question, the probability of every label, the likeliest first; `spoken` is what the linear
        models have said of the rows already."""
        read = self.reader.read(inputs)
        out: list[dict[str, Probabilities]] = [{} for _ in inputs]
        for question, head in self.reader.heads.items():
            linear = table(spoken.get(question) or self.linear[question].classify(features), head.labels)
            for row, told in zip(out, by_label(head.blend(read[question], linear), head.labels), strict=True):
                row[question] = told
        return out
