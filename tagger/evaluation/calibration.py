"""Is the doubt honest? Calibration error, reliability, coverage, the accuracy of what nobody reviews.

A confidence is the probability of the first label; it is right as `figures.Judged.right` says. The
expected calibration error is the mean distance of confidence and accuracy over bins of equal count
(Naeini et al. 2015), weighted by their counts. It is never 0 in a small sample: `by_chance` is what
perfectly calibrated confidences would show on average, and a figure near it is as good as can be told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.evaluation.figures import Figure, share

Floats = NDArray[np.float64]

BINS = 5
_RESAMPLES = 1000
_SEED = 20201123


class Bin(Struct, frozen=True):
    """The notices of one stretch of confidence: how sure the tagger was on average, how often right."""

    notices: int
    confidence: float
    accuracy: Figure


class Calibration(Struct, frozen=True):
    """How well confidences keep their promise."""

    error: Figure
    """Expected calibration error with its 95 % bootstrap interval."""
    by_chance: float
    """The error that sampling alone would give on as many notices."""
    bins: tuple[Bin, ...]
    """Least sure first."""


class Coverage(Struct, frozen=True):
    """How often the candidate sets hold a right label, and how many labels they hold on average."""

    covered: Figure
    mean_size: float
    single: float
    """The share of sets of one label."""


class Selection(Struct, frozen=True):
    """What is not sent to review: which share of all, and the share of it that is right."""

    kept: Figure
    accuracy: Figure


def calibration(confidence: Sequence[float], right: Sequence[bool], bins: int = BINS) -> Calibration:
    """The calibration of confidences (0..1); raises ValueError when there is none."""
    if not len(confidence):
        raise ValueError("no confidence to judge")
    sure, hit = np.array(confidence, dtype=float), np.array(right, dtype=float)
    random = np.random.default_rng(_SEED)
    draws = random.integers(0, len(sure), size=(_RESAMPLES, len(sure)))
    resampled = [_error(sure[rows], hit[rows], bins) for rows in draws]
    chance = [_error(sure, (random.random(len(sure)) < sure).astype(float), bins) for _ in range(_RESAMPLES)]
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Calibration(
        Figure(_error(sure, hit, bins), float(low), float(high)),
        float(np.mean(chance)),
        tuple(
            Bin(len(rows), float(sure[rows].mean()), share([bool(hit[row]) for row in rows]))
            for rows in _equal_count(sure, bins)
        ),
    )


def _error(sure: Floats, hit: Floats, bins: int) -> float:
    return float(
        sum(len(rows) * abs(sure[rows].mean() - hit[rows].mean()) for rows in _equal_count(sure, bins))
        / len(sure)
    )


def _equal_count(sure: Floats, bins: int) -> list[NDArray[np.int64]]:
    order = np.argsort(sure, kind="stable")
    return [rows for rows in np.array_split(order, bins) if len(rows)]


def coverage(sets: Sequence[Collection[str]], annotations: Sequence[Sequence[Collection[str]]]) -> Coverage:
    """The coverage of candidate sets; a notice may have several annotations, each of several labels."""
    covered = [
        any(label in held for one in annotated for label in one)
        for held, annotated in zip(sets, annotations, strict=True)
    ]
    sizes = np.array([len(held) for held in sets])
    return Coverage(share(covered), float(sizes.mean()), float((sizes == 1).mean()))


def selection(reviewed: Sequence[bool], right: Sequence[bool]) -> Selection | None:
    """The accuracy of the cards that nobody is asked to review; None where every card is."""
    kept = [not one for one in reviewed]
    hits = [hit for hit, stays in zip(right, kept, strict=True) if stays]
    return Selection(share(kept), share(hits)) if hits else None


_WIDTH = 40


def diagram(found: Calibration) -> str:
    """The reliability diagram in characters: a bar of the accuracy, a bar across it where it should end."""
    lines = ["confidence  accuracy [95 % interval]   notices"]
    for one in found.bins:
        bar = list("█" * round(one.accuracy.value * _WIDTH) + " " * _WIDTH)[: _WIDTH + 1]
        bar[round(one.confidence * _WIDTH)] = "│"
        lines.append(f"{one.confidence:10.3f}  {one.accuracy}  {one.notices:7d}  {''.join(bar).rstrip()}")
    lines.append(f"expected calibration error {found.error}, by chance {found.by_chance:.3f}")
    return "\n".join(lines)
