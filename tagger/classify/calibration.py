"""From scores to probabilities that keep their promise: right seven times in ten where they say 0.7.

A calibrator stretches the log-odds of one target: p -> softmax(slope · log p), or, where several labels
may be right at once, sigmoid(slope · logit p + intercept). It is fitted on out-of-fold probabilities,
never on those of cases that the model has seen, and it never changes the order of labels. With some
hundred cases the slope is held near 1 by a Gaussian prior on its logarithm.

A few cases have a label that nothing in their text tells. Without a word for them one confident miss
bends the slope for all: so a share `lapse` of the cases has any label whatever the text says, as observers
in psychophysics lapse (Wichmann & Hill, Perception & Psychophysics 63, 2001), fitted beside the slope.

That gives the probability of the one answer that a casebook prints, and some cases have two: readers of
the field notices who did not see each other left one in seven open between two labels
(data/field/README.md). Where the print has one of two, the likeliest label is the other as often as
not; so of what it seems to miss, a share `accepted` a reader would let pass, and the likeliest label has
that share of what is left for the others. A probability is that of a label that a reader would accept.

numpy only at tag time; scipy is imported when a calibrator is fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tagger.classify.linear import Link, sigmoid, softmax

Floats = NDArray[np.float64]

_TINY = 1e-9
_PRIOR_WIDTH = 0.5
"""Standard deviation of log slope: slopes of 0.6 to 1.6 need no more evidence than a few cases give."""
OPEN = 1 / 7
"""The share of cases with two answers, of which a casebook prints either."""
_MOST_ACCEPTED = 0.5
_MOST_LAPSES = 0.06
"""The largest share of lapses that is believed: their bound, of which a hundred cases tell little."""


class Calibrator(Struct, frozen=True):
    """What is done to one target's probabilities."""

    link: Link
    slope: float = 1.0
    intercept: float = 0.0
    accepted: float = 0.0
    """Which share of its seeming misses the likeliest label is accepted in (softmax only)."""
    lapse: float = 0.0
    """In which share of the cases any label is printed, whatever the text tells (softmax only)."""

    def __call__(self, probability: Floats) -> Floats:
        """The calibrated probabilities, labels along the last axis."""
        if self.link == "sigmoid":
            return sigmoid(self.slope * _logit(probability) + self.intercept)
        found = (1.0 - self.accepted) * self.printed(probability)
        likeliest = probability.argmax(axis=-1)[..., None]
        np.put_along_axis(found, likeliest, np.take_along_axis(found, likeliest, -1) + self.accepted, -1)
        return found

    def printed(self, probability: Floats) -> Floats:
        """The probability that a label is the one that a casebook would print (softmax only)."""
        told = softmax(self.slope * np.log(np.maximum(probability, _TINY)))
        return np.asarray((1.0 - self.lapse) * told + self.lapse / probability.shape[-1])


def fit(probability: Floats, gold: Floats, link: Link) -> Calibrator:
    """The calibrator of out-of-fold probabilities (cases by labels).

    `gold` is 1 (softmax: or a share) where a label is right. For softmax a case counts with its likeliest
    right label: any of them first is a right card.
    """
    if link == "sigmoid":
        return _fit_sigmoid(probability, gold)
    plain = _fit_softmax(probability, gold, _MOST_LAPSES)
    misses = 1.0 - float(plain.printed(probability).max(axis=-1).mean())
    return replace(plain, accepted=min(_MOST_ACCEPTED, OPEN / 2 / max(misses, _TINY)))


def _fit_softmax(probability: Floats, gold: Floats, most_lapses: float) -> Calibrator:
    from scipy.optimize import minimize

    score, labels = np.log(np.maximum(probability, _TINY)), probability.shape[1]

    def loss(parameters: Floats) -> float:
        log_slope, lapse = parameters
        right = np.where(gold > 0, softmax(np.exp(log_slope) * score), 0.0).max(axis=1)
        printed = (1.0 - lapse) * right + lapse / labels
        return -float(np.log(printed + _TINY).sum() - log_slope**2 / (2 * _PRIOR_WIDTH**2))

    start, bounds = np.array([0.0, most_lapses / 2]), [(-3.0, 3.0), (0.0, most_lapses)]
    log_slope, lapse = minimize(loss, start, bounds=bounds, method="L-BFGS-B").x
    return Calibrator("softmax", float(np.exp(log_slope)), lapse=float(lapse))


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


# What the slope was measured against: each gives the confidence that the likeliest label is the printed one.

Confidence = Callable[[Floats], Floats]


def _as_it_is(probability: Floats, gold: Floats) -> Confidence:
    return lambda unseen: unseen.max(axis=1)


def _temperature(probability: Floats, gold: Floats) -> Confidence:
    """Guo et al. 2017, with the prior of `fit`."""
    calibrator = _fit_softmax(probability, gold, 0.0)
    return lambda unseen: calibrator(unseen).max(axis=1)


def _with_lapses(probability: Floats, gold: Floats) -> Confidence:
    """What `fit` does, but for what is accepted."""
    calibrator = _fit_softmax(probability, gold, _MOST_LAPSES)
    return lambda unseen: calibrator(unseen).max(axis=1)


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
    "temperature, lapses": _with_lapses,
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
