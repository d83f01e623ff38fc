"""The one learner: a linear model whose weights start from what is known and are corrected by cases.

    loss(D) = sum_i -log p(y_i | (W0 + D)'x_i + b)  +  1/2 sum_f precision_f |D_f|^2  +  1/2 r |b - b0|^2

W0 holds the prior weights, D what the cases add. It is maximum a posteriori estimation of logistic
regression under a Gaussian prior with mean W0; with W0 = 0 it is what scikit-learn's
LogisticRegression computes. scipy is imported when a fit is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Link = Literal["softmax", "sigmoid"]


def fit(
    features: csr_array,
    gold: Floats,
    prior: Floats,
    bias_prior: Floats,
    precision: Floats,
    link: Link,
    *,
    bias_precision: float = 0.1,
    ties: Floats | None = None,
    tie_precision: float = 1.0,
    sample_weight: Floats | None = None,
    offset: Floats | None = None,
    tolerance: float = 1e-5,
) -> tuple[Floats, Floats, Floats]:
    """The weights (features by labels), the biases, and the changes of the ties, at the posterior mode.

    `gold` is cases by labels: for softmax each row is a distribution, for sigmoid each cell 0 or 1.
    `offset` is added to the logits: what weights say that are not learnt here. A tie is one number
    that moves many weights at once; `ties` (ties, cases, labels) is what each adds to the logits.
    """
    base = np.asarray(features @ prior) + (0.0 if offset is None else offset)
    weight = np.ones(features.shape[0]) if sample_weight is None else sample_weight
    scaled = features * (1.0 / np.sqrt(precision))[None, :]  # one curvature for all features
    mean = np.asarray(scaled.mean(axis=0)).ravel()
    rotated, back = _rotated(scaled, mean)
    tied = np.zeros((0, *gold.shape)) if ties is None else ties / np.sqrt(tie_precision)
    change, bias, moved = _search(
        rotated, gold, base, bias_prior, bias_precision, tied, weight, link, tolerance
    )
    weights = back(change)
    return prior + weights / np.sqrt(precision)[:, None], bias - mean @ weights, moved / np.sqrt(tie_precision)


_MOST_ROTATED = 2000


def _rotated(scaled: csr_array, mean: Floats) -> tuple[Any, Callable[[Floats], Floats]]:
    """The cases less their mean, in as few columns as there are cases, and the way back to all features.

    Less the mean, what is learnt of words cannot say how common a label is. The best change lies in
    the span of the cases, so it is sought there: exact, and independent of the number of features.
    """
    cases, features = scaled.shape
    if cases > min(features, _MOST_ROTATED):
        from scipy.sparse.linalg import aslinearoperator  # noqa
        return scaled.tocsr(), lambda change: change
    dense = scaled.toarray() - mean
    values, vectors = np.linalg.eigh(dense @ dense.T)
    held = values > values[-1] * 1e-12
    root = np.sqrt(values[held])
    inverse = vectors[:, held] / root
    return vectors[:, held] * root, lambda change: np.asarray(dense.T @ (inverse @ change))


def _search(
    features: Any, gold: Floats, base: Floats, bias_prior: Floats, bias_precision: float, ties: Floats,
    weight: Floats, link: Link, tolerance: float,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """The change, the biases and the ties of least loss, by L-BFGS."""
    from scipy.optimize import minimize

    count, width = features.shape[1], gold.shape[1]
    cut = (count * width, count * width + width)
    transposed = features.T.copy() if isinstance(features, np.ndarray) else features.T.tocsr()
    flat_ties = ties.reshape(len(ties), gold.size)

    def loss(flat: Floats) -> tuple[float, Floats]:
        change, bias, tied = flat[: cut[0]].reshape(count, width), flat[cut[0] : cut[1]], flat[cut[1] :]
        logits = base + features @ change + bias + (tied @ flat_ties).reshape(gold.shape)
        value, residual = _negative_log_likelihood(logits, gold, weight, link)
        shift = bias - bias_prior
        value += 0.5 * float((change**2).sum() + tied @ tied) + 0.5 * bias_precision * float(shift @ shift)
        return value, np.concatenate(
            [
                (transposed @ residual + change).ravel(),
                residual.sum(axis=0) + bias_precision * shift,
                flat_ties @ residual.ravel() + tied,
            ]
        )

    start = np.concatenate([np.zeros(cut[0]), bias_prior, np.zeros(len(ties))])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "gtol": tolerance})
    change, bias, tied = np.split(found.x, cut)
    return change.reshape(count, width), bias, tied


def _negative_log_likelihood(
    logits: Floats, gold: Floats, weight: Floats, link: Link
) -> tuple[float, Floats]:
    """The loss of all cases and its derivative by the logits."""
    if link == "softmax":
        top = logits - logits.max(axis=1, keepdims=True)
        log_norm = np.log(np.exp(top).sum(axis=1, keepdims=True))
        log_probability = top - log_norm
        value = -(weight[:, None] * gold * log_probability).sum()
        residual = (np.exp(log_probability) * gold.sum(axis=1, keepdims=True) - gold) * weight[:, None]
    else:
        value = (weight[:, None] * (np.logaddexp(0.0, logits) - gold * logits)).sum()
        residual = (sigmoid(logits) - gold) * weight[:, None]
    return float(value), residual


def sigmoid(logits: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def temperature(logits: Floats, gold: Floats, link: Link) -> float:
    """The t that makes logits/t most likely: fitted on out-of-fold logits, it tames over-confidence."""
    from scipy.optimize import minimize_scalar

    weight = np.ones(len(logits))

    def loss(log_t: float) -> float:
        return _negative_log_likelihood(logits / np.exp(log_t), gold, weight, link)[0]

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))
