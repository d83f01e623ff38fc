"""What the written examples teach, and how it becomes the prior of a casebook."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tagger.casebook import FIELD_NOTICES, Case, read_cases
from tagger.classify.lessons import EXAMPLES, Lessons, keep, kept, read_examples
from tagger.classify.training import Ground, learn_lessons
from tagger.law.catalogue import load_catalogue
from tagger.statutes import read_statutes
from tagger.taxonomy import taxonomy

LESSONS = Lessons(
    names=("any|act.leak", "gate|person"),
    terms=("泄露",),
    frequency=np.array([7]),
    notices=9,
    labels={"nature": ("其他", "外部入侵")},
    weights={"nature": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float16)},
    bias={"nature": np.array([0.25, 0.5], np.float16)},
)


def test_weights_are_found_by_name_and_label() -> None:
    prior = np.array([[9.0, 9.0, 9.0], [8.0, 8.0, 8.0]])
    found = LESSONS.weights_for(
        "nature", ("gate|person", "gate|ours"), ("数据", "泄露"), ("外部入侵", "自定", "其他"), prior
    )
    assert found.tolist() == [[4, 9, 3], [8, 8, 8], [0, 0, 0], [6, 0, 5]]


def test_a_label_of_ones_own_keeps_the_tables_bias() -> None:
    found = LESSONS.bias_for("nature", ("自定", "其他"), np.array([-3.0, 0.0]))
    assert found.tolist() == [-3.0, 0.25]


def test_terms_are_counted_in_the_examples() -> None:
    assert LESSONS.frequency_of(("数据", "泄露")).tolist() == [0, 7]


def test_lessons_are_kept_and_found_again(tmp_path: Path) -> None:
    keep(LESSONS, "a sum", tmp_path / "lessons")
    found = kept("a sum", tmp_path / "lessons")
    assert found is not None
    assert (found.names, found.terms, found.notices) == (LESSONS.names, LESSONS.terms, LESSONS.notices)
    assert found.labels == LESSONS.labels
    assert found.frequency.tolist() == LESSONS.frequency.tolist()
    assert found.weights["nature"].tolist() == LESSONS.weights["nature"].tolist()
    assert found.bias["nature"].tolist() == LESSONS.bias["nature"].tolist()


@pytest.mark.parametrize("what", ["learnt from something else", "damaged", "not there"])
def test_lessons_that_cannot_be_used_are_learnt_anew(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "lessons"
    if what != "not there":
        keep(LESSONS, "a sum", folder)
    if what == "damaged":
        (folder / "weights.npy").write_bytes(b"")
    assert kept("another" if what == "learnt from something else" else "a sum", folder) is None


def test_what_ships_is_what_the_examples_teach() -> None:
    """Where this fails, words, tables, examples or how they are read have changed: run train.py."""
    ground = Ground.shipped()
    shipped, learnt = kept(ground.sum), learn_lessons(ground)
    assert shipped is not None
    assert (shipped.terms, shipped.labels) == (learnt.terms, learnt.labels)
    for target, weights in shipped.weights.items():
        old = dict(zip((*shipped.names, *shipped.terms), weights, strict=True))
        new = dict(zip((*learnt.names, *learnt.terms), learnt.weights[target], strict=True))
        # Another processor may sum in another order.
        assert max(float(np.abs(old[name] - new[name]).max()) for name in old.keys() & new.keys()) < 0.02


@pytest.fixture(scope="module")
def examples() -> tuple[Case, ...]:
    return read_examples()


def test_every_file_is_described() -> None:
    described = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in described for path in EXAMPLES.glob("*.jsonl"))


def test_ids_are_unique_and_no_case_is_among_them(examples: tuple[Case, ...]) -> None:
    ids = [case.id for case in examples]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {case.id for case in read_cases()}


def test_labels_are_the_taxonomys(examples: tuple[Case, ...]) -> None:
    for target in ("industry", "subject", "nature"):
        allowed = set(taxonomy()[target].labels)
        wrong = {case.id: case.labels(target) for case in examples if not set(case.labels(target)) <= allowed}
        assert not wrong
        assert all(case.labels(target) for case in examples)


def test_statutes_can_be_read(examples: tuple[Case, ...]) -> None:
    catalogue = load_catalogue(None)
    unread = {case.id: read_statutes("、".join(case.statutes), catalogue)[1] for case in examples}
    assert not {id_: [str(one) for one in found] for id_, found in unread.items() if found}


def test_no_example_repeats_a_development_notice(examples: tuple[Case, ...]) -> None:
    from tagger.promotion import development_notices, told_in

    assert FIELD_NOTICES.exists()
    assert not told_in(development_notices(), examples)
