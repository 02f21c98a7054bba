"""After a refresh: people's words stay, and they hear of what moved beneath them."""

from __future__ import annotations

from typing import Any

from research.model.draft import Claim, Section
from research.model.judgement import Judgement
from research.review.carry import carry_over


def section(*claims: tuple[str, str], inputs: str = "1") -> Section:
    return Section(
        name="pains", title="Pains", claims=tuple(Claim(text=text, finding_ids=(i,)) for i, text in claims), gaps=(),
        drafter="template/1", prompt_sha256="p", inputs_sha256=inputs,
    )  # fmt: skip


def judged(verdict: str, *ids: str, edit: str | None = None, name: str = "pains", **more: Any) -> Judgement:
    return Judgement(
        id=verdict + "".join(ids), account_id="a", target_kind="section", target_ids=(name, *ids), verdict=verdict,  # type: ignore[arg-type]
        analyst="ada", at="2024-03-01", edit=edit, **more,
    )  # fmt: skip


EDIT = judged("edit", "f1", edit="ONE, in our words", base=("one",))


def texts(carried: Section) -> list[str]:
    return [claim.text for claim in carried.claims]


def test_nothing_decided_gives_the_new_draft() -> None:
    new = section(("f2", "two"), ("f3", "three"), inputs="2")
    result = carry_over(new, [judged("edit", "f1", edit="x", name="goals")])
    assert (result.section, result.proposals, result.reopened) == (new, (), None)


def test_words_stay_without_a_question_where_the_ground_did_not_move() -> None:
    result = carry_over(section(("f1", "one"), ("f3", "three")), [EDIT])
    assert texts(result.section) == ["ONE, in our words", "three"]
    assert result.section.claims[0].analyst == "ada"
    assert result.section.claims[0].finding_ids == ("f1",)
    assert result.section.drafter == "template/1+analyst"
    assert result.proposals == ()


def test_words_stay_and_both_changes_are_proposed_where_the_draft_moved() -> None:
    result = carry_over(section(("f1", "one and a half")), [EDIT])
    assert texts(result.section) == ["ONE, in our words"]
    (found,) = result.proposals
    assert (found.old_text, found.human_text, found.new_text) == ("one", "ONE, in our words", "one and a half")
    assert found.merged is not None
    assert not found.merged.clean


def test_words_stay_even_where_the_new_draft_dropped_the_sentence() -> None:
    result = carry_over(section(("f2", "two")), [EDIT])
    assert texts(result.section) == ["two", "ONE, in our words"]
    assert (result.proposals[0].new_text, result.proposals[0].merged) == (None, None)


def test_an_answer_to_the_proposal_ends_it() -> None:
    answer = judged("edit", "f1", edit="ONE and a half", base=("one and a half",), supersedes=EDIT.id)
    answer = Judgement(**{**{n: getattr(answer, n) for n in Judgement.__slots__}, "id": "later", "at": "2024-03-02"})
    result = carry_over(section(("f1", "one and a half")), [EDIT, answer])
    assert (texts(result.section), result.proposals) == (["ONE and a half"], ())


def test_two_sentences_on_the_same_findings_are_edited_as_one() -> None:
    assert texts(carry_over(section(("f1", "one"), ("f1", "again")), [EDIT]).section) == ["ONE, in our words"]


def test_a_rejected_sentence_does_not_come_back() -> None:
    assert texts(carry_over(section(("f1", "one"), ("f2", "two")), [judged("reject", "f2")]).section) == ["one"]


def test_a_sentence_of_ones_own_stands_behind_the_drafted_ones_with_what_it_cites() -> None:
    bare, citing = judged("add", edit="They hate forms."), judged("add", "f9", edit="So says f9.")
    claims = carry_over(section(("f1", "one")), [bare, citing]).section.claims
    assert [(c.text, c.finding_ids, c.analyst) for c in claims] == [
        ("one", ("f1",), ""), ("They hate forms.", (), "ada"), ("So says f9.", ("f9",), "ada"),
    ]  # fmt: skip


def test_an_accepted_section_is_opened_again_only_if_its_inputs_changed() -> None:
    accept = judged("accept", inputs=("1",), base=("one",))
    same, other = carry_over(section(("f1", "one")), [accept]), carry_over(section(("f1", "one"), inputs="2"), [accept])
    assert (same.accepted, same.reopened) == (accept, None)
    assert (other.accepted, other.reopened) == (None, accept)
