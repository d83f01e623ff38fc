"""Cases become a model: from what words mean and examples teach, corrected by what the analysts decided.

scikit-learn and scipy are imported when a model is trained, never when a notice is tagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify import linear, naming
from tagger.classify.articles import article_words
from tagger.classify.features import Reader
from tagger.classify.heads import HEADS, STATUTES, HeadSpec, gold_matrix, labels_of
from tagger.classify.lessons import Lessons, kept, read_examples
from tagger.classify.lexicon import SHIPPED_LEXICON, Lexicon, read_lexicon
from tagger.classify.matrices import TrainingSet, training_set
from tagger.classify.model import Head, Model
from tagger.classify.naming import Naming, learn_naming
from tagger.classify.priors import (
    FeatureIndex,
    Prior,
    Together,
    prior_ties,
    prior_weights,
    read_priors,
    read_together,
)
from tagger.classify.text import inverse_document_frequency, sparse_tfidf
from tagger.law.catalogue import load_catalogue

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_BIAS_PRECISION = 30.0
_SEVERAL = 500
"""From so many cases on the heads are fitted beside each other."""
_TOLERANCE, _TOLERANCE_OF_MANY, _MANY = 1e-5, 1e-4, 2_000
"""What a step of the search must gain, in nats a case; of many cases a step costs more and tells less."""
_LEAST_TEXTS = 3
"""In how many cases or examples a text term must stand to be counted."""


_IDF_OF_ONE_IN_TWENTY = 4.0


class Strengths(Struct, frozen=True):
    """How firmly what is believed holds: the precisions of the knowledge weights, the text weights and
    the rows of the tables.

    A text weight holds more firmly the rarer its term is, as its idf to the power of `rare`; `text` is what
    holds a term of one notice in twenty. The words of who did what are common ones, rare ones tell
    of the trade: what subject and nature learn from a rare word is mostly chance.
    """

    knowledge: float
    text: float
    tie: float = 10.0
    rare: float = 0.0


LESSONS: Mapping[str, Strengths] = {spec.target: Strengths(10.0, 0.02) for spec in HEADS} | {
    "industry": Strengths(10.0, 0.07),
    "subject": Strengths(10.0, 0.01, rare=2.0),
    "nature": Strengths(10.0, 0.01, rare=2.0),
    STATUTES: Strengths(30.0, 0.01),
}
"""How firmly the tables hold against the examples."""
RECIPE: Mapping[str, Strengths] = {spec.target: Strengths(30.0, 0.3, 3.0) for spec in HEADS} | {
    "subject": Strengths(60.0, 0.2, 3.0, rare=4.0),
    "nature": Strengths(60.0, 0.2, 3.0, rare=4.0),
    STATUTES: Strengths(3.0, 0.1, 3.0),
}
"""How firmly tables and examples hold against the cases, in every model that is kept."""


class Ground(Struct, frozen=True, dict=True):
    """What stays the same for every training: lexicon, priors, what goes together, and the examples."""

    lexicon: Lexicon
    priors: tuple[Prior, ...]
    together: Together
    examples: tuple[Case, ...] = ()
    taught: Lessons | None = None
    named: Naming | None = None
    """What the examples and the names of bodies teach, where that is settled: words of a user's own do not
    change it.
    """

    @classmethod
    def shipped(cls) -> Ground:
        """The ground that ships with the package."""
        words = dict(read_lexicon(SHIPPED_LEXICON))
        for term, entries in article_words(load_catalogue(None)).items():
            words[term] = words.get(term, ()) + entries
        return cls(words, read_priors(), read_together(), read_examples())

    @property
    def sum(self) -> str:
        """The SHA-256 of all that lessons are learnt from."""
        return sha256(
            msgspec.json.encode(
                (
                    list(self.lexicon.items()),
                    self.priors,
                    [(pair, list(rows.items())) for pair, rows in self.together.items()],
                    self.examples,
                    LESSONS,
                )
            )
        ).hexdigest()

    @cached_property
    def reader(self) -> Reader:
        """Reads notices with the words of the lexicon."""
        return Reader(self.lexicon, self.naming)

    @cached_property
    def naming(self) -> Naming | None:
        """What the names of bodies teach. Learnt in some seconds where it is not kept."""
        return self.named or naming.kept(naming.sum_of(self.lexicon)) or learn_naming(self.lexicon)

    @cached_property
    def lessons(self) -> Lessons | None:
        """What the examples teach; None where there are none. Learnt in some seconds where it is not kept."""
        if not self.examples:
            return None
        return self.taught or kept(self.sum) or learn_lessons(self)

    def training_set(self, cases: Sequence[Case]) -> TrainingSet:
        """The matrices of some cases, with columns for everything that the examples speak of."""
        known = self.lessons
        names, terms = (known.names, known.terms) if known else ((), ())
        return training_set(cases, self.reader, names=names, terms=terms)


class Priors(Struct, frozen=True):
    """What is believed before the cases of a training set are seen.

    `weights[target]` and `bias[target]` are the means of the prior: features of the lexicon, then text
    terms, by labels. `ties[target]` has a row for each row of the tables: what it adds to the
    features where its weight is 1. `frequency` says in how many of `notices` examples a term stands.
    """

    labels: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Floats]
    bias: Mapping[str, Floats]
    ties: Mapping[str, csr_array]
    frequency: NDArray[np.int64]
    notices: int = 0


def priors_for(ground: Ground, data: TrainingSet, heads: Sequence[HeadSpec] = HEADS) -> Priors:
    """What is believed of every label before these cases are seen: the tables, and what examples teach."""
    lessons = ground.lessons
    tables = _tables(ground, data, data.cases, heads)
    if lessons is None:
        return tables
    weights, bias = {}, {}
    for target, labels in tables.labels.items():
        of_tables = tables.weights[target][: len(data.names)]
        weights[target] = lessons.weights_for(target, data.names, data.terms, labels, of_tables)
        bias[target] = lessons.bias_for(target, labels, tables.bias[target])
    frequency = lessons.frequency_of(data.terms)
    return Priors(tables.labels, weights, bias, tables.ties, frequency, lessons.notices)


def learn_lessons(
    ground: Ground, examples: TrainingSet | None = None, heads: Sequence[HeadSpec] = HEADS
) -> Lessons:
    """What the examples of a ground teach; `examples` are their matrices, where something is left out."""
    data = examples or training_set(ground.examples, ground.reader)
    priors = _tables(ground, data, (), heads)
    learnt = fit(data, np.arange(len(data)), priors, LESSONS, heads=heads, tolerance=_TOLERANCE_OF_MANY)
    frequency = np.bincount(data.counts.indices, minlength=len(data.terms))[learnt.kept]
    weights, bias = learnt.weights.astype(np.float16), learnt.bias.astype(np.float16)
    names = np.flatnonzero(weights[: len(data.names)].any(axis=1))
    rows = np.concatenate([names, np.arange(len(data.names), len(weights))])
    columns = {head.target: head.columns for head in learnt.heads}
    return Lessons(
        tuple(data.names[k] for k in names),
        tuple(data.terms[k] for k in learnt.kept),
        frequency,
        len(data),
        priors.labels,
        {target: weights[rows, column] for target, column in columns.items()},
        {target: bias[column] for target, column in columns.items()},
    )


def _tables(ground: Ground, data: TrainingSet, cases: Sequence[Case], heads: Sequence[HeadSpec]) -> Priors:
    """What the tables alone say."""
    labels, weights, bias, ties = {}, {}, {}, {}
    names, terms = FeatureIndex(data.names), len(data.terms)
    for spec in heads:
        target = spec.target
        labels[target] = labels_of(target, cases, ground.priors, ground.together, ground.examples)
        known, bias[target] = prior_weights(ground.priors, target, names, labels[target])
        weights[target] = np.vstack([known, np.zeros((terms, len(labels[target])))])
        ties[target] = prior_ties(ground.priors, target, names, labels[target])
    return Priors(labels, weights, bias, ties, np.zeros(terms, dtype=np.int64))


class Fitted(Struct, frozen=True):
    """What some cases of a training set teach: weights over its features and over the text terms kept."""

    heads: tuple[Head, ...]
    kept: Indices
    idf: Floats
    weights: Floats
    bias: Floats

    def logits(self, data: TrainingSet, rows: Indices) -> Floats:
        """The logits of cases of the training set, by the labels of all heads."""
        text = sparse_tfidf(data.counts[rows][:, self.kept], self.idf)
        known = len(data.names)
        scores = data.knowledge[rows] @ self.weights[:known] + text @ self.weights[known:]
        return np.asarray(scores + self.bias)


class _Rows(Struct, frozen=True):
    """Some cases of a training set, by what is present in them: features, then terms.

    `asked` are the columns of the training set that a model has: all features, the terms kept. `columns`
    says which of these are present, the first `names` of them features.
    """

    cases: tuple[Case, ...]
    features: csr_array
    asked: Indices
    columns: Indices
    names: int
    precisions: Mapping[Strengths, Floats]
    ways: Mapping[Strengths, linear.Ways]
    sample_weight: Floats
    tolerance: float


def _precision(strengths: Strengths, names: int, idf: Floats) -> Floats:
    """The precision of some features, then of the text terms with these idf."""
    text = strengths.text * (idf / _IDF_OF_ONE_IN_TWENTY) ** strengths.rare
    return np.concatenate([np.full(names, strengths.knowledge), text])


def _fit_head(spec: HeadSpec, rows: _Rows, priors: Priors, strengths: Strengths, weights: Floats) -> Floats:
    """The biases of one head; its weights (by `rows.asked` and labels) are written into `weights`.

    A case without a label of the target teaches it nothing.
    """
    from scipy.sparse import csr_array, hstack

    columns, known = rows.columns, rows.columns[: rows.names]
    labels = priors.labels[spec.target]
    gold = gold_matrix(rows.cases, spec, labels)
    weights[...] = priors.weights[spec.target][rows.asked]
    ties = priors.ties[spec.target]
    terms, width = len(columns) - len(known), len(labels)
    tied = ties[:, (known[:, None] * width + np.arange(width)).ravel()]
    untied = csr_array((ties.shape[0], terms * width))
    learnt, bias, changes = linear.fit(
        rows.features,
        gold,
        linear.GaussianPrior(
            weights[columns],
            priors.bias[spec.target],
            rows.precisions[strengths],
            _BIAS_PRECISION,
            hstack([tied, untied], format="csr"),
            strengths.tie,
        ),
        spec.link,
        sample_weight=rows.sample_weight * gold.any(axis=1),
        ways=rows.ways[strengths],
        tolerance=rows.tolerance,
    )
    weights[: ties.shape[1] // width] += np.asarray(ties.T @ changes).reshape(-1, width)
    weights[columns] = learnt
    return bias


def _frequency(counts: csr_array, priors: Priors) -> Indices:
    """In how many of some cases, and of the examples, each term stands."""
    return np.asarray(np.bincount(counts.indices, minlength=counts.shape[1]) + priors.frequency)


def _gathered(
    data: TrainingSet, rows: Indices, kept: Indices, idf: Floats, strengths: Mapping[str, Strengths],
    sample_weight: Floats | None, tolerance: float,
) -> _Rows:  # fmt: skip
    """Some cases by what is present in them, and how the search may move for each of the strengths."""
    from scipy.sparse import hstack

    knowledge, text = data.knowledge[rows], sparse_tfidf(data.counts[rows][:, kept], idf)
    met = np.flatnonzero(np.bincount(knowledge.indices, minlength=len(data.names)))
    said = np.flatnonzero(np.bincount(text.indices, minlength=len(kept)))
    features = hstack([knowledge[:, met], text[:, said]], format="csr")
    precisions = {one: _precision(one, len(met), idf[said]) for one in strengths.values()}
    return _Rows(
        tuple(data.cases[row] for row in rows),
        features,
        np.concatenate([np.arange(len(data.names)), len(data.names) + kept]),
        np.concatenate([met, len(data.names) + said]),
        len(met),
        precisions,
        {one: linear.ways_of(features, precision) for one, precision in precisions.items()},
        np.ones(len(rows)) if sample_weight is None else sample_weight,
        tolerance,
    )


def fit(
    data: TrainingSet,
    rows: Indices,
    priors: Priors,
    strengths: Mapping[str, Strengths],
    *,
    heads: Sequence[HeadSpec] = HEADS,
    sample_weight: Floats | None = None,
    tolerance: float | None = None,
) -> Fitted:
    """What some of the cases teach; nothing of the others enters it.

    `sample_weight` is by `rows`; `tolerance` in nats a case, as linear.fit has it, by default by how many.
    """
    from joblib import Parallel, cpu_count, delayed
    from threadpoolctl import threadpool_limits

    known, frequency = len(data.names), _frequency(data.counts[rows], priors)
    kept = np.flatnonzero(frequency >= _LEAST_TEXTS)
    idf = inverse_document_frequency(frequency[kept], len(rows) + priors.notices)
    cores = cpu_count() if len(rows) >= _SEVERAL else 1
    tolerance = tolerance or (_TOLERANCE if len(rows) < _MANY else _TOLERANCE_OF_MANY)
    told: list[Head] = []
    for spec in heads:
        labels, start = priors.labels[spec.target], told[-1].stop if told else 0
        told.append(Head(spec.target, spec.link, labels, start, start + len(labels)))
    weights, bias = np.empty((known + len(kept), told[-1].stop)), np.empty(told[-1].stop)
    longest_first = sorted(zip(heads, told, strict=True), key=lambda pair: -len(pair[1].labels))
    with threadpool_limits(1):  # so that sums are the same on any machine
        those = _gathered(data, rows, kept, idf, strengths, sample_weight, tolerance)
        found = Parallel(n_jobs=cores, require="sharedmem")(
            delayed(_fit_head)(spec, those, priors, strengths[spec.target], weights[:, head.columns])
            for spec, head in longest_first
        )
    for (_, head), biases in zip(longest_first, found, strict=True):
        bias[head.columns] = biases
    return Fitted(tuple(told), kept, idf, weights, bias)


def fit_model(
    ground: Ground, data: TrainingSet, rows: Indices, priors: Priors, strengths: Mapping[str, Strengths]
) -> Model:
    """A model of some of the cases."""
    return assembled(ground, data, fit(data, rows, priors, strengths))


def assembled(ground: Ground, data: TrainingSet, fitted: Fitted) -> Model:
    """What was learnt as a model: features without any weight are left out."""
    learnt, words = np.split(fitted.weights, [len(data.names)])
    known = np.flatnonzero(np.abs(learnt).sum(axis=1) > 0)
    return Model(
        name="unsaved",
        reader=ground.reader,
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
    data = ground.training_set(cases)
    priors = priors_for(ground, data)
    return fit_model(ground, data, np.arange(len(cases)), priors, RECIPE), data
