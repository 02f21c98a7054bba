"""The manifest of the corpora holds."""

from __future__ import annotations

import tomllib

from pipelines.manifest import NAME, build_manifest, corpora_folder, digest, list_files, origin_of


def test_every_file_is_named_with_its_hash_and_its_origin():
    folder = corpora_folder()
    manifest = tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
    present = {path.relative_to(folder).as_posix(): digest(path) for path in list_files(folder)}
    assert manifest["sha256"] == present, "run `make manifest`"
    for name in present:
        assert origin_of(name, manifest["origin"])["licence"]


def test_the_manifest_is_as_it_would_be_written():
    folder = corpora_folder()
    assert (folder / NAME).read_text(encoding="utf-8") == build_manifest(folder)
