"""Training behind the page."""

from __future__ import annotations

import os
import sys
import time

import pytest

from tagger import models, store
from tagger.web.training import AlreadyTraining, State, Train, Trainer, train_candidate
from tagger.workspace import Workspace

# What is trained runs in a process that finds it by its name, so what stands for it must be importable.


def ended(trainer: Trainer, seconds: float = 60) -> State:
    until = time.monotonic() + seconds
    while trainer.state.state == "running" and time.monotonic() < until:
        time.sleep(0.02)
    return trainer.state


@pytest.mark.parametrize(
    ("train", "said"),
    [
        (store.undo, "nothing to take back"),
        (os.listdir, "training gave up (FileNotFoundError"),
        (sys.exit, "cut short"),
    ],
)
def test_training_that_fails_says_why(home: Workspace, train: Train, said: str) -> None:
    trainer = Trainer(home, train)
    assert trainer.state == State("idle")
    trainer.start()
    state = ended(trainer)
    assert state.state == "failed"
    assert said in state.error
    trainer.start()  # and it can be tried again
    ended(trainer)


def test_one_at_a_time(home: Workspace) -> None:
    home.home.mkdir()
    trainer = Trainer(home, os.listdir)  # type: ignore[arg-type]
    trainer.start()
    with pytest.raises(AlreadyTraining, match="wait"):
        trainer.start()
    assert ended(trainer).state == "done"


@pytest.mark.slow
def test_candidate_is_compared_and_not_in_use(home: Workspace) -> None:
    comparison = train_candidate(home.home)
    assert (comparison.current, comparison.cases, comparison.own) == ("shipped", 101, 0)
    assert {"所属行业", "触犯法条"} <= {row.name for row in comparison.rows}
    assert comparison.no_worse is all(row.verdict != "worse" for row in comparison.rows)
    names = {version.name: version for version in models.versions(home)}
    assert names["shipped"].in_use
    models.use(home, comparison.candidate)
