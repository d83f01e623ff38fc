"""Model versions: which is in use, the way back, and what a crash leaves."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tagger import models, shipped
from tagger.classify.folder import ForeignModel, ModelDamaged
from tagger.models import SHIPPED
from tagger.workspace import Workspace

Make = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_model: Make) -> Workspace:
    monkeypatch.setattr(shipped, "MODELS", tmp_path / "shipped")
    make_model(tmp_path / "shipped" / "default", "default-000000")
    return Workspace(tmp_path / "home")


def in_use(home: Workspace) -> list[str]:
    return [version.name for version in models.versions(home) if version.in_use]


def test_the_shipped_model_is_in_use_at_first(home: Workspace) -> None:
    assert in_use(home) == [SHIPPED]
    assert models.find(home) == shipped.MODELS / "default"
    assert not home.home.exists()


def test_use_and_rollback(home: Workspace, make_model: Make) -> None:
    for name in ("a", "b"):
        make_model(home.models / name, name)
        models.use(home, name)
    models.use(home, "b")  # again: no step of its own
    assert models.find(home) == home.models / "b"
    assert models.rollback(home) == "a"
    assert models.rollback(home) == SHIPPED
    assert in_use(home) == [SHIPPED]
    with pytest.raises(models.NothingBefore):
        models.rollback(home)


def test_rollback_passes_over_what_was_removed(home: Workspace, make_model: Make) -> None:
    for name in ("a", "b", "c"):
        make_model(home.models / name, name)
        models.use(home, name)
    models.remove(home, "b")
    assert models.rollback(home) == "a"


def test_versions_tell_what_is_damaged(home: Workspace, make_model: Make) -> None:
    make_model(home.models / "a", "a", figures={"all": 0.5})
    make_model(home.models / "b", "b")
    (home.models / "b" / "manifest.json").write_text("{", encoding="utf-8")
    (home.models / ".import-x").mkdir()
    (home.models / "c").symlink_to(home.models / "a")
    sound, damaged = [v for v in models.versions(home) if v.name != SHIPPED]
    assert sound.manifest is not None and sound.manifest["figures"] == {"all": 0.5}
    assert damaged.manifest is None and "not JSON" in damaged.damage


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda folder: (folder / "idf.npy").unlink(), id="a part is missing"),
        pytest.param(lambda folder: (folder / "terms.json").write_bytes(b'["x"]\n'), id="another part"),
        pytest.param(lambda folder: (folder / "manifest.json").write_bytes(b"{}"), id="another manifest"),
    ],
)
def test_damaged_model_is_not_put_in_use(
    home: Workspace, make_model: Make, damage: Callable[[Path], object]
) -> None:
    damage(make_model(home.models / "a", "a"))
    with pytest.raises((ModelDamaged, ForeignModel)):
        models.use(home, "a")
    assert in_use(home) == [SHIPPED]


@pytest.mark.parametrize("name", ["b", "../shipped/default", "", "A", "current.json", ".", ".."])
def test_unknown_model_names_those_that_are_there(home: Workspace, make_model: Make, name: str) -> None:
    make_model(home.models / "a", "a")
    with pytest.raises(models.UnknownModel, match="shipped, a"):
        models.use(home, name)


def test_model_in_use_that_is_gone_is_one_line(home: Workspace, make_model: Make) -> None:
    make_model(home.models / "a", "a")
    models.use(home, "a")
    (home.models / "a").rename(home.models / "b")
    with pytest.raises(models.UnknownModel, match="tagger models use shipped"):
        models.find(home)
    models.use(home, SHIPPED)
    assert models.find(home) == shipped.MODELS / "default"


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 1, "used": []}', '{"schema": 9, "used": ["a"]}'])
def test_damaged_pointer_is_one_line(home: Workspace, content: str) -> None:
    home.models.mkdir(parents=True)
    (home.models / models.POINTER).write_text(content, encoding="utf-8")
    with pytest.raises(models.UnknownModel, match=r"current\.json is damaged"):
        models.find(home)


def test_remove(home: Workspace, make_model: Make) -> None:
    make_model(home.models / "a", "a")
    make_model(home.models / "b", "b")
    models.use(home, "a")
    for name in ("a", SHIPPED):
        with pytest.raises(models.ModelInUse):
            models.remove(home, name)
    models.remove(home, "b")
    assert sorted(path.name for path in home.models.iterdir()) == ["a", models.POINTER]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_random_points_a_whole_model_is_in_use(home: Workspace, make_model: Make) -> None:
    names = [SHIPPED, "a", "b"]
    for name in names[1:]:
        make_model(home.models / name, name)
    random = Random(0)
    killed = 0
    while killed < 60:
        before = models.current_name(home)
        wanted = random.choice(names)
        step = random.randint(1, 6)
        child = os.fork()
        if child == 0:
            left = [step]
            for call in ("fsync", "replace", "open", "rename"):
                _counting(os, call, left)
            try:
                models.use(home, wanted)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        killed += died
        assert models.current_name(home) in ((before, wanted) if died else (wanted,))
        assert models.find(home).is_dir()


def _counting(module: object, name: str, left: list[int]) -> None:
    real = getattr(module, name)

    def call(*arguments: object, **keywords: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **keywords)

    setattr(module, name, call)
