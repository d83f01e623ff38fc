"""Which cards a person should look at first: the most doubtful ones, no two of them alike.

A card is doubtful as far as one of its three main labels is probably wrong. Of many doubtful cards of one
kind the first teaches what the others would teach, so each further card counts less the more it
resembles one that is chosen already (greedy k-centre, weighted by doubt). Reposts of what the casebook
tells, or of another card, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tagger.card import CaseCard
from tagger.casebook import Case
from tagger.taxonomy import Target

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from tagger.notice import Notice
    from tagger.tagger import Tagger

MAIN: tuple[Target, ...] = ("industry", "subject", "nature")
_POOL = 40
"""How many doubtful cards are weighed for each that is chosen."""
_AT_ONCE = 256


class Pick(Struct, frozen=True):
    """A card to look at. `doubt` is the probability that a main label is wrong; `likeness`, 0..1, how far
    it resembles the card chosen before it that it resembles most."""

    card: CaseCard
    doubt: float
    likeness: float


class Selection(Struct, frozen=True):
    """The picks, the one that teaches most first, and how many cards were left out and why."""

    picks: tuple[Pick, ...]
    no_notice: int
    known: int
    reposts: int


def doubt(card: CaseCard) -> float:
    """The probability that at least one of the three main labels is wrong, as the model sees it."""
    return 1.0 - prod(max((e.probability for e in card.ranking(t)), default=0.0) for t in MAIN)


def select(cards: Iterable[CaseCard], count: int, casebook: Sequence[Case]) -> Selection:
    """`count` cards to look at first, of those that are notices and that the casebook does not tell.

    The cards are read once; only the most doubtful are kept and compared.
    """
    from heapq import nlargest

    no_notice = 0

    def doubtful() -> Iterable[tuple[float, int, CaseCard]]:
        nonlocal no_notice
        for number, card in enumerate(cards):
            if card.notice:
                yield doubt(card), -number, card
            else:
                no_notice += 1

    pool = nlargest(count * _POOL, doubtful(), key=lambda item: item[:2])
    fresh, known, reposts = _fresh([card for _, _, card in pool], casebook)
    return Selection(_spread(fresh, count), no_notice, known, reposts)


def _fresh(cards: Sequence[CaseCard], casebook: Sequence[Case]) -> tuple[list[CaseCard], int, int]:
    """The first card of each event that the casebook does not tell; how many are known, how many reposts."""
    from tagger.neardup import Groups, Marks, sketches

    texts = [*(case.text for case in casebook), *(card.text for card in cards)]
    sources = [*(case.id for case in casebook), *(card.source for card in cards)]
    groups = Groups().assign(sketches(texts, [Marks()] * len(texts)), sources)
    told, seen = set(groups[: len(casebook)]), set[str]()
    fresh, known, reposts = [], 0, 0
    for card, group in zip(cards, groups[len(casebook) :], strict=True):
        if group in told:
            known += 1
        elif group in seen:
            reposts += 1
        else:
            seen.add(group)
            fresh.append(card)
    return fresh, known, reposts


def _spread(cards: Sequence[CaseCard], count: int) -> tuple[Pick, ...]:
    """The cards whose doubt, less by their likeness to those chosen before them, is greatest."""
    if not cards:
        return ()
    vectors = _vectors([card.text for card in cards])
    doubts = np.array([doubt(card) for card in cards])
    likeness = np.zeros(len(cards))
    left = np.ones(len(cards), dtype=bool)
    picks = []
    for _ in range(min(count, len(cards))):
        best = int(np.argmax(np.where(left, doubts * (1.0 - likeness), -1.0)))
        left[best] = False
        picks.append(Pick(cards[best], float(doubts[best]), float(likeness[best])))
        row = vectors[[best]].toarray().ravel()
        likeness = np.clip(np.maximum(likeness, vectors @ row), 0.0, 1.0)
    return tuple(picks)


def _vectors(texts: Sequence[str]) -> csr_array:
    """The texts as TF-IDF vectors of length 1 over pairs of characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True)
    vectors: csr_array = vectorizer.fit_transform(texts)
    return vectors


def tagged(tagger: Tagger, notices: Sequence[Notice]) -> Iterator[CaseCard]:
    """The cards of notices, as the model in use sees them."""
    for start in range(0, len(notices), _AT_ONCE):
        yield from tagger.tag_notices(notices[start : start + _AT_ONCE])
