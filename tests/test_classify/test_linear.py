"""The learner: what scikit-learn computes where nothing is known, and one answer however it searches."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from tagger.classify import linear
from tagger.classify.linear import GaussianPrior, Link


def problem(cases: int, width: int, labels: int, seed: int = 0) -> tuple[csr_array, np.ndarray]:
    random = np.random.default_rng(seed)
    features = random.random((cases, width)) * (random.random((cases, width)) < 0.3)
    gold = np.eye(labels)[random.integers(0, labels, cases)]
    return csr_array(features), gold


def nothing_known(width: int, labels: int, precision: float = 2.0) -> GaussianPrior:
    return GaussianPrior(np.zeros((width, labels)), np.zeros(labels), np.full(width, precision), 1e-6)


@pytest.mark.parametrize("width", [12, 80])
def test_without_knowledge_it_is_logistic_regression(width: int) -> None:
    features, gold = problem(40, width, 3)
    prior = nothing_known(width, 3)
    weights, bias, _ = linear.fit(features, gold, prior, "softmax", tolerance=1e-12)
    reference = LogisticRegression(C=0.5, tol=1e-10, max_iter=10_000)
    centred = features.toarray() - features.toarray().mean(axis=0)
    reference.fit(centred, gold.argmax(axis=1))
    ours = linear.softmax(features.toarray() @ weights + bias)
    assert np.allclose(ours, reference.predict_proba(centred), atol=1e-3)


@pytest.mark.parametrize("link", ["softmax", "sigmoid"])
def test_the_span_finds_what_the_search_over_every_weight_finds(link: Link) -> None:
    features, gold = problem(30, 90, 4)
    random = np.random.default_rng(1)
    ties = csr_array((random.random((5, 90 * 4)) < 0.02) * 1.0)
    prior = GaussianPrior(
        random.normal(size=(90, 4)), random.normal(size=4), np.full(90, 3.0), 5.0, ties, tie_precision=2.0
    )
    scale = 1.0 / np.sqrt(prior.precision)[:, None]
    found = [
        linear.fit(features, gold, prior, link, ways=ways, tolerance=1e-12)
        for ways in (linear._Span(features, scale), linear._EveryWeight(features, scale))
    ]
    for one, other in zip(*found, strict=True):
        assert np.allclose(one, other, atol=1e-3)


def test_what_may_not_move_stays() -> None:
    features, gold = problem(30, 10, 2)
    precision = np.full(10, 1.0)
    precision[3] = np.inf
    known = np.full((10, 2), 0.5)
    weights, _, _ = linear.fit(features, gold, GaussianPrior(known, np.zeros(2), precision, 1.0), "softmax")
    assert (weights[3] == 0.5).all()
    assert not np.allclose(weights, known)


def test_a_case_without_weight_teaches_nothing() -> None:
    features, gold = problem(30, 10, 2)
    prior = nothing_known(10, 2)
    contrary = gold.copy()
    contrary[20:] = 1 - contrary[20:]
    weight = np.repeat([1.0, 0.0], [20, 10])
    one, other = (
        linear.fit(features, labels, prior, "softmax", sample_weight=weight, tolerance=1e-10)
        for labels in (gold, contrary)
    )
    assert np.allclose(one[0], other[0], atol=1e-4)
