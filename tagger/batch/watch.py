"""A folder that goes on growing: what newly appears is tagged, each input once, until told to stop.

Result lines are added to OUT itself, since a watch has no end; `OUT.journal` stays beside it and says
what is done, so that a watch that is begun again goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from msgspec.structs import asdict

from tagger.batch.journal import Journal
from tagger.batch.plan import Entry, Failure, entry, find, pieces
from tagger.batch.results import Results, Summary, Tell, write
from tagger.batch.run import SYNC_SECONDS, Files, WrongOutput, alone, stopping
from tagger.batch.spread import Answered, Spreading
from tagger.batch.work import Settings

POLL_SECONDS = 1.0
"""How often the folder is looked at. An input is taken when two looks found it alike."""

Wait = Callable[[float], bool]
"""Waits some seconds; true when the watch is to stop."""


def watch(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    spread: Spreading,
    wait: Wait,
    *,
    model: str = "",
    tell: Tell = lambda _: None,
    poll_seconds: float = POLL_SECONDS,
    sync_seconds: float = SYNC_SECONDS,
) -> Summary:
    """Tags what is in `paths` and what comes, into `out` (.jsonl), until `wait` says to stop.

    Raises WrongOutput, OtherBatch, Busy, and Interrupted for a disk that is full.
    """
    files = Files.of(out)
    files.check()
    if out.suffix.lower() != ".jsonl":
        raise WrongOutput(f"{out.name}: --watch writes .jsonl, to which lines can be added")
    results = Results()
    with (
        alone(files),
        stopping(files, "then watch again"),
        _journal(files, settings, model) as journal,
        out.open("rb+") as file,
    ):
        results.replay(journal.steps())
        file.truncate(journal.length)
        file.seek(journal.length)
        for entries in _news(paths, files, journal, wait, poll_seconds):
            left = pieces(entries, journal.end, settings.max_size)
            with closing(spread(left)) as answered:
                write(_until(answered, wait), file, journal, results, tell, sync_seconds)
    return results.summary


def _journal(files: Files, settings: Settings, model: str) -> Journal:
    decided = asdict(settings) | {"model": model or settings.model, "table": ".jsonl", "watch": True}
    journal = Journal.reopen(files.journal, decided)
    if journal is not None:
        if not files.out.exists() or files.out.stat().st_size < journal.length:
            journal.close()
            raise WrongOutput(
                f"{files.out} has lost lines since {files.journal.name} was written; "
                "put it back, or delete both to begin anew"
            )
        return journal
    if files.out.exists() and files.out.stat().st_size:
        raise WrongOutput(f"{files.out} is there and was not written by --watch; name another output")
    journal = Journal.begin(files.journal, decided)
    journal.plan(())
    files.out.open("wb").close()
    return journal


def _news(
    paths: Sequence[Path], files: Files, journal: Journal, wait: Wait, poll_seconds: float
) -> Iterator[list[Entry | Failure]]:
    """Inputs to be tagged, as they come: first those that were planned before and not done."""
    seen = {_digest(known) for known in journal.entries()}
    left = [_now(known) for known in journal.entries(journal.end.entry)]
    if left:
        yield left
    before: dict[bytes, Entry | Failure] = {}
    while not wait(0):
        found = ((_digest(one), one) for one in find(paths, files.every))
        new = {digest: one for digest, one in found if digest not in seen}
        stable = {digest: one for digest, one in new.items() if before.get(digest) == one}
        if stable:
            journal.plan(stable.values())
            seen |= stable.keys()
            yield list(stable.values())
        before = new
        if wait(poll_seconds):
            return


def _digest(found: Entry | Failure) -> bytes:
    """What an input is known by, in few bytes: a watch remembers every one."""
    name = found.path if isinstance(found, Entry) else found.source
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _now(known: Entry | Failure) -> Entry | Failure:
    """An input that was planned and not done, as it is now: it may have grown since."""
    return entry(Path(known.path), known.source) if isinstance(known, Entry) else known


def _until(answered: Iterable[Answered], wait: Wait) -> Iterator[Answered]:
    for piece, answer in answered:
        yield piece, answer
        if wait(0):
            return
