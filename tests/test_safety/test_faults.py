"""Damaged files, a full disk and missing rights: no case is lost, and every message is one to act upon.

Killing at any point is held beside what it would break: the casebook (test_store.py), the models
(test_models.py) and a batch (test_batch/test_resume.py).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from tagger import models, shipped
from tagger.cli import main
from tagger.law.tables import KEYS
from tagger.store import read_log
from tagger.workspace import Workspace

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the fault is made in a fork")
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

SAMPLE = shipped.DATA / "sample-notice.txt"
NOBODY = 65534
CASE = {
    "id": "x-1", "title": "某公司被罚", "facts": "某公司未履行网络安全保护义务，被网安支队警告。",
    "industry": "互联网", "subject": "政企机构", "nature": "建设运维管理疏失",
}  # fmt: skip


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :] if data else b"\x55"


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "flipped in the middle": flipped,
    "cut in half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "not text": lambda data: b"\xff\xfe\xfd" + data,
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


@pytest.fixture
def own_model(home: Workspace) -> Path:
    """The shipped model as a version of the user's own, in use."""
    name = "own"
    shutil.copytree(models.shipped_folder(), home.models / name)
    models.use(home, name)
    return home.models / name


class Told:
    """What a command said, and how it ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def refused(self) -> bool:
        """Whether it failed as it may: by a message of a line or two, without a traceback."""
        assert "Traceback" not in self.err
        if self.status == 2:
            lines = self.err.strip().splitlines()
            assert lines and lines[0].startswith(("tagger: ", "Usage: ")), self.err
            assert len(self.err) < 1500
        return self.status == 2


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    def call(*arguments: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["tagger", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Told(int(ended.value.code or 0), *capfd.readouterr())

    return call


def in_fork(action: Callable[[], None]) -> Told:
    """Does something in a process of its own, whose standard error comes through a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 9
        try:
            os.dup2(writing, 2)
            os.close(reading)
            sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
            action()
        except SystemExit as ended:
            status = int(ended.code or 0)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        said = told.read()
    return Told(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "", said)


# ---- damaged files ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_model_with_a_damaged_part_is_refused_by_name(
    own_model: Path, call: Callable[..., Told], damage: str
) -> None:
    for part in sorted(path for path in own_model.iterdir() if path.suffix in (".npy", ".json")):
        whole = part.read_bytes()
        part.write_bytes(DAMAGES[damage](whole))
        told = call("tag", SAMPLE, "--json")
        manifest = part.name == "manifest.json" and damage == "flipped in the middle"
        assert told.refused() or manifest, part.name  # a letter of what it was trained on harms nobody
        assert not told.refused() or own_model.name in told.err
        part.write_bytes(whole)
    assert call("tag", SAMPLE, "--json").status == 0


def test_a_part_that_is_gone_a_link_or_a_folder_is_refused(
    own_model: Path, call: Callable[..., Told], tmp_path: Path
) -> None:
    part = own_model / "terms.json"
    kept = part.rename(tmp_path / "terms.json")
    assert call("tag", SAMPLE).refused()
    part.symlink_to(kept)
    assert call("tag", SAMPLE).refused()
    part.unlink()
    part.mkdir()
    assert call("tag", SAMPLE).refused()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pointer_or_casebook_is_named_and_left_alone(
    own_model: Path, home: Workspace, call: Callable[..., Told], tmp_path: Path, damage: str
) -> None:
    (tmp_path / "new.jsonl").write_text(json.dumps(CASE), encoding="utf-8")
    assert call("add", tmp_path / "new.jsonl").status == 0
    for path, commands in (
        (home.models / models.POINTER, (("tag", SAMPLE), ("models", "list"), ("models", "rollback"))),
        (home.cases, (("add", tmp_path / "new.jsonl"), ("cases", "export", "-o", tmp_path / "out.jsonl"))),
    ):
        whole = path.read_bytes()
        path.write_bytes(DAMAGES[damage](whole))
        for command in commands:
            call(*command).refused()
        if path == home.cases and damage in ("flipped in the middle", "not text"):
            assert path.read_bytes() == DAMAGES[damage](whole)  # what no crash explains is not touched
        path.write_bytes(whole)
    assert [case.id for case in read_log(home.cases).cases] == ["x-1"]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("table", sorted(KEYS))
