"""What a batch reads: the inputs in order, cut into pieces that a worker does at once.

The pieces depend on the inputs alone, not on cores or interruptions, so that a batch that was resumed
gives the same bytes as one that was not.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tagger.batch.former import is_output
from tagger.notice import Document
from tagger.notice.errors import ChangedMeanwhile, EmptyInput, Kind, ReadError, Unreadable
from tagger.notice.read import list_files, read_path

TABLES = frozenset({".jsonl", ".csv", ".tsv", ".xlsx"})
"""Endings of files that hold many notices: they are read here, row by row, and the rows go to the workers."""

PIECE = 128
"""The most inputs in one piece."""
PIECE_BYTES = 256 * 1024
"""A piece is full when its inputs have this size together."""


class Failure(NamedTuple):
    """An input that cannot be read: what its error record says."""

    source: str
    kind: Kind
    message: str

    @classmethod
    def of(cls, error: ReadError) -> Failure:
        """The failure that an error of a reader tells of."""
        return cls(printable(error.source), error.kind, printable(str(error)))


class Entry(NamedTuple):
    """One input as it was found: its path, its name in the output, size in bytes, time of change."""

    path: str
    source: str
    size: int
    changed: int

    def verify(self) -> None:
        """Raises ChangedMeanwhile where the file is no longer as it was found."""
        try:
            now = Path(self.path).stat()
        except FileNotFoundError as error:
            raise ChangedMeanwhile(self.source, "was there when the batch began and is gone") from error
        except OSError as error:
            raise Unreadable(self.source, f"cannot be read: {error.strerror}") from error
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise ChangedMeanwhile(
                self.source, "was written to after the batch began; tag it again when it is complete"
            )


class File(NamedTuple):
    """A file for a worker to read; `content` goes along where the worker may not see the folder."""

    entry: Entry
    content: bytes | None = None


Task = File | Document | Failure


class Position(NamedTuple):
    """How far a batch has come: `entry` inputs are done, and `row` rows of the next one."""

    entry: int = 0
    row: int = 0


class Piece(Struct, frozen=True):
    """What one worker does at once. `end` is the position behind it, `size` what it weighs in bytes."""

    tasks: tuple[Task, ...]
    end: Position
    size: int


def find(paths: Sequence[Path], own: Collection[Path] = ()) -> Iterator[Entry | Failure]:
    """The inputs in folders and files, in path order, each once.

    The batch's own files are passed over, and so is what a former batch wrote, unless it is given itself.
    Raises Unreadable for a path that is not there.
    """
    names = {path.name for path in own}
    given, files = _distinct(paths)
    twice = files if len(given) > len(files) else set()  # a file may lie in a folder that is given too
    met: set[str] = set()
    named = set(given)
    for path, source in list_files(given):
        if path.name in names and any(_same(path, other) for other in own):
            continue
        if twice and (real := os.path.realpath(path)) in twice:
            if real in met:
                continue
            met.add(real)
        if path.suffix.lower() in TABLES and path not in named and is_output(path):
            continue
        yield entry(path, source)


def _distinct(paths: Sequence[Path]) -> tuple[list[Path], set[str]]:
    """The paths without folders that lie in others, each once, and the real paths of the files."""
    folders = {os.path.realpath(path) for path in paths if path.is_dir()}
    kept: dict[str, Path] = {}
    for path in paths:
        real = os.path.realpath(path)
        if real not in folders or not any(_lists(folder, real) for folder in folders):
            kept.setdefault(real, path)
    return list(kept.values()), kept.keys() - folders


def _lists(folder: str, real: str) -> bool:
    """Whether what is found in one folder includes another: hidden folders are not looked into."""
    return real.startswith(folder + os.sep) and os.sep + "." not in real[len(folder) :]


def entry(path: Path, source: str) -> Entry | Failure:
    """An input as it is now."""
    source = printable(source)
    try:
        found = path.stat()
    except OSError as error:
        return Failure.of(Unreadable(source, f"cannot be read: {error.strerror}"))
    return Entry(str(path.absolute()), source, found.st_size, found.st_mtime_ns)


def printable(source: str) -> str:
    """A file's name without the halves of characters by which Python carries bytes that are no UTF-8."""
    return source.encode("utf-8", "backslashreplace").decode("utf-8")


def _same(path: Path, other: Path) -> bool:
    return path.parent.absolute() == other.parent.absolute() or os.path.realpath(path) == os.path.realpath(
        other
    )


def pieces(entries: Iterable[Entry | Failure], start: Position, max_size: int) -> Iterator[Piece]:
    """The pieces of a batch from a position on; `entries` begin with the input at that position."""
    tasks: list[Task] = []
    size = 0
    for number, found in enumerate(entries, start.entry):
        row = start.row if number == start.entry else 0
        for task, weight, end in _tasks(found, number, row, max_size):
            tasks.append(task)
            size += weight
            if len(tasks) == PIECE or size >= PIECE_BYTES:
                yield Piece(tuple(tasks), end, size)
                tasks, size = [], 0
    if tasks:
        yield Piece(tuple(tasks), end, size)


def _tasks(
    found: Entry | Failure, number: int, row: int, max_size: int
) -> Iterator[tuple[Task, int, Position]]:
    """The tasks of one input with their weights, and the position behind each."""
    after = Position(number + 1)
    if isinstance(found, Failure):
        yield found, 0, after
    elif Path(found.path).suffix.lower() not in TABLES:
        yield File(found), found.size, after
    else:
        # One row is held back: behind the last one the input is done, and a batch that is resumed there
        # must not open the table again.
        rows = _rows(found, max_size)
        held = next(rows)
        reached = 1
        for coming in rows:
            if reached > row:
                yield held, _weight(held), Position(number, reached)
            held = coming
            reached += 1
        if reached <= row:  # there was more of it when the batch was interrupted
            held = Failure(found.source, "changed", f"{found.source}: was written to after the batch began")
        yield held, _weight(held), after


def _rows(table: Entry, max_size: int) -> Iterator[Document | Failure]:
    """The rows of a table, at least one; what is wrong with it comes behind the rows that could be read."""
    empty = True
    try:
        table.verify()
        for document in read_path(Path(table.path), table.source, max_size):
            empty = False
            if document.failure is not None:  # as a value: errors do not travel between processes
                yield Failure.of(document.failure)
            else:
                yield replace(document, source=printable(document.source))
        if empty:
            raise EmptyInput(table.source, "has no rows")
    except ReadError as error:
        yield Failure.of(error)
    except Exception as error:  # a library gave up in a way of its own; the batch goes on
        yield Failure(table.source, "crashed", f"{table.source}: the reader gave up ({error!r})")


def _weight(task: Document | Failure) -> int:
    return 3 * len(task.text) if isinstance(task, Document) else 0
