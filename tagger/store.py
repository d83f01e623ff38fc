"""The user's casebook: an append-only log in the workspace that is whole after a crash at any point.

One JSON object a line. A line of an added case is the casebook's record plus its `change`: the
number of the change it came with, when, from which file with which SHA-256, and that it is line 2
of 20. A change whose lines are not all there was cut short by a crash: it counts for nothing, and
the next writer drops it. `{"change": {..., "undoes": 3}}` takes change 3 back; `"replaces": 3` in the
lines of an addition says that its cases stand for those of change 3, as long as it is not taken back.

Lines are added and never altered, with one exception: `erase` writes the file anew without some
cases, because a person who asks to be forgotten must not stay in a log.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tagger.casebook import BrokenCasebook, Case, case_from_record
from tagger.durable import leftovers, locked, replace_file, sync_folder
from tagger.errors import TaggerError
from tagger.problems import counted

SCHEMA = 1


class NewerCasebook(TaggerError):
    """A casebook written by a later version of the tagger."""


class IdTaken(TaggerError):
    """Cases whose ids the casebook has already."""


class NothingToUndo(TaggerError):
    """No change is left that could be taken back, or not the one that was named."""


class AlreadyReplaced(TaggerError):
    """The change that an addition was to replace does not stand any more."""


class UnknownCase(TaggerError):
    """An id that the user's casebook does not have."""


class Source(Struct, frozen=True):
    """The file that a case was added from: its name and the SHA-256 of its bytes."""

    file: str
    sha256: str


class Entry(Struct, frozen=True):
    """A case as it was added."""

    case: Case
    source: Source


class Change(Struct, frozen=True):
    """One addition, or the taking back of one (`undoes`). `at` is the UTC time in ISO 8601.

    An addition may stand for an earlier one (`replaces`): taken back, it gives way to that one again.
    """

    number: int
    at: str
    entries: tuple[Entry, ...] = ()
    undoes: int | None = None
    replaces: int | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that the change came from, each once."""
        return tuple(dict.fromkeys(entry.source for entry in self.entries))


class Log(Struct, frozen=True):
    """The changes of a casebook. `sound` is how many bytes are whole; `torn` how many behind them are not."""

    changes: tuple[Change, ...] = ()
    sound: int = 0
    torn: int = 0
    ends_line: bool = True

    @property
    def undone(self) -> frozenset[int]:
        """The numbers of the changes that were taken back."""
        return frozenset(change.undoes for change in self.changes if change.undoes is not None)

    @property
    def live(self) -> tuple[Change, ...]:
        """The additions that stand: neither taken back nor replaced."""
        undone = self.undone
        gone = undone | {c.replaces for c in self.changes if c.number not in undone}
        return tuple(c for c in self.changes if c.undoes is None and c.number not in gone)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that the user added and did not take back, in the order of adding."""
        return tuple(entry.case for change in self.live for entry in change.entries)


def read_log(path: Path) -> Log:
    """The log as it stands; an empty one where there is no file. What a crash tore off is left out.

    Raises BrokenCasebook for a line that no crash explains, NewerCasebook for a later version's log.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Log()
    except OSError as error:
        raise BrokenCasebook(f"your casebook cannot be read: {error}") from error
    changes: list[Change] = []
    pending: list[Entry] = []
    sound = position = 0
    for number, line in enumerate(BytesIO(data), 1):
        position += len(line)
        try:
            record = json.loads(line.decode("utf-8"))
            change: dict[str, Any] = record["change"]
            if change["schema"] > SCHEMA:
                raise NewerCasebook(f"{path.name} was written by a newer tagger; upgrade this one")
            if change["line"] != len(pending) + 1:
                raise ValueError(f"change {change['number']} misses a line")
            if "undoes" not in change:
                pending.append(Entry(case_from_record(record), Source(change["file"], change["sha256"])))
            if change["line"] == change["of"]:
                undoes, replaces = change.get("undoes"), change.get("replaces")
                changes.append(Change(change["number"], change["at"], tuple(pending), undoes, replaces))
                pending, sound = [], position
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if position == len(data) and not line.endswith(b"\n"):
                break  # a crash tears the end off the last line; whatever else is wrong, no crash did it
            raise BrokenCasebook(
                f"{path}, line {number}: {error!r}; mend the line or restore the file from a backup"
            ) from error
    return Log(tuple(changes), sound, len(data) - sound, data[:sound].endswith(b"\n") or not sound)


def user_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a user's casebook, as `read_log` finds them."""
    return read_log(path).cases


def repair(path: Path) -> str | None:
    """Drop what a crash tore off the end of the log; says what was done, None where all is whole."""
    if not read_log(path).torn:
        return None
    with _locked(path):
        return _repair(path, read_log(path))


