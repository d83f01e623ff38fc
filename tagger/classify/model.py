"""A trained model: features in, probabilities out. numpy only; nothing here can be trained.

A logit is a sum of weights times values, so what a label rests on can be told exactly (evidence.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tagger.card import RankedLabel
from tagger.classify.automaton import Automaton
from tagger.classify.decode import JOINT, industry_marginals, joint_marginals, with_statutes
from tagger.classify.doubt import NO_DOUBT, Doubt
from tagger.classify.features import Input, Reader, Reading
from tagger.classify.heads import STATUTES
from tagger.classify.linear import Link, sigmoid
from tagger.classify.precedents import PastCases
from tagger.classify.priors import Together
from tagger.classify.text import term_counts, tfidf, unit_tfidf
from tagger.taxonomy import TARGETS, Target

Floats = NDArray[np.float64]


class Head(Struct, frozen=True):
    """One target of a model: its labels are the columns start..stop of the weights."""

    target: str
    link: Link
    labels: tuple[str, ...]
    start: int
    stop: int
    temperature: float = 1.0
    threshold: float = 0.5
    """From which probability on a label behind the first is assigned too."""

    @property
    def columns(self) -> slice:
        """The head's columns."""
        return slice(self.start, self.stop)


class RankedArticle(NamedTuple):
    """One article of the predicted statutes, in the numbering that the model learnt (articles.py)."""

    law: str
    article: str
    probability: float
    assigned: bool


class Decision(Struct, frozen=True):
    """What the model says of one notice: for each target a ranking, best first, and the likely statutes."""

    labels: Mapping[Target, tuple[RankedLabel, ...]]
    articles: tuple[RankedArticle, ...]


class Model(Struct, frozen=True, dict=True):
    """Weights, and what is needed to turn a notice into what they multiply."""

    name: str
    reader: Reader
    heads: tuple[Head, ...]
    features: tuple[str, ...]
    terms: tuple[str, ...]
    idf: Floats
    weights: Floats
    """Features then terms, by the labels of all heads."""
    bias: Floats
    together: Together
    manifest: Mapping[str, Any] = field(default_factory=dict)
    doubt: Doubt = NO_DOUBT
    """What the out-of-fold scores of its cases taught."""
    past: PastCases | None = None
    """The cases that it learnt from, to be named as precedents."""

    def __post_init__(self) -> None:
        vars(self)["_row"] = {name: row for row, name in enumerate(self.features)}
        vars(self)["_automaton"] = Automaton(self.terms)

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The features of notices."""
        return self.reader.read(inputs)

    def hits(self, reading: Reading) -> list[tuple[int, int, int]]:
        """Every place of a text term: (number of the term, start, end)."""
        automaton: Automaton = self._automaton  # type: ignore[attr-defined]
        return automaton.hits(reading.text)

    def text(self, readings: Sequence[Reading]) -> Floats:
        """Notices by text terms: TF-IDF."""
        hits = [np.array([h[0] for h in self.hits(reading)], dtype=np.int64) for reading in readings]
        return tfidf(term_counts(hits, len(self.terms)), self.idf)

    def logits(self, readings: Sequence[Reading]) -> Floats:
        """Notices by the labels of all heads."""
        scores = np.empty((len(readings), len(self.bias)))
        weights = np.asarray(self.weights)  # rows of a plain array are gathered faster than of a memory map
        for index, reading in enumerate(readings):
            rows, values = self._known(reading)
            scores[index] = values @ weights[rows]
        return scores + self.bias

    def _known(self, reading: Reading) -> tuple[NDArray[np.intp], Floats]:
        """The rows of the weights that a notice touches, some hundred of thousands, and by how much."""
        row: dict[str, int] = self._row  # type: ignore[attr-defined]
        features = [(row[name], value) for name, value in reading.features.items() if name in row]
        counted = Counter([number for number, _, _ in self.hits(reading)])
        terms = np.fromiter(counted, np.intp, len(counted))
        text = unit_tfidf(np.fromiter(counted.values(), float, len(counted)), np.asarray(self.idf)[terms])
        known = np.array([number for number, _ in features], np.intp)
        values = np.array([value for _, value in features], float)
        return np.concatenate([known, terms + len(self.features)]), np.concatenate([values, text])

    def probabilities(self, readings: Sequence[Reading]) -> dict[str, Floats]:
        """Target -> notices by labels, with the targets decided together."""
        logits = self.logits(readings)
        return self.decode({head.target: logits[:, head.columns] for head in self.heads})

    def decode(self, logits: Mapping[str, Floats]) -> dict[str, Floats]:
        """Probabilities from logits: temperatures, what goes together, statutes last."""
        heads = {head.target: head for head in self.heads}
        labels = {head.target: head.labels for head in self.heads}
        tamed = {target: logits[target] / heads[target].temperature for target in logits}
        found = joint_marginals({t: tamed[t] for t in JOINT}, labels, self.together)
        found["industry"] = industry_marginals(tamed["industry"], found["subject"], labels, self.together)
        found["impact"] = sigmoid(tamed["impact"])
        statutes = with_statutes(logits[STATUTES], labels[STATUTES], found, labels, self.together)
        found[STATUTES] = sigmoid(statutes / heads[STATUTES].temperature)
        return found

    def decide(self, readings: Sequence[Reading]) -> list[Decision]:
        """The decisions on notices, in their order."""
        probabilities = self.probabilities(readings)
        calibrated = {target: self.doubt.calibrated(target, found) for target, found in probabilities.items()}
        heads = {head.target: head for head in self.heads}
        rankings = [_rankings(heads[t], probabilities[t], calibrated[t]) for t in TARGETS]
        articles = _articles(heads[STATUTES], probabilities[STATUTES], calibrated[STATUTES])
        return [
            Decision(dict(zip(TARGETS, labels, strict=True)), ranked)
            for *labels, ranked in zip(*rankings, articles, strict=True)
        ]


_CANDIDATES = 11
"""The assigned and up to ten that follow (the contract)."""


def _rankings(head: Head, found: Floats, calibrated: Floats) -> list[tuple[RankedLabel, ...]]:
    labels = head.labels
    return [
        tuple([RankedLabel(labels[k], p, a) for k, p, a in zip(*best, strict=True)])
        for best in _best(found, calibrated, calibrated >= head.threshold, _CANDIDATES)
    ]


def _articles(head: Head, found: Floats, calibrated: Floats) -> list[tuple[RankedArticle, ...]]:
    names = [label.split(" ", 1) for label in head.labels]
    return [
        tuple([RankedArticle(names[k][0], names[k][1], p, a) for k, p, a in zip(*best, strict=True)])
        for best in _best(found, calibrated, found >= head.threshold, 2 * _CANDIDATES)
    ]


def _best(
    found: Floats, calibrated: Floats, enough: NDArray[np.bool_], most: int
) -> Iterator[tuple[list[int], list[float], list[bool]]]:
    """For each notice its likeliest labels (columns), best first, their probabilities, what is assigned."""
    order = np.argsort(-found, axis=1, kind="stable")[:, :most]
    assigned = np.take_along_axis(enough, order, 1)
    assigned[:, :1] = True
    shown = np.take_along_axis(calibrated, order, 1)
    return zip(order.tolist(), shown.tolist(), assigned.tolist(), strict=True)
