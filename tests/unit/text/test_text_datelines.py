"""Where a release was sent from."""

from __future__ import annotations

import pytest

from research.text.datelines import sent_from


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Tampere, Finland — March 30, 2015", "Tampere, Finland"),
        ("TAMPERE, Finland, March 30, 2015 – Kelvarn today announced", "Tampere, Finland"),
        ("Port Ellen, Isle Of Islay — June 2, 2015", "Port Ellen, Isle Of Islay"),
        ("Oulu — May 2, 2013", "Oulu"),
    ],
)
def test_a_dateline_opens_with_its_place(text: str, place: str) -> None:
    assert sent_from(text) == place


@pytest.mark.parametrize("text", ["In October 2015, Aalto joined Kelvarn.", "Kelvarn opens in Tampere, Finland.", ""])
def test_prose_is_no_dateline(text: str) -> None:
    assert sent_from(text) is None
