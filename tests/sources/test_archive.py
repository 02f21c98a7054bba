"""An account's captures as WARC and WACZ: written, and read again by `--from` in an empty store."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.archive import export_archive
from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, make_brief
from research.errors import DossierError, UsageError
from research.net.archive import open_archive

from .example import NOW
from .small_internet import small_internet


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both archives of one brief that was made of site, register and a note of the team's own."""
    folder = tmp_path_factory.mktemp("archive")
    note = folder / "note.md"
    note.write_text("# Secret\n\nNorthfield Robotics is a secret target.\n", encoding="utf-8")
    with small_internet() as net, open_workspace(folder / "home", lambda: NOW) as opened:
        workspace = replace(opened, internet=net.internet())
        site = f"http://www.northfield-robotics.example:{net.port}/"
        order = Order(target=site, kinds=("site", "gleif"), own=(str(note),), out=folder / "out")
        make_brief(order, workspace)
        for name in ("a.warc.gz", "a.wacz"):
            assert export_archive(workspace, "northfield-robotics", folder / name) == 5
        with pytest.raises(UsageError, match=r"\.warc\.gz or \.wacz"):
            export_archive(workspace, "northfield-robotics", folder / "a.zip")
    return folder


def test_any_reader_reads_the_warc_and_nothing_internal_is_in_it(exported: Path) -> None:
    data = (exported / "a.warc.gz").read_bytes()
    found = [
        (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(data))
    ]
    assert len(found) == 5
    assert all(url.startswith("http") for url, _ in found)
    assert not any(b"secret target" in body for _, body in found)


def test_the_wacz_has_what_the_format_asks_for_and_its_index_leads_to_the_records(exported: Path) -> None:
    with zipfile.ZipFile(exported / "a.wacz") as packed:
        package = json.loads(packed.read("datapackage.json"))
        data, index = packed.read("archive/data.warc.gz"), packed.read("indexes/index.cdx").decode().splitlines()
    assert package["wacz_version"] == "1.1.1"
    assert {r["path"] for r in package["resources"]} == {
        "archive/data.warc.gz",
        "indexes/index.cdx",
        "pages/pages.jsonl",
    }
    assert index == sorted(index)
    for line in index:
        row = json.loads(line.split(" ", 2)[2])
        piece = data[int(row["offset"]) : int(row["offset"]) + int(row["length"])]
        (record,) = list(ArchiveIterator(io.BytesIO(piece)))
        assert record.rec_headers.get_header("WARC-Target-URI") == row["url"]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.wacz"])
def test_a_brief_is_made_from_the_archive_alone(exported: Path, tmp_path: Path, name: str) -> None:
    with open_workspace(tmp_path / "home", lambda: NOW) as workspace:
        order = Order(
            target="https://www.northfield-robotics.example/",
            sources=(str(exported / name),),
            identifiers=(("lei", "549300NORTHFLDRBT042"),),
            out=tmp_path / "out",
        )
        outcome = make_brief(order, workspace)
    stated = {f.text("field"): f.text("value") for f in outcome.brief.findings if f.kind == "fact"}
    assert stated["parent"] == "Halden Group AB"
    assert stated["founded"]


def test_what_is_no_wacz_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.wacz").write_bytes(b"no zip")
    with pytest.raises(DossierError, match="cannot be read as WACZ"):
        open_archive(tmp_path / "x.wacz")
    with zipfile.ZipFile(tmp_path / "y.wacz", "w") as packed:
        packed.writestr("pages/pages.jsonl", "{}")
    with pytest.raises(DossierError, match="holds no archive"):
        open_archive(tmp_path / "y.wacz")
