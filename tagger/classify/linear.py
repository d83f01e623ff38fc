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

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Link = Literal["softmax", "sigmoid"]


class GaussianPrior(Struct, frozen=True):
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
    ways: Ways | None = None,
    tolerance: float = 1e-5,
) -> tuple[Floats, Floats, Floats]:
    """The weights (features by labels), the biases and the changes of the ties at the posterior mode.

    `gold` is cases by labels: for softmax each row is a distribution, for sigmoid each cell 0 or 1. The
    search ends where a step gains less than `tolerance`, in nats a case. `ways` are those of the features
    and the prior's precision, where several heads are fitted to the same.
    """
    from scipy.optimize import minimize

    cases, width = gold.shape
    weight = np.ones(cases) if sample_weight is None else sample_weight
    moves = ways or ways_of(features, prior.precision)
    tied, tie_scale = _tied(features, prior, width), prior.tie_precision**-0.5
    base = np.asarray(features @ prior.weights)
    cuts = np.cumsum([moves.count * width, width])

    def parted(flat: Floats) -> tuple[Floats, Floats, Floats]:
        own, bias, ties = np.split(flat, cuts)
        return own.reshape(-1, width), bias, ties

    def loss(flat: Floats) -> tuple[float, Floats]:
        own, bias, ties = parted(flat)
        logits = base + moves.along(own) + bias
        if len(ties):
            logits += np.asarray(tied @ (ties * tie_scale)).reshape(logits.shape)
        value, residual = _negative_log_likelihood(logits, gold, weight, link)
        shift = bias - prior.bias
        value += 0.5 * float((own * own).sum() + ties @ ties + prior.bias_precision * (shift @ shift))
        slopes = [
            (moves.back(residual) + own).ravel(),
            residual.sum(axis=0) + prior.bias_precision * shift,
            np.asarray(tied.T @ residual.ravel()) * tie_scale + ties,
        ]
        return value, np.concatenate(slopes)

    reached = np.inf

    def gains_little(intermediate_result: Any) -> None:
        nonlocal reached
        if reached - intermediate_result.fun < tolerance * cases:
            raise StopIteration
        reached = intermediate_result.fun

    start = np.concatenate([np.zeros(cuts[0]), prior.bias, np.zeros(tied.shape[1])])
    options = {"maxiter": 500, "ftol": 0.0}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", callback=gains_little, options=options)
    own, bias, ties = parted(found.x)
    change, ties = moves.weights(own), ties * tie_scale
    weights = prior.weights + change
    if len(ties) and prior.ties is not None:
        weights += np.asarray(prior.ties.T @ ties).reshape(weights.shape)
    return weights, bias - np.asarray(features.mean(axis=0)).ravel() @ change, ties


def _tied(features: csr_array, prior: GaussianPrior, width: int) -> csr_array:
    """What each tie adds to the logits (cases times labels, by ties) where it changes by 1."""
    from scipy.sparse import coo_array, csr_array

    cases, known = features.shape
    if prior.ties is None:
        return csr_array((cases * width, 0))
    cells = prior.ties.tocoo()
    # One column a tie and label: T[feature, (tie, label)].
    columns = cells.row * width + cells.col % width
    shape = (known, prior.ties.shape[0] * width)
    said = (features @ csr_array((cells.data, (cells.col // width, columns)), shape=shape)).tocoo()
    places = said.row * width + said.col % width
    return coo_array(
        (said.data, (places, said.col // width)), shape=(cases * width, prior.ties.shape[0])
    ).tocsr()


class _EveryWeight:
    """The search over every weight: what many cases need.

    Its products wait for memory, so they are of single precision: half the bytes, and seven digits are more
    than a search needs that ends where it gains little.
    """

    def __init__(self, features: csr_array, scale: Floats) -> None:
        self._features, self._scale = features.astype(np.float32), scale
        self._mean = np.asarray(features.mean(axis=0))[None]
        self.count = features.shape[1]

    def along(self, own: Floats) -> Floats:
        """The logits that a change makes."""
        change = own * self._scale
        return np.asarray(self._features @ change.astype(np.float32)) - self._mean @ change

    def back(self, residual: Floats) -> Floats:
        """The slope of the loss, from its slope by the logits."""
        slope = self._features.T @ residual.astype(np.float32) - self._mean.T * residual.sum(axis=0)
        return np.asarray(slope * self._scale)

    def weights(self, own: Floats) -> Floats:
        """The change of the weights (features by labels)."""
        return own * self._scale


class _Span:
    """The search over the directions in which few cases differ.

    The best change of the weights lies among them, so with fewer cases than features the search has
    fewer unknowns, never touches a feature, and finds the same.
    """

    def __init__(self, features: csr_array, scale: Floats) -> None:
        from scipy.linalg import cholesky
        from scipy.sparse import diags_array

        self._features, self._scale = features, scale
        scaled = (features @ diags_array(scale.ravel())).tocsr()
        products = (scaled @ scaled.T).toarray()
        products += products.mean() - products.mean(axis=0) - products.mean(axis=1)[:, None]  # centred
        products[np.diag_indices_from(products)] += _APART * max(products.trace() / len(products), _APART)
        self._places = cholesky(products, lower=True)  # the cases, by directions of length 1
        self.count = len(products)

    def along(self, own: Floats) -> Floats:
        """The logits that a change makes."""
        return np.asarray(self._places @ own)

    def back(self, residual: Floats) -> Floats:
        """The slope of the loss, from its slope by the logits."""
        return np.asarray(self._places.T @ residual)

    def weights(self, own: Floats) -> Floats:
        """The change of the weights (features by labels)."""
        from scipy.linalg import solve_triangular

        dual = solve_triangular(self._places, own, lower=True, trans="T")
        change = np.asarray(self._features.T @ (dual - dual.mean(axis=0)))
        return np.asarray(change * self._scale**2)


Ways = _EveryWeight | _Span
"""How the search moves the weights: each by a unit of what the prior allows it (one curvature for all)."""

_APART = 1e-7
"""What is added to each case's product with itself, of the mean: so that two cases that are alike differ."""
_FEW = 3_000
"""Up to how many cases the search keeps to their span."""


def ways_of(features: csr_array, precision: Floats) -> Ways:
    """The ways of a fit; features with an infinite precision do not move."""
    scale = 1.0 / np.sqrt(precision)[:, None]
    few = features.shape[0] < min(features.shape[1], _FEW)
    return _Span(features, scale) if few else _EveryWeight(features, scale)


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
