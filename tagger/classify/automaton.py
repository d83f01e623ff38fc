"""Every term in one walk over many texts: a trie that all places go down at once.

A place (an index of the code points) stands at the node of the characters read so far; a step of numpy
takes all places that are still alive to their children, so the number of steps is the length of the
longest term that is met, not that of the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagger.classify.sheet import SEPARATOR, Codes, Marks, Numbers, Sheet

_HASH = np.int64(-7_046_029_254_386_353_131)  # Knuth's multiplicative hash: 2**64 / the golden ratio
_SIEVE_BITS = 20
_Nodes = NDArray[np.intp]


class Places(NamedTuple):
    """Where terms stand: places[k] is term `numbers[k]` at starts[k]..ends[k], by start, longest first."""

    numbers: Numbers
    starts: Numbers
    ends: Numbers

    def where(self, which: Marks | slice) -> Places:
        """Some of the places."""
        return Places(*(column[which] for column in self))


class Automaton:
    """Finds all places of all terms, overlaps included."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms: tuple[str, ...] = tuple(terms)
        lengths = np.array([len(term) for term in self.terms], np.intp)
        text = np.frombuffer("".join(self.terms).encode("utf-32-le", "surrogatepass"), np.uint32)
        self._longest = int(lengths.max(initial=0))
        # Characters are numbered; 0 stands for those that no term has.
        met = np.zeros(SEPARATOR + 1, bool)
        met[text] = True
        alphabet = met.nonzero()[0]  # np.unique would import numpy.ma, which takes 20 ms
        self._alphabet = len(alphabet) + 1
        self._character = np.zeros(SEPARATOR + 1, np.uint16 if len(alphabet) < 1 << 16 else np.uint32)
        self._character[alphabet] = np.arange(1, self._alphabet)
        self._grow(self._character[text].astype(np.intp), lengths)

    def _grow(self, characters: _Nodes, lengths: _Nodes) -> None:
        """The nodes, level by level: an edge is its node times the alphabet, plus a character."""
        first = np.cumsum(lengths) - lengths
        node = np.zeros(len(lengths), np.intp)
        levels, nodes = [], 1
        ends: list[tuple[_Nodes, _Nodes]] = []
        for depth in range(self._longest):
            alive = np.flatnonzero(lengths > depth)
            edges = node[alive] * self._alphabet + characters[first[alive] + depth]
            level, place = np.unique(edges, return_inverse=True)
            node[alive] = nodes + place
            levels.append(level)
            nodes += len(level)
            whole = np.flatnonzero(lengths == depth + 1)
            ends.append((node[whole], whole))
        self._term = np.full(nodes, -1, np.int32)
        for at, numbers in ends:
            self._term[at] = numbers
        self._root = np.zeros(self._alphabet, np.intp)
        if levels:
            self._root[levels[0]] = np.arange(1, len(levels[0]) + 1)
        deeper = np.concatenate([np.empty(0, np.intp), *levels[1:]])
        self._keep(deeper, np.arange(nodes - len(deeper), nodes))

    def _keep(self, edges: _Nodes, nodes: _Nodes) -> None:
        """The edges as a hash table a quarter full; who finds the slot taken goes to the next one.

        Of the places that are asked most have no edge: a sieve that fits the cache turns these away.
        """
        hashed = edges * _HASH
        self._sieve = np.zeros(1 << _SIEVE_BITS, bool)
        self._sieve[hashed >> (64 - _SIEVE_BITS)] = True
        bits = max(4, int(2 * len(edges)).bit_length())
        self._shift, self._last = 64 - bits, (1 << bits) - 1
        self._edge = np.zeros(1 << bits, np.int64)  # no edge of a deeper node is 0
        self._node = np.zeros(1 << bits, np.int32)
        slot = hashed >> self._shift & self._last
        while len(edges):
            free = self._edge[slot] == 0
            self._edge[slot[free]] = edges[free]
            placed = self._edge[slot] == edges
            self._node[slot[placed]] = nodes[placed]
            edges, nodes, slot = edges[~placed], nodes[~placed], slot[~placed] + 1 & self._last

    def _children(self, at: _Nodes, edges: _Nodes) -> tuple[_Nodes, _Nodes]:
        """The places whose edge there is, and the nodes at its end."""
        hashed = edges * _HASH
        likely = self._sieve[hashed >> (64 - _SIEVE_BITS)].nonzero()[0]
        at, edges = at[likely], edges[likely]
        slot = hashed[likely] >> self._shift & self._last
        met = self._edge[slot]
        astray = (met != edges).nonzero()[0]
        while len(astray):
            slot[astray] = slot[astray] + 1 & self._last
            met[astray] = self._edge[slot[astray]]
            astray = astray[(met[astray] != edges[astray]) & (met[astray] != 0)]
        found = (met == edges).nonzero()[0]
        return at[found], self._node[slot[found]]

    def find(self, codes: Codes) -> Places:
        """Every place of every term in the code points of a sheet."""
        characters = self._character[codes].astype(np.intp)
        node = self._root[characters]
        at = (node != 0).nonzero()[0]
        node = node[at]
        met: list[tuple[_Nodes, _Nodes]] = []
        while len(at):
            met.append((at, node))
            at, node = self._children(at, node * self._alphabet + characters[at + len(met)])
        return self._places(met)

    def _places(self, met: list[tuple[_Nodes, _Nodes]]) -> Places:
        """The places where terms end, of the places met at each depth and their nodes."""
        if not met:
            nothing = np.empty(0, np.int32)
            return Places(nothing, nothing, nothing)
        numbers = self._term[np.concatenate([nodes for _, nodes in met])]
        here = (numbers >= 0).nonzero()[0]
        numbers, start = numbers[here], np.concatenate([at for at, _ in met])[here].astype(np.int32)
        depths = np.arange(1, len(met) + 1, dtype=np.int32)
        length = np.repeat(depths, [len(at) for at, _ in met])[here]
        # The levels are runs in order, which a stable sort merges; as numbers of 64 bits none overflows.
        order = np.argsort(start.astype(np.int64) * (self._longest + 1) - length, kind="stable")
        start = start[order]
        return Places(numbers[order], start, start + length[order])

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """(term number, start, end) of every place in one text."""
        sheet = Sheet([text])
        numbers, starts, ends = self.find(sheet.codes)
        first = sheet.starts[0]
        return list(zip(numbers.tolist(), (starts - first).tolist(), (ends - first).tolist(), strict=True))
