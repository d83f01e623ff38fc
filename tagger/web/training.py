"""Training behind the page: one at a time, in a process of its own, so that the page goes on answering."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal

from tagger.errors import TaggerError
from tagger.workspace import Workspace


class AlreadyTraining(TaggerError):
    """A candidate is being trained."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both models, as it is shown; `difference` with its 95 % interval."""

    name: str
    current: str
    candidate: str
    difference: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A trained candidate beside the model in use. `no_worse` is None where they were not compared."""

    candidate: str
    cases: int
    no_worse: bool | None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
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
    """Trains on the shipped casebook and the user's, and keeps the candidate beside the models in use."""
    from tagger import store
    from tagger.casebook import read_cases
    from tagger.classify import storing, training

    workspace = Workspace(home)
    cases = (*read_cases(), *store.user_cases(workspace.cases))
    model, _ = training.quick_model(cases)
    workspace.models.mkdir(parents=True, exist_ok=True)
    ids = tuple(case.id for case in cases)
    name = storing.save(
        model,
        workspace.models,
        prefix="own",
        manifest={"data": {"cases": len(cases)}},
        out_of_fold=storing.OutOfFold(ids),
    )
    return Comparison(name, len(cases), None)


def to_record(state: State) -> dict[str, Any]:
    """A state for JSON."""
    return asdict(state)
