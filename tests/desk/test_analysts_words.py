"""A sentence that an analyst vouches for is marked in every export, and is never passed off as verified."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from pipelines.bootstrap import open_workspace
from pipelines.making import stored_brief
from pipelines.verify import Verification, verify_file
from research.export.write import write_brief
from research.model.judgement import Judgement
from research.store.connect import open_store
from research.store.findings import load_findings
from research.store.judgements import decide, seen_of
from tests.desk.stored import ACCOUNT, NOW

OWN = "They told us over lunch that Gdansk is closing."


def say(home: Path, key: str, verdict: str, *targets: str, kind: str = "section", **more: str) -> None:
    judgement = Judgement(
        id=key, account_id=ACCOUNT.id, target_kind=kind, target_ids=targets, verdict=verdict, analyst="Ada", at=NOW, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    with open_store(home) as store:
        decide(store, judgement, seen_of(store, ACCOUNT.id, targets))


def exported(home: Path, out: Path) -> tuple[dict, str, str]:  # type: ignore[type-arg]
    with open_workspace(home, lambda: NOW) as workspace:
        brief = stored_brief(ACCOUNT.id, workspace)
        assert brief is not None
        write_brief(brief, out)
    read = [(out / f"brief.{name}").read_text(encoding="utf-8") for name in ("json", "md", "html")]
    return json.loads(read[0]), read[1], read[2]


def checked(home: Path, path: Path) -> Verification:
    with open_workspace(home, lambda: NOW) as workspace:
        return verify_file(path, workspace)


def claims(data: dict, name: str) -> list[dict]:  # type: ignore[type-arg]
    return next(section["claims"] for section in data["sections"] if section["name"] == name)


def test_a_sentence_without_evidence_is_marked_everywhere_and_not_verified(home: Path, tmp_path: Path) -> None:
    before = checked_claims(home, tmp_path)
    say(home, "add-1", "add", "pains", edit=OWN)
    data, markdown, page = exported(home, tmp_path / "out")
    assert claims(data, "pains")[-1] == {
        "text": OWN, "findings": [], "analyst": "Ada", "written": NOW, "unverified": "analyst's word",
    }  # fmt: skip
    assert f"{OWN} **analyst's word**" in markdown
    assert '<span class="flag">analyst&#39;s word</span>' in page
    result = checked(home, tmp_path / "out" / "brief.json")
    assert result.problems == ()
    assert result.analysts_words == (f"pains: {OWN} (Ada, {NOW[:10]})",)
    assert result.claims == before


def checked_claims(home: Path, tmp_path: Path) -> int:
    exported(home, tmp_path / "before")
    return checked(home, tmp_path / "before" / "brief.json").claims


def test_an_edited_sentence_keeps_its_citations_and_is_verified_where_its_quotes_show_it(
    home: Path, tmp_path: Path
) -> None:
    drafted = claims(exported(home, tmp_path / "one")[0], "pains")
    shorter, invented = drafted[0], drafted[1]
    true = shorter["text"].replace(".", "").strip() + "."
    say(home, "edit-1", "edit", "pains", *shorter["findings"], edit=true)
    say(home, "edit-2", "edit", "pains", *invented["findings"], edit="Gdansk loses 900 people.")
    after = claims(exported(home, tmp_path / "two")[0], "pains")
    assert (after[0]["text"], after[0]["findings"], after[0]["analyst"]) == (true, shorter["findings"], "Ada")
    assert "unverified" not in after[0]
    assert (after[1]["findings"], after[1]["unverified"]) == (invented["findings"], "analyst's word")


def test_words_on_a_finding_are_marked_too(home: Path, tmp_path: Path) -> None:
    data = exported(home, tmp_path / "one")[0]
    cited = claims(data, "pains")[0]["findings"][0]
    say(home, "edit-1", "edit", cited, kind="finding", edit="Berths are their sore point")
    after = claims(exported(home, tmp_path / "two")[0], "pains")
    (said,) = [claim for claim in after if "Berths" in claim["text"]]
    assert (said["analyst"], said["unverified"]) == ("Ada", "analyst's word")
    assert checked(home, tmp_path / "two" / "brief.json").problems == ()


def test_nobody_gets_past_the_check_by_calling_a_sentence_an_analysts_word(home: Path, tmp_path: Path) -> None:
    say(home, "add-1", "add", "pains", edit=OWN)
    data, _, _ = exported(home, tmp_path / "out")
    claims(data, "pains")[0] |= {"text": "They lost 4,000 ships.", "unverified": "analyst's word", "analyst": "Ada"}
    claims(data, "pains")[-1]["text"] = OWN.replace("Gdansk", "Antwerp")
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    found = checked(home, path).problems
    assert [problem.kind for problem in found] == ["analyst", "analyst"]
    assert "no analyst's word of this store" in found[0].detail


def test_a_rejected_finding_leaves_the_sections_at_once(home: Path, tmp_path: Path) -> None:
    with open_store(home) as store:
        people = [f for f in load_findings(store, ACCOUNT.id) if f.kind == "person"]
    say(home, "reject-1", "reject", people[0].id, kind="finding", reason="stale")
    data, markdown, _ = exported(home, tmp_path / "out")
    assert all(people[0].id not in claim["findings"] for section in data["sections"] for claim in section["claims"])
    assert (
        people[0].text("name")
        not in markdown.partition("## Evidence")[0].partition("### People")[2].partition("###")[0]
    )
    assert checked(home, tmp_path / "out" / "brief.json").problems == ()


def test_a_brief_without_the_teams_own_documents_has_no_words_on_them(home: Path, tmp_path: Path) -> None:
    from pipelines.words import with_words

    with open_workspace(home, lambda: NOW) as workspace:
        brief = stored_brief(ACCOUNT.id, workspace)
    assert brief is not None
    on_hidden = Judgement(
        id="hidden-1", account_id=ACCOUNT.id, target_kind="section", target_ids=("pains", "of a hidden finding"), verdict="edit",
        analyst="Ada", at=NOW, edit="What only our notes say.",
    )  # fmt: skip
    told = with_words(brief, (on_hidden,))
    shown = with_words(replace(brief), (on_hidden,), keep_uncited=False)
    assert [c.unverified for s in told.sections for c in s.claims if c.text == on_hidden.edit] == [True]
    assert not any(c.text == on_hidden.edit for s in shown.sections for c in s.claims)
