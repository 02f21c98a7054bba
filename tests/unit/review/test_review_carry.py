"""After a refresh: people's words stay, and they hear of what moved beneath them."""

from __future__ import annotations

from research.model.draft import Claim, Section
from research.model.judgement import Judgement
from research.review.carry import Proposal, carry_over


def section(*claims: tuple[str, str], inputs: str = "1") -> Section:
    return Section(
        name="pains", title="Pains", claims=tuple(Claim(text=text, finding_ids=(i,)) for i, text in claims), gaps=(),
        drafter="template/1", prompt_sha256="p", inputs_sha256=inputs,
    )  # fmt: skip


def judged(verdict: str, *ids: str, edit: str | None = None, name: str = "pains") -> Judgement:
    return Judgement(
        id=verdict + "".join(ids), account_id="a", target_kind="section", target_ids=(name, *ids), verdict=verdict,  # type: ignore[arg-type]
        analyst="ada", at="2024-03-01", edit=edit,
    )  # fmt: skip


OLD = section(("f1", "one"), ("f2", "two"))
EDIT = judged("edit", "f1", edit="ONE, in our words")


def texts(carried: Section) -> list[str]:
    return [claim.text for claim in carried.claims]


def test_nothing_decided_gives_the_new_draft() -> None:
    new = section(("f2", "two"), ("f3", "three"), inputs="2")
    result = carry_over(OLD, new, [judged("edit", "f1", edit="x", name="goals")])
    assert (result.section, result.proposals, result.reopened) == (new, (), False)


def test_words_stay_without_a_question_where_the_ground_did_not_move() -> None:
    result = carry_over(OLD, section(("f1", "one"), ("f3", "three")), [EDIT])
    assert texts(result.section) == ["ONE, in our words", "three"]
    assert result.section.drafter == "template/1+analyst"
    assert result.proposals == ()


def test_words_stay_and_the_new_draft_is_proposed_where_it_moved() -> None:
    result = carry_over(OLD, section(("f1", "one and a half")), [EDIT])
    assert texts(result.section) == ["ONE, in our words"]
    assert result.proposals == (
        Proposal(finding_ids=("f1",), old_text="one", human_text="ONE, in our words", new_text="one and a half"),
    )


def test_words_stay_even_where_the_new_draft_dropped_the_sentence() -> None:
    result = carry_over(OLD, section(("f2", "two")), [EDIT])
    assert texts(result.section) == ["two", "ONE, in our words"]
    assert result.proposals[0].new_text is None


def test_a_rejected_sentence_does_not_come_back() -> None:
    assert texts(carry_over(OLD, OLD, [judged("reject", "f2")]).section) == ["one"]


def test_an_accepted_section_is_opened_again_only_if_its_inputs_changed() -> None:
    accept = judged("accept")
    assert not carry_over(OLD, section(("f1", "one")), [accept]).reopened
    assert carry_over(OLD, section(("f1", "one"), inputs="2"), [accept]).reopened
