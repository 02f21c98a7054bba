"""`corpora/manifest.toml`: every file of the corpora with its hash, its licence, and where it comes from.

Run as `python -m pipelines.manifest` (or `make manifest`) after a change; a test holds the manifest against the files.
"""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Final

NAME: Final = "manifest.toml"
_SKIP: Final = frozenset({NAME, "__pycache__"})


def corpora_folder() -> Path:
    """Where the corpora lie."""
    return Path(str(files("corpora")))


def list_files(folder: Path) -> list[Path]:
    """Every file that the manifest names, in order; the pages of the sample site go by their folder."""
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and not _SKIP & set(p.relative_to(folder).parts)]
    return [p for p in found if p.suffix != ".pyc" and "site" not in p.relative_to(folder).parts[1:2]]


def digest(path: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def origin_of(name: str, origins: dict[str, dict[str, str]]) -> dict[str, str]:
    """The origin of a file: that of the longest entry of `origins` that its name begins with."""
    best = max((prefix for prefix in origins if name.startswith(prefix)), key=len)
    return origins[best]


def build_manifest(folder: Path) -> str:
    """The manifest's text; origins and licences are kept from the `[origin]` tables of the present one."""
    present = tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
    lines = ["# Every file of the corpora. `[origin]` is written by hand, the rest by `make manifest`.", ""]
    for prefix, origin in present["origin"].items():
        lines += [f'[origin."{prefix}"]', f'licence = "{origin["licence"]}"', f'from = "{origin["from"]}"', ""]
    lines.append("[sha256]")
    lines += [f'"{path.relative_to(folder).as_posix()}" = "{digest(path)}"' for path in list_files(folder)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (corpora_folder() / NAME).write_text(build_manifest(corpora_folder()), encoding="utf-8")
