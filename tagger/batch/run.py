"""One batch, from its plan to its output.

Result lines go to `OUT.part`, the progress to `OUT.journal`; when all is done the part file becomes OUT
(.jsonl), or the table written from it does. An OUT that was there is whole until then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct
from msgspec.structs import asdict

from tagger import outputs
from tagger.batch.journal import Journal, begun_by
from tagger.batch.plan import Position, find, pieces
from tagger.batch.results import Results, Summary, Tell, records, write
from tagger.batch.spread import Spreading, here, on_cores
from tagger.batch.work import Load, Settings, load_tagger
from tagger.durable import Busy, Unwritable, locked, sync_folder
from tagger.errors import TaggerError

ENDINGS = (".jsonl", *outputs.WRITERS)
"""What an output file may end in."""

SYNC_SECONDS = 1.0
"""How often what is done is brought to the disk: an interruption costs no more work than that."""


class WrongOutput(TaggerError):
    """An output that cannot be written as it was asked for."""


class NothingToTag(TaggerError):
    """Paths that hold no file."""


class Interrupted(TaggerError):
    """A batch that stopped before its end; what is done is kept for `--resume`."""


def spreading(settings: Settings, jobs: int | None = None, load: Load = load_tagger) -> Spreading:
    """This process for one job, else that many processes of this machine; None: one for each core."""
    if jobs == 1:
        return partial(here, settings=settings, load=load)
    return partial(on_cores, settings=settings, load=load, jobs=jobs)


def run(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    spread: Spreading,
    *,
    model: str = "",
    resume: bool = False,
    tell: Tell = lambda _: None,
    sync_seconds: float = SYNC_SECONDS,
) -> Summary:
    """Tags what is in `paths` into `out`.

    `model` is the model's own name, lest a batch be gone on with by another. Raises WrongOutput,
    NothingToTag, OtherBatch, Busy (another batch writes `out`) and Interrupted.
    """
    files = Files.of(out)
    files.check()
    decided = asdict(settings) | {"model": model or settings.model, "table": files.out.suffix.lower()}
    results = Results()
    with alone(files), stopping(files):
        journal = _resumed(files, decided) if resume else None
        journal = journal or _begun(files, paths, decided)
        with journal:
            results.replay(journal.steps())
            if not journal.complete:
                start = journal.end
                left = pieces(journal.entries(start.entry), start, settings.max_size)
                with files.part.open("rb+") as part, closing(spread(left)) as answered:
                    part.truncate(journal.length)
                    part.seek(journal.length)
                    write(answered, part, journal, results, tell, sync_seconds)
        _finish(files, settings)
        files.journal.unlink()
    return results.summary


def was_interrupted(out: Path) -> bool:
    """Whether a batch into `out` was begun and not ended, and none is at work on it now."""
    files = Files.of(out)
    if not begun_by(files.journal):
        return False
    try:
        with alone(files):
            return True
    except (Busy, Unwritable):
        return False


def to_stream(paths: Sequence[Path], stream: BinaryIO, settings: Settings, spread: Spreading) -> Summary:
    """Tags what is in `paths` and writes the result lines as they come. Raises NothingToTag."""
    entries = find(paths)
    first = next(entries, None)
    if first is None:
        raise _nothing(paths)
    results = Results()
    for piece, answer in spread(pieces(chain([first], entries), Position(), settings.max_size)):
        stream.write(results.lines(piece, answer)[0])
        stream.flush()
    return results.summary


class Files(Struct, frozen=True):
    """A batch's output and what lies beside it while it is written."""

    out: Path
    part: Path
    journal: Path
    lock: Path
    new: Path

    @classmethod
    def of(cls, out: Path) -> Files:
        """The files of one output; of a link, beside what it leads to."""
        out = out.resolve() if out.is_symlink() else out
        return cls(out, *(out.with_name(out.name + end) for end in (".part", ".journal", ".lock", ".new")))

    @property
    def every(self) -> tuple[Path, ...]:
        """All of them: none is an input."""
        return (self.out, self.part, self.journal, self.lock, self.new)

    def check(self) -> None:
        """Raises WrongOutput for an output that cannot be written."""
        out = self.out
        if out.suffix.lower() not in ENDINGS:
            endings = ", ".join(ENDINGS)
            raise WrongOutput(f"{out.name}: an output ends in {endings}, or is - for standard output")
        if not out.parent.is_dir():
            raise WrongOutput(f"{out}: there is no folder {out.parent}; make it first")
        if out.is_dir():
            raise WrongOutput(f"{out} is a folder; name a file in it")
        if out.suffix.lower() == ".parquet":
            outputs.require_parquet()


@contextmanager
def alone(files: Files) -> Iterator[None]:
    """Keeps every other batch off this output. Raises Busy, and Unwritable where no lock can be made."""
    with locked(files.lock, str(files.out), wait=0):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no file that is open
                files.lock.unlink()


def _resumed(files: Files, decided: Mapping[str, Any]) -> Journal | None:
    """The journal of an interrupted batch; None where there is nothing to go on with."""
    journal = Journal.reopen(files.journal, decided)
    if journal is None:
        return None
    if files.part.exists():
        whole = files.part.stat().st_size >= journal.length
    else:
        whole = journal.complete and files.out.exists()  # all that was left to do is to remove the journal
    if not whole:
        journal.close()
        return None
    return journal


def _begun(files: Files, paths: Sequence[Path], decided: Mapping[str, Any]) -> Journal:
    if begun_by(files.journal).get("watch"):
        raise WrongOutput(
            f"{files.out} is written by --watch ({files.journal.name} says so); name another output"
        )
    found = find(paths, files.every)
    first = next(found, None)
    if first is None:
        raise _nothing(paths)
    journal = Journal.begin(files.journal, decided)
    files.part.open("wb").close()
    journal.plan(chain([first], found))
    return journal


def _nothing(paths: Sequence[Path]) -> NothingToTag:
    return NothingToTag(f"there is no file to tag in {', '.join(map(str, paths))}")


def _finish(files: Files, settings: Settings) -> None:
    """The part file becomes the output, or the table that becomes it."""
    if not files.part.exists():  # an interruption came when it had become the output
        return
    writer = outputs.WRITERS.get(files.out.suffix.lower())
    if writer is None:
        files.part.replace(files.out)
    else:
        try:
            writer(records(files.part), files.new, explained=settings.explain)
            with files.new.open("rb+") as written:
                os.fsync(written.fileno())
            files.new.replace(files.out)
        finally:
            files.new.unlink(missing_ok=True)
        files.part.unlink()
    sync_folder(files.out.parent)


@contextmanager
def stopping(files: Files, cure: str = "go on with --resume") -> Iterator[None]:
    """What stops a batch from without is told with how to go on."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Interrupted(f"interrupted; {_kept(files)}{cure}") from stopped
    except OSError as error:
        why = error.strerror or error
        raise Interrupted(f"{files.out} cannot be written: {why}; {_kept(files)}{cure}") from error


def _kept(files: Files) -> str:
    return "the earlier one is as it was; " if files.out.exists() and files.part.exists() else ""
