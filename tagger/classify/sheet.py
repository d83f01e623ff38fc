"""Texts laid end to end as code points, so that one expression of numpy asks all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Codes = NDArray[np.uint32]
Marks = NDArray[np.bool_]

SEPARATOR = 0x110000
"""Stands between texts: no character has this code point."""
MARGIN = 4
"""So many separators stand before, between and behind texts: what looks that far stays in its text."""


class Sheet:
    """Some texts; text k is `codes[starts[k]:ends[k]]`."""

    def __init__(self, texts: Sequence[str]) -> None:
        margin = "\0" * MARGIN
        joined = margin + "".join([text + margin for text in texts])
        lengths = np.array([len(text) for text in texts], np.int32)
        self.ends: Numbers = np.cumsum(lengths + MARGIN, dtype=np.int32)
        self.starts: Numbers = self.ends - lengths
        self.codes: Codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
        for k in range(MARGIN):
            self.codes[self.ends + k] = SEPARATOR
        self.codes[:MARGIN] = SEPARATOR

    def __len__(self) -> int:
        return len(self.codes)

    def text_of(self, places: Numbers | NDArray[np.intp]) -> Numbers:
        """Which text each place (an index of the codes) lies in."""
        return np.asarray(np.searchsorted(self.starts, places, side="right") - 1, np.int32)


def covered(starts: Numbers, ends: Numbers, length: int) -> Marks:
    """Which characters of a sheet lie between some starts and their ends."""
    depth = np.zeros(length + 1, np.int32)
    np.add.at(depth, starts, 1)
    np.add.at(depth, ends, -1)
    return np.asarray(np.cumsum(depth)[:-1] > 0)


def folded(text: str) -> str:
    """The text in lower case, character for character (`İ` alone would grow)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
