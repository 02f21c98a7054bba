"""Held-out predictions: what a model said of gold rows whose company it had not seen, kept beside its weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from research.errors import DossierError

_FORMAT: Final = "dossier.held_out/1"
Probabilities = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Label probabilities by the id of a gold row, and the digest of the gold files that they were measured on."""

    data_sha256: str
    rows: Mapping[str, Probabilities]


def write_held_out(weights: Path, rows: Mapping[str, Probabilities], data_sha256: str) -> Path:
    """Writes `NAME.held_out.json` beside `NAME.npz`: labels once, then each row's id with one per mille a label."""
    labels = sorted({label for row in rows.values() for label in row})
    body = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps([round(1000 * rows[key].get(label, 0.0)) for label in labels])}"
        for key in sorted(rows)
    )
    head = {"format": _FORMAT, "data_sha256": data_sha256, "labels": labels}
    lines = [f" {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    path = weights.with_suffix(".held_out.json")
    path.write_text("\n".join(["{", *lines, ' "per_mille": {', body, " }", "}"]) + "\n", encoding="utf-8")
    return path


def read_held_out(name: str, folder: Path | None = None) -> HeldOut:
    """The held-out predictions of the model `name`, as shipped or in `folder`; DossierError where there are none."""
    where = (folder or Path(str(files("corpora") / "weights"))) / f"{name}.held_out.json"
    try:
        stored = json.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DossierError(f"{where} is missing: run `dossier train {_trained_as(name)}`") from None
    if stored.get("format") != _FORMAT:
        raise DossierError(f"{where}: is no {_FORMAT}: run `dossier train {_trained_as(name)}`")
    labels = stored["labels"]
    rows = {
        key: dict(zip(labels, (v / 1000 for v in values), strict=True)) for key, values in stored["per_mille"].items()
    }
    return HeldOut(data_sha256=stored["data_sha256"], rows=rows)


def _trained_as(name: str) -> str:
    return "readers" if name.endswith(("_read", "_blend")) else name
