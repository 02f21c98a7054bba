"""`dossier sources`, and what `--sources` and `--id` mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from pipelines.console import printer
from research.errors import UsageError

Kinds = Annotated[str | None, typer.Option("--sources", help="Source kinds such as site,edgar,jobs,news, or default.")]
Identifiers = Annotated[list[str] | None, typer.Option("--id", help="Who it is, as in lei=…; repeatable.")]
Own = Annotated[list[str] | None, typer.Option("--own", help="Notes, CRM mapping, .ics of the team; repeatable.")]
Internal = Annotated[bool, typer.Option(help="Let the team's own notes and CRM stand in the brief.")]
_PAIR: Final = re.compile(r"([a-z_]+)=(\S.*)")


def kinds_of(text: str | None) -> tuple[str, ...] | None:
    """The kinds that `--sources` names, None where it is not given."""
    if text is None:
        return None
    from research.sources.choosing import named_kinds

    return named_kinds(text)


def identifiers_of(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of `--id KEY=VALUE`; UsageError for anything else."""
    pairs = []
    for text in texts:
        match = _PAIR.fullmatch(text.strip())
        if match is None:
            raise UsageError(f"--id {text}: write it like cik=0000123456")
        pairs.append((match[1], match[2].strip()))
    return tuple(pairs)


def sources(
    name: Annotated[str | None, typer.Argument(help="One kind, with its whole policy.")] = None,
    home: Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings.")] = None,
) -> None:
    """The source kinds: what each gives, on what terms it is asked, and how it went of late."""
    from pipelines.cli import workspace
    from pipelines.sources import describe_source, list_sources

    with workspace(home) as opened:
        lines = describe_source(name, opened) if name else list_sources(opened)
    for line in lines:
        printer().line(line)
