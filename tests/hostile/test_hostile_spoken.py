"""What strangers wrote, told to a person: a terminal obeys none of it; and files that they hand over end in words."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import verify
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.console import Printer
from pipelines.verify import verify_file
from research.errors import DossierError
from research.export.as_json import to_json
from research.net.refused import Excessive, Refused, Unreachable
from research.text.visible import visible

from .faulty_server import Answer, Asked, page, serve, whole
from .poisoned import poisoned
from .visits import visit

NOW = "2026-11-20T10:00:00+00:00"
ORDERS = "\x1b[2J\x1b]0;owned\x07\x9b5m\u202e"
LINKS = "".join(f"<a href=/{name}>{name}</a>" for name in ("type", "encoding", "location", "status"))


def route(asked: Asked) -> Answer:
    headers = {
        "/type": {"Content-Type": f"x{ORDERS}/y"},
        "/encoding": {"Content-Encoding": f"x{ORDERS}"},
        "/location": {"Location": f"gopher{ORDERS}://x/"},
        "/status": {"Content-Type": "text/html", "cf-mitigated": ORDERS},
    }
    if asked.path in headers:
        status = {"/location": 302, "/status": 403}.get(asked.path, 200)
        return whole(status, headers[asked.path], b"<p>words</p>")
    return page(f"<title>Pumps</title><p>We build pumps.</p>{LINKS}") if asked.path == "/" else whole(404, {})


def test_no_reason_hands_a_servers_orders_to_the_terminal() -> None:
    with serve(route) as served:
        visited = visit("odd.example", served.port)
    assert len(visited.kept) == 1
    reasons = [skipped.reason for skipped in visited.skipped if not skipped.url.endswith("/sitemap.xml")]
    assert len(reasons) == 4
    assert "\\x1b[2" in " ".join(reasons)
    assert [reason for reason in reasons if not reason.isprintable()] == []
    for kind in (Refused, Excessive, Unreachable):
        assert str(kind(f"said {ORDERS}")).isprintable()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_shown_what_it_would_obey_and_a_pipe_gets_the_data() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    Printer(terminal, terminal).line(f"a\tb {ORDERS}")
    Printer(terminal, terminal).note(f"line one\nline two {ORDERS}")
    Printer(pipe, pipe).line(f"a\tb {ORDERS}")
    shown = terminal.getvalue()
    assert shown.startswith("a\tb \\x1b[2J\\x1b]0;owned\\x07\\x9b5m\\u202e\nline one\nline two \\x1b")
    assert shown.replace("\n", "").replace("\t", "").isprintable()
    assert pipe.getvalue() == f"a\tb {ORDERS}\n"


@given(st.text())
def test_what_is_spelt_out_holds_nothing_unseen_and_seen_text_stays(text: str) -> None:
    shown = visible(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 or "\u202a" <= char <= "\u202e" for char in shown)
    assert visible(shown) == shown
    if text.isprintable():
        assert shown == text


# The bidirectional characters of UAX #9, table 4, and characters of category Cf that take no room.
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WITHOUT_WIDTH = "\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u206a\u206f\ufeff\ufff9\U0001bca0\U0001d173\U000e0041"


@pytest.mark.parametrize("char", TURNING + WITHOUT_WIDTH)
def test_what_turns_text_or_takes_no_room_is_spelt_out(char: str) -> None:
    assert visible(f"pay{char}pal") == f"pay{char.encode('unicode_escape').decode()}pal"


def test_joiners_that_make_words_and_signs_that_are_seen_stay() -> None:
    for text in ("می\u200cخواهم", "क्\u200dष", "\u0600\u0661", "caf\u00e9\u00a0bar"):
        assert visible(text) == text


WRONG = (None, 5, True, "", [], {}, [5], {"a": 1}, "\ud800")


def changed(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The brief with each of its upper parts, and the first of each kind below them, as something else."""
    places: list[tuple[Any, ...]] = [(key,) for key in data]
    places += [(key, 0) for key in ("documents", "findings", "sections")]
    places += [("findings", 0, key) for key in data["findings"][0]]
    places += [("sections", 0, key) for key in data["sections"][0]]
    places += [("findings", 0, "evidence", 0, key) for key in data["findings"][0]["evidence"][0]]
    for number, place in enumerate(places):
        made = copy.deepcopy(data)
        held = made
        for step in place[:-1]:
            held = held[step]
        held[place[-1]] = WRONG[number % len(WRONG)]
        yield f"{place} as {WRONG[number % len(WRONG)]!r}", json.dumps(made)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "home", lambda: NOW) as opened:
        yield opened


def test_a_brief_of_any_shape_is_checked_or_refused_in_words(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = poisoned("we build pumps")
    stored = {document.id: document for document in brief.documents}
    monkeypatch.setattr(verify, "load_document", lambda _, name: stored.get(name))
    data = json.loads(to_json(brief))
    path = tmp_path / "brief.json"
    for what, text in changed(data):
        path.write_text(text)
        said = spoken(path, workspace)
        assert "claims" in said or "brief.json" in said, what
    for text in ("[" * 100_000, "[]", "5", "", '{"documents": 5, "sections": 5, "findings": {}}'):
        path.write_text(text)
        assert "no brief.json" in spoken(path, workspace) or "malformed" in spoken(path, workspace), text[:20]


def spoken(path: Path, workspace: Workspace) -> str:
    """What comes of checking a brief, in words; any error that is none of ours passes through."""
    try:
        checked = verify_file(path, workspace)
    except DossierError as error:
        return str(error)
    return f"{checked.claims} claims, " + ", ".join(problem.kind for problem in checked.problems)
