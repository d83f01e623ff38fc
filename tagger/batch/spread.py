"""Pieces handed to many cores or machines by joblib, and their answers taken in order.

At most `8 × workers` pieces are out at a time, so that a slow one does not make the others pile up. A
worker that dies (a parser that crashes the interpreter, memory that runs out) takes no more than one
input with it: what was out is done again piece by piece, and the deadly piece input by input.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import cache, partial
from itertools import chain, islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tagger.batch.plan import Piece, Task
from tagger.batch.work import Answer, Load, Settings, crashed, source_of, work

_AHEAD = 8
_DIED = "the worker died with it (it crashed the interpreter, or memory ran out)"

Answered = tuple[Piece, Answer]
Spreading = Callable[[Iterable[Piece]], Generator[Answered]]
"""Does pieces somewhere and gives their answers in order."""


def here(pieces: Iterable[Piece], settings: Settings, load: Load) -> Generator[Answered]:
    """The pieces done in this process, one after the other."""
    for piece in pieces:
        yield piece, work(piece.tasks, settings, load)


def on_cores(
    pieces: Iterable[Piece], settings: Settings, load: Load, jobs: int | None = None
) -> Generator[Answered]:
    """The pieces done by `jobs` processes of this machine, by default one for each core.

    A single piece is done here: it would be done before the others had started.
    """
    coming = iter(pieces)
    first = list(islice(coming, 2))
    if len(first) < 2:
        yield from here(first, settings, load)
        return
    from joblib import cpu_count, parallel_config

    jobs = jobs or cpu_count()
    if jobs == 1:
        yield from here(chain(first, coming), settings, load)
        return
    backend = partial(parallel_config, backend="loky", n_jobs=jobs, inner_max_num_threads=1)
    call = partial(_in_worker, settings=settings, load=load, parent=os.getpid())
    yield from Spread(call, backend, jobs, (BrokenProcessPool,)).answers(chain(first, coming))


def _in_worker(tasks: Sequence[Task], settings: Settings, load: Load, parent: int) -> Answer:
    _stay_below(parent)
    return work(tasks, settings, load)


@cache
def _stay_below(parent: int) -> None:
    """Prepares a worker: Ctrl-C is its parent's affair, and it ends when its parent was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":  # elsewhere a process keeps its parent's number when the parent is gone
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


class Spread(Struct, frozen=True):
    """How pieces are spread: the call that a worker makes, joblib's backend, and how a death shows.

    `along` are further arguments of the call, which a backend may know how to send but once.
    """

    call: Callable[..., Answer]
    backend: Callable[[], AbstractContextManager[Any]]
    workers: int
    deaths: tuple[type[BaseException], ...]
    along: tuple[Any, ...] = ()

    def answers(self, pieces: Iterable[Piece]) -> Generator[Answered]:
        """Each piece with its answer, in the order of the pieces."""
        with self.backend():
            yield from self._answers(pieces)

    def _answers(self, pieces: Iterable[Piece]) -> Generator[Answered]:
        coming = iter(pieces)
        out: deque[Piece] = deque()
        ended = False

        def handed_out() -> Iterator[Any]:
            nonlocal ended
            # joblib asks for more whenever a piece is done, also while an earlier one is not. Here that
            # ends when too many wait; joblib's call ends with it, and the next one goes on.
            while len(out) < _AHEAD * self.workers:
                piece = next(coming, None)
                if piece is None:
                    ended = True
                    return
                out.append(piece)
                yield self._delayed(piece.tasks)

        while not ended:
            answers = self._parallel("generator")(handed_out())
            try:
                for answer in answers:
                    yield out.popleft(), answer
            except self.deaths:
                pass
            finally:
                _give_up(answers)
            while out:
                piece = out.popleft()
                yield piece, self._alone(piece)

    def _delayed(self, tasks: Sequence[Task]) -> Any:
        from joblib import delayed

        return delayed(self.call)(tasks, *self.along)

    def _parallel(self, returned: str) -> Any:
        from joblib import Parallel

        return Parallel(return_as=returned, batch_size=1, pre_dispatch="2*n_jobs", max_nbytes=None)

    def _alone(self, piece: Piece) -> Answer:
        """The answer of a piece that was out when a worker died, with nothing else out."""
        try:
            answer: Answer = self._parallel("list")([self._delayed(piece.tasks)])[0]
            return answer
        except self.deaths:
            if len(piece.tasks) == 1:
                return [[crashed(source_of(piece.tasks[0]), _DIED)]]
        singles = [replace(piece, tasks=(task,)) for task in piece.tasks]
        return [lines for _, answer in self._answers(singles) for lines in answer]


def _give_up(answers: Any) -> None:
    """Takes back what is still out, when the batch is interrupted; joblib would warn of wasted work."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers.close()
