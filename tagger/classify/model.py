"""A trained model: features in, probabilities out. numpy only; nothing here can be trained.

A logit is a sum of weights times values, so what a label rests on can be told exactly (evidence.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tagger.card import RankedLabel
from tagger.classify.automaton import Automaton, Places
from tagger.classify.decode import Decoder
from tagger.classify.doubt import NO_DOUBT, Doubt
from tagger.classify.features import Input, Reader, Reading, made_by_words, places_of, sheets
from tagger.classify.heads import STATUTES
from tagger.classify.linear import Link
from tagger.classify.precedents import PastCases
from tagger.classify.priors import Together
from tagger.classify.text import unit_tfidf
from tagger.taxonomy import TARGETS, Target

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


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


class RankedArticle(Struct, frozen=True):
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

    @cached_property
    def _automaton(self) -> Automaton:
        return Automaton(self.terms)

    @cached_property
    def rows(self) -> tuple[Rows, Mapping[str, int]]:
        """The row of the weights by the number of a feature of words (-1: none), by the name of a fact."""
        rows, facts = np.full(self.reader.most_features, -1, np.intp), {}
        for row, name in enumerate(self.features):
            number = self.reader.number(name)
            if number is None:
                facts[name] = row
            else:
                rows[number] = row
        return rows, facts

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The features of notices."""
        return self.reader.read(inputs)

    def places(self, reading: Reading) -> Places:
        """Every place of a text term."""
        return places_of([reading], self._automaton)[1]

    def text(self, readings: Sequence[Reading]) -> Floats:
        """Notices by text terms: TF-IDF."""
        whole = np.zeros((len(readings), len(self.terms)))
        notices, terms, values = self._terms(readings)
        whole[notices, terms] = values
        return whole

    def logits(self, readings: Sequence[Reading]) -> Floats:
        """Notices by the labels of all heads."""
        return np.concatenate([np.empty((0, len(self.bias))), *map(self._logits, sheets(readings))])

    def _logits(self, readings: Sequence[Reading]) -> Floats:
        """Each notice touches some hundred of the thousands of rows: its own are gathered and summed."""
        notices, rows, values = self._touched(readings)
        bounds = np.searchsorted(notices, np.arange(len(readings) + 1)).tolist()
        weights = self._weights if len(readings) >= _MANY else np.asarray(self.weights)
        scores = np.empty((len(readings), len(self.bias)))
        for index in range(len(readings)):
            part = slice(bounds[index], bounds[index + 1])
            np.dot(values[part], weights.take(rows[part], axis=0), out=scores[index])
        return scores + self.bias

    @cached_property
    def _weights(self) -> Floats:
        """The weights as the numbers that sums are made of: copied once, gathered faster."""
        return np.array(self.weights, float)

    def _touched(self, readings: Sequence[Reading]) -> tuple[Rows, Rows, Floats]:
        """What notices touch: (number of the notice, row of the weights, value), notice by notice."""
        known, facts = self.rows
        notices, numbers, values = made_by_words(readings)
        rows = known[numbers]
        kept = np.flatnonzero(rows >= 0)
        stated = [
            (index, facts[name], value)
            for index, reading in enumerate(readings)
            for name, value in reading.facts.items()
            if name in facts
        ]
        holders, stating, amounts = zip(*stated, strict=True) if stated else ((), (), ())
        texts, terms, weighed = self._terms(readings)
        owner = np.concatenate([notices[kept], np.array(holders, np.intp), texts])
        order = np.argsort(owner, kind="stable")
        return (
            owner[order],
            np.concatenate([rows[kept], np.array(stating, np.intp), terms + len(self.features)])[order],
            np.concatenate([values[kept], np.array(amounts, float), weighed])[order],
        )

    def _terms(self, readings: Sequence[Reading]) -> tuple[Rows, Rows, Floats]:
        """The text terms: (number of the notice, of the term, TF-IDF), notice by notice."""
        owners, places = places_of(readings, self._automaton)
        count = max(1, len(self.terms))
        found, counts = np.unique(owners.astype(np.intp) * count + places.numbers, return_counts=True)
        notices, terms = np.divmod(found, count)
        return notices, terms, unit_tfidf(counts, np.asarray(self.idf)[terms], notices)

    def probabilities(self, readings: Sequence[Reading]) -> dict[str, Floats]:
        """Target -> notices by labels, with the targets decided together."""
        logits = self.logits(readings)
        return self.decode({head.target: logits[:, head.columns] for head in self.heads})

    def decode(self, logits: Mapping[str, Floats]) -> dict[str, Floats]:
        """Probabilities from logits, target by target."""
        return self._decoder.probabilities(logits, {head.target: head.temperature for head in self.heads})

    @cached_property
    def _decoder(self) -> Decoder:
        return Decoder({head.target: head.labels for head in self.heads}, self.together)

    def decide(self, probabilities: Mapping[str, Floats]) -> list[Decision]:
        """The decisions on notices of these probabilities, in their order."""
        calibrated = {target: self.doubt.calibrated(target, found) for target, found in probabilities.items()}
        heads = {head.target: head for head in self.heads}
        rankings = [_rankings(heads[t], probabilities[t], calibrated[t]) for t in TARGETS]
        articles = _articles(heads[STATUTES], probabilities[STATUTES], calibrated[STATUTES])
        return [
            Decision(dict(zip(TARGETS, labels, strict=True)), ranked)
            for *labels, ranked in zip(*rankings, articles, strict=True)
        ]


_DIGITS = 9
"""What is beyond is the order of a sum: labels that are equal but for it come in their own order."""
_MANY = 16
"""From so many notices on it pays to copy the weights."""
_CANDIDATES = 11
"""The assigned and up to ten that follow (the contract)."""


def _rankings(head: Head, found: Floats, calibrated: Floats) -> list[tuple[RankedLabel, ...]]:
    order, shown, assigned = _best(found, calibrated, calibrated >= head.threshold, _CANDIDATES)
    labels = np.array(head.labels, object)[order].tolist()
    return [tuple(map(RankedLabel, *row)) for row in zip(labels, shown, assigned, strict=True)]


def _articles(head: Head, found: Floats, calibrated: Floats) -> list[tuple[RankedArticle, ...]]:
    laws, numbers = np.array([label.split(" ", 1) for label in head.labels], object).reshape(-1, 2).T
    order, shown, assigned = _best(found, calibrated, found >= head.threshold, 2 * _CANDIDATES)
    rows = zip(laws[order].tolist(), numbers[order].tolist(), shown, assigned, strict=True)
    return [tuple(map(RankedArticle, *row)) for row in rows]


def _best(
    found: Floats, calibrated: Floats, enough: NDArray[np.bool_], most: int
) -> tuple[Rows, list[list[float]], list[list[bool]]]:
    """For each notice its likeliest labels (columns), best first, their probabilities, what is assigned."""
    order = np.argsort(-np.round(found, _DIGITS), axis=1, kind="stable")[:, :most]
    assigned = np.take_along_axis(enough, order, 1)
    assigned[:, :1] = True
    shown = np.round(np.take_along_axis(calibrated, order, 1), _DIGITS)
    return order, shown.tolist(), assigned.tolist()
