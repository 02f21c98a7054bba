"""Which addresses are asked at all."""

from __future__ import annotations

import json
from ipaddress import ip_address
from pathlib import Path

import pytest

from research.model.capture import Request, Skipped
from research.net.client import Client
from research.net.guard import check_url, is_public, next_hop, public_addresses
from research.net.refused import Refused
from research.net.settings import NetSettings

SSRF = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "ssrf.jsonl"


def resolver(host: str, port: int) -> tuple[str, ...]:
    """Public names are public, literals are themselves, and all other names are this machine."""
    try:
        return (str(ip_address(host.rstrip("."))),)
    except ValueError:
        return ("93.184.216.34",) if host.endswith((".example", "example.com")) else ("127.0.0.1",)


def admitted(url: str) -> bool:
    try:
        target = check_url(url)
        public_addresses(target.host, target.port, resolver, ())
    except Refused:
        return False
    return True


@pytest.mark.shared
def test_every_row_of_the_ssrf_matrix():
    if not SSRF.exists():
        pytest.skip("the shared SSRF matrix is not here")
    rows = [json.loads(line) for line in SSRF.read_text(encoding="utf-8").splitlines()]
    single = [row for row in rows if not row.get("via")]
    wrong = [row for row in single if admitted(row["url"]) != (row["expect"] == "allow")]
    assert len(single) > 100
    assert wrong == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
        "http://100.100.100.200/", "http://169.254.169.254/", "http://168.63.129.16/", "http://①②⑦.⓪.⓪.①/",
        "http://localhost/", "http://intranet/", "http://db.internal/", "http://127.0.0.1.nip.io/",
        "http://user:word@example.com/", "http://example.com:8080/", "http://example.com\\@127.0.0.1/",
        "http://exa\r\nmple.com/", " http://example.com/", "file:///etc/passwd", "ftp://example.com/",
        "javascript:alert(1)", "http://example.com:65536/", "http://", "",
    ],
)  # fmt: skip
def test_refused(url):
    assert not admitted(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/", "http://8.8.8.8/", "http://bücher.example/", "https://[2606:2800:220:1::1]/",
        "http://127.0.0.1.example.com/", "https://example.com/#http://127.0.0.1/", "https://example.com:443/a%20b?c=d",
    ],
)  # fmt: skip
def test_admitted(url):
    assert admitted(url)


def test_one_internal_address_among_public_ones_refuses_the_host():
    with pytest.raises(Refused, match="not on the public internet"):
        public_addresses("example.com", 443, lambda host, port: ("93.184.216.34", "10.0.0.7"), ())


def test_only_the_very_host_and_port_are_allowed():
    allowed = (("127.0.0.1", 8000),)
    assert check_url("http://127.0.0.1:8000/x", allowed).port == 8000
    for url in ("http://127.0.0.1:8001/", "http://127.0.0.1/", "http://localhost:8000/", "http://[::1]:8000/"):
        with pytest.raises(Refused):
            check_url(url, allowed)
    with pytest.raises(Refused):
        public_addresses("rebound.example", 8000, lambda host, port: ("127.0.0.1",), allowed)


def test_encryption_is_not_dropped_on_the_way():
    assert next_hop(check_url("http://example.com/a"), "https://example.com/b") == "https://example.com/b"
    with pytest.raises(Refused, match="from https to http"):
        next_hop(check_url("https://example.com/a"), "http://example.com/b")


@pytest.mark.parametrize("address", ["", "no address", "fe80::1%eth0", "::", "2001:db8::1", "240.0.0.1"])
def test_what_is_not_public(address):
    assert not is_public(address)


def test_a_name_is_looked_up_once_so_that_it_cannot_change(serve):
    """The first look-up is public, the second would be this machine: no connection ever goes there."""
    canary = serve()
    answers = [("192.0.2.1",), ("127.0.0.1",)]
    asked: list[str] = []

    def rebind(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    with Client(NetSettings(delay_seconds=0), now=lambda: "", resolve=rebind) as client:
        got = [client.fetch(Request(url="http://rebound.example/")) for _ in range(2)]
    assert all(isinstance(answer, Skipped) for answer in got)
    assert canary.asked == []
