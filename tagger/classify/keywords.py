"""The card's keywords: the words of the notice that say what happened, in their order.

The 2020 report's keywords name acts, failed duties, the kind of data or system, and marked roles
(内鬼, 黑客, 公职人员); the lexicon knows the same things by their meanings.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.classify.features import Hit

MOST = 5
_WEIGHT = {
    "act.": 1.0,
    "duty.": 0.9,
    "industry.data.": 0.7,
    "industry.product.": 0.6,
    "role.hacker": 0.6,
    "role.gang": 0.6,
    "role.public-servant": 0.5,
    "role.former-employee": 0.5,
}
_IN_TITLE = 0.5
_SHORTEST = 2
_CLEAR = 0.6
"""A word of less strength hints at its meaning and does not name it."""
_SAYS_NOTHING = frozenset({"duty.failed"})


@lru_cache(maxsize=1 << 12)
def _weight(meaning: str) -> float:
    if meaning in _SAYS_NOTHING:
        return 0.0
    return next((weight for prefix, weight in _WEIGHT.items() if meaning.startswith(prefix)), 0.0)


def weight_of(meant: tuple[str, float]) -> float:
    """How much a meaning of such a strength makes of its word, 0 for no keyword."""
    meaning, strength = meant
    return _weight(meaning) * strength if strength >= _CLEAR else 0.0


def keywords(text: str, hits: Iterable[Hit], title_end: int) -> tuple[str, ...]:
    """At most MOST words of the text: for each meaning the one that says it best, the weightiest first.

    `title_end` is where the title ends; what stands there weighs more. They are given in the order
    of the text.
    """
    best: dict[str, tuple[float, int, str]] = {}
    for hit in hits:
        if len(hit.term) < _SHORTEST:
            continue
        for meant in hit.meanings:
            weight = weight_of(meant)
            if not weight:
                continue
            score = weight + (_IN_TITLE if hit.start < title_end else 0.0)
            found = (score, -hit.start, text[hit.start : hit.end])
            if found > best.get(meant[0], (0.0, 0, "")):
                best[meant[0]] = found
    chosen: dict[str, int] = {}
    for _, start, term in sorted(best.values(), reverse=True):
        if len(chosen) < MOST and not any(term in other or other in term for other in chosen):
            chosen[term] = -start
    return tuple(sorted(chosen, key=lambda term: chosen[term]))
