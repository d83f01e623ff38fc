"""A training: what it compares, when its model is used, and that a crash leaves a whole model in use."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tagger import models, promotion, retraining, store
from tagger.casebook import Case, read_cases
from tagger.classify import storing
from tagger.classify.training import Ground
from tagger.durable import locked
from tagger.errors import TaggerError
from tagger.promotion import ALL_THREE, Notices, compared, development_notices, told_in
from tagger.retraining import Comparison, Learnt
from tagger.store import Entry, Source
from tagger.workspace import Workspace

EVENTS = [f"e{number}" for number in range(40)]
RIGHT, WRONG = np.ones(40), np.zeros(40)


def rows(old: np.ndarray, new: np.ndarray) -> tuple[promotion.Row, ...]:
    targets = ("industry", "subject", "nature", ALL_THREE)
    return compared("x", EVENTS, dict.fromkeys(targets, old), dict.fromkeys(targets, new))


WORSE, BETTER = Comparison(rows(RIGHT, WRONG), 0), Comparison(rows(WRONG, RIGHT), 0)


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    """What a few cases teach with few words and no written examples, which take a minute to learn."""
    ground = Ground.shipped()
    words = dict(list(ground.lexicon.items())[::20])
    return retraining.learn(read_cases()[:12], replace(ground, lexicon=words, examples=()))


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


@pytest.fixture
def trained(home: Workspace, learnt: Learnt, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Trains as `train` does, but learns nothing: another model each time, with the comparison given."""
    serial = [0]

    def train(comparison: Comparison = BETTER, **options: Any) -> retraining.Training:
        serial[0] += options.pop("anew", 1)
        model = replace(learnt.model, bias=learnt.model.bias + serial[0])
        monkeypatch.setattr(retraining, "learn", lambda *_: replace(learnt, model=model))
        monkeypatch.setattr(retraining, "compare", lambda *_, **__: comparison)
        return retraining.train(home, **options)

    return train


def test_a_model_that_is_no_worse_is_used(home: Workspace, trained: Callable[..., Any]) -> None:
    training = trained()
    assert training.in_use and training.current == "shipped"
    assert models.current_name(home) == training.name
    manifest = models.versions(home)[1].manifest
    assert manifest is not None
    assert manifest["data"]["cases"] == 12 and len(manifest["data"]["sha256"]) == 64
    assert manifest["comparison"]["with"] == "shipped" and manifest["comparison"]["worse"] == []
    assert manifest["figures"]["cross-validation"][ALL_THREE][0] <= 1
    assert set(storing.learnt_from(home.models / training.name)) == {c.id for c in read_cases()[:12]}


def test_a_model_that_is_worse_is_kept_aside(home: Workspace, trained: Callable[..., Any]) -> None:
    training = trained(WORSE)
    assert not training.in_use and models.current_name(home) == "shipped"
    assert [version.name for version in models.versions(home)] == ["shipped", training.name]
    assert [row.heading for row in WORSE.worse][-1] == "以上三项全对"
    models.use(home, training.name)  # a person may decide otherwise
    assert models.rollback(home) == "shipped"


def test_force_uses_it_all_the_same(home: Workspace, trained: Callable[..., Any]) -> None:
    assert trained(WORSE, force=True).in_use
    assert models.current_name(home) != "shipped"


@pytest.mark.parametrize("options", [{"comparison": Comparison((), 63)}, {"promote": False}])
def test_not_used_without_a_comparison_or_a_decision(
    home: Workspace, trained: Callable[..., Any], options: dict[str, Any]
) -> None:
    assert not trained(**options).in_use
    assert models.current_name(home) == "shipped"


def test_the_same_model_is_kept_once(home: Workspace, trained: Callable[..., Any]) -> None:
    first, again = trained(), trained(anew=0)
    assert first.name == again.name == again.current
    assert len(models.versions(home)) == 2
    assert models.rollback(home) == "shipped"


