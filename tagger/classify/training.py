"""Cases become a model: priors from what words mean, corrected by what the analysts decided.

scikit-learn and scipy are imported when a model is trained, never when a notice is tagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify import linear
from tagger.classify.articles import article_words
from tagger.classify.features import Reader
from tagger.classify.heads import HEADS, STATUTES, HeadSpec, family, gold_matrix, labels_of
from tagger.classify.lexicon import SHIPPED_LEXICON, Lexicon, read_lexicon
from tagger.classify.matrices import MANY, TrainingSet, training_set
from tagger.classify.matrices import case_input as case_input
from tagger.classify.model import Head, Model
from tagger.classify.priors import Prior, Together, prior_ties, prior_weights, read_priors, read_together
from tagger.classify.text import inverse_document_frequency, sparse_tfidf
from tagger.law.catalogue import load_catalogue

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

_JUDGED = frozenset({"subject", "nature"})
"""Targets for which words of outcomes (判处, 罚款) weigh what is known of them and no more: in the report
prison tells of insiders, because few others are sent there."""
_BIAS_PRECISION = 30.0
_OUT_OF_REACH = 1e4
"""The precision of weights that cases may not move: they keep what the prior says."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """How firmly the priors hold: the precision of the knowledge weights and of the text weights."""

    knowledge: float
    text: float
    tie: float = 10.0


FIRM = Strengths(30.0, 0.03, 10.0)
STATUTES_FIRM = Strengths(10.0, 0.3, 10.0)
RECIPE: Mapping[str, Strengths] = {
    spec.target: STATUTES_FIRM if spec.target == STATUTES else FIRM for spec in HEADS
}
"""The strengths of every model that is kept."""
GRID = tuple(Strengths(knowledge, text) for knowledge in (1.0, 3.0, 10.0) for text in (0.1, 1.0))
"""What nested cross-validation chooses from, target by target."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays the same for every training: lexicon, priors, what goes together."""

    lexicon: Lexicon
    priors: tuple[Prior, ...]
    together: Together

    @classmethod
    def shipped(cls) -> Ground:
        """The ground that ships with the package."""
        words = dict(read_lexicon(SHIPPED_LEXICON))
        for term, entries in article_words(load_catalogue(None)).items():
            words[term] = words.get(term, ()) + entries
        return cls(words, read_priors(), read_together())


@dataclass(frozen=True, slots=True)
class Priors:
    """The prior weights of every head over the features of a training set.

    `ties[target]` has one weight matrix a row of meanings.tsv: what the row adds where its weight is 1.
    """

    labels: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Floats]
    bias: Mapping[str, Floats]
    ties: Mapping[str, tuple[csr_array, ...]]


