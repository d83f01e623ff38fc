"""The answers of a batch as result lines: cards put into groups, counted, written, and journaled."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct, field

from tagger.batch.journal import Journal, Step
from tagger.batch.plan import Failure, Piece
from tagger.batch.spread import Answered
from tagger.batch.work import Answer, Line, in_group, needs_review
from tagger.neardup import Groups, Sketch

NAMED = 20
"""How many of the failed inputs a summary names."""


class Progress(Struct, frozen=True):
    """How far a batch is: inputs and bytes done, of how many, and the cards so far."""

    inputs: int
    of_inputs: int
    size: int
    of_size: int
    cards: int


Tell = Callable[[Progress], None]


class Summary(Struct):
    """What a batch gave. `failures` has the first inputs that failed, `failed` counts all."""

    cards: int = 0
    events: int = 0
    review: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Counts a piece that is done."""
        self.cards += step.cards
        self.review += step.review
        self.failed += len(step.failures)
        self.failures += step.failures[: max(0, NAMED - len(self.failures))]


class Results:
    """Puts the answers into groups and counts them, in order."""

    def __init__(self) -> None:
        self.summary = Summary()
        self._groups = Groups()

    def replay(self, steps: Iterable[Step]) -> None:
        """Takes in what an interrupted batch had done."""
        for step in steps:
            self._assign(step.sketches)
            self._count(step)

    def lines(self, piece: Piece, answer: Answer, length: int = 0, size: int = 0) -> tuple[bytes, Step]:
        """The result lines of a piece, and its step where `length` and `size` were reached before it."""
        every = [line for lines in answer for line in lines]
        cards = (line for line in every if line.failure is None)
        sketches = tuple(
            tuple(line.sketch for line in source)
            for _, source in groupby(cards, key=lambda line: line.source)
        )
        groups = iter(self._assign(sketches))
        text = b"".join(_written(line, groups) for line in every)
        step = Step(
            end=piece.end,
            length=length + len(text),
            size=size + piece.size,
            review=sum(needs_review(line.json) for line in every),
            failures=tuple(line.failure for line in every if line.failure is not None),
            sketches=sketches,
        )
        self._count(step)
        return text, step

    def _assign(self, sketches: Iterable[tuple[bytes, ...]]) -> list[str]:
        placed = [(Sketch.from_bytes(one), str(n)) for n, source in enumerate(sketches) for one in source]
        # The names of the sources do not matter here, only which cases are of one source.
        return self._groups.assign([sketch for sketch, _ in placed], [source for _, source in placed])

    def _count(self, step: Step) -> None:
        self.summary.add(step)
        self.summary.events = self._groups.opened


def _written(line: Line, groups: Iterator[str]) -> bytes:
    return (line.json if line.failure is not None else in_group(line.json, next(groups))) + b"\n"


def write(
    answered: Iterable[Answered],
    file: IO[bytes],
    journal: Journal,
    results: Results,
    tell: Tell,
    sync_seconds: float,
) -> None:
    """Writes the answers as they come; their steps follow them when they are safe on the disk."""
    pending: list[Step] = []
    synced = time.monotonic()
    length, size = journal.length, journal.size
    try:
        for piece, answer in answered:
            text, step = results.lines(piece, answer, length, size)
            file.write(text)
            pending.append(step)
            length, size = step.length, step.size
            tell(Progress(piece.end.entry, journal.planned, size, journal.weight, results.summary.cards))
            if time.monotonic() - synced >= sync_seconds:
                _sync(file, journal, pending)
                synced = time.monotonic()
    finally:
        _sync(file, journal, pending)  # on the way out too: what is done need not be done again


def _sync(file: IO[bytes], journal: Journal, pending: list[Step]) -> None:
    file.flush()
    os.fsync(file.fileno())
    journal.add(pending)
    pending.clear()


def records(path: Path) -> Iterator[Mapping[str, Any]]:
    """The records of result lines."""
    with path.open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line)
