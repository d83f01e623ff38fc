"""The honest figures: what share is right, how sure that share is, and which label is taken for which.

A prediction is right when its first label is among the labels of any annotation of the notice. Macro
recall is the mean, over labels with three or more notices (by the first annotation), of the share of
their notices that are right. Set F1 compares all assigned labels with the nearer annotation.
Intervals are 95 % percentile bootstrap intervals over notices, with a fixed seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Annotation = tuple[str, ...]
LEAST_SUPPORT = 3
_RESAMPLES = 1000


class Judged(Struct, frozen=True):
    """One notice and target: what its annotations say (the first is the main one), what was assigned."""

    annotations: tuple[Annotation, ...]
    assigned: Annotation

    @property
    def right(self) -> bool:
        """Whether the first assigned label is in any annotation."""
        return bool(self.assigned) and any(self.assigned[0] in a for a in self.annotations)

    @property
    def nearer(self) -> Annotation:
        """The annotation that resembles the assigned labels most."""
        return max(self.annotations, key=lambda a: _f1(len(set(a) & set(self.assigned)), a, self.assigned))


class Figure(Struct, frozen=True):
    """A share in 0..1 with the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


class TargetFigures(Struct, frozen=True):
    """The figures of one target over `notices` notices."""

    notices: int
    accuracy: Figure
    macro_recall: Figure
    set_f1: Figure
    recall: Mapping[str, tuple[int, int]]
    """Label -> (right, notices), by the first annotation."""
    confusion: Mapping[str, Mapping[str, int]]
    """Label by the first annotation -> label assigned first -> notices."""


def target_figures(judged: Sequence[Judged]) -> TargetFigures:
    """The figures of one target; raises ValueError when there is no notice."""
    if not judged:
        raise ValueError("no notice to judge")
    right = np.array([j.right for j in judged], dtype=float)
    shared = np.array([len(set(j.nearer) & set(j.assigned)) for j in judged], dtype=float)
    sizes = np.array([len(set(j.nearer)) + len(set(j.assigned)) for j in judged], dtype=float)
    labels = sorted({label for j in judged for label in j.annotations[0]})
    has = np.array([[label in j.annotations[0] for label in labels] for j in judged], dtype=float)
    supported = has[:, has.sum(axis=0) >= LEAST_SUPPORT]
    draws = _draws(len(judged))
    confusion: dict[str, Counter[str]] = {}
    for j in judged:
        row = confusion.setdefault(j.annotations[0][0] if j.annotations[0] else "", Counter())
        row[j.assigned[0] if j.assigned else ""] += 1
    return TargetFigures(
        notices=len(judged),
        accuracy=_figure(right.mean(), right[draws].mean(axis=1)),
        macro_recall=_figure(
            float(_macro(right[None], supported[None])[0]), _macro(right[draws], supported[draws])
        ),
        set_f1=_figure(
            2 * shared.sum() / max(sizes.sum(), 1),
            2 * shared[draws].sum(axis=1) / np.maximum(sizes[draws].sum(axis=1), 1),
        ),
        recall={
            label: (int((right * has[:, k]).sum()), int(has[:, k].sum())) for k, label in enumerate(labels)
        },
        confusion={label: dict(sorted(row.items())) for label, row in sorted(confusion.items())},
    )


def share(right: Sequence[bool]) -> Figure:
    """The share that is right (all three targets of a notice, say) with its interval."""
    values = np.array(right, dtype=float)
    return _figure(values.mean(), values[_draws(len(values))].mean(axis=1))


def _draws(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(20201123).integers(0, count, size=(_RESAMPLES, count))


def _macro(right: NDArray[np.float64], has: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean recall over the labels that a resample holds: right is (draws, n), has (draws, n, labels)."""
    support = has.sum(axis=1)
    recall = (right[:, :, None] * has).sum(axis=1) / np.maximum(support, 1)
    held = support > 0
    return np.asarray((recall * held).sum(axis=1) / np.maximum(held.sum(axis=1), 1))


def _figure(value: float, resampled: NDArray[np.float64]) -> Figure:
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Figure(float(value), float(low), float(high))


def _f1(shared: int, one: Annotation, other: Annotation) -> float:
    return 2 * shared / (len(one) + len(other)) if one or other else 1.0
