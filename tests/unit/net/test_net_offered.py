"""What an operator offers to programs, and robots.txt."""

from __future__ import annotations

import pytest

from research.net.refused import Refused
from research.net.robots import Robots

CLOSED = b"User-agent: *\nDisallow: /w/\n"
NAMED = CLOSED + b"\nUser-agent: AccountDossier\nDisallow: /w/\n"


def robots(body: bytes, status: int = 200) -> Robots:
    return Robots("AccountDossier", lambda url: (status, body))


def test_an_offered_interface_is_not_closed_by_rules_for_crawlers() -> None:
    url = "https://wiki.example/w/api.php"
    assert robots(CLOSED).check("https://wiki.example:443", url, offered=True) == 0.0
    with pytest.raises(Refused, match=r"robots\.txt refuses"):
        robots(CLOSED).check("https://wiki.example:443", url)


def test_a_rule_that_names_us_is_kept_even_there() -> None:
    with pytest.raises(Refused, match=r"robots\.txt refuses"):
        robots(NAMED).check("https://wiki.example:443", "https://wiki.example/w/api.php", offered=True)


def test_a_server_whose_rules_cannot_be_read_is_not_asked_even_there() -> None:
    with pytest.raises(Refused, match="cannot be read"):
        robots(b"", 503).check("https://wiki.example:443", "https://wiki.example/w/api.php", offered=True)
