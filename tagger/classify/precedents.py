"""Which cases of the casebook resemble a notice, and in what.

Two halves of equal say: the words (TF-IDF over the model's text terms) and what is known of them (the
meanings found, the articles cited, the sanctions imposed, each the heavier the fewer cases have it).
The similarity is the cosine of the joined vectors. On the report's cases the three nearest share
nature and statutes more often than by words or knowledge alone (docs/model.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import log, sqrt

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger import wording
from tagger.card import Precedent
from tagger.casebook import Case
from tagger.classify.features import Reading
from tagger.law.sanctions import find_sanctions

Floats = NDArray[np.float64]

NEAREST = 3
_MOST_SHARED = 6
_SAYS_LITTLE = ("notice.", "statute.")
"""Meanings that tell the genre or an article, not what happened."""

_TELLING_FACTS = ("cited|", "sanction|")


class PastCase(Struct, frozen=True):
    """What is shown of a case: `outcome` is its sanctions in words, `phrases` the known words in it."""

    id: str
    title: str
    statutes: tuple[str, ...]
    outcome: str
    phrases: tuple[str, ...]


class PastCases(Struct, frozen=True, dict=True):
    """The casebook as vectors of length 1, row by row: `values[starts[k]:starts[k + 1]]` are case k's.

    Columns are the knowledge features `names`, each weighed by `rarity`, then the model's text terms.
    """

    cases: tuple[PastCase, ...]
    names: tuple[str, ...]
    rarity: Floats
    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.cases)

    @cached_property
    def column(self) -> Mapping[str, int]:
        """Where each of the knowledge features is."""
        return {name: k for k, name in enumerate(self.names)}

    @cached_property
    def frequency(self) -> Mapping[str, int]:
        """In how many cases each phrase stands."""
        return Counter(phrase for case in self.cases for phrase in case.phrases)


def remember(cases: Sequence[Case], readings: Sequence[Reading], text: Floats) -> PastCases:
    """The cases as they will be compared; `text` is their TF-IDF matrix over the model's terms."""
    known = [dict(_knowledge(reading)) for reading in readings]
    frequency = Counter(name for features in known for name in features)
    names = tuple(sorted(frequency))
    rarity = np.array([_rarity(frequency[name], len(cases)) for name in names])
    column = {name: k for k, name in enumerate(names)}
    starts, columns, values = [0], [], []
    for features, words in zip(known, text, strict=True):
        row = _joined(_weighed(features, column, rarity), words)
        held = np.flatnonzero(row)
        columns.append(held)
        values.append(row[held])
        starts.append(starts[-1] + len(held))
    return PastCases(
        tuple(
            PastCase(case.id, case.title, case.statutes, _outcome(case), tuple(sorted(_phrases(reading))))
            for case, reading in zip(cases, readings, strict=True)
        ),
        names,
        rarity,
        np.array(starts, np.int32),
        np.concatenate([np.zeros(0), *columns]).astype(np.int32),
        np.concatenate([np.zeros(0), *values]).astype(np.float32),
    )


def similarities(past: PastCases, reading: Reading, text: Floats) -> Floats:
    """The cosine of a notice and each case; `text` is the notice's TF-IDF vector."""
    query = _joined(_weighed(dict(_knowledge(reading)), past.column, past.rarity), text)
    products = np.concatenate([[0.0], np.cumsum(past.values * query[past.columns])])
    return np.asarray(products[past.starts[1:]] - products[past.starts[:-1]])


def precedents(
    past: PastCases, reading: Reading, text: Floats, count: int = NEAREST
) -> tuple[Precedent, ...]:
    """The nearest cases, nearest first, each with the phrases that both have, the rarest first."""
    cosine = similarities(past, reading, text)
    own = _phrases(reading)
    return tuple(
        Precedent(
            past.cases[k].id,
            past.cases[k].title,
            round(min(1.0, float(cosine[k])), 4),
            _shared(own, past.cases[k].phrases, past.frequency, len(past)),
            past.cases[k].statutes,
            past.cases[k].outcome,
        )
        for k in np.argsort(-cosine, kind="stable")[:count]
        if cosine[k] > 0
    )


def _knowledge(reading: Reading) -> Iterator[tuple[str, float]]:
    for meaning, value in reading.said_anywhere():
        if not meaning.startswith(_SAYS_LITTLE):
            yield f"any|{meaning}", value
    for name, value in reading.facts.items():
        if name.startswith(_TELLING_FACTS):
            yield name, value


def _weighed(features: Mapping[str, float], column: Mapping[str, int], rarity: Floats) -> Floats:
    row = np.zeros(len(rarity))
    for name, value in features.items():
        if name in column:
            row[column[name]] = value * rarity[column[name]]
    return row


def _joined(knowledge: Floats, text: Floats) -> Floats:
    return np.concatenate([_unit(knowledge), _unit(text)]) * sqrt(0.5)


def _unit(row: Floats) -> Floats:
    length = float(np.sqrt(row @ row))
    return row / length if length else row


def _rarity(frequency: int, cases: int) -> float:
    return log((1 + cases) / (1 + frequency)) + 1


def _phrases(reading: Reading) -> set[str]:
    return {
        hit.term
        for hit in reading.hits
        if any(not meaning.startswith(_SAYS_LITTLE) for meaning, _ in hit.meanings)
    }


def _shared(
    own: set[str], others: Sequence[str], frequency: Mapping[str, int], cases: int
) -> tuple[str, ...]:
    """The phrases of both, the rarest and longest first, none inside another."""
    both = sorted(own.intersection(others), key=lambda p: (-_rarity(frequency[p], cases) * len(p), p))
    kept: list[str] = []
    for phrase in both:
        if len(kept) < _MOST_SHARED and not any(phrase in one for one in kept):
            kept.append(phrase)
    return tuple(kept)


def _outcome(case: Case) -> str:
    return "；".join(
        dict.fromkeys(wording.sanction(one) for one in find_sanctions(case.text, body_start=case.body_start))
    )
