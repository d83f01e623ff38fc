"""Calibrators keep the order, undo what was done to honest probabilities, and see through noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tagger.classify.calibration import METHODS, Calibrator, compare, fit
from tagger.classify.linear import sigmoid, softmax

Floats = NDArray[np.float64]

LOGITS = arrays(float, st.tuples(st.integers(1, 5), st.integers(2, 6)), elements=st.floats(-12, 12))
SLOPES = st.floats(0.2, 5)


def sampled(count: int, labels: int = 4, seed: int = 0) -> tuple[Floats, Floats]:
    """Honest probabilities, and labels drawn from them."""
    random = np.random.default_rng(seed)
    honest = softmax(random.normal(0, 2, (count, labels)))
    drawn = (random.random((count, 1)) > honest.cumsum(axis=1)).sum(axis=1)
    return honest, np.eye(labels)[np.minimum(drawn, labels - 1)]


def stretched(honest: Floats, by: float) -> Floats:
    return softmax(by * np.log(honest))


@given(LOGITS, SLOPES, st.floats(0, 0.5))
def test_a_calibrator_keeps_order_and_sum(logits: Floats, slope: float, lapse: float) -> None:
    probability = softmax(logits)
    found = Calibrator("softmax", slope, lapse=lapse)(probability)
    assert np.allclose(found.sum(axis=-1), 1)
    likelier = probability[:, :, None] > probability[:, None, :] + 1e-9
    assert (found[:, :, None] >= found[:, None, :])[likelier].all()


@given(LOGITS, SLOPES, st.floats(-3, 3))
def test_of_several_labels_each_keeps_its_rank(logits: Floats, slope: float, intercept: float) -> None:
    probability = sigmoid(logits)
    found = Calibrator("sigmoid", slope, intercept)(probability)
    assert ((found >= 0) & (found <= 1)).all()
    likelier = probability[:, :, None] > probability[:, None, :] + 1e-9
    assert (found[:, :, None] >= found[:, None, :])[likelier].all()


@given(LOGITS)
def test_slope_1_changes_nothing(logits: Floats) -> None:
    assert np.allclose(Calibrator("softmax")(softmax(logits)), softmax(logits), atol=1e-6)
    assert np.allclose(Calibrator("sigmoid")(sigmoid(logits)), sigmoid(logits), atol=1e-6)


def test_certainty_stays_finite() -> None:
    certain = np.array([[1.0, 0.0], [0.0, 1.0]])
    for link in ("softmax", "sigmoid"):
        assert np.isfinite(Calibrator(link, 3.0)(certain)).all()


@given(LOGITS, SLOPES, st.floats(0, 0.9))
def test_what_is_accepted_goes_to_the_likeliest_label(logits: Floats, slope: float, accepted: float) -> None:
    probability = softmax(np.round(logits, 3))  # likelihoods that arithmetic can tell apart, or equal ones
    printed = Calibrator("softmax", slope)(probability)
    found = Calibrator("softmax", slope, accepted=accepted)(probability)
    assert np.allclose(found.sum(axis=-1), 1)
    assert (found.argmax(axis=-1) == probability.argmax(axis=-1)).all()
    assert np.allclose(1 - found.max(axis=-1), (1 - accepted) * (1 - printed.max(axis=-1)))


@pytest.mark.parametrize("by", [0.5, 0.7, 1.4, 2.0])
def test_a_fit_undoes_over_and_under_confidence(by: float) -> None:
    honest, gold = sampled(3000)
    assert fit(stretched(honest, by), gold, "softmax").slope == pytest.approx(1 / by, rel=0.1)


def test_labels_by_chance_are_lapses_and_leave_the_slope_alone() -> None:
    honest, gold = sampled(3000)
    random = np.random.default_rng(1)
    by_chance = random.random(3000) < 0.04
    gold[by_chance] = np.eye(4)[random.integers(0, 4, by_chance.sum())]
    found = fit(honest, gold, "softmax")
    assert found.slope == pytest.approx(1, rel=0.1)
    assert found.lapse == pytest.approx(0.04, abs=0.02)


def test_the_rarer_a_miss_the_likelier_it_is_accepted() -> None:
    honest, gold = sampled(3000)
    found = fit(honest, gold, "softmax")
    misses = 1 - found.printed(honest).max(axis=-1).mean()
    assert found.accepted == pytest.approx(1 / 14 / misses)
    assert found.accepted < 0.5
    certain = np.full((20, 2), [0.999, 0.001])
    assert fit(certain, np.tile([1.0, 0.0], (20, 1)), "softmax").accepted == 0.5


def test_a_fit_of_several_labels_finds_slope_and_intercept() -> None:
    random = np.random.default_rng(1)
    logit = random.normal(0, 2, (2000, 3))
    gold = (random.random(logit.shape) < sigmoid(0.6 * logit + 0.8)).astype(float)
    found = fit(sigmoid(logit), gold, "sigmoid")
    assert (found.slope, found.intercept) == (pytest.approx(0.6, rel=0.1), pytest.approx(0.8, abs=0.15))


def test_two_readers_are_foreseen() -> None:
    """Where one case in seven has two answers, the probability is that either reader agrees."""
    random = np.random.default_rng(4)
    honest, first = sampled(20000, seed=4)
    right = first[np.arange(len(first)), honest.argmax(axis=1)] > 0
    misses = np.flatnonzero(~right)
    second = random.random(len(misses)) < 1 / 14 / (1 - honest.max(axis=1).mean())
    accepted = right.copy()
    accepted[misses[second]] = True
    found = fit(honest, first, "softmax")(honest).max(axis=1)
    assert found.mean() == pytest.approx(accepted.mean(), abs=0.01)
    for low, high in ((0.3, 0.6), (0.6, 0.9)):
        part = (found >= low) & (found < high)
        assert found[part].mean() == pytest.approx(accepted[part].mean(), abs=0.03)


def test_without_evidence_a_slope_stays_near_1() -> None:
    honest, gold = sampled(4, seed=3)
    for by in (0.3, 3.0):
        found = fit(stretched(honest, by), gold, "softmax")
        assert abs(np.log(found.slope)) < 0.6 * abs(np.log(by))


def test_any_of_several_right_labels_counts() -> None:
    probability = np.tile([0.9, 0.05, 0.05], (50, 1))
    both = np.tile([0.5, 0.5, 0.0], (50, 1))
    assert fit(probability, both, "softmax") == fit(probability, (both > 0) * 1.0, "softmax")
    assert fit(probability, both, "softmax").slope > 1


def test_methods_are_compared_on_cases_that_they_have_not_seen() -> None:
    honest, gold = sampled(150)
    overconfident = stretched(honest, 3.0)
    found = compare(overconfident, gold, folds=5, repeats=2)
    assert set(found) == set(METHODS)
    right = gold[np.arange(len(gold)), honest.argmax(axis=1)] > 0
    gap = {name: abs(confidence.mean() - right.mean()) for name, confidence in found.items()}
    assert found["beta"].shape == (2, 150)
    assert gap["as it is"] > 0.1
    assert all(gap[name] < 0.5 * gap["as it is"] for name in METHODS if name != "as it is")
