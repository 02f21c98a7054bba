"""Findings from run to run: new, changed, lapsed, returned; never of another account."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_samples import DAY_1, DAY_2, DAY_3, DAY_4, add_account, evidence, finding, read_page

from research.errors import DossierError
from research.model.document import Document
from research.model.finding import Finding, attributes
from research.store.check import verify_evidence
from research.store.connect import Store
from research.store.documents import quote
from research.store.findings import finding_history, load_finding, load_findings, replace_findings

LINES = ["Acme", "Founded in 1998 in Leeds.", "We employ 40 people.", "Since 1998 we make trams."]


@pytest.fixture
def page(store: Store) -> Document:
    add_account(store)
    add_account(store, "other", "Acme Works Inc")
    return read_page(store, "https://acme.example/", LINES)


def _changes(store: Store, since: str = "") -> list[tuple[str, str, str]]:
    return [(event.finding_id, event.change, event.at) for event in finding_history(store, "acme", since)]


def test_findings_come_back_whole_in_the_order_of_saving(store: Store, page: Document) -> None:
    founded = finding(page, "Founded in 1998")
    more = evidence(founded.id, page, "Since 1998 we make trams.")
    founded = replace(founded, evidence=(more, *founded.evidence), attributes=attributes(a=1.5, b=None, c=True, d="x"))
    staff = finding(page, "employ 40", field="employees", value="40")
    replace_findings(store, "acme", [staff, founded], DAY_1)
    assert load_findings(store, "acme") == (staff, founded)
    assert load_finding(store, founded.id) == founded
    assert load_finding(store, "unknown") is None


def test_the_same_findings_again_change_nothing_but_last_seen(store: Store, page: Document) -> None:
    first = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [first], DAY_1)
    later = replace(first, first_seen=DAY_2, last_seen=DAY_2)
    assert replace_findings(store, "acme", [later, later], DAY_2) == ()
    assert load_findings(store, "acme") == (replace(first, last_seen=DAY_2),)
    assert _changes(store) == [(first.id, "new", DAY_1)]


def test_dates_that_are_not_given_are_those_of_the_run(store: Store, page: Document) -> None:
    bare = replace(finding(page, "Founded in 1998"), first_seen="", last_seen="")
    replace_findings(store, "acme", [bare], DAY_1)
    replace_findings(store, "acme", [bare], DAY_2)
    assert load_findings(store, "acme") == (replace(bare, first_seen=DAY_1, last_seen=DAY_2),)


def test_a_finding_that_is_missing_lapses_with_its_evidence(store: Store, page: Document) -> None:
    founded, staff = finding(page, "Founded in 1998"), finding(page, "employ 40", field="employees", value="40")
    replace_findings(store, "acme", [founded, staff], DAY_1)
    (event,) = replace_findings(store, "acme", [founded], DAY_2)
    assert (event.change, event.before, event.after) == ("lapsed", staff, None)
    assert load_findings(store, "acme") == (founded,)
    assert load_findings(store, "acme", include_lapsed=True) == (founded, replace(staff, status="lapsed"))
    assert load_finding(store, staff.id) == replace(staff, status="lapsed")
    assert replace_findings(store, "acme", [founded], DAY_3) == ()


def test_a_lapsed_finding_returns_with_its_first_date(store: Store, page: Document) -> None:
    founded = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [founded], DAY_1)
    replace_findings(store, "acme", [], DAY_2)
    (event,) = replace_findings(store, "acme", [replace(founded, first_seen=DAY_3, last_seen=DAY_3)], DAY_3)
    assert (event.change, event.before, event.after) == ("returned", None, replace(founded, last_seen=DAY_3))
    assert load_findings(store, "acme") == (replace(founded, last_seen=DAY_3),)
    assert [change for _, change, _ in _changes(store)] == ["new", "lapsed", "returned"]


def test_another_wording_is_a_change_with_the_quotes_before_and_after(store: Store, page: Document) -> None:
    founded = finding(page, "Founded in 1998 in Leeds.")
    replace_findings(store, "acme", [founded], DAY_1)
    new_page = read_page(store, "https://acme.example/", ["Acme", "Started 1998, in York."], DAY_2)
    reworded = replace(finding(new_page, "Started 1998, in York."), id=founded.id, last_seen=DAY_2)
    replace_findings(store, "acme", [reworded], DAY_2)
    event = finding_history(store, "acme", DAY_2)[0]
    assert event.change == "changed"
    assert event.before is not None
    assert event.after is not None
    quotes = [quote(store, e.document_id, e.start, e.end) for f in (event.before, event.after) for e in f.evidence]
    assert quotes == ["Founded in 1998 in Leeds.", "Started 1998, in York."]


def test_the_same_quote_on_a_changed_page_is_no_change(store: Store, page: Document) -> None:
    founded = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [founded], DAY_1)
    moved_page = read_page(store, "https://acme.example/", ["Acme", "New words above.", *LINES[1:]], DAY_2)
    moved = finding(moved_page, "Founded in 1998")
    more = replace(moved, evidence=(evidence(moved.id, moved_page, "Since 1998 we make trams."), *moved.evidence))
    assert replace_findings(store, "acme", [more], DAY_2) == ()
    assert load_findings(store, "acme")[0].evidence == more.evidence
    assert verify_evidence(store, "acme") == ()


def test_other_attributes_are_a_change(store: Store, page: Document) -> None:
    founded = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [founded], DAY_1)
    restated = replace(founded, attributes=attributes(field="founded", value="in 1998"))
    (event,) = replace_findings(store, "acme", [restated], DAY_2)
    assert (event.change, event.before, event.after) == ("changed", founded, restated)


def test_history_gives_each_state_as_it_was(store: Store, page: Document) -> None:
    one = finding(page, "Founded in 1998")
    two = replace(one, attributes=attributes(field="founded", value="2"))
    three = replace(one, attributes=attributes(field="founded", value="3"))
    for state, day in (([one], DAY_1), ([two], DAY_2), ([], DAY_3), ([three], DAY_4)):
        replace_findings(store, "acme", state, day)
    states = [(event.change, event.before, event.after) for event in finding_history(store, "acme")]
    assert states == [("new", None, one), ("changed", one, two), ("lapsed", two, None), ("returned", None, three)]


def test_history_starts_at_the_given_day_in_any_spelling(store: Store, page: Document) -> None:
    founded = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [founded], DAY_1)
    replace_findings(store, "acme", [], DAY_2)
    for since in ("2026-03-02", "2026-03-02T08:00:00Z", "2026-03-02T09:00:00+01:00"):
        assert _changes(store, since) == [(founded.id, "lapsed", DAY_2)]
    assert _changes(store, "2026-03-03") == []
    with pytest.raises(DossierError, match="'last week' is no date"):
        finding_history(store, "acme", "last week")


def test_verdicts_are_not_stored_with_findings(store: Store, page: Document) -> None:
    accepted = replace(finding(page, "Founded in 1998"), status="accepted")
    replace_findings(store, "acme", [accepted], DAY_1)
    assert load_findings(store, "acme") == (replace(accepted, status="new"),)


def test_no_finding_cites_a_document_of_another_account(store: Store, page: Document) -> None:
    theirs = read_page(store, "https://acme.example/", LINES, account_id="other")
    mine = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [mine], DAY_1)
    stolen = replace(mine, evidence=(evidence(mine.id, theirs, "Founded in 1998"),))
    with pytest.raises(DossierError, match="missing or belongs to another account; nothing was saved"):
        replace_findings(store, "acme", [stolen], DAY_2)
    assert load_findings(store, "acme") == (mine,)
    assert load_findings(store, "other", include_lapsed=True) == ()
    assert _changes(store) == [(mine.id, "new", DAY_1)]


def test_accounts_do_not_lapse_one_anothers_findings(store: Store, page: Document) -> None:
    theirs = read_page(store, "https://acme.example/", LINES, account_id="other")
    mine, other = finding(page, "Founded in 1998"), finding(theirs, "Founded in 1998")
    replace_findings(store, "acme", [mine], DAY_1)
    replace_findings(store, "other", [other], DAY_1)
    replace_findings(store, "other", [], DAY_2)
    assert load_findings(store, "acme") == (mine,)
    assert [event.finding_id for event in finding_history(store, "other")] == [other.id, other.id]


def _unshown(made: Finding) -> Finding:
    return replace(made, evidence=())


def _of_another(made: Finding) -> Finding:
    return replace(made, evidence=(replace(made.evidence[0], finding_id="else"),))


def _elsewhere(made: Finding) -> Finding:
    return replace(made, account_id="other")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_unshown, "has no evidence"),
        (_of_another, "evidence of another finding"),
        (_elsewhere, "belongs to account other"),
    ],
)
def test_a_finding_that_cannot_be_shown_is_refused_and_nothing_lapses(store, page, spoil, complaint) -> None:
    founded = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [founded], DAY_1)
    with pytest.raises(DossierError, match=complaint):
        replace_findings(store, "acme", [spoil(finding(page, "employ 40", field="employees", value="40"))], DAY_2)
    assert load_findings(store, "acme") == (founded,)


def test_a_finding_cannot_move_to_another_account(store: Store, page: Document) -> None:
    mine = finding(page, "Founded in 1998")
    replace_findings(store, "acme", [mine], DAY_1)
    with pytest.raises(DossierError, match=r"of account acme cannot become one of other"):
        replace_findings(store, "other", [replace(mine, account_id="other")], DAY_2)
    assert load_findings(store, "acme") == (mine,)


def test_the_history_cannot_be_changed(store: Store, page: Document) -> None:
    replace_findings(store, "acme", [finding(page, "Founded in 1998")], DAY_1)
    for sql in ("UPDATE finding_events SET at = ?", "DELETE FROM finding_events WHERE at <> ?"):
        with pytest.raises(DossierError, match="the history of findings is append-only"):
            store.write(sql, [("x",)])


@pytest.mark.parametrize("number", [1, 0, 0.1 + 0.2, 1e-9])
def test_a_finding_is_sound_whatever_numbers_it_holds(store: Store, number: float) -> None:
    add_account(store)
    made = read_page(store, "https://acme.example/", ["Acme", "Founded in 1998 in Leeds."])
    one = finding(made, "Founded in 1998")
    one = replace(one, confidence=number, evidence=tuple(replace(e, score=number) for e in one.evidence))
    replace_findings(store, "acme", [one], DAY_1)
    (found,) = load_findings(store, "acme")
    assert (found.confidence, found.evidence[0].score) == (number, number)
