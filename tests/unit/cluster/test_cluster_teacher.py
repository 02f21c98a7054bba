"""The teacher, where transformers is installed (the extra `train`), on an encoder of random weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from research.cluster.teacher import Teacher, load_teacher
from research.cluster.tuning import Course, Question
from research.errors import UsageError
from research.text.parts import Part, Parts

WORDS = (
    "<s>",
    "<pad>",
    "</s>",
    "[UNK]",
    "<mask>",
    "the",
    "mill",
    "yard",
    "depot",
    "port",
    "grew",
    "won",
    "lost",
    "fell",
)
SUBJECTS, GOOD, BAD = WORDS[6:10], WORDS[10:12], WORDS[12:14]
ROWS: list[tuple[Parts, int]] = [
    ((Part(text=f"The {subject} {verb}", most=8, slot=1), Part(text="The yard", most=4, side=1)), kind)
    for subject in SUBJECTS
    for kind, verbs in enumerate((GOOD, BAD))
    for verb in verbs
]
TRAIN, TEST = list(range(12)), list(range(12, 16))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch", reason="an extra: pip install -c constraints-train.txt '.[train]'")
    transformers = pytest.importorskip(
        "transformers", reason="an extra: pip install -c constraints-train.txt '.[train]'"
    )
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    path = tmp_path_factory.mktemp("mpnet")
    torch.manual_seed(0)
    config = transformers.MPNetConfig(
        vocab_size=len(WORDS),
        hidden_size=24,
        num_hidden_layers=12,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    transformers.MPNetModel(config, add_pooling_layer=False).save_pretrained(path)
    tokenizer = Tokenizer(models.WordPiece({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(path / "tokenizer.json"))
    return path


@pytest.fixture(scope="module")
def teacher(folder: Path) -> Teacher:
    return load_teacher(folder)


def test_an_input_is_laid_out_as_a_reader_gets_it(teacher: Teacher) -> None:
    layout = teacher.lay_out((Part(text="the mill won", most=8, slot=2), Part(text="the port", most=8, slot=1)))
    assert [WORDS[row] for row in layout.rows] == ["<s>", "the", "mill", "won", "</s>", "the", "port", "</s>"]
    assert layout.spans == ((5, 7), (1, 4))


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("head", "mill yard depot port grew"), ("tail", "depot port grew won lost"), ("ends", "mill yard depot won lost")],
)
def test_a_long_part_keeps_what_it_is_to_keep_and_a_quarter_more_than_a_reader_gets(
    teacher: Teacher, keep: str, kept: str
) -> None:
    part = Part(text="mill yard depot port grew won lost", most=4, keep=keep)  # type: ignore[arg-type]
    assert " ".join(WORDS[row] for row in teacher.lay_out((part,)).rows[1:-1]) == kept


def test_a_teacher_learns_and_answers_for_rows_that_it_has_not_seen(teacher: Teacher) -> None:
    lesson = teacher.prepare([teacher.lay_out(parts) for parts, _ in ROWS], [1.0] * len(ROWS))
    question = Question(labels=("good", "bad"), truth=[kind for _, kind in ROWS])
    course = Course(rounds=60, rate=3e-3, head_rate=5.0, batch=12, mean=True)
    first, again = (teacher.learn(lesson, TRAIN, {"mood": question}, course) for _ in range(2))
    answers = first.answer(lesson, TEST)["mood"]
    assert answers.argmax(axis=1).tolist() == [question.truth[at] for at in TEST]
    assert (answers == again.answer(lesson, TEST)["mood"]).all()


def test_a_folder_without_the_model_is_refused(folder: Path, tmp_path: Path) -> None:
    assert folder.is_dir()
    with pytest.raises(UsageError, match=r"holds no config\.json: name the folder of all-mpnet-base-v2"):
        load_teacher(tmp_path)


@pytest.mark.parametrize("other", [{"model_type": "bert"}, {"num_hidden_layers": 6}])
def test_another_model_is_refused(folder: Path, tmp_path: Path, other: dict[str, object]) -> None:
    shutil.copytree(folder, tmp_path / "other")
    config = json.loads((folder / "config.json").read_text())
    (tmp_path / "other" / "config.json").write_text(json.dumps(config | other))
    with pytest.raises(UsageError, match="holds no MPNet of more than 8 layers"):
        load_teacher(tmp_path / "other")
