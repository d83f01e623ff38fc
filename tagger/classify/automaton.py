"""Every term in one pass: an Aho-Corasick automaton over lexicon words and text terms alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

Hits = NDArray[np.int32]
"""One row a place where a term stands: (term number, start, end), by start, then the longest first."""


class Automaton:
    """Finds all places of all terms, overlaps included."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms: tuple[str, ...] = tuple(terms)
        self._found = ahocorasick_rs.AhoCorasick(
            self.terms or ("\0",),
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """(term number, start, end) of every place, in the order of the ends."""
        found: list[tuple[int, int, int]] = self._found.find_matches_as_indexes(text, overlapping=True)
        return found

    def counts(self, text: str) -> NDArray[np.int64]:
        """How often each term stands in the text."""
        numbers = np.fromiter((number for number, _, _ in self.hits(text)), dtype=np.int64)
        return np.bincount(numbers, minlength=len(self.terms))


def as_array(found: Sequence[tuple[int, int, int]]) -> Hits:
    """Hits as an array, by start, then the longest first."""
    array = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=3 * len(found)).reshape(-1, 3)
    return array[np.lexsort((-array[:, 2], array[:, 1]))]


def folded(text: str) -> str:
    """The text in lower case, character for character (`İ` alone would grow)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
