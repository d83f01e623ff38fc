"""Which notices tell of one event: reposts and rewordings, found in one pass with bounded memory.

A notice is reduced to a sketch: MinHash over its runs of three characters (Broder 1997), by one
permutation cut into buckets (Li, Owen, Zhang 2012) whose empty ones borrow from the next (Shrivastava,
Li 2014). The share of equal entries of two sketches estimates the share of runs that the texts have
in common. Citations are left out, since notices of different events cite the same articles.

Where the texts leave it open, what is particular to the event decides: the number of the decision,
its month, the highest fine.

>>> groups = Groups()
>>> first = sketch("某医院网站被植入赌博链接，网安部门对该医院予以警告，责令限期改正。")
>>> again = sketch("【转载】某医院网站被植入赌博链接，网安部门对该医院予以警告，责令限期改正")
>>> other = sketch("某快递公司员工出售客户姓名、电话和住址，被警方刑事拘留。")
>>> groups.assign([first, again, other])
['g1', 'g1', 'g2']
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tagger.expressions import expression

_RUN = 3
_BUCKETS = 128
_ROWS = 2
_BANDS = _BUCKETS // _ROWS
_MARKS = 3
_BLOCK = 64

CERTAIN = 0.42
"""From this similarity on two notices are one event. Different events of the 2020 report and the
development notices stay below 0.32; a report's clauses shuffled, and one in five left out, keep 0.68."""
POSSIBLE = 0.25
"""From here on they are one event if their marks agree: a free rewording keeps about 0.3."""

WINDOW = 1 << 17
"""How many notices back a repost is recognised; about 70 MB when full."""

_CITATIONS = expression(r"《[^《》]{1,60}》|第[0-9〇零一二三四五六七八九十百]{1,8}[条款项]")
_MIX = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_FINAL = np.uint64(0xFF51AFD7ED558CCD)
_SHIFTS = (np.uint64(33), np.uint64(29))
_SHIFT = np.uint64(64 - _BUCKETS.bit_length() + 1)
_NONE = np.uint64(2**64 - 1)
_BAND = np.arange(_BANDS)
_BAND_MIX = (np.arange(_BANDS, dtype=np.uint32) * np.uint32(0x9E3779B1)) | np.uint32(1)

_Packed = tuple[int, int, int]


def _signs() -> NDArray[np.uint16]:
    """For each UTF-16 unit the sign by which it counts; 0 for what is passed over."""
    signs = np.zeros(1 << 16, np.uint16)
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xD800, 0xDFFF), (0x30, 0x39), (0x61, 0x7A)):
        signs[first : last + 1] = np.arange(first, last + 1)
    signs[0x3007] = 0x3007  # 〇
    signs[0x41:0x5B] = np.arange(0x61, 0x7B)
    return signs


_SIGNS = _signs()


class Marks(Struct, frozen=True):
    """What is particular to an event; None where the notice does not say."""

    document: str | None = None
    month: str | None = None
    fine: float | None = None

    def packed(self) -> _Packed:
        """Three numbers of 32 bits, 0 for None."""
        return _digest(self.document), _digest(self.month), _digest(self.fine)


def _digest(value: object) -> int:
    if value is None:
        return 0
    return int.from_bytes(blake2b(str(value).encode("utf-8", "replace"), digest_size=4).digest()) | 1


class Sketch(Struct, frozen=True, dict=True):
    """A notice reduced to what grouping needs; `entries` is empty for a text too short to compare."""

    entries: bytes
    marks: _Packed = (0, 0, 0)

    def to_bytes(self) -> bytes:
        """The sketch as bytes, of the same length for every notice that is long enough."""
        return self.entries and struct.pack(f"<{_MARKS}I", *self.marks) + self.entries

    @classmethod
    def from_bytes(cls, packed: bytes) -> Sketch:
        """The sketch that `to_bytes` packed. Raises ValueError for bytes that are none."""
        if not packed:
            return cls(b"")
        if len(packed) != PACKED:
            raise ValueError(f"a sketch has {PACKED} bytes, not {len(packed)}")
        first, second, third = struct.unpack_from(f"<{_MARKS}I", packed)
        return cls(packed[4 * _MARKS :], (first, second, third))

    @cached_property
    def array(self) -> NDArray[np.uint16]:
        """The entries as numbers."""
        return np.frombuffer(self.entries, dtype="<u2")


PACKED = 4 * _MARKS + 2 * _BUCKETS
"""Length in bytes of a packed sketch."""


def sketch(text: str, marks: Marks | None = None) -> Sketch:
    """The sketch of a notice's text. The same on every machine and in every version of Python."""
    return sketches([text], [marks or Marks()])[0]


