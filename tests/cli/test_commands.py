"""The command line as a user meets it: exit codes, one-line errors, data on standard output only."""

from __future__ import annotations

import gzip
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMANDS = (
    "brief refresh changes verify review label relations text entities evaluate train accounts show seller search demo runs "
    "collect doctor backup restore schedule digest notify judgements"
).split()


def dossier(*arguments: str, home: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DOSSIER_HOME": str(home) if home else "", "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        capture_output=True, text=True, input=stdin, timeout=120, env=environment, check=False,
    )  # fmt: skip


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    shown = dossier(command, "--help")
    assert shown.returncode == 0
    assert "Usage" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("brief", "Acme", "--from", "nowhere.html"), 2, "no such file"),
        (("brief", "Acme", "--from", "{here}/picture.png"), 2, "cannot read this kind"),
        (("brief", "Acme", "--sources", "site"), 1, "no address of a site is known"),
        (("brief", "Acme", "--sources", "gossip"), 2, "use any of site,"),
        (("brief", "Acme", "--id", "lei"), 2, "write it like"),
        (("sources", "gossip"), 2, "no source kind"),
        (("brief", ""), 2, "empty"),
        (("brief", "Acme", "--from", "{here}/a.html", "--as-of", "tomorrow"), 2, "no date"),
        (("brief", "Acme", "--from", "{here}/a.html", "--format", "pptx"), 2, "html, md, json"),
        (("brief", "Acme", "--from", "{here}/empty"), 1, "holds nothing that can be read"),
        (("brief", "Acme", "--from", "{here}/broken.pdf"), 1, "broken.pdf"),
        (("brief", "http://no-such-host.invalid/"), 1, "cannot be read"),
        (("brief", "Acme", "--bogus"), 2, "bogus"),
        (("changes", "nobody", "--since", "2026-01-01"), 2, "no account"),
        (("refresh",), 2, "--all"),
        (("show", "0123456789abcdef"), 2, "nothing here is called"),
        (("verify", "{here}/none.json"), 1, "cannot be read"),
        (("verify", "{here}/a.html"), 1, "no brief.json"),
        (("seller", "{here}/a.html"), 2, "TOML"),
        (("train", "everything", "--data", "{here}"), 2, "everything"),
        (("evaluate", "--data", "{here}"), 2, "no gold sets"),
        (("text", "{here}/missing.html"), 2, "no such file"),
    ],
)
def test_wrong_input_is_one_line_and_an_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>Acme makes anvils. Acme is here.</p></body></html>")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 this is not one")
    (tmp_path / "empty").mkdir()
    filled = [argument.format(here=tmp_path) for argument in arguments]
    run = dossier(*filled, home=tmp_path / "home")
    assert run.returncode == code, run.stderr
    assert words in one_line(run.stderr)
    assert run.stdout == ""


def test_an_out_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>Acme makes anvils, and Acme sells them.</p></body></html>")
    (tmp_path / "out").write_text("a file where the folder should be")
    run = dossier(
        "brief", "Acme", "--from", str(tmp_path / "a.html"), "--out", str(tmp_path / "out"), home=tmp_path / "h"
    )
    assert run.returncode == 1
    assert "out" in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr


class _Site(http.server.BaseHTTPRequestHandler):
    """A site that is wrong in the way that its path says."""

    def do_GET(self) -> None:
        refusing = self.server.server_port == _Site.refusing  # type: ignore[attr-defined]
        if self.path == "/robots.txt" and refusing:
            self._answer(200, b"User-agent: *\nDisallow: /\n", "text/plain")
        else:
            self._answer(404, b"<html><body>nothing here</body></html>", "text/html")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass

    refusing = 0


@pytest.fixture
def site() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("refuses", "words"), [(False, "404"), (True, "robots.txt")])
def test_a_home_page_that_cannot_be_had_says_why(tmp_path: Path, site: int, *, refuses: bool, words: str) -> None:
    from pipelines.bootstrap import open_workspace
    from pipelines.brief import Order, make_brief
    from research.errors import DossierError

    _Site.refusing = site if refuses else 0
    order = Order(target=f"http://127.0.0.1:{site}/", out=tmp_path / "out", allowed_hosts=(("127.0.0.1", site),))
    with open_workspace(tmp_path / "home", lambda: "2026-11-20T09:00:00+00:00") as workspace:
        with pytest.raises(DossierError, match=words) as raised:
            make_brief(order, workspace)
        assert workspace.store.row("PRAGMA integrity_check") == ("ok",)
    assert "\n" not in str(raised.value)


def test_loopback_is_refused_unless_it_is_allowed(tmp_path: Path, site: int) -> None:
    run = dossier("brief", f"http://127.0.0.1:{site}/", home=tmp_path / "home")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr


