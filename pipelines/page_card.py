"""What the card of the page weights says of pages that the weights never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from research.text.hashing import sha256_bytes


def out_of_fold(gold: Path) -> Mapping[str, Mapping[str, float]]:
    """The cross-validated figures by kind where `gold` is what the weights were trained on; empty for any other pages,
    on which the weights can be measured as they are."""
    card = json.loads((files("corpora") / "weights" / "page_names.json").read_text(encoding="utf-8"))
    same = card["data_sha256"] == sha256_bytes(gold.read_bytes())
    return dict(card["out_of_fold"]) if same else {}