def sketches(texts: Sequence[str], marks: Sequence[Marks]) -> list[Sketch]:
    """The sketches of many notices, which is quicker than one by one and gives the same."""
    found: list[Sketch] = []
    for start in range(0, len(texts), _BLOCK):
        some = [_CITATIONS.sub("", text) for text in texts[start : start + _BLOCK]]
        entries, empty = _least(some)
        found += [
            Sketch(b"") if nothing else Sketch(row.tobytes(), mark.packed())
            for row, nothing, mark in zip(entries, empty.tolist(), marks[start:], strict=False)
        ]
    return found


def _least(texts: Sequence[str]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """The entries of each text's sketch, and which texts have no run."""
    encoded = [text.encode("utf-16-le", "replace") for text in texts]
    signs = _SIGNS[np.frombuffer(b"".join(encoded), dtype="<u2")]
    kept = signs != 0
    text = np.repeat(np.arange(len(texts)), [len(units) // 2 for units in encoded])[kept]
    hashes = _hashes(signs[kept].astype(np.uint64))
    whole = text[: len(hashes)] == text[_RUN - 1 :]
    hashes, text = hashes[whole], text[: len(hashes)][whole]
    least = np.full((len(texts), _BUCKETS), _NONE)
    np.minimum.at(least, (text, (hashes >> _SHIFT).astype(np.int64)), hashes)
    filled = least != _NONE
    # An empty bucket borrows from the next filled one, going round; how far that is goes into the entry.
    lender = np.where(np.tile(filled, 2), np.arange(2 * _BUCKETS), 2 * _BUCKETS)
    lender = np.minimum.accumulate(lender[:, ::-1], axis=1)[:, : -_BUCKETS - 1 : -1]
    distance = (lender - np.arange(_BUCKETS)).astype(np.uint64)
    borrowed = np.take_along_axis(least, lender % _BUCKETS, axis=1)
    return (borrowed + distance * _MIX[0]).astype("<u2"), ~filled.any(axis=1)


def _hashes(signs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A hash of every run of three signs."""
    if signs.size < _RUN:
        return np.empty(0, np.uint64)
    hashes: NDArray[np.uint64] = signs[:-2] * _MIX[0] + signs[1:-1] * _MIX[1] + signs[2:] * _MIX[2]
    for shift in _SHIFTS:
        hashes ^= hashes >> shift
        hashes *= _FINAL
    hashes ^= hashes >> _SHIFTS[0]
    return hashes


def similarity(one: Sketch, other: Sketch) -> float:
    """The estimated share of runs that two texts have in common, 0..1 (standard error 0.04)."""
    if not one.entries or not other.entries:
        return 0.0
    return float((one.array == other.array).mean())


def nearest(one: Sketch, others: Sequence[Sketch]) -> tuple[int, float]:
    """Which of some sketches is most like one (the first of several), and how like it is."""
    if not one.entries:
        return 0, 0.0
    rows = [other.array if other.entries else np.zeros_like(one.array) for other in others]
    likeness = (np.stack(rows) == one.array).mean(axis=1) * [bool(other.entries) for other in others]
    best = int(np.argmax(likeness))
    return best, float(likeness[best])


def same_event(one: Sketch, other: Sketch) -> bool:
    """Whether two notices tell of one event."""
    return bool(_same(np.array(similarity(one, other)), np.array(one.marks), np.array(other.marks)))


def _same(likeness: NDArray[Any], marks: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
    """Which pairs are one event, by their similarities and the marks of both sides."""
    told = (marks != 0) & (others != 0)
    equal = told & (marks == others)
    # A number of a decision speaks alone; month and fine, which many decisions share, only together.
    agree = equal[..., 0] | (equal.sum(axis=-1) >= 2)
    alike = (likeness >= CERTAIN) | ((likeness >= POSSIBLE) & agree)
    same: NDArray[np.bool_] = alike & ~(told & ~equal).any(axis=-1)
    return same


class Groups(Struct, dict=True):
    """Gives each notice, in order, the id of its event: the first of an event opens the group.

    Holds the last `window` notices; time per notice does not depend on their number.
    """

    window: int = WINDOW
    opened: int = 0
    """How many groups there are."""
    _seen: int = 0
    _entries: NDArray[np.uint16] = field(default_factory=lambda: np.zeros((0, _BUCKETS), np.uint16))
    _marks: NDArray[np.uint32] = field(default_factory=lambda: np.zeros((0, _MARKS), np.uint32))
    _group: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _slots: NDArray[np.int32] = field(default_factory=lambda: np.zeros((_BANDS, 0), np.int32))

    def assign(self, notices: Sequence[Sketch], sources: Sequence[str] | None = None) -> list[str]:
        """The groups of the next notices, such as `g17`.

        Notices of one source, which are the cases of a round-up, are different events; `sources` has
        the source of each, and a source's notices come in one call.
        """
        of_source: dict[str, set[int]] = {}
        groups: list[str] = []
        for start in range(0, len(notices), _BLOCK):
            some = notices[start : start + _BLOCK]
            taken = [of_source.setdefault(s, set()) for s in (sources or ())[start : start + _BLOCK]]
            groups += [f"g{group}" for group in self._assign(some, taken or [set() for _ in some])]
        return groups

    def _assign(self, notices: Sequence[Sketch], taken: Sequence[set[int]]) -> list[int]:
        comparable = [number for number, notice in enumerate(notices) if notice.entries]
        entries = np.array([notices[n].array for n in comparable], np.uint16).reshape(-1, _BUCKETS)
        marks = np.array([notices[n].marks for n in comparable], np.uint32).reshape(-1, _MARKS)
        keys = _keys(entries)
        window = self._in_window(entries, marks, keys)
        block = _in_block(entries, marks)
        place = {number: which for which, number in enumerate(comparable)}
        groups: list[int] = []
        for number in range(len(notices)):
            which = place.get(number, -1)
            alike = [(likeness, -group) for likeness, group in window.get(which, ())]
            alike += [(likeness, -groups[comparable[before]]) for likeness, before in block.get(which, ())]
            free = [(likeness, group) for likeness, group in alike if -group not in taken[number]]
            if free:
                groups.append(-max(free)[1])  # the likest, of several the earliest
            else:
                self.opened += 1
                groups.append(self.opened)
            taken[number].add(groups[-1])
        self._remember(entries, marks, keys, [groups[n] for n in comparable])
        return groups

    def _in_window(
        self, entries: NDArray[np.uint16], marks: NDArray[np.uint32], keys: NDArray[np.uint32]
    ) -> dict[int, list[tuple[float, int]]]:
        """For each notice the likeness and group of those in the window that tell of its event."""
        if not self._seen:
            return {}
        rows = self._slots[_BAND, self._places(keys)].astype(np.int64)
        pairs = np.unique((np.arange(len(rows))[:, None] * len(self._group) + rows)[rows >= 0])
        which, row = np.divmod(pairs, len(self._group))
        likeness = np.count_nonzero(self._entries[row] == entries[which], axis=1) / _BUCKETS
        same = _same(likeness, marks[which], self._marks[row])
        return _listed(which[same], likeness[same], self._group[row[same]])

    def _remember(
        self,
        entries: NDArray[np.uint16],
        marks: NDArray[np.uint32],
        keys: NDArray[np.uint32],
        groups: Sequence[int],
    ) -> None:
        while self._seen + len(groups) > len(self._group) < self.window:
            self._grow(min(max(1024, len(self._group) + len(self._group) // 4), self.window))
        rows = (self._seen + np.arange(len(groups))) % max(len(self._group), 1)
        self._entries[rows], self._marks[rows], self._group[rows] = entries, marks, groups
        self._slots[_BAND, self._places(keys)] = rows[:, None]
        self._seen += len(groups)

    def _grow(self, size: int) -> None:
        # In place, and the table before its successor: memory must not have both for a moment.
        for array in (self._entries, self._marks, self._group):
            array.resize((size, *array.shape[1:]), refcheck=False)
        self._slots = self._slots[:, :0].copy()
        self._slots = np.full((_BANDS, 1 << (size - 1).bit_length()), -1, np.int32)
        for start in range(0, self._seen, _BLOCK):
            some = np.arange(start, min(start + _BLOCK, self._seen))
            self._slots[_BAND, self._places(_keys(self._entries[some]))] = some[:, None]

    def _places(self, keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Where the bands' keys stand in the table of slots."""
        places: NDArray[np.uint32] = keys >> np.uint32(33 - self._slots.shape[1].bit_length())
        return places


def _in_block(entries: NDArray[np.uint16], marks: NDArray[np.uint32]) -> dict[int, list[tuple[float, int]]]:
    """For each of some notices the likeness and place of those before it that tell of its event."""
    likeness = np.count_nonzero(entries[:, None, :] == entries[None, :, :], axis=2) / _BUCKETS
    same = np.tril(_same(likeness, marks[:, None, :], marks[None, :, :]), -1)
    which, before = np.nonzero(same)
    return _listed(which, likeness[same], before)


def _listed(
    which: NDArray[Any], likeness: NDArray[Any], what: NDArray[Any]
) -> dict[int, list[tuple[float, int]]]:
    found: dict[int, list[tuple[float, int]]] = {}
    for number, alike, other in zip(which.tolist(), likeness.tolist(), what.tolist(), strict=True):
        found.setdefault(number, []).append((alike, other))
    return found


def _keys(rows: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """One number for each band of each sketch; equal bands give equal numbers."""
    keys = rows[:, 0::2].astype(np.uint32) | (rows[:, 1::2].astype(np.uint32) << np.uint32(16))
    keys ^= keys >> np.uint32(15)
    keys *= _BAND_MIX
    keys ^= keys >> np.uint32(13)
    keys *= np.uint32(0x85EBCA6B)
    return keys
