"""The features of a pair say who is who, what stands between, and in which order."""

from __future__ import annotations

from research.analyse.relation_model import INVERSE, RELATIONS, Pair, relation_features


def features(sentence: str, subject: str, target: str) -> set[str]:
    return set(relation_features(Pair(sentence=sentence, subject=subject, object=target)))


def test_names_are_marked_and_teach_nothing() -> None:
    found = features("Quillon competes with Bramble Corp.", "Quillon", "Bramble Corp")
    assert "w=@s competes with" in found
    assert "w=with @o" in found
    assert not any("quillon" in name or "bramble" in name for name in found)


def test_direction_is_told() -> None:
    sentence = "Quillon supplies lenses to Bramble."
    assert "f=order so" in features(sentence, "Quillon", "Bramble")
    assert "f=order os" in features(sentence, "Bramble", "Quillon")
    assert "b=so supplies" in features(sentence, "Quillon", "Bramble")


def test_the_nearest_occurrences_of_both_names_are_meant() -> None:
    sentence = "Quillon grew. Later Bramble sued Quillon."
    assert "b=os sued" in features(sentence, "Quillon", "Bramble")


def test_the_company_may_stand_as_we_or_our() -> None:
    found = features("Our competitors include Bramble and Thistle.", "the company", "Bramble")
    assert "f=order so" in found
    assert "f=competitor.noun so between" in found


def test_a_name_that_does_not_occur_still_has_features() -> None:
    assert "f=order alone" in features("Our rivals are many.", "the company", "Bramble")
    assert features("", "", "")


def test_enumerations_are_counted() -> None:
    assert "f=listed 2" in features("We compete with Bramble, Thistle and Sedge.", "we", "Bramble")


def test_names_are_found_across_line_ends_and_case() -> None:
    assert "f=order so" in features("we buy from Bramble\nOptics today", "we", "BRAMBLE Optics")


def test_inverse_is_an_involution_over_known_relations() -> None:
    assert all(INVERSE[INVERSE[name]] == name and name in RELATIONS for name in INVERSE)