def test_a_damaged_model_in_use_is_replaced(home: Workspace, trained: Callable[..., Any]) -> None:
    first = trained()
    weights = home.models / first.name / "weights.npy"
    weights.write_bytes(weights.read_bytes()[:-9])
    assert trained().in_use
    (_, notes) = retraining._sound(home.models / first.name)
    assert "compared with the shipped model" in notes[0]


def test_two_at_once(home: Workspace, trained: Callable[..., Any]) -> None:
    with locked(home.home / "training.lock", "x"), pytest.raises(retraining.AlreadyTraining):
        trained()


def test_what_a_killed_training_left_is_cleared(home: Workspace, trained: Callable[..., Any]) -> None:
    (home.models / ".training-old").mkdir(parents=True)
    trained()
    assert not list(home.models.glob(".training-*"))


def test_own_cases_are_learnt_from(home: Workspace, trained: Callable[..., Any]) -> None:
    own = replace(read_cases()[0], id="own", event="own")
    store.add_cases(home.cases, [Entry(own, Source("a.jsonl", "0"))])
    training = trained()
    assert (training.shipped_cases, training.own_cases) == (101, 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the fault is made in a fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("room", [0, 200, 5_000])
def test_on_a_full_disk_the_model_in_use_stays(
    home: Workspace, trained: Callable[..., Any], room: int
) -> None:
    import resource

    first = trained().name
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        told = "trained"
        try:
            trained()
        except BaseException as error:
            told = f"{isinstance(error, TaggerError)} {error!r}"
        os.write(writing, told.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    assert told.startswith("True"), told
    assert models.current_name(home) == first
    storing.verify(models.find(home, first))
    trained()
    assert {path.name[0] for path in home.models.iterdir()} <= {"o", "c"}  # nothing half written


# ---- the comparison ------------------------------------------------------------------------------


def test_worse_beyond_noise_is_a_whole_interval_below_zero() -> None:
    few = RIGHT.copy()
    few[:2] = 0  # two of forty fewer: within noise
    assert not Comparison(rows(RIGHT, few), 0).worse
    few[:12] = 0
    found = Comparison(rows(RIGHT, few), 0)
    assert found.worse and not found.no_worse
    assert all(row.better for row in rows(few, RIGHT))


def test_a_repeated_event_counts_once_in_the_interval() -> None:
    new = RIGHT.copy()
    new[:12] = 0
    one = {"industry": RIGHT}
    apart = compared("x", EVENTS, one, {"industry": new})[0]
    together = compared("x", ["e0"] * 12 + EVENTS[12:], one, {"industry": new})[0]
    assert apart.worse and not together.worse
    assert apart.difference.value == together.difference.value


def test_development_notices_that_were_added_are_left_out() -> None:
    notices = development_notices()
    first, second, third = notices.cases[:3]
    by_id = replace(first, facts="另一个故事，与原文毫无共同之处，某地某公司被处罚。")
    retold = replace(second, id="own-1", event="own-1", facts=f"（转载）{second.facts}")
    other = replace(read_cases()[0], id="own-2", event="own-2")
    assert told_in(notices, [by_id, retold, other]) == {first.id, second.id}
    left = notices.without(frozenset({first.id, second.id}))
    assert left.cases[0] == third and len(left.cases) == len(notices.cases) - 2


def test_a_candidate_is_compared_on_folds_and_notices(
    learnt: Learnt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = development_notices()
    monkeypatch.setattr(retraining, "development_notices", lambda: Notices(some.cases[:10], some.second))

    def saved(known: tuple[Case, ...]) -> Path:
        ids = [case.id for case in known]
        name = storing.save(
            learnt.model, tmp_path, manifest={}, out_of_fold=learnt.unseen.whole, learnt_from=ids
        )
        return tmp_path / name

    cases = read_cases()[:12]
    # A notice that the user added is no judge any more.
    found = retraining.compare(learnt, saved(cases[:8]), (*cases[8:], some.cases[0]))
    assert found.left_out == 1
    assert {(row.measured, row.notices) for row in found.rows if row.target == ALL_THREE} == {
        ("cross-validation", 12),
        ("development notices", 9),
    }
    assert not found.notes
    # The same model on the notices: no difference at all.
    assert all(row.difference.value == 0 for row in found.rows if row.measured == "development notices")


def test_what_cannot_be_compared_is_said(learnt: Learnt, tmp_path: Path) -> None:
    every = tuple(replace(case, event=case.id) for case in development_notices().cases)
    name = storing.save(
        learnt.model,
        tmp_path,
        manifest={},
        out_of_fold=learnt.unseen.whole,
        learnt_from=[*(case.id for case in read_cases()[:12]), "gone"],
    )
    found = retraining.compare(learnt, tmp_path / name, every)
    assert found.left_out == 63 and not found.rows and not found.no_worse
    assert found.notes == (
        "1 case of the model in use are gone; its recipe is judged without them",
        "the model in use knows the same cases, so there is nothing to cross-validate",
    )


# ---- killed at random points ---------------------------------------------------------------------


def _kill_at(step: int, folder: Path) -> None:
    """Kill this process at its `step`-th opening, renaming, removing or syncing of a file in `folder`."""
    left = [step]

    def count(event: str, arguments: tuple[object, ...]) -> None:
        touched = event == "fsync" or (
            (event == "open" or event.startswith("os.")) and any(str(folder) in str(a) for a in arguments[:2])
        )
        if touched:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sync = os.fsync

    def counted(handle: int) -> None:
        count("fsync", ())
        sync(handle)

    os.fsync = counted
    sys.addaudithook(count)


def _child(action: Callable[[], object], step: int, folder: Path) -> bool:
    """Run `action` in a process that is killed at a step. Returns whether it was."""
    child = os.fork()
    if child == 0:
        try:
            _kill_at(step, folder)
            action()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("points", [20, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_random_points_casebook_and_model_are_whole(
    home: Workspace, trained: Callable[..., Any], points: int
) -> None:
    """Additions and trainings in turn, killed anywhere: cases and model are as before or as after."""
    random = Random(points)
    case = read_cases()[0]
    killed = {"add": 0, "train": 0}
    serial = 0
    while sum(killed.values()) < points:
        serial += 1
        kind = random.choice(("add", "train"))
        cases, model = store.user_cases(home.cases), models.current_name(home)
        new = [
            replace(case, id=f"c{serial}-{n}", event=f"c{serial}-{n}") for n in range(random.randint(1, 9))
        ]
        entries = [Entry(one, Source("a.jsonl", "0")) for one in new]

        def action(kind: str = kind, entries: list[Entry] = entries, serial: int = serial) -> None:
            if kind == "add":
                store.add_cases(home.cases, entries)
            else:
                trained(BETTER, anew=serial)

        died = _child(action, random.randint(1, 8 if kind == "add" else 90), home.home)
        killed[kind] += died
        found = store.user_cases(home.cases)
        assert found in ((cases, (*cases, *new)) if died or kind == "train" else ((*cases, *new),))
        now = models.current_name(home)
        assert died or kind == "add" or now != model
        storing.verify(models.find(home))
        for version in models.versions(home)[1:]:
            assert version.manifest is not None, version.damage
            storing.verify(version.folder)
        for version in models.versions(home)[1:]:  # a small workspace keeps the test fast
            if version.name not in (now, model) and random.random() < 0.9:
                models.remove(home, version.name)
        if serial % 40 == 0:
            home.cases.unlink(missing_ok=True)
    assert all(killed.values())
    trained(BETTER, anew=serial + 1)
    storing.load(models.find(home))
    assert not list(home.models.glob(".training-*"))
    store.repair(home.cases)
    for line in home.cases.read_text(encoding="utf-8").splitlines():
        json.loads(line)
