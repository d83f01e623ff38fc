"""From scores to probabilities that keep their promise: right seven times in ten where they say 0.7.

A calibrator stretches the log-odds of one target: p -> softmax(slope · log p), or, where several labels
may be right at once, sigmoid(slope · logit p + intercept). It is fitted on out-of-fold probabilities,
never on those of cases that the model has seen, and it never changes the order of labels.

A casebook gives one answer a case, and some cases have two: readers of the field notices who did not
see each other left one in seven open between two labels (data/field/README.md). A plain fit takes every
such case for over-confidence and doubts everything. So the fit supposes that a share `noise` of the
labels is not the one meant, estimates it along with the slope (as label-noise models do: Natarajan et
al. 2013), and the calibrator gives the probability of a label that a reader would accept. With some
hundred cases the slope is held near 1 by a Gaussian prior on its logarithm.

numpy only at tag time; scipy is imported when a calibrator is fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagger.classify.linear import Link, sigmoid, softmax

Floats = NDArray[np.float64]

_TINY = 1e-9
_PRIOR_WIDTH = 0.5
"""Standard deviation of log slope: slopes of 0.6 to 1.6 need no more evidence than a few cases give."""
_OPEN, _OPEN_WEIGHT = 1 / 7, 100.0
"""The share of cases with two answers, of which a casebook prints either, and how many labels that
knowledge is worth. A label drawn at random misses the one meant a little less often than it is drawn."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """What is done to one target's probabilities. `noise` was estimated beside it (doubt.py uses it)."""

    link: Link
    slope: float = 1.0
    intercept: float = 0.0
    noise: float = 0.0

    def __call__(self, probability: Floats) -> Floats:
        """The calibrated probabilities, labels along the last axis."""
        if self.link == "softmax":
            return softmax(self.slope * np.log(np.maximum(probability, _TINY)))
        return sigmoid(self.slope * _logit(probability) + self.intercept)


def fit(probability: Floats, gold: Floats, link: Link) -> Calibrator:
    """The calibrator of out-of-fold probabilities (cases by labels).

    `gold` is 1 (softmax: or a share) where a label is right. For softmax a case counts with its likeliest
    right label: any of them first is a right card.
    """
    if link == "softmax":
        return _fit_softmax(probability, gold)
    return _fit_sigmoid(probability, gold)


def _fit_softmax(probability: Floats, gold: Floats) -> Calibrator:
    from scipy.optimize import minimize

    score = np.log(np.maximum(probability, _TINY))
    any_label = 1.0 / probability.shape[1]
    misses = _OPEN / (2.0 - 2.0 * any_label) if any_label < 1.0 else 0.5
    a, b = misses * _OPEN_WEIGHT, (1.0 - misses) * _OPEN_WEIGHT

    def loss(parameters: Floats) -> float:
        log_slope, noise = parameters[0], float(sigmoid(parameters[1]))
        right = np.where(gold > 0, softmax(np.exp(log_slope) * score), 0.0).max(axis=1)
        likelihood = np.log((1 - noise) * right + noise * any_label + _TINY).sum()
        prior = -(log_slope**2) / (2 * _PRIOR_WIDTH**2) + a * np.log(noise) + b * np.log1p(-noise)
        return -float(likelihood + prior)

    found = minimize(loss, np.array([0.0, -3.0]), method="Nelder-Mead").x
    return Calibrator("softmax", float(np.exp(found[0])), 0.0, float(sigmoid(found[1])))


def _fit_sigmoid(probability: Floats, gold: Floats) -> Calibrator:
    from scipy.optimize import minimize

    score, wanted = _logit(probability).ravel(), (gold > 0).astype(float).ravel()

    def loss(parameters: Floats) -> float:
        logit = np.exp(parameters[0]) * score + parameters[1]
        fit = (np.logaddexp(0.0, logit) - wanted * logit).sum()
        return float(fit + parameters[0] ** 2 / (2 * _PRIOR_WIDTH**2) + parameters[1] ** 2 / 2)

    found = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return Calibrator("sigmoid", float(np.exp(found[0])), float(found[1]))


def _logit(probability: Floats) -> Floats:
    clipped = np.clip(probability, _TINY, 1 - _TINY)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


# What the calibrator was measured against. Each gives the confidence of the first label from its probability.

Confidence = Callable[[Floats], Floats]


def _as_it_is(probability: Floats, gold: Floats) -> Confidence:
    return lambda unseen: unseen.max(axis=1)


def _robust_temperature(probability: Floats, gold: Floats) -> Confidence:
    calibrator = _fit_softmax(probability, gold)
    return lambda unseen: calibrator(unseen).max(axis=1)


def _temperature(probability: Floats, gold: Floats) -> Confidence:
    """Guo et al. 2017."""
    from scipy.optimize import minimize_scalar

    score = np.log(np.maximum(probability, _TINY))

    def loss(log_slope: float) -> float:
        right = np.where(gold > 0, softmax(np.exp(log_slope) * score), 0.0).max(axis=1)
        return -float(np.log(right + _TINY).sum())

    slope = np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x)
    return lambda unseen: Calibrator("softmax", float(slope))(unseen).max(axis=1)


def _sigmoid(probability: Floats, gold: Floats) -> Confidence:
    """Platt 1999, on the first label, with his smoothed targets."""
    return _top_label(probability, gold, lambda p: np.stack([_logit(p), np.ones_like(p)], axis=1))


def _beta(probability: Floats, gold: Floats) -> Confidence:
    """Kull et al. 2017, on the first label."""

    def terms(p: Floats) -> Floats:
        p = np.clip(p, 1e-6, 1 - 1e-6)
        return np.stack([np.log(p), -np.log1p(-p), np.ones_like(p)], axis=1)

    return _top_label(probability, gold, terms)


def _top_label(probability: Floats, gold: Floats, terms: Callable[[Floats], Floats]) -> Confidence:
    from scipy.optimize import minimize

    first = probability.argmax(axis=1)
    right = gold[np.arange(len(gold)), first] > 0
    target = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))
    known = terms(probability.max(axis=1))

    def loss(weights: Floats) -> float:
        logit = known @ weights
        return float((np.logaddexp(0.0, logit) - target * logit).sum() + 0.01 * weights @ weights)

    weights = minimize(loss, np.ones(known.shape[1])).x
    return lambda unseen: sigmoid(terms(unseen.max(axis=1)) @ weights)


METHODS: Mapping[str, Callable[[Floats, Floats], Confidence]] = {
    "as it is": _as_it_is,
    "temperature": _temperature,
    "temperature with label noise": _robust_temperature,
    "sigmoid": _sigmoid,
    "beta": _beta,
}


def compare(probability: Floats, gold: Floats, folds: int = 10, repeats: int = 5) -> dict[str, Floats]:
    """Method -> the confidence of each case's first label when the method was fitted without that case.

    A second level of cross-validation over out-of-fold probabilities; `repeats` by cases.
    """
    found = {name: np.empty((repeats, len(gold))) for name in METHODS}
    random = np.random.default_rng(0)
    for repeat in range(repeats):
        order = random.permutation(len(gold))
        for unseen in np.array_split(order, min(folds, len(order))):
            seen = np.setdiff1d(order, unseen)
            for name, method in METHODS.items():
                found[name][repeat, unseen] = method(probability[seen], gold[seen])(probability[unseen])
    return found
