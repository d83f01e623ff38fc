"""Cases become a model: priors from what words mean, corrected by what the analysts decided.

scikit-learn and scipy are imported when a model is trained, never when a notice is tagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify import linear
from tagger.classify.articles import article_words
from tagger.classify.automaton import Automaton
from tagger.classify.features import Input, Reader, Reading
from tagger.classify.heads import HEADS, STATUTES, HeadSpec, family, gold_matrix, labels_of
from tagger.classify.lexicon import SHIPPED_LEXICON, Lexicon, read_lexicon
from tagger.classify.priors import Prior, Together, prior_ties, prior_weights, read_priors, read_together
from tagger.classify.model import Head, Model
from tagger.classify.text import inverse_document_frequency, tfidf
from tagger.classify.vocabulary import candidate_terms
from tagger.classify.folds import grouped_folds
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.sanctions import sanction_clauses
from tagger.notice import Notice

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

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
class TrainingSet:
    """Cases as matrices. `counts` has the candidate terms, `knowledge` the features of the reader."""

    cases: tuple[Case, ...]
    readings: tuple[Reading, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    knowledge: csr_array
    counts: Floats

    def __len__(self) -> int:
        return len(self.cases)


def case_input(case: Case) -> Input:
    """A case as the classifier meets a notice: its title and facts, and what law/ reads in them."""
    notice = Notice(text=case.text, title=case.title, date=case.date)
    return Input(
        notice,
        find_citations(notice.text, load_catalogue(None)),
        sanction_clauses(notice.text),
        case.date,
    )


def training_set(
    cases: Sequence[Case], reader: Reader, inputs: Sequence[Input] | None = None
) -> TrainingSet:
    """The matrices of the cases (`inputs`: as augmented texts have it, else the cases themselves)."""
    from scipy.sparse import csr_array

    readings = reader.read([case_input(case) for case in cases] if inputs is None else inputs)
    names = (*reader.names, *sorted({n for r in readings for n in r.features} - set(reader.names)))
    terms = tuple(candidate_terms([reading.text for reading in readings]))
    counts = Automaton(terms)
    return TrainingSet(
        tuple(cases),
        tuple(readings),
        names,
        terms,
        knowledge_matrix(readings, names),
        np.array([counts.counts(reading.text) for reading in readings], dtype=float),
    )


def knowledge_matrix(readings: Sequence[Reading], names: Sequence[str]) -> csr_array:
    """Notices by features."""
    from scipy.sparse import csr_array

    column = {name: k for k, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, reading in enumerate(readings):
        for name, value in reading.features.items():
            if name in column:
                rows.append(row)
                columns.append(column[name])
                values.append(value)
    return csr_array((values, (rows, columns)), shape=(len(readings), len(names)))


@dataclass(frozen=True, slots=True)
class Priors:
    """The prior weights of every head over the features of a training set.

    `ties[target]` has one weight matrix a row of meanings.tsv: what the row adds where its weight is 1.
    """

    labels: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Floats]
    bias: Mapping[str, Floats]
    ties: Mapping[str, tuple[csr_array, ...]]


def priors_for(ground: Ground, data: TrainingSet) -> Priors:
    """What is known of every label before these cases are seen."""
    labels, weights, bias, ties = {}, {}, {}, {}
    for spec in HEADS:
        target = spec.target
        labels[target] = labels_of(target, data.cases, ground.priors, ground.together)
        weights[target], bias[target] = prior_weights(ground.priors, target, data.names, labels[target])
        ties[target] = prior_ties(ground.priors, target, data.names, labels[target])
    return Priors(labels, weights, bias, ties)


def fit_head(
    spec: HeadSpec, data: TrainingSet, rows: NDArray[np.int64], priors: Priors, strengths: Strengths,
    text: csr_array,
) -> tuple[Floats, Floats]:  # fmt: skip
    """The weights (features then terms, by labels) and biases of one head, learnt from some of the cases."""
    from scipy.sparse import hstack

    labels = priors.labels[spec.target]
    moved = np.array([family(name) in spec.families for name in data.names])
    moved &= np.asarray(abs(data.knowledge[rows]).sum(axis=0) > 0).ravel()
    used = np.flatnonzero(moved)
    knowledge = data.knowledge[rows]
    gold = gold_matrix([data.cases[row] for row in rows], spec, labels)
    prior = priors.weights[spec.target]
    blocks = [knowledge[:, used], text]
    start = np.vstack([prior[used], np.zeros((text.shape[1], len(labels)))])
    precision = np.concatenate(
        [np.full(len(used), strengths.knowledge), np.full(text.shape[1], strengths.text)]
    )
    fixed = np.setdiff1d(np.arange(len(data.names)), used)
    ties = priors.ties[spec.target]
    effects = np.array([(knowledge @ tie).toarray() for tie in ties]).reshape(len(ties), *gold.shape)
    weights, bias, changes = linear.fit(
        hstack(blocks).tocsr(), gold, start, priors.bias[spec.target], precision, spec.link,
        bias_precision=_BIAS_PRECISION, offset=np.asarray(knowledge[:, fixed] @ prior[fixed]),
        ties=effects, tie_precision=strengths.tie,
    )  # fmt: skip
    learnt = prior.copy()
    learnt[used] = weights[: len(used)]
    for tie, change in zip(ties, changes, strict=True):
        learnt += change * tie.toarray()
    return np.vstack([learnt, weights[len(used) :]]), bias


def fit_model(
    ground: Ground, reader: Reader, data: TrainingSet, rows: NDArray[np.int64], priors: Priors,
    strengths: Mapping[str, Strengths],
) -> Model:  # fmt: skip
    """A model of some of the cases; nothing of the others enters it."""
    from scipy.sparse import csr_array

    kept = np.flatnonzero((data.counts[rows] > 0).sum(axis=0) >= 2)
    counts = data.counts[rows][:, kept]
    idf = inverse_document_frequency(counts)
    text = csr_array(tfidf(counts, idf))
    heads, weights, biases, start = [], [], [], 0
    for spec in HEADS:
        weight, bias = fit_head(spec, data, rows, priors, strengths[spec.target], text)
        labels = priors.labels[spec.target]
        heads.append(Head(spec.target, spec.link, labels, start, start + len(labels)))
        start += len(labels)
        weights.append(weight)
        biases.append(bias)
    matrix = np.hstack(weights)
    known = np.flatnonzero(np.abs(matrix[: len(data.names)]).sum(axis=1) > 0)
    return Model(
        name="unsaved",
        reader=reader,
        heads=tuple(heads),
        features=tuple(data.names[k] for k in known),
        terms=tuple(data.terms[k] for k in kept),
        idf=idf,
        weights=np.vstack([matrix[known], matrix[len(data.names) :]]),
        bias=np.concatenate(biases),
        together=ground.together,
    )


def quick_model(cases: Sequence[Case], ground: Ground | None = None) -> tuple[Model, TrainingSet]:
    """A model of all the cases at the shipped recipe's strengths: no search, no evaluation."""
    ground = ground or Ground.shipped()
    reader = Reader(ground.lexicon)
    data = training_set(cases, reader)
    strengths = {spec.target: FIRM for spec in HEADS}
    return fit_model(ground, reader, data, np.arange(len(cases)), priors_for(ground, data), strengths), data