def test_a_truncated_archive_keeps_what_can_be_read_and_names_the_rest(tmp_path: Path) -> None:
    records = []
    for name in ("", "about"):
        page = f"<html><title>Acme</title><body><main><p>Acme Inc. makes {name} anvils.</p></main></body></html>"
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n{page}"
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://acme.example/{name}\r\n"
            f"WARC-Date: 2026-05-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:0000-{name or 'home'}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        records.append(gzip.compress(f"{head}{answer}\r\n\r\n".encode()))
    archive = tmp_path / "acme.warc.gz"
    archive.write_bytes(b"".join(records)[:-60])
    run = dossier(
        "brief", "https://acme.example/", "--from", str(archive), "--out", str(tmp_path / "o"), home=tmp_path / "h"
    )
    assert run.returncode == 0, run.stderr
    brief = json.loads((tmp_path / "o" / "brief.json").read_text())
    assert [d["url"] for d in brief["documents"]] == ["https://acme.example/"]
    assert any("acme.warc.gz" in s["url"] or "about" in s["url"] for s in brief["skipped"])


def test_a_page_of_thirty_megabytes_is_a_listed_skip(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text("<html><body><p>Acme Inc. makes anvils, and Acme sells them.</p></body></html>")
    with gzip.open(folder / "huge.html.gz", "wb", compresslevel=1) as huge:
        huge.write(b"<html><body>" + b"<p>Acme and Acme again.</p>" * 1_200_000)
    run = dossier("brief", "Acme", "--from", str(folder), "--out", str(tmp_path / "o"), home=tmp_path / "h")
    assert run.returncode == 0, run.stderr
    brief = json.loads((tmp_path / "o" / "brief.json").read_text())
    reason = next(s["reason"] for s in brief["skipped"] if "huge" in s["url"])
    assert "MB" in reason or "large" in reason


def test_label_answers_every_row_in_order(tmp_path: Path) -> None:
    rows = [
        {"id": "b", "account": "Acme", "title": "Annual report", "url": "10-K/ACME", "prev": "", "next": "",
         "sentence": "We face a shortage of skilled welders that delays our deliveries."},
        {"id": "a", "title": "", "url": "", "prev": "", "next": "", "sentence": "Our office is on Main Street."},
    ]  # fmt: skip
    run = dossier("label", "--account", "Acme", stdin="".join(json.dumps(r) + "\n" for r in rows))
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["b", "a"]
    assert answers[0]["kind"] == "pain"
    assert answers[0]["holder"] == "account"
    assert answers[0]["phrase"] in rows[0]["sentence"]
    assert answers[1] == {"id": "a", "kind": "none", "holder": None, "phrase": None, "score": answers[1]["score"]}


def test_relations_answers_every_row(tmp_path: Path) -> None:
    row = {"id": 7, "sentence": "Acme competes with Bolt and Nutworks.", "subject": "Acme", "object": "Bolt"}
    run = dossier("relations", stdin=json.dumps(row))
    answer = json.loads(run.stdout)
    assert answer["id"] == 7
    assert answer["relation"] == "competitor"
    assert 0 <= answer["score"] <= 1


def test_a_broken_line_of_json_is_named() -> None:
    run = dossier("label", stdin='{"id": 1, "sentence": "x"}\nnot json\n')
    assert run.returncode == 2
    assert "line 2" in run.stderr


def test_text_and_entities_of_one_document(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><body><nav><a href=/>Home</a></nav><main><h1>Acme</h1><p>Acme Corporation named Ida Marsh as its Chief "
        "Executive Officer. Write to press@acme.example or call +1 212 555 0123.</p></main></body></html>"
    )
    text = dossier("text", str(page))
    assert "Ida Marsh" in text.stdout
    entities = [json.loads(line) for line in dossier("entities", str(page)).stdout.splitlines()]
    found = {(e["label"], e["text"]) for e in entities}
    assert ("person", "Ida Marsh") in found
    assert ("email", "press@acme.example") in found
    assert any(label == "phone" for label, _ in found)


def test_accounts_can_be_added_listed_shown_and_imported(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added = dossier("accounts", "add", "Acme Inc.", "--site", "https://acme.example/", "--alias", "Acme", home=home)
    assert added.returncode == 0
    assert added.stdout.strip() == "acme"
    (tmp_path / "more.csv").write_text("name,site,meeting\nBolt,https://bolt.example/,2026-03-01\n,,\nNut,,soon\n")
    imported = dossier("accounts", "import", str(tmp_path / "more.csv"), home=home)
    assert imported.returncode == 1
    assert "line 3" in imported.stderr
    assert "line 4: 'soon' is no date; write the meeting as YYYY-MM-DD" in imported.stderr
    listed = dossier("accounts", "list", home=home).stdout
    assert "acme" in listed
    assert "bolt.example" in listed
    shown = dossier("accounts", "show", "bolt", home=home).stdout
    assert "2026-03-01" in shown


def test_ctrl_c_says_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import pipelines.brief
    from pipelines.cli import main

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipelines.brief, "make_brief", interrupt)
    monkeypatch.setattr(sys, "argv", ["dossier", "brief", "Acme", "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "kept" in one_line(capsys.readouterr().err)


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['dossier', '--help']\n"
        "from pipelines.cli import app\n"
        "try: app(standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "print(sorted({'spacy', 'sklearn', 'trafilatura', 'lxml', 'httpx', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stderr.strip() == "[]"
