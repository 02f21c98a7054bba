"""Our own side, read from TOML: what we sell, which pains that solves, and who our rivals are."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.bootstrap import Workspace
from research.errors import UsageError
from research.model.account import Rival, Seller, SellerOffering
from research.review.seller_edits import keep_words, seller_changes
from research.store.accounts import load_seller
from research.store.sellers import edit_seller, seller_version

RIVAL_LISTS: Final = (
    "strategy", "strengths", "weaknesses", "customers_say", "where_we_win", "landmines", "do_not_claim",
)  # fmt: skip
"""What our people know of a rival, a list of lines each, in the order of a battlecard."""

_Text = Annotated[str, Field(min_length=1, max_length=500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Name(_Strict):
    name: _Text
    differentiators: list[_Text] = []


class _Offering(_Strict):
    name: _Text
    description: str = ""
    solves: list[_Text] = []


class _Rival(_Strict):
    name: _Text
    aliases: list[_Text] = []
    about: str = ""
    strategy: list[_Text] = []
    strengths: list[_Text] = []
    weaknesses: list[_Text] = []
    customers_say: list[_Text] = []
    where_we_win: list[_Text] = []
    landmines: list[_Text] = []
    do_not_claim: list[_Text] = []


class _Profile(_Strict):
    seller: _Name
    offering: list[_Offering] = []
    rival: list[_Rival] = []


def read_profile(path: Path) -> Seller:
    """The seller of a TOML file; UsageError with the key and what is wrong with it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        profile = _Profile.model_validate(raw)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not written in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is no valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from error
    return Seller(
        name=profile.seller.name,
        offerings=tuple(
            SellerOffering(name=o.name, description=o.description, solves=tuple(o.solves)) for o in profile.offering
        ),
        rivals=tuple(map(_rival, profile.rival)),
        differentiators=tuple(profile.seller.differentiators),
    )


def _rival(stated: _Rival) -> Rival:
    lists = {name: tuple(getattr(stated, name)) for name in ("aliases", *RIVAL_LISTS)}
    return Rival(name=stated.name, about=stated.about, **lists)


def load_profile(path: Path, workspace: Workspace) -> None:
    """Make the profile of a file the stored one; what people wrote of a rival in the desk stays where the file says
    nothing of it, and the edits are kept with the file's name for an analyst."""
    stored = load_seller(workspace.store)
    wanted = keep_words(stored, read_profile(path))
    edits = seller_changes(stored, wanted)
    now, seen = workspace.clock(), seller_version(stored)
    edit_seller(workspace.store, wanted, edits, analyst=f"file {path.name}", at=now, seen=seen)


def describe_seller(workspace: Workspace) -> str:
    """The stored profile, one thing a line."""
    seller = load_seller(workspace.store)
    if seller is None:
        return "no seller profile is stored: `dossier seller FILE.toml` loads one"
    lines = [seller.name, *(f"differentiator: {one}" for one in seller.differentiators)]
    lines += [f"offering: {o.name} (solves {', '.join(o.solves) or 'nothing named'})" for o in seller.offerings]
    lines += [f"rival: {r.name}" + (f" (also {', '.join(r.aliases)})" if r.aliases else "") for r in seller.rivals]
    return "\n".join(lines)
