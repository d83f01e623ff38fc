"""The words of the lexicon that stand in the texts of a sheet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagger.classify.sheet import Numbers


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
