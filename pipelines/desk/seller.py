"""Our own side, edited in the desk: offerings, rivals, what sets us apart, and what our people know of each rival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.battlecard import PARTS, rivals_of
from pipelines.desk.desk import Desk
from pipelines.desk.forms import Form, form_of, own_path, require_analyst
from pipelines.desk.pages import go_on, page
from research.model.account import Rival, Seller, SellerOffering
from research.review.seller_edits import seller_changes
from research.store.accounts import list_accounts, load_seller
from research.store.sellers import ProfileChangedError, edit_seller, seller_edits, seller_version
from research.text.names import company_key

LINE_LIMIT, LINES_LIMIT, THINGS_LIMIT = 500, 60, 100  # letters of a line, lines of a list, offerings or rivals
EMPTY_ROWS: Final = 1  # rows for a new offering and a new rival
_NOBODY: Final = Seller(name="")
Thing = TypeVar("Thing", Rival, SellerOffering)


def routes(desk: Desk) -> Sequence[Route]:
    """The profile and each rival's words, to read and to save."""

    def profile(request: Request) -> Response:
        with desk.reading() as workspace:
            seller = load_seller(workspace.store)
        return _profile(desk, request, seller or _NOBODY, seller_version(seller))

    def save_profile(request: Request) -> Response:
        form, analyst = form_of(request), require_analyst(request)
        with desk.reading() as workspace:
            known = load_seller(workspace.store)
        wanted = _read_profile(form, known or _NOBODY)
        if not _save(desk, known, wanted, form, analyst):
            return _profile(desk, request, wanted, _version(desk), status=409)
        return go_on("/seller")

    def words(request: Request) -> Response:
        with desk.reading() as workspace:
            seller = load_seller(workspace.store)
            rival = _require(seller, request)
        return _words(desk, request, rival, seller_version(seller))

    def save_words(request: Request) -> Response:
        form, analyst = form_of(request), require_analyst(request)
        with desk.reading() as workspace:
            known = load_seller(workspace.store)
            rival = _require(known, request)
        wanted = _read_words(form, rival)
        seller = known or _NOBODY
        changed = replace(seller, rivals=tuple(wanted if r == rival else r for r in seller.rivals))
        if not _save(desk, known, changed, form, analyst):
            return _words(desk, request, wanted, _version(desk), status=409)
        return go_on(own_path(form.one("next"), request.url.path))

    return (
        Route("/seller", profile),
        Route("/seller", save_profile, methods=["POST"]),
        Route("/seller/rivals/{rival}", words),
        Route("/seller/rivals/{rival}", save_words, methods=["POST"]),
    )


def _require(seller: Seller | None, request: Request) -> Rival:
    found = rivals_of(seller).get(request.path_params["rival"])
    if found is None:
        raise HTTPException(404, "We have no such rival: “Our side” lists those that we have.")
    return found


def _version(desk: Desk) -> str:
    with desk.reading() as workspace:
        return seller_version(load_seller(workspace.store))


def _save(desk: Desk, before: Seller | None, wanted: Seller, form: Form, analyst: str) -> bool:
    """Whether the profile was saved: not where somebody else saved it since this form was loaded."""
    edits = seller_changes(before, wanted)
    if not edits:
        return True
    with desk.writing() as workspace:
        try:
            edit_seller(workspace.store, wanted, edits, analyst=analyst, at=workspace.clock(), seen=form.one("seen"))
        except ProfileChangedError:
            return False
    return True


def _profile(desk: Desk, request: Request, seller: Seller, version: str, status: int = 200) -> Response:
    with desk.reading() as workspace:
        edits = seller_edits(workspace.store, limit=8)
    blank, new = [SellerOffering(name="")] * EMPTY_ROWS, [("", Rival(name=""))] * EMPTY_ROWS
    return page(
        desk, request, "seller.html", status=status, seller=seller, version=version, conflict=status == 409,
        offerings=[*seller.offerings, *blank], rivals=[*rivals_of(seller).items(), *new], edits=edits, parts=PARTS,
    )  # fmt: skip


def _words(desk: Desk, request: Request, rival: Rival, version: str, status: int = 200) -> Response:
    with desk.reading() as workspace:
        accounts, edits = list_accounts(workspace.store), seller_edits(workspace.store, rival.name, limit=8)
    onward = own_path(request.query_params.get("next", ""), request.url.path)
    return page(
        desk, request, "rival.html", status=status, rival=rival, version=version, conflict=status == 409, parts=PARTS,
        onward=onward, accounts=accounts, edits=edits, key=request.path_params["rival"],
    )  # fmt: skip


def _read_profile(form: Form, known: Seller) -> Seller:
    """The profile that a form describes; a row without a name is no row. 422 where something does not fit."""
    name = _line(form.one("name"), "name")
    if not name:
        raise HTTPException(422, "Our own name is empty: go back and fill it in.")
    offered = zip(
        form.every("offering_name"), form.every("offering_description"), form.every("offering_solves"), strict=False
    )
    return Seller(
        name=name,
        differentiators=_lines(form.one("differentiators"), "differentiators"),
        offerings=_unique(
            [
                SellerOffering(
                    name=_line(n, "offering"), description=_line(d, "description"), solves=_lines(s, "solves")
                )
                for n, d, s in offered
                if n
            ]
        ),
        rivals=_unique(_read_rivals(form, known)),
    )


def _read_rivals(form: Form, known: Seller) -> list[Rival]:
    before = {rival.name: rival for rival in known.rivals}
    rows = zip(form.every("rival_was"), form.every("rival_name"), form.every("rival_aliases"), strict=False)
    return [
        replace(before.get(was, Rival(name=name)), name=_line(name, "rival"), aliases=_lines(aliases, "aliases"))
        for was, name, aliases in rows
        if name
    ]


def _read_words(form: Form, rival: Rival) -> Rival:
    stated: dict[str, Any] = {part: _lines(form.one(part), part) for part in PARTS}
    return replace(rival, about=_line(form.one("about"), "about"), **stated)


def _unique(things: list[Thing]) -> tuple[Thing, ...]:
    keys = [company_key(thing.name) or thing.name for thing in things]
    twice = next((things[place].name for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice is not None:
        raise HTTPException(422, f"“{twice}” stands there twice: go back and keep one of them.")
    if len(things) > THINGS_LIMIT:
        raise HTTPException(422, f"More than {THINGS_LIMIT} offerings or rivals: nobody reads so many.")
    return tuple(things)


def _line(text: str, what: str) -> str:
    flat = " ".join(text.split())
    if len(flat) > LINE_LIMIT:
        raise HTTPException(422, f"A line of “{what}” is longer than {LINE_LIMIT} letters: go back and shorten it.")
    return flat


def _lines(text: str, what: str) -> tuple[str, ...]:
    lines = tuple(dict.fromkeys(_line(line, what) for line in text.splitlines() if line.strip()))
    if len(lines) > LINES_LIMIT:
        raise HTTPException(422, f"“{what}” has more than {LINES_LIMIT} lines: go back and keep what matters.")
    return lines