def test_a_damaged_law_table_of_ones_own_is_one_line(
    home: Workspace, call: Callable[..., Told], table: str, damage: str
) -> None:
    home.law.mkdir(parents=True)
    lines = (shipped.DATA / "law" / table).read_bytes().splitlines(keepends=True)
    (home.law / table).write_bytes(DAMAGES[damage](b"".join(lines[:6])))
    for command in (("law", "网络安全法", "21"), ("tag", SAMPLE)):
        told = call(*command)
        assert not told.refused() or table in told.err


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_lexicon_of_ones_own_is_one_line(
    home: Workspace, call: Callable[..., Told], damage: str
) -> None:
    home.lexicon.mkdir(parents=True)
    (home.lexicon / "own.tsv").write_bytes(DAMAGES[damage]("某词\tindustry.body.医疗卫生\t1\n".encode() * 3))
    told = call("tag", SAMPLE)
    assert not told.refused() or "own.tsv" in told.err


# ---- a full disk -----------------------------------------------------------------------------------


def full_disk(room: int) -> None:
    """No file of this process can grow beyond some bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))


@needs_fork
@pytest.mark.parametrize("room", [0, 100, 2000])
@pytest.mark.parametrize("what", ["add", "export", "use", "import", "batch", "review"])
def test_on_a_full_disk_what_was_there_stays(
    own_model: Path, home: Workspace, call: Callable[..., Told], tmp_path: Path, what: str, room: int
) -> None:
    (tmp_path / "new.jsonl").write_text(json.dumps(CASE), encoding="utf-8")
    (tmp_path / "more.jsonl").write_text(
        json.dumps(CASE | {"id": "x-2", "title": "另一案", "facts": "某医院数据被窃取，" * 200}),
        encoding="utf-8",
    )
    assert call("add", tmp_path / "new.jsonl").status == 0
    assert call("models", "export", "-o", tmp_path / "model.zip").status == 0
    shutil.copy(tmp_path / "model.zip", tmp_path / "other.zip")
    out = tmp_path / "out.jsonl"
    out.write_text("earlier\n", encoding="utf-8")
    command = {
        "add": ("add", tmp_path / "more.jsonl"),
        "export": ("models", "export", "-o", tmp_path / "model.zip"),
        "use": ("models", "use", "shipped"),
        "import": ("models", "import", tmp_path / "other.zip", "--name", "other"),
        "batch": ("batch", SAMPLE, "-o", out),
        "review": ("review", SAMPLE, "-o", tmp_path / "review.xlsx"),
    }[what]

    def act() -> None:
        sys.argv = ["tagger", *map(str, command)]
        warnings.simplefilter("ignore")  # joblib says that it has no room for its semaphores
        full_disk(room)
        main()

    before = {path: path.read_bytes() for path in (home.cases, tmp_path / "model.zip", out)}
    told = in_fork(act)
    assert "Traceback" not in told.err
    assert told.status in (0, 1, 2)
    if told.status == 2:
        assert all(path.read_bytes() == content for path, content in before.items())
        assert models.current_name(home) == "own"
    assert read_log(home.cases).cases[0].id == "x-1"
    models.find(home)
    assert call("tag", SAMPLE, "--json").status == 0
    assert not list(home.models.glob(".import-*"))


# ---- missing rights --------------------------------------------------------------------------------


def drop_rights() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


@needs_fork
@pytest.mark.parametrize("what", ["input", "home", "output", "model", "pointer", "casebook"])
def test_missing_rights_are_one_line(
    own_model: Path, home: Workspace, call: Callable[..., Told], tmp_path: Path, what: str
) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    notice = Path(shutil.copy(SAMPLE, tmp_path / "notice.txt"))
    (tmp_path / "new.jsonl").write_text(json.dumps(CASE), encoding="utf-8")
    assert call("add", tmp_path / "new.jsonl").status == 0
    sealed, command = {
        "input": (notice, ("tag", notice)),
        "home": (home.home, ("add", tmp_path / "new.jsonl")),
        "output": (tmp_path, ("batch", notice, "-o", tmp_path / "out" / "cards.jsonl")),
        "model": (own_model / "weights.npy", ("tag", notice)),
        "pointer": (home.models / models.POINTER, ("tag", notice)),
        "casebook": (home.cases, ("cases", "export", "-o", tmp_path / "export.jsonl")),
    }[what]
    sealed.chmod(0o500 if sealed.is_dir() else 0o000)

    def act() -> None:
        drop_rights()
        sys.argv = ["tagger", *map(str, command)]
        main()

    try:
        told = in_fork(act)
    finally:
        sealed.chmod(0o700 if sealed.is_dir() else 0o600)
    assert "Traceback" not in told.err, told.err
    assert told.status in (1, 2), (told.status, told.err)
    assert [case.id for case in read_log(home.cases).cases] == ["x-1"]