def priors_for(ground: Ground, data: TrainingSet, heads: Sequence[HeadSpec] = HEADS) -> Priors:
    """What is known of every label before these cases are seen."""
    labels, weights, bias, ties = {}, {}, {}, {}
    for spec in heads:
        target = spec.target
        labels[target] = labels_of(target, data.cases, ground.priors, ground.together)
        weights[target], bias[target] = prior_weights(ground.priors, target, data.names, labels[target])
        ties[target] = prior_ties(ground.priors, target, data.names, labels[target])
    return Priors(labels, weights, bias, ties)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What some cases of a training set teach: weights over its features and over the text terms kept."""

    heads: tuple[Head, ...]
    kept: NDArray[np.int64]
    idf: Floats
    weights: Floats
    bias: Floats

    def logits(self, data: TrainingSet, rows: NDArray[np.int64]) -> Floats:
        """The logits of cases of the training set, by the labels of all heads."""
        text = sparse_tfidf(data.counts[rows][:, self.kept], self.idf)
        known = len(data.names)
        scores = data.knowledge[rows] @ self.weights[:known] + text @ self.weights[known:]
        return np.asarray(scores + self.bias)


def fit_head(
    spec: HeadSpec, data: TrainingSet, rows: NDArray[np.int64], priors: Priors, strengths: Strengths,
    features: csr_array, present: NDArray[np.int64], outcomes: NDArray[np.bool_],
    sample_weight: Floats | None = None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """The weights (features of the training set, then terms, by labels) and biases of one head.

    `features` has the cases of `rows` by the features that are `present` in them, then by text terms, of
    which some are words for `outcomes`.
    """
    from scipy.sparse import csr_array, hstack, vstack

    labels = priors.labels[spec.target]
    terms = features.shape[1] - len(present)
    prior, ties = priors.weights[spec.target], priors.ties[spec.target]
    listens = np.array([family(data.names[k]) in spec.families for k in present], dtype=bool)
    heard = np.where(outcomes & (spec.target in _JUDGED), np.inf, strengths.text)
    tied = [csr_array(tie[present].reshape(1, -1)) for tie in ties]
    rest = csr_array((len(ties), terms * len(labels)))
    weights, bias, changes = linear.fit(
        features,
        gold_matrix([data.cases[row] for row in rows], spec, labels),
        linear.GaussianPrior(
            np.vstack([prior[present], np.zeros((terms, len(labels)))]),
            priors.bias[spec.target],
            np.concatenate([np.where(listens, strengths.knowledge, np.inf), heard]),
            _BIAS_PRECISION,
            hstack([vstack(tied), rest], format="csr") if tied else None,
            strengths.tie,
        ),
        spec.link,
        sample_weight=sample_weight,
    )
    learnt = prior.copy()
    for tie, change in zip(ties, changes, strict=True):
        cells = tie.tocoo()
        learnt[cells.row, cells.col] += change * cells.data
    learnt[present] = weights[: len(present)]
    return np.vstack([learnt, weights[len(present) :]]), bias


def fit(
    data: TrainingSet,
    rows: NDArray[np.int64],
    priors: Priors,
    strengths: Mapping[str, Strengths],
    *,
    heads: Sequence[HeadSpec] = HEADS,
    sample_weight: Floats | None = None,
) -> Fitted:
    """What some of the cases teach; nothing of the others enters it. `sample_weight` is by `rows`."""
    from joblib import Parallel, cpu_count, delayed
    from scipy.sparse import hstack
    from threadpoolctl import threadpool_limits

    knowledge, counts = data.knowledge[rows], data.counts[rows]
    frequency = np.bincount(counts.indices, minlength=len(data.terms))
    kept = np.flatnonzero(frequency >= 2)
    idf = inverse_document_frequency(frequency[kept], len(rows))
    present = np.flatnonzero(np.bincount(knowledge.indices, minlength=len(data.names)))
    features = hstack([knowledge[:, present], sparse_tfidf(counts[:, kept], idf)], format="csr")
    cores = cpu_count() if len(rows) >= MANY else 1
    longest_first = sorted(heads, key=lambda spec: -len(priors.labels[spec.target]))
    with threadpool_limits(1):  # the products are sparse; threads of BLAS would only wait for each other
        fitted = Parallel(n_jobs=cores, prefer="threads")(
            delayed(fit_head)(
                spec,
                data,
                rows,
                priors,
                strengths[spec.target],
                features,
                present,
                data.outcomes[kept],
                sample_weight,
            )
            for spec in longest_first
        )
    by_target = {spec.target: found for spec, found in zip(longest_first, fitted, strict=True)}
    told, start = [], 0
    for spec in heads:
        labels = priors.labels[spec.target]
        told.append(Head(spec.target, spec.link, labels, start, start + len(labels)))
        start += len(labels)
    return Fitted(
        tuple(told),
        kept,
        idf,
        np.hstack([by_target[spec.target][0] for spec in heads]),
        np.concatenate([by_target[spec.target][1] for spec in heads]),
    )


def fit_model(
    ground: Ground, reader: Reader, data: TrainingSet, rows: NDArray[np.int64], priors: Priors,
    strengths: Mapping[str, Strengths],
) -> Model:  # fmt: skip
    """A model of some of the cases."""
    return assembled(ground, reader, data, fit(data, rows, priors, strengths))


def assembled(ground: Ground, reader: Reader, data: TrainingSet, fitted: Fitted) -> Model:
    """What was learnt as a model: features without any weight are left out."""
    learnt, words = np.split(fitted.weights, [len(data.names)])
    known = np.flatnonzero(np.abs(learnt).sum(axis=1) > 0)
    return Model(
        name="unsaved",
        reader=reader,
        heads=fitted.heads,
        features=tuple(data.names[k] for k in known),
        terms=tuple(data.terms[k] for k in fitted.kept),
        idf=fitted.idf,
        weights=np.vstack([learnt[known], words]),
        bias=fitted.bias,
        together=ground.together,
    )


def quick_model(cases: Sequence[Case], ground: Ground | None = None) -> tuple[Model, TrainingSet]:
    """A model of all the cases at the shipped recipe's strengths: no search, no evaluation."""
    ground = ground or Ground.shipped()
    reader = Reader(ground.lexicon)
    data = training_set(cases, reader)
    priors = priors_for(ground, data)
    return fit_model(ground, reader, data, np.arange(len(cases)), priors, RECIPE), data
