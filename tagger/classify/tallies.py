"""How much of each kind the words of a notice say, wherever they stand: each word once."""

from __future__ import annotations

from collections.abc import Iterable

WEIGHED = (
    "notice.enforcement", "notice.network", "notice.not", "outcome", "role.suspect", "role.gang",
    "role.hacker", "act", "duty", "industry.data",
)  # fmt: skip
"""The kinds of words that tell a notice from another text (genre.py)."""
_ALSO_ELSEWHERE = frozenset(
    {
        "act.fraud", "act.gambling", "act.porn", "act.recruit", "act.help-crime", "act.org-crime",
        "duty.failed", "duty.no-system", "duty.refuse-rectify",
    }
)  # fmt: skip
"""Acts that are done offline as well, and failures that every authority finds."""
_ELSEWHERE = 0.5
SAYS_LITTLE = ("notice.", "statute.")
"""Meanings that tell the genre or an article, not what happened."""

Pairs = Iterable[tuple[str, float]]


def said(pairs: Pairs) -> list[float]:
    """What a word of these meanings says of each WEIGHED kind."""
    found = [0.0] * len(WEIGHED)
    for meaning, strength in pairs:
        for k, kind in enumerate(WEIGHED):
            if meaning == kind or meaning.startswith(kind + "."):
                found[k] += _ELSEWHERE * strength if meaning in _ALSO_ELSEWHERE else strength
    return found


def tells(pairs: Pairs) -> bool:
    """Whether a word of these meanings tells what happened."""
    return any(not meaning.startswith(SAYS_LITTLE) for meaning, _ in pairs)
