"""The scikit-learn estimator: on notices, and held to scikit-learn's own checks of estimators."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import validate_data

from tagger.casebook import read_cases
from tagger.classify import CaseClassifier

CASES = read_cases()[:60]
TEXTS = [case.text for case in CASES]
NATURES = np.array([case.nature[0] for case in CASES])


@pytest.fixture(scope="module")
def fitted() -> CaseClassifier:
    return CaseClassifier("nature").fit(TEXTS, NATURES)


def test_learns_and_ranks_the_labels_it_was_given(fitted: CaseClassifier) -> None:
    assert list(fitted.classes_) == sorted(set(NATURES))
    probabilities = fitted.predict_proba(TEXTS)
    assert probabilities.shape == (60, len(fitted.classes_))
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert (fitted.predict(TEXTS) == fitted.classes_[probabilities.argmax(axis=1)]).all()
    answers = zip(fitted.predict(TEXTS), CASES, strict=True)
    assert np.mean([label in case.nature for label, case in answers]) > 0.95


def test_knows_what_words_mean_before_the_cases_say_so() -> None:
    two = ["某公司网站被黑客入侵，未落实安全保护义务，被罚款。", "某男子出售公民个人信息，被行政拘留。"]
    classifier = CaseClassifier("industry").fit(two * 2, ["互联网", "医疗卫生"] * 2)
    assert classifier.predict(["某医院的患者资料泄露"]) == ["医疗卫生"]


def test_labels_may_be_anything(fitted: CaseClassifier) -> None:
    numbers = np.where(np.equal(NATURES, NATURES[0]), 7, 3)
    classifier = CaseClassifier("nature").fit(TEXTS, numbers)
    assert list(classifier.classes_) == [3, 7]
    assert set(classifier.predict(TEXTS)) == {3, 7}


def test_one_label_is_learnt_too() -> None:
    classifier = CaseClassifier().fit(TEXTS[:3], ["金融"] * 3)
    assert (classifier.predict_proba(TEXTS[:2]) == 1.0).all()


def test_weights_count(fitted: CaseClassifier) -> None:
    contrary = np.roll(NATURES, 20)
    both = CaseClassifier("nature").fit(TEXTS * 2, [*NATURES, *contrary], [100.0] * 60 + [1e-3] * 60)
    assert (both.predict(TEXTS) == NATURES).mean() > 0.95


def test_survives_pickling_and_cloning(fitted: CaseClassifier) -> None:
    again = pickle.loads(pickle.dumps(fitted))
    assert (again.predict_proba(TEXTS) == fitted.predict_proba(TEXTS)).all()
    with pytest.raises(NotFittedError):
        clone(fitted).predict(TEXTS)
    strict = CaseClassifier(knowledge=3.0)
    assert strict.get_params() == {"target": "industry", "knowledge": 3.0, "text": None, "tie": None}
    assert strict.set_params(text=0.5).text == 0.5


def test_the_ecosystems_tools_work_on_it() -> None:
    search = GridSearchCV(CaseClassifier("nature"), {"knowledge": [3.0, 30.0]}, cv=2).fit(TEXTS, NATURES)
    assert search.best_params_["knowledge"] in (3.0, 30.0)
    calibrated = CalibratedClassifierCV(CaseClassifier("nature"), cv=2, ensemble=False).fit(TEXTS, NATURES)
    assert np.allclose(calibrated.predict_proba(TEXTS).sum(axis=1), 1.0)


@pytest.mark.parametrize(
    ("parameters", "texts", "labels", "message"),
    [
        pytest.param({"target": "statutes"}, TEXTS, NATURES, "must be one of", id="target"),
        pytest.param({"text": 0.0}, TEXTS, NATURES, "above 0", id="precision"),
        pytest.param({}, TEXTS[0], ["金融"], "sequence of texts", id="one text"),
        pytest.param({}, [1, 2], ["金融", "能源"], "sequence of texts", id="numbers"),
        pytest.param({}, [], [], "no text", id="nothing"),
        pytest.param({}, TEXTS, NATURES[:5], "60 texts have 5 labels", id="lengths"),
        pytest.param({}, TEXTS[:2], [0.5, float("nan")], "NaN", id="a label that is none"),
    ],
)
def test_input_that_is_refused(parameters: dict[str, Any], texts: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CaseClassifier(**parameters).fit(texts, labels)


def test_asking_for_the_package_imports_no_scikit_learn() -> None:
    asked = "import sys, tagger.classify; print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout == "False\n"


class SpelledNumbers(CaseClassifier):
    """Takes what scikit-learn's checks give, rows of numbers, and spells each row as a text.

    Of an estimator that takes texts they would check nothing: they have no texts to give.

    A number becomes a word: a character for its column and one for its size, so like rows are like texts.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = False
        tags.input_tags.one_d_array = False
        tags.input_tags.two_d_array = True
        return tags

    def _texts(self, X: Any, *, reset: bool) -> list[str]:
        rows = validate_data(self, X, reset=reset, dtype=float)
        sizes = np.clip(np.round(rows * 2), -99, 99).astype(int) + 100
        return [
            "，".join(chr(0x5C00 + k) + chr(0x5000 + size) for k, size in enumerate(row)) for row in sizes
        ]


NOT_OF_TEXTS = {
    "check_sample_weight_equivalence_on_dense_data": "which terms are counted, and how rare they are, depends "
    "on the texts and not on their weights, as in every pipeline that begins with TfidfVectorizer",
}
"""Checks that do not apply to texts, and why. scikit-learn itself passes over those of sparse matrices,
missing values, pandas columns of numbers and array libraries, which its tags rule out."""


@pytest.mark.slow
@parametrize_with_checks([SpelledNumbers()], expected_failed_checks=lambda _: NOT_OF_TEXTS)
def test_scikit_learns_checks(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