def add_cases(path: Path, entries: Sequence[Entry], *, replacing: int | None = None) -> Change:
    """Add cases as one change: after a crash at any point either all of them are there or none.

    With `replacing`, the number of an addition, they stand for its cases, under the same ids, from the
    same moment on. Raises IdTaken where the casebook has an id already, AlreadyReplaced where the
    addition does not stand any more, Busy where another process writes too long.
    """
    ids = {entry.case.id for entry in entries}
    with _locked(path):
        log = read_log(path)
        _repair(path, log)
        standing = {change.number: {entry.case.id for entry in change.entries} for change in log.live}
        if replacing is not None and replacing not in standing:
            raise AlreadyReplaced(f"change {replacing} of your casebook was replaced or taken back meanwhile")
        replaced = standing.pop(replacing, set()) if replacing is not None else set()
        if not replaced <= ids:  # else erasing a new case would bring the one back that it stands for
            raise ValueError(f"change {replacing} has other cases: {', '.join(sorted(replaced - ids))}")
        taken = ids & set().union(*standing.values())
        if taken:
            raise IdTaken(f"your casebook has these ids already: {', '.join(sorted(taken))}")
        change = Change(_next_number(log), _now(), tuple(entries), replaces=replacing)
        _append(path, log, change)
    return change


def undo(path: Path, number: int | None = None) -> Change:
    """Take an addition back, the last one without its number, and return it; what it replaced stands again.

    Raises NothingToUndo where no addition stands, or not that one.
    """
    with _locked(path):
        log = read_log(path)
        _repair(path, log)
        standing = [change for change in log.live if number in (None, change.number)]
        if not standing:
            what = "your casebook has no addition left" if number is None else f"change {number} is gone"
            raise NothingToUndo(f"nothing to take back: {what}")
        last = standing[-1]
        _append(path, log, Change(_next_number(log), _now(), undoes=last.number))
    return last


def erase(path: Path, ids: Collection[str]) -> tuple[Case, ...]:
    """Remove cases for good, from additions that were taken back too; returns the cases removed.

    This cannot be undone. Raises UnknownCase, and removes nothing, where an id is not in the casebook.
    """
    with _locked(path):
        for stale in leftovers(path):
            stale.unlink()
        log = read_log(path)
        found = {e.case.id: e.case for change in log.changes for e in change.entries if e.case.id in ids}
        missing = sorted(set(ids) - found.keys())
        if missing:
            raise UnknownCase(f"your casebook has no case {', '.join(missing)}; nothing was erased")
        kept = {
            change.number: replace(
                change, entries=tuple(entry for entry in change.entries if entry.case.id not in found)
            )
            for change in log.changes
        }
        emptied = {number for number, change in kept.items() if change.undoes is None and not change.entries}
        rest = [c for c in kept.values() if c.number not in emptied and c.undoes not in emptied]
        replace_file(path, b"".join(map(_dump, rest)))
    return tuple(found.values())


def find_ids(path: Path, text: str) -> tuple[str, ...]:
    """The ids of the cases that hold a text in any field, among those that were taken back too."""
    return tuple(
        dict.fromkeys(
            entry.case.id
            for change in read_log(path).changes
            for entry in change.entries
            if text in json.dumps(entry.case.to_record(), ensure_ascii=False) or text in entry.source.file
        )
    )


def _locked(path: Path) -> AbstractContextManager[None]:
    return locked(path.with_suffix(".lock"), "your casebook")


def _repair(path: Path, log: Log) -> str | None:
    if not log.torn:
        return None
    os.truncate(path, log.sound)
    _sync(path)
    return (
        f"{path.name}: the last addition was cut short by a crash and is dropped ({log.torn} bytes); "
        f"what is before it ({counted(len(log.cases))}) is untouched"
    )


def _append(path: Path, log: Log, change: Change) -> None:
    size = log.sound
    data = _dump(change) if log.ends_line else b"\n" + _dump(change)
    try:
        with path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # the disk is full, say: leave the log as it was
            os.truncate(path, size)
        raise
    if not size:
        sync_folder(path.parent)


def _dump(change: Change) -> bytes:
    meta: dict[str, Any] = {"schema": SCHEMA, "number": change.number, "at": change.at}
    if change.replaces is not None:
        meta["replaces"] = change.replaces
    if change.undoes is not None:
        records = [{"change": meta | {"line": 1, "of": 1, "undoes": change.undoes}}]
    else:
        records = [
            entry.case.to_record()
            | {
                "change": meta
                | {
                    "line": line,
                    "of": len(change.entries),
                    "file": entry.source.file,
                    "sha256": entry.source.sha256,
                }
            }
            for line, entry in enumerate(change.entries, 1)
        ]
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _next_number(log: Log) -> int:
    return max((change.number for change in log.changes), default=0) + 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
