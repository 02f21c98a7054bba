"""Two companies of similar names in one store: nothing of one reaches the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.bootstrap import Workspace
from pipelines.brief import Order, make_brief
from research.errors import DossierError

BATTERY = """<html lang="en"><head><title>Orrin Power</title></head><body><main><h1>Orrin Power opens a plant</h1>
<p>Orrin Power Inc. is a manufacturer of batteries for ferries. Orrin Power employs 900 people worldwide today.</p>
<p>“We are proud,” said Maud Ferring, Chief Executive Officer of Orrin Power. Orrin Power competes with Veldt Cells.</p>
</main></body></html>"""
SOFTWARE = """<html lang="en"><head><title>Orrin Federation</title></head><body><main><h1>About Orrin Federation</h1>
<p>Orrin Federation Ltd. is a provider of billing software for towns. Orrin Federation employs 120 people worldwide.</p>
<p>“We grow,” said Jonas Lindow, Chief Executive Officer of Orrin Federation. Orrin competes with Tallybridge.</p>
</main></body></html>"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "battery.html").write_text(BATTERY, encoding="utf-8")
    (folder / "software.html").write_text(SOFTWARE, encoding="utf-8")
    return folder


def _brief(name: str, pages: Path, out: Path, workspace: Workspace) -> dict:
    make_brief(Order(target=name, sources=(str(pages),), out=out / name, formats=("json",)), workspace)
    return json.loads((out / name / "brief.json").read_text(encoding="utf-8"))


def test_no_finding_of_one_cites_a_document_of_the_other(tmp_path: Path, pages: Path, workspace: Workspace) -> None:
    power = _brief("Orrin Power", pages, tmp_path, workspace)
    federation = _brief("Orrin Federation", pages, tmp_path, workspace)
    assert {d["url"] for d in power["documents"]} == {"file:battery.html"}
    assert {d["url"] for d in federation["documents"]} == {"file:software.html"}
    for brief in (power, federation):
        own = {d["id"] for d in brief["documents"]}
        assert brief["findings"]
        assert all(e["document"] in own for f in brief["findings"] for e in f["evidence"])
    assert not {f["id"] for f in power["findings"]} & {f["id"] for f in federation["findings"]}
    assert "Maud Ferring" not in json.dumps(federation["findings"])
    assert "Jonas Lindow" not in json.dumps(power["findings"])


def test_the_refused_document_is_listed_with_the_reason(tmp_path: Path, pages: Path, workspace: Workspace) -> None:
    federation = _brief("Orrin Federation", pages, tmp_path, workspace)
    skipped = {s["url"]: s["reason"] for s in federation["skipped"]}
    assert "not admitted" in skipped["file:battery.html"]
    identity = {i["url"]: i for i in federation["identity"]}
    assert identity["file:software.html"]["admitted"]
    assert "Orrin Federation" in identity["file:software.html"]["reason"]
    assert not identity["file:battery.html"]["admitted"]


def test_a_name_that_matches_nothing_is_a_one_line_error(tmp_path: Path, pages: Path, workspace: Workspace) -> None:
    with pytest.raises(DossierError, match="none of the 2 documents is about 'Quillmark'") as raised:
        _brief("Quillmark", pages, tmp_path, workspace)
    assert "\n" not in str(raised.value)
