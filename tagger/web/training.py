"""Training behind the page: one at a time, in a process of its own, so that the page goes on answering."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, to_builtins

from tagger.errors import TaggerError
from tagger.workspace import Workspace

if TYPE_CHECKING:
    from tagger.evaluation.figures import Figure


class AlreadyTraining(TaggerError):
    """A candidate is being trained."""


class Row(Struct, frozen=True):
    """A target of both models, as it is shown: shares with their 95 % intervals."""

    measured: str
    name: str
    notices: int
    current: str
    candidate: str
    difference: str
    verdict: Literal["worse", "better", ""]


class Comparison(Struct, frozen=True):
    """A trained candidate beside the model in use. `no_worse`: in no target beyond noise."""

    candidate: str
    current: str
    cases: int
    own: int
    no_worse: bool
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


class State(Struct, frozen=True):
    """How far the training is: not begun (idle), running, done with a comparison, or failed with a reason."""

    state: Literal["idle", "running", "done", "failed"]
    comparison: Comparison | None = None
    error: str = ""


Train = Callable[[Path], Comparison]
"""Trains a candidate in the workspace of this folder and compares it; found by its name in a new process."""


class Trainer:
    """Trains in the background."""

    def __init__(self, workspace: Workspace, train: Train) -> None:
        self._workspace, self._train = workspace, train
        self._state = State("idle")
        self._lock = Lock()

    @property
    def state(self) -> State:
        """How far it is."""
        return self._state

    def start(self) -> None:
        """Begins to train. Raises AlreadyTraining."""
        with self._lock:
            if self._state.state == "running":
                raise AlreadyTraining("a model is being trained already; wait for its figures")
            self._state = State("running")
        Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        # A fresh process, not a fork: this one has threads. A daemon ends with the server.
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=_answer, args=(sender, self._train, self._workspace.home), daemon=True)
        child.start()
        sender.close()
        try:
            self._state = receiver.recv()
        except EOFError:
            self._state = State("failed", error="training was cut short; is there enough memory?")
        child.join()


def _answer(sender: Connection, train: Train, home: Path) -> None:
    """What the child does: it sends the state that it ends in."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this too
    try:
        state = State("done", train(home))
    except TaggerError as error:
        state = State("failed", error=str(error))
    except Exception as error:
        state = State("failed", error=f"training gave up ({type(error).__name__}: {error})")
    sender.send(state)


def train_candidate(home: Path) -> Comparison:
    """What `tagger train` does, but that the candidate is kept aside: a person decides, having seen this."""
    from tagger.retraining import train

    training = train(Workspace(home), promote=False)
    compared = training.comparison
    return Comparison(
        candidate=training.name,
        current=training.current,
        cases=training.shipped_cases + training.own_cases,
        own=training.own_cases,
        no_worse=compared.no_worse,
        rows=tuple(
            Row(
                measured=_MEASURED[row.measured],
                name=row.heading,
                notices=row.notices,
                current=_share(row.current),
                candidate=_share(row.candidate),
                difference=_share(row.difference, "+"),
                verdict="worse" if row.worse else "better" if row.better else "",
            )
            for row in compared.rows
        ),
        notes=compared.notes,
    )


_MEASURED = {"cross-validation": "交叉验证", "development notices": "开发集通报"}


def _share(figure: Figure, sign: str = "") -> str:
    form = f"{sign}.2f"
    return f"{figure.value:{form}} [{figure.low:{form}}, {figure.high:{form}}]"


def to_record(state: State) -> dict[str, Any]:
    """A state for JSON."""
    record: dict[str, Any] = to_builtins(state)
    return record
