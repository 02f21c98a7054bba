"""What the analysers read in a document, by document and fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from research.errors import DossierError
from research.model.finding import Observation
from research.store.connect import Store
from research.store.seals import require_seals, seal_of
from research.text.codec import dumps, loads

_SAVE: Final = "INSERT OR REPLACE INTO observations (document_id, fingerprint, body, seal) VALUES (?, ?, ?, ?)"
_LOAD: Final = """
SELECT document_id, body, seal FROM observations
WHERE fingerprint = ? AND document_id IN (SELECT value FROM json_each(?))
"""

_LATEST: Final = """
SELECT document_id, body FROM observations WHERE document_id IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""


def save_observations(store: Store, observed: Iterable[tuple[str, Sequence[Observation]]], fingerprint: str) -> None:
    """Keep the observations of each `(document id, observations)`, in the place of earlier ones of this fingerprint."""
    rows = []
    for document_id, observations in observed:
        if any(observation.document_id != document_id for observation in observations):
            raise DossierError(f"an observation of another document was given for document {document_id}")
        body = dumps(tuple(observations))
        rows.append((document_id, fingerprint, body, seal_of(document_id, body)))
    store.write(_SAVE, rows)


def load_observations(
    store: Store, document_ids: Sequence[str], fingerprint: str
) -> dict[str, tuple[Observation, ...]]:
    """The observations of each document that analysers of `fingerprint` have read, in the order of `document_ids`; a
    document that was read without result has an empty tuple, one that is missing is still to be read."""
    rows = store.rows(_LOAD, (fingerprint, json.dumps(list(document_ids))))
    require_seals(rows, "reading of a document")
    stored: dict[str, str] = {document_id: body for document_id, body, _ in rows}
    return {key: loads(tuple[Observation, ...], stored[key]) for key in document_ids if key in stored}


def latest_observations(store: Store, document_ids: Iterable[str]) -> dict[str, tuple[Observation, ...]]:
    """What was read last in each document, by whatever version of the analysers; documents that were never read are
    left out."""
    stored: dict[str, str] = dict(store.rows(_LATEST, (json.dumps(sorted(document_ids)),)))
    return {key: loads(tuple[Observation, ...], body) for key, body in stored.items()}
