"""Themes group what speaks of the same, and their labels stand in their members."""

from __future__ import annotations

import numpy as np
import pytest

from research.cluster.labels import choose_labels, content_words
from research.cluster.themes import cut, embed, group_rows, themes
from research.cluster.vectors import Vectors, load_vectors, read_vectors, save_vectors
from research.errors import DossierError
from research.model.finding import Finding, attributes

TEXTS = (
    "A shortage of skilled nurses limits the number of beds we can open.",
    "Skilled nurses are hard to find and wages rise.",
    "We lost skilled nurses to other hospitals.",
    "Data breaches exposed patient records last spring.",
    "Hackers and data breaches threaten our records.",
    "The cost of data breaches keeps rising.",
    "Rising energy prices push up the cost of heating.",
    "Energy prices doubled within two years.",
    "High energy prices hit our laundry.",
)


def make_findings(texts: tuple[str, ...] = TEXTS) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            id=f"f{number:02}",
            account_id="acme",
            kind="signal",
            attributes=attributes(type="pain", holder="account", phrase=text[:40]),
            confidence=0.9 - number / 100,
            status="new",
            first_seen="2025-01-01T00:00:00Z",
            last_seen="2025-01-01T00:00:00Z",
            evidence=(),
        )
        for number, text in enumerate(texts)
    )


def texts_by_id(texts: tuple[str, ...] = TEXTS) -> dict[str, str]:
    return {f"f{number:02}": text for number, text in enumerate(texts)}


def test_findings_of_one_subject_come_together() -> None:
    found = themes(make_findings(), texts_by_id(), ("Acme",))
    assert {frozenset(t.finding_ids) for t in found} == {
        frozenset({"f00", "f01", "f02"}),
        frozenset({"f03", "f04", "f05"}),
        frozenset({"f06", "f07", "f08"}),
    }


def test_labels_stand_verbatim_in_two_members_and_differ() -> None:
    found = themes(make_findings(), texts_by_id(), ("Acme",))
    for theme in found:
        holding = [i for i in theme.finding_ids if theme.label.lower() in texts_by_id()[i].lower()]
        assert len(holding) >= 2, theme.label
        assert theme.medoid in theme.finding_ids
    assert {t.label for t in found} == {"Skilled nurses", "Data breaches", "Energy prices"}


def test_order_of_findings_does_not_matter_and_ids_are_stable() -> None:
    forwards = themes(make_findings(), texts_by_id(), ())
    backwards = themes(make_findings()[::-1], texts_by_id(), ())
    assert forwards == backwards


def test_too_few_findings_make_no_theme() -> None:
    assert themes(make_findings(TEXTS[:3]), texts_by_id(TEXTS[:3]), ()) == ()


def test_findings_without_a_word_in_common_make_no_labelled_theme() -> None:
    texts = ("Alpha one.", "Bravo two.", "Charlie three.", "Delta four.")
    assert themes(make_findings(texts), texts_by_id(texts), ()) == ()


def test_label_is_neither_a_fragment_nor_the_account() -> None:
    texts = ["Acme continues to improve the Acme supply chain quickly", "We improve the Acme supply chain again"]
    assert choose_labels([texts], ("Acme Inc",)) == ["Supply chain"]


def test_a_longer_phrase_goes_before_the_part_of_it() -> None:
    texts = ["our products and professional services", "the products and professional services of ours"]
    assert choose_labels([texts], ()) == ["Products and professional services"]


def test_content_words_drop_function_words_and_the_account() -> None:
    assert content_words("Acme's outages will hurt the 24 stores", ("Acme Inc",)) == ["outages", "hurt", "stores"]


def test_cut_undoes_the_last_merges() -> None:
    merges = np.array([[0, 1], [2, 3], [4, 5]])  # ((0 1) (2 3))
    assert len(set(cut(merges, 4, 1))) == 1
    assert cut(merges, 4, 2).tolist() == [0, 0, 1, 1]
    assert len(set(cut(merges, 4, 4))) == 4


def test_a_few_rows_are_one_group() -> None:
    assert group_rows(np.eye(3)).tolist() == [0, 0, 0]


def test_vectors_bring_related_words_together() -> None:
    near, far, base = load_vectors().embed([{"lawsuit": 1.0}, {"banana": 1.0}, {"litigation": 1.0}])
    assert base @ near > base @ far + 0.2


def test_words_that_are_not_known_are_made_of_pieces() -> None:
    vectors = Vectors.quantise(["cyber", "##attack"], np.eye(2), np.ones(2))
    assert vectors.pieces("cyberattack") == (0, 1)
    assert vectors.pieces("zebra") == ()
    assert not vectors.embed([{"zebra": 1.0}]).any()


def test_vectors_are_read_as_they_were_saved(tmp_path) -> None:
    vectors = Vectors.quantise(["a", "b"], np.array([[1.0, -2.0], [0.5, 0.25]]), np.array([0.5, 1.0]))
    save_vectors(vectors, tmp_path / "v.npz")
    again = read_vectors((tmp_path / "v.npz").read_bytes())
    assert again.words == vectors.words
    assert np.allclose(again.embed([{"a": 1.0}]), vectors.embed([{"a": 1.0}]), atol=1e-3)
    with pytest.raises(DossierError, match="install"):
        read_vectors(b"")


def test_embedding_counts_shared_words_more() -> None:
    space = embed([["energy", "prices"], ["energy", "costs"], ["nurses", "wages"]], load_vectors())
    assert space[0] @ space[1] > space[0] @ space[2]
