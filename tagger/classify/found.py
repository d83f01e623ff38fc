"""The words of the lexicon that stand in the texts of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagger.classify.sheet import Marks, Numbers


class Found(NamedTuple):
    """The words of a sheet: term `numbers[k]`, with the meanings of list `lists[k]`, in text `texts[k]`."""

    numbers: Numbers
    starts: Numbers
    ends: Numbers
    lists: Numbers
    texts: Numbers

    def where(self, which: NDArray[np.intp]) -> Found:
        """Some of them."""
        return Found(*(column[which] for column in self))


def inside_longer(
    ends: NDArray[np.int32], families: NDArray[np.int64], hides: NDArray[np.int64], bits: Sequence[int]
) -> Marks:
    """Which places (by start, the longest first) lie inside a longer one that hides a family of theirs.

    A place hides others until one ends behind it.
    """
    count = len(ends)
    until = np.arange(1, count + 1)
    open_ = np.arange(count - 1)
    while len(open_):
        open_ = open_[ends[until[open_]] <= ends[open_]]
        until[open_] += 1
        open_ = open_[until[open_] < count]
    hidden = np.zeros(count, bool)
    for one in bits:
        reach = np.maximum.accumulate(np.where(hides & one, until, 0))
        hidden[1:] |= (families[1:] & one > 0) & (reach[:-1] > np.arange(1, count))
    return hidden
