"""Gatekeepers' pages: a state of the source, and never its content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.bootstrap import open_workspace
from pipelines.collecting import collect
from pipelines.collecting_kinds import state_of
from pipelines.gather import HomeUnreadError
from pipelines.internet import Internet, Reach
from pipelines.target import find_target
from research.store.captures import latest_by_url

from .faults import WORDS
from .faulty_server import Answer, Asked, page, serve, whole
from .seam import resolver

NOW = "2026-11-20T09:00:00+00:00"
GATES: dict[str, Answer] = {
    "wait": page("<title>Just a moment...</title><script>var a = 1;</script>"),
    "cookies": page("<p>Enable JavaScript and cookies to continue.</p>"),
    "captcha": page("<h1>Verify you are human</h1><div class=box></div>"),
    "held": page("<p>Press & hold to confirm you are a human (and not a bot).</p>"),
    "denied": page("<html><head><title>Access Denied</title></head><body>Reference #18.2f3</body></html>"),
    "denied-403": page("<title>Nothing to see</title>", status=403),
    "challenge": whole(403, {"Content-Type": "text/html", "cf-mitigated": "challenge"}, b""),
    "limited": page("<p>slow down</p>", status=429),
    "script": page("<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>"),
}
HOME = page(
    f"<html lang=en><title>Pumps</title><p>{WORDS}</p>"
    + "".join(f'<a href="/{name}">{name}</a>' for name in (*GATES, "contact"))
)
FORM = page(f"<title>Contact</title><p>{WORDS * 12}</p><p>Complete the captcha, then write to us.</p>")


def site(asked: Asked) -> Answer:
    """A home page in the open whose other pages stand behind gates, or a site all of which is behind one."""
    kind, path = asked.host.partition(".")[0], asked.path.strip("/")
    if path in ("robots.txt", "sitemap.xml"):
        return whole(404, {})
    if kind in GATES:
        return GATES[kind]
    return HOME if not path else GATES.get(path, FORM)


def visit(home, port, host):
    internet = Internet(
        policies={}, resolve=resolver({f"{host}.example": "127.0.0.1"}, ()), allowed_hosts=((f"{host}.example", port),)
    )
    with open_workspace(home, lambda: NOW) as opened:
        workspace = replace(opened, internet=internet)
        address = f"http://{host}.example:{port}/"
        target = find_target(workspace.store, address, (), max_pages=30, kinds=("site",))
        collected = collect(replace(target, kinds=()), workspace, Reach())
        return collected, latest_by_url(workspace.store, target.sources[0].id)


def test_pages_behind_gates_are_told_as_blocked_and_not_kept(tmp_path):
    with serve(site) as served:
        collected, kept = visit(tmp_path, served.port, "open")
    paths = sorted(url.rpartition("/")[2] for url in kept)
    assert paths == ["", "contact"]  # a long page that speaks of a captcha is a page
    reasons = {s.url.rpartition("/")[2]: s.reason for s in collected.skipped}
    assert set(reasons) == set(GATES)
    assert all(reason.startswith("blocked: ") for reason in reasons.values()), reasons
    assert collected.states[0].state == "read"


@pytest.mark.parametrize("kind", GATES)
def test_a_site_behind_a_gate_is_blocked_as_a_source(tmp_path, kind):
    with serve(site) as served, pytest.raises(HomeUnreadError) as error:
        visit(tmp_path, served.port, kind)
    assert error.value.reason.startswith("blocked: ")
    assert state_of(0, [error.value.reason]) == "blocked"
