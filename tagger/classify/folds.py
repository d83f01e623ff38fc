"""Folds that never part an event: what is tested was not learnt from a copy of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def grouped_folds(
    events: Sequence[str], strata: Sequence[str], count: int, seed: int
) -> Iterator[tuple[Indices, Indices]]:
    """`count` pairs (training, test) of indices; one event is on one side, each stratum spread evenly.

    Events are shuffled by the seed, then dealt stratum by stratum, the commonest first.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for index, event in enumerate(events):
        members[event].append(index)
    random = Random(seed)
    by_stratum: dict[str, list[str]] = defaultdict(list)
    for event in sorted(members, key=lambda event: members[event][0]):
        by_stratum[strata[members[event][0]]].append(event)
    dealt: list[str] = []
    for stratum in sorted(by_stratum, key=lambda s: (-len(by_stratum[s]), s)):
        random.shuffle(by_stratum[stratum])
        dealt += by_stratum[stratum]
    count = min(count, len(dealt))
    fold_of = {event: position % count for position, event in enumerate(dealt)}
    folds = np.array([fold_of[event] for event in events])
    for fold in range(count):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
