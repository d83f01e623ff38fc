"""The one learner: a linear model whose weights start from what is known and are corrected by cases.

    loss(D, t) = sum_i -log p(y_i | (W0 + D + sum_k t_k T_k)'x_i + b)
                 + 1/2 sum_f precision_f |D_f|^2 + 1/2 q |t|^2 + 1/2 r |b - b0|^2

W0 holds the prior weights, D what the cases add, t the changes of ties (one number that moves many
weights at once, T_k says which). It is maximum a posteriori estimation of logistic regression under a
Gaussian prior with mean W0; with W0 = 0 and no ties it is what scikit-learn's LogisticRegression
computes. What D multiplies is x less its mean over the cases, so that no word can say how common a
label is. Time and memory are linear in the non-zero features of the cases: of many cases nothing is
ever made dense but weights and logits. scipy is imported when a fit is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Link = Literal["softmax", "sigmoid"]


@dataclass(frozen=True, slots=True)
class GaussianPrior:
    """What is believed before any case is seen.

    `weights` (features by labels) and `bias` are the means, `precision` one over the variance of each
    feature's weights (infinite where cases may not move them). A row of `ties` is one number that moves
    the weights of its cells (features times labels, row by row) at once.
    """

    weights: Floats
    bias: Floats
    precision: Floats
    bias_precision: float
    ties: csr_array | None = None
    tie_precision: float = 1.0


def fit(
    features: csr_array,
    gold: Floats,
    prior: GaussianPrior,
    link: Link,
    *,
    sample_weight: Floats | None = None,
    tolerance: float = 1e-3,
) -> tuple[Floats, Floats, Floats]:
    """The weights (features by labels), the biases and the changes of the ties at the posterior mode.

    `gold` is cases by labels: for softmax each row is a distribution, for sigmoid each cell 0 or 1. The
    search ends where a step gains less than `tolerance`, in nats over all cases.
    """
    from scipy.optimize import minimize

    cases, width = gold.shape
    weight = np.ones(cases) if sample_weight is None else sample_weight
    moved = np.flatnonzero(np.isfinite(prior.precision))
    scale = 1.0 / np.sqrt(prior.precision[moved])[:, None]  # one curvature for all weights
    mean = np.asarray(features.mean(axis=0)).ravel()[moved]
    ties = None if prior.ties is None else (prior.ties * prior.tie_precision**-0.5).tocsr()
    tied_count = 0 if ties is None else ties.shape[0]
    base = np.asarray(features @ prior.weights)
    span = _span(features[:, moved], mean, scale) if cases < min(len(moved), _FEW) else None
    count = len(moved) if span is None else span.shape[1]
    cut = (count * width, count * width + width)

    def change(flat: Floats) -> tuple[Floats, Floats, Floats]:
        """What is added to the weights, what the centring takes from the biases, the biases."""
        own = flat[: cut[0]].reshape(-1, width)
        own = (own if span is None else span @ own) * scale
        if ties is None:
            added = np.zeros(prior.weights.shape)
        else:
            added = np.asarray(ties.T @ flat[cut[1] :]).reshape(prior.weights.shape)
        added[moved] += own
        return added, mean @ own, flat[cut[0] : cut[1]]

    def loss(flat: Floats) -> tuple[float, Floats]:
        added, centre, bias = change(flat)
        logits = np.asarray(features @ added)
        logits += base + (bias - centre)
        value, residual = _negative_log_likelihood(logits, gold, weight, link)
        slope = np.asarray(features.T @ residual)
        bias_slope = residual.sum(axis=0)
        shift = bias - prior.bias
        own, tied = flat[: cut[0]], flat[cut[1] :]
        value += 0.5 * float(own @ own + tied @ tied + prior.bias_precision * (shift @ shift))
        own_slope = (slope[moved] - np.outer(mean, bias_slope)) * scale
        own_slope = own_slope if span is None else span.T @ own_slope
        tie_slope = tied if ties is None else np.asarray(ties @ slope.ravel()) + tied
        return value, np.concatenate(
            [own_slope.ravel() + own, bias_slope + prior.bias_precision * shift, tie_slope]
        )

    start = np.concatenate([np.zeros(cut[0]), prior.bias, np.zeros(tied_count)])
    reached = np.inf

    def gains_little(intermediate_result: Any) -> None:
        nonlocal reached
        if reached - intermediate_result.fun < tolerance:
            raise StopIteration
        reached = intermediate_result.fun

    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", callback=gains_little, options={"maxiter": 500, "ftol": 0.0}
    )
    added, centre, bias = change(found.x)
    return prior.weights + added, bias - centre, found.x[cut[1] :] * prior.tie_precision**-0.5


_FEW = 1_000
"""Up to how many cases the search keeps to their span."""


def _span(features: csr_array, mean: Floats, scale: Floats) -> Floats:
    """The directions (features by directions, orthonormal) in which few cases differ.

    The best change of the weights lies among them, so with fewer cases than features the search has
    fewer unknowns, and finds the same.
    """
    centred = (features.toarray() - mean) * scale.T
    values, vectors = np.linalg.eigh(centred @ centred.T)
    held = values > values[-1] * 1e-10
    return np.asarray(centred.T @ (vectors[:, held] / np.sqrt(values[held])))


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
