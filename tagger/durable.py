"""Files that are whole after a crash at any point: replaced at once, written to the disk, locked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tagger.errors import TaggerError

_NEW = ".new"


class Busy(TaggerError):
    """Another process holds the lock."""

    def __init__(self, what: str, lock: Path) -> None:
        super().__init__(f"{what} is in use by another tagger (lock {lock}); try again when it is done")
        self.lock = lock


class Unwritable(TaggerError):
    """Something that must be written cannot be: no right, no room, no folder."""


def replace_file(path: Path, data: bytes) -> None:
    """Give a file new contents at once: whoever opens it sees the old ones or the new ones, whole.

    A link's target is replaced, not the link. A device or a pipe is written to as it is.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    fresh = path.with_name(f".{path.name[:100]}.{os.urandom(4).hex()}{_NEW}")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def leftovers(path: Path) -> tuple[Path, ...]:
    """What `replace_file` left beside a file when it was killed."""
    import glob

    return tuple(path.parent.glob(f".{glob.escape(path.name[:100])}.????????{_NEW}"))


def write_whole(path: Path, data: bytes) -> None:
    """As `replace_file`, for a path that a person gave. Raises Unwritable, saying what to do."""
    try:
        replace_file(path, data)
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; choose another place") from error


def sync_folder(folder: Path) -> None:
    """Write a folder's list of names to the disk, so that a new or renamed file is found after a crash."""
    if os.name == "nt":  # Windows cannot open a folder, and writes the list itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Write the files of a folder, and its list of names, to the disk."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


@contextmanager
def locked(lock: Path, what: str, *, wait: float = 30.0) -> Iterator[None]:
    """Hold a lock file, waiting up to `wait` seconds for it. The lock dies with its process.

    `what` names the thing for messages. Raises Busy where another process holds it longer, and
    Unwritable where the system refuses what is done under the lock.
    """
    from filelock import FileLock, Timeout

    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, timeout=wait):
            yield
    except Timeout as timeout:
        raise Busy(what, lock) from timeout
    except OSError as error:
        raise Unwritable(f"{what} cannot be written: {error}; nothing was changed") from error
