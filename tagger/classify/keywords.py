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
def weighed(meanings: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The meanings that make a keyword of their word, and how much."""
    return tuple(
        (meaning, weight * strength)
        for meaning, strength in meanings
        if strength >= _CLEAR and meaning not in _SAYS_NOTHING
        for prefix, weight in _WEIGHT.items()
        if meaning.startswith(prefix)
    )


def keywords(text: str, hits: Iterable[Hit], title_end: int) -> tuple[str, ...]:
    """At most MOST words of the text: for each meaning the one that says it best, the weightiest first.

    `title_end` is where the title ends; what stands there weighs more. They are given in the order
    of the text.
    """
    best: dict[str, tuple[float, int, str]] = {}
    for hit in hits:
        if len(hit.term) < _SHORTEST:
            continue
        word, more = text[hit.start : hit.end], _IN_TITLE if hit.start < title_end else 0.0
        for meaning, weight in weighed(hit.meanings):
            found = (weight + more, -hit.start, word)
            if meaning not in best or found > best[meaning]:
                best[meaning] = found
    chosen: dict[str, int] = {}
    for _, start, term in sorted(best.values(), reverse=True):
        if len(chosen) < MOST and not any(term in other or other in term for other in chosen):
            chosen[term] = -start
    return tuple(sorted(chosen, key=lambda term: chosen[term]))
