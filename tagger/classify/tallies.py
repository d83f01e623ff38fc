"""How much of each kind the words of a notice say, wherever they stand: each word once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ENFORCEMENT, NETWORK = 0, 1
"""The questions of a text's genre (genre.py)."""
WEIGHTS = (
    (ENFORCEMENT, "notice.enforcement", 1.0, 1.5),
    (ENFORCEMENT, "outcome", 1.5, 1.5),
    (ENFORCEMENT, "role.suspect", 0.8, 0.8),
    (ENFORCEMENT, "role.gang", 0.8, 0.8),
    (ENFORCEMENT, "role.hacker", 0.5, 0.5),
    (ENFORCEMENT, "notice.not", -1.2, -4.0),
    (NETWORK, "notice.network", 1.5, 3.0),
    (NETWORK, "act", 1.5, 2.5),
    (NETWORK, "duty", 1.5, 2.5),
    (NETWORK, "industry.data", 1.0, 1.0),
    (NETWORK, "notice.not", -0.5, -1.5),
)
"""What kinds of words say: weight of one full-strength word, and the most that the kind adds."""
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
    """What a word of these meanings says, by the rows of WEIGHTS."""
    found = [0.0] * len(WEIGHTS)
    for meaning, strength in pairs:
        rows = _rows(meaning)
        if rows:
            strength *= _ELSEWHERE if meaning in _ALSO_ELSEWHERE else 1.0
            for k, weight in rows:
                found[k] += weight * strength
    return found


@cache
def _rows(meaning: str) -> list[tuple[int, float]]:
    """The rows of WEIGHTS that a meaning belongs to."""
    return [
        (k, weight)
        for k, (_, kind, weight, _) in enumerate(WEIGHTS)
        if meaning == kind or meaning.startswith(kind + ".")
    ]


def answered(rows: Iterable[NDArray[Any]], notices: int) -> tuple[Floats, Floats]:
    """What the words of notices say to both questions, of the sums by the rows of WEIGHTS."""
    answers = np.zeros((2, notices))
    for (question, _, weight, most), row in zip(WEIGHTS, rows, strict=True):
        answers[question] += np.maximum(row, most) if weight < 0 else np.minimum(row, most)
    return answers[ENFORCEMENT], answers[NETWORK]


def tells(pairs: Pairs) -> bool:
    """Whether a word of these meanings tells what happened."""
    return any(not meaning.startswith(SAYS_LITTLE) for meaning, _ in pairs)
