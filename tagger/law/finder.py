"""Known names in a text, the leftmost first and of these the longest, none overlapping another.

An Aho-Corasick automaton finds them in a tenth of the time that looking them up place by place takes; but
building it takes as long as a thousand notices so. Hence it is built when that many have been read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

Found = list[tuple[int, int, int]]
"""(number of the name, start, end), in the order of the text."""

_PATIENCE = 20_000
"""So many characters are looked up place by place before an automaton is built."""
_HEAD = 2


class NameFinder:
    """Finds names. Of equal ones the first counts."""

    def __init__(self, names: Sequence[str], patience: int = _PATIENCE) -> None:
        self._names = names
        # A name without a whole head is left to the automaton, and so are all.
        self._patience = patience if all(len(name) >= _HEAD for name in names) else 0

    def find(self, text: str) -> Found:
        """Where the names stand."""
        if self._patience <= 0:
            found: Found = self._automaton.find_matches_as_indexes(text)
            return found
        self._patience -= len(text)
        return self._looked_up(text)

    def _looked_up(self, text: str) -> Found:
        numbers, lengths = self._tables
        found: Found = []
        free = 0
        for start in range(len(text) - 1):
            possible = lengths.get(text[start : start + _HEAD])
            if possible is None or start < free:
                continue
            for length in possible:
                end = start + length
                number = numbers.get(text[start:end]) if end <= len(text) else None
                if number is not None:
                    found.append((number, start, end))
                    free = end
                    break
        return found

    @cached_property
    def _tables(self) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
        """The number of each name, and by two first characters how long names are, longest first."""
        numbers: dict[str, int] = {}
        lengths: dict[str, set[int]] = {}
        for number, name in enumerate(self._names):
            numbers.setdefault(name, number)
            lengths.setdefault(name[:_HEAD], set()).add(len(name))
        return numbers, {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick_rs

        return ahocorasick_rs.AhoCorasick(
            self._names or ("\0",), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
