"""The same pieces on many machines: joblib's Dask backend.

The machines need this package in the same version and nothing else: the files' bytes go out with the
pieces, and what is the user's own (model, lexicons, laws) goes to each worker once. Dask does the pieces
of a lost worker again. A scheduler is trusted: whoever can write to it can run code on its workers.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tagger import __version__, shipped
from tagger.batch.plan import Failure, File, Piece, Task
from tagger.batch.spread import Spread, Spreading
from tagger.batch.work import Answer, CardMaker, Load, Settings, load_tagger, work
from tagger.errors import MissingExtra, TaggerError
from tagger.notice.errors import ReadError, Unreadable
from tagger.notice.read import read_path
from tagger.workspace import workspace

_WAIT = 30


class NoCluster(TaggerError):
    """A scheduler that cannot be reached, or whose workers cannot do the work."""


class Luggage(Struct, frozen=True):
    """What a worker needs of the user's own: files of the workspace by path."""

    files: tuple[tuple[str, bytes], ...]
    digest: str


@contextmanager
def spreading_on(address: str, settings: Settings, load: Load = load_tagger) -> Iterator[Spreading]:
    """Spreads pieces over the workers of a Dask scheduler (`tcp://host:8786`).

    Raises MissingExtra without the extra, and NoCluster.
    """
    try:
        from distributed import Client, KilledWorker
        from joblib import parallel_config
    except ImportError as error:
        raise MissingExtra("--backend dask", "dask") from error
    try:
        client: Any = Client(address, timeout=_WAIT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise NoCluster(f"there is no Dask scheduler at {address}: {error}") from error
    with client:
        workers = _workers(client, address)
        named, luggage = pack(settings)
        # A result of the cluster's own, and not joblib's `scatter`: workers hand it on to one another, and
        # it is made again when those that had it are lost.
        carried = client.submit(_carried, luggage, key=f"tagger-luggage-{luggage.digest}")
        call = partial(_on_worker, settings=named, load=load)
        backend = partial(parallel_config, backend="dask", client=client, wait_for_workers_timeout=_WAIT)
        spread = Spread(call, backend, workers, (KilledWorker, CancelledError), (carried,))
        yield lambda pieces: spread.answers(_with_contents(pieces, settings.max_size))


def _workers(client: Any, address: str) -> int:
    """How many pieces the workers do at a time. Raises NoCluster where they would not give the same cards."""
    try:
        client.wait_for_workers(1, timeout=_WAIT)
    except TimeoutError as error:
        raise NoCluster(f"the Dask scheduler at {address} has no workers; start some") from error
    try:
        states = client.run(_state)
    except Exception as error:  # whatever the import of this package raised over there
        raise NoCluster(
            f"the workers of {address} cannot do it ({error}); install the tagger there"
        ) from error
    other = [worker for worker, state in states.items() if state != _state()]
    if other:
        raise NoCluster(
            f"{', '.join(other)}: another version, data or model than here; "
            f"install the same notice-tagger {__version__} there"
        )
    cores: int = sum(client.ncores().values())
    return max(1, cores)


def _state() -> tuple[str, str]:
    """What decides the cards of an installation: its version and the sum of its data and model."""
    every = sorted(path for folder in (shipped.DATA, shipped.MODELS) for path in _files(folder))
    return __version__, _digest([(path.name, path.read_bytes()) for path in every])


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    summed = sha256()
    for name, content in files:
        summed.update(f"{name}\0{len(content)}\0".encode())
        summed.update(content)
    return summed.hexdigest()


def pack(settings: Settings) -> tuple[Settings, Luggage]:
    """The user's model, lexicons and laws, and the settings by which a worker finds them there."""
    from tagger.models import SHIPPED, current_name, find

    own = workspace()
    name = settings.model or current_name(own)
    roots = [(own.lexicon, "lexicon"), (own.law, "law")]
    if name != SHIPPED:
        roots.append((find(own, name), f"models/{name}"))
    files = tuple(
        (f"{root}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        for folder, root in roots
        for path in sorted(_files(folder))
    )
    return replace(settings, model=name), Luggage(files, _digest(files))


def _with_contents(pieces: Iterable[Piece], max_size: int) -> Iterator[Piece]:
    """The pieces with the files' bytes: a worker elsewhere does not see the folder."""
    for piece in pieces:
        yield replace(piece, tasks=tuple(_with_content(task, max_size) for task in piece.tasks))


def _with_content(task: Task, max_size: int) -> Task:
    if not isinstance(task, File):
        return task
    path = Path(task.entry.path)
    try:
        task.entry.verify()
        if task.entry.size > max_size:
            next(read_path(path, task.entry.source, max_size), None)  # which refuses it
        content = path.read_bytes()
        task.entry.verify()
    except ReadError as error:
        return Failure.of(error)
    except OSError as error:
        return Failure.of(Unreadable(task.entry.source, f"cannot be read: {error.strerror}"))
    return task._replace(content=content)


def _carried(luggage: Luggage) -> Luggage:
    return luggage


def _on_worker(tasks: Sequence[Task], luggage: Luggage, settings: Settings, load: Load) -> Answer:
    return work(tasks, settings, _AtHome(load, _unpacked(luggage)))


class _AtHome(Struct, frozen=True):
    """Loads with the user's own things where they were unpacked; equal for equal things, so it loads once."""

    load: Load
    home: str

    def __call__(self, settings: Settings) -> CardMaker:
        os.environ["TAGGER_HOME"] = self.home
        return self.load(settings)


_homes: dict[str, tempfile.TemporaryDirectory[str]] = {}


def _unpacked(luggage: Luggage) -> str:
    """A private folder with the user's own things; it goes with the worker."""
    if luggage.digest not in _homes:
        home = tempfile.TemporaryDirectory(prefix="tagger-")
        for name, content in luggage.files:
            path = Path(home.name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _homes[luggage.digest] = home
    return _homes[luggage.digest].name
