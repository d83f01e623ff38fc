"""How far a batch has come, kept beside its output so that it can be gone on with after any interruption.

JSON lines: a header with the settings; the inputs that were found, closed by their number; then a line
for each piece that is done. A piece's line is written when its result lines are safe on the disk, and
says how long the part file was then. So after a crash at any point the part file is cut to that length,
what is torn off the journal is cut too, and the batch goes on behind it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from tagger.batch.plan import Entry, Failure, Position
from tagger.durable import sync_folder
from tagger.errors import TaggerError

SCHEMA = 1


class OtherBatch(TaggerError):
    """What is to be resumed was begun with other settings, or by another version."""


class Step(Struct, frozen=True):
    """A piece that is done. `length` is the part file's length behind it, `size` that of the inputs so far.

    `sketches` has the packed sketches of its cards, one tuple for each source.
    """

    end: Position
    length: int
    size: int
    review: int
    failures: tuple[Failure, ...]
    sketches: tuple[tuple[bytes, ...], ...]

    @property
    def cards(self) -> int:
        """How many cards the piece gave."""
        return sum(map(len, self.sketches))

    def to_json(self) -> bytes:
        """The journal's line."""
        record = {
            "end": self.end,
            "length": self.length,
            "size": self.size,
            "review": self.review,
            "failures": self.failures,
            "sketches": [[base64.b64encode(s).decode() for s in source] for source in self.sketches],
        }
        return msgspec.json.encode(record) + b"\n"

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Step:
        """The step of a journal's line. Raises KeyError, TypeError or ValueError for another line."""
        return cls(
            end=Position(*record["end"]),
            length=record["length"],
            size=record["size"],
            review=record["review"],
            failures=tuple(Failure(*failure) for failure in record["failures"]),
            sketches=tuple(
                tuple(base64.b64decode(s, validate=True) for s in source) for source in record["sketches"]
            ),
        )


class Journal:
    """An open journal: what was planned, and the steps that are done.

    `planned` counts the inputs of complete plans, `weight` their bytes; `end`, `length` and `size` are
    those of the last step.
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path, self._file = path, file
        self.planned = self.weight = self.length = self.size = 0
        self.end = Position()

    @classmethod
    def begin(cls, path: Path, settings: Mapping[str, Any]) -> Journal:
        """A new journal; one that was there is gone."""
        file = path.open("wb+")
        file.write(msgspec.json.encode({"journal": SCHEMA, "settings": settings}) + b"\n")
        return cls(path, file)

    @classmethod
    def reopen(cls, path: Path, settings: Mapping[str, Any]) -> Journal | None:
        """The journal of an interrupted batch, without what was torn off; None where nothing was planned.

        Raises OtherBatch where the batch was begun with other settings.
        """
        try:
            journal = cls(path, path.open("rb+"))
        except FileNotFoundError:
            return None
        try:
            if journal._begun(settings):
                journal._scan()
        except BaseException:
            journal.close()
            raise
        if not journal.planned:
            journal.close()
            return None
        return journal

    def _begun(self, settings: Mapping[str, Any]) -> bool:
        """Whether there is a header, which must be that of the same batch."""
        header = _record(self._file.readline())
        if not isinstance(header, dict) or "journal" not in header:
            return False
        if header["journal"] != SCHEMA:
            raise OtherBatch(
                f"{self.path.name} is of another version of the tagger; begin anew without --resume"
            )
        _compare(header["settings"], settings, self.path)
        return True

    def _scan(self) -> None:
        """Finds the last sound line and cuts off what follows it."""
        reached = sound = self._file.tell()
        entries = weight = 0
        for line in self._file:
            record = _record(line)
            if record is None:
                break
            reached += len(line)
            if isinstance(record, list):
                entries, weight = entries + 1, weight + (record[2] if len(record) == 4 else 0)
                continue  # of use only when its plan is complete
            if "planned" in record:
                self.planned, self.weight = self.planned + entries, self.weight + weight
                entries = weight = 0
            else:
                self.end, self.length, self.size = Position(*record["end"]), record["length"], record["size"]
            sound = reached
        self._file.truncate(sound)
        self._file.seek(0, os.SEEK_END)

    def plan(self, entries: Iterable[Entry | Failure]) -> None:
        """Adds the inputs that are to be read."""
        found = 0
        for entry in entries:
            # Paths may hold bytes that are no UTF-8; they go through as the file system spells them.
            path = os.fsencode(entry.path).decode("latin-1") if isinstance(entry, Entry) else None
            self._file.write(msgspec.json.encode([*entry] if path is None else [path, *entry[1:]]) + b"\n")
            self.weight += entry.size if isinstance(entry, Entry) else 0
            found += 1
        self._file.write(msgspec.json.encode({"planned": found}) + b"\n")
        self._sync()
        sync_folder(self.path.parent)
        self.planned += found

    def entries(self, start: int = 0) -> Iterator[Entry | Failure]:
        """The planned inputs from one on, read from the file as they are wanted."""
        number = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if number == self.planned:
                    return
                if line.startswith(b"["):
                    if number >= start:
                        yield _entry(msgspec.json.decode(line))
                    number += 1

    def steps(self) -> Iterator[Step]:
        """The steps that are done."""
        with self.path.open("rb") as lines:
            for line in lines:
                if line.startswith(b'{"end"'):
                    yield Step.from_record(msgspec.json.decode(line))

    def add(self, steps: Iterable[Step]) -> None:
        """Adds steps whose result lines are on the disk, and brings them there too."""
        for step in steps:
            self._file.write(step.to_json())
            self.end, self.length, self.size = step.end, step.length, step.size
        self._sync()

    @property
    def complete(self) -> bool:
        """Whether everything that was planned is done."""
        return self.end == Position(self.planned)

    def close(self) -> None:
        """Closes the file; the journal stays."""
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def begun_by(path: Path) -> Mapping[str, Any]:
    """The settings with which a journal was begun; empty where there is none."""
    try:
        with path.open("rb") as lines:
            header = _record(lines.readline())
    except FileNotFoundError:
        return {}
    settings: Mapping[str, Any] = header.get("settings", {}) if isinstance(header, dict) else {}
    return settings


def _record(line: bytes) -> Any:
    """A line's JSON; None for one that was torn."""
    if not line.endswith(b"\n"):
        return None
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None


def _entry(record: list[Any]) -> Entry | Failure:
    if len(record) == 3:
        return Failure(*record)
    path, source, size, changed = record
    return Entry(os.fsdecode(path.encode("latin-1")), source, size, changed)


def _compare(begun: Mapping[str, Any], settings: Mapping[str, Any], path: Path) -> None:
    now = msgspec.json.decode(msgspec.json.encode(settings))
    other = sorted(name for name in {*begun, *now} if begun.get(name) != now.get(name))
    if other:
        was = ", ".join(f"{name} was {begun.get(name)!r} and is {now.get(name)!r}" for name in other)
        raise OtherBatch(
            f"{path.name} is of a batch with other settings ({was}); "
            "give the same ones to go on, or leave --resume out to begin anew"
        )
