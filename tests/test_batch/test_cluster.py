"""A batch on a Dask cluster: a real scheduler and two workers, one of which is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tagger.batch import cluster
from tagger.batch.cluster import NoCluster, pack, spreading_on
from tagger.batch.plan import Entry, File
from tagger.batch.run import run, spreading
from tagger.batch.work import Load, Settings
from tagger.errors import MissingExtra

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed by a signal"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers of one thread each."""
    folder = tmp_path_factory.mktemp("dask")
    contact = folder / "scheduler.json"
    common = ["--scheduler-file", str(contact), "--no-dashboard"]
    started = []

    def start(*command: str) -> None:
        log = (folder / f"{len(started)}.log").open("wb")
        started.append(
            subprocess.Popen([sys.executable, "-m", "dask", *command], cwd=folder, stdout=log, stderr=log)
        )

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", *common)
        _wait_for(contact.exists)
        for _ in range(2):
            start("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", *common)
        import json

        yield json.loads(contact.read_text())["address"]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_killed_on_the_way_changes_nothing(
    news: Path, tmp_path: Path, slow: Load, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.batch.plan.PIECE", 5)
    settings = Settings(with_text=True, max_size=100_000)
    with (news / "00" / "00011b.txt").open("wb") as file:
        file.truncate(200_000)
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    run([news], here, settings, spreading(settings, 1, slow))
    killed: list[int] = []

    def kill(_: object) -> None:
        if not killed:
            killed.append(_workers()[0])
            os.kill(killed[0], signal.SIGKILL)

    with spreading_on(scheduler, settings, slow) as spread:
        summary = run([news], there, settings, spread, tell=kill)
    assert there.read_bytes() == here.read_bytes()
    assert (summary.cards, summary.failed, len(killed)) == (60, 3, 1)


def _workers() -> list[int]:
    """The process numbers of the workers that this test's process started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(parent) == os.getpid() and b"worker" in command:
            found.append(int(entry.name))
    return found


def test_no_scheduler(slow: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_WAIT", 1)
    with (
        pytest.raises(NoCluster, match="no Dask scheduler at"),
        spreading_on("tcp://127.0.0.1:9", Settings(), slow),
    ):
        pass


def test_without_the_extra(slow: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(MissingExtra, match=r"notice-tagger\[dask\]"),
        spreading_on("tcp://x:1", Settings(), slow),
    ):
        pass


class Client:
    """A client whose workers are as told."""

    def __init__(self, states: dict[str, Any] | Exception, workers: bool = True) -> None:
        self.states, self.workers = states, workers

    def wait_for_workers(self, number: int, timeout: float) -> None:
        if not self.workers:
            raise TimeoutError

    def run(self, function: object) -> dict[str, Any]:
        if isinstance(self.states, Exception):
            raise self.states
        return self.states

    def ncores(self) -> dict[str, int]:
        return {"a": 3, "b": 4}


def test_workers_that_would_give_other_cards_are_refused() -> None:
    same = cluster._state()
    assert cluster._workers(Client({"a": same, "b": same}), "x") == 7
    with pytest.raises(NoCluster, match=r"^b: another version"):
        cluster._workers(Client({"a": same, "b": ("0.9", "")}), "x")
    with pytest.raises(NoCluster, match="install the tagger there"):
        cluster._workers(Client(ModuleNotFoundError("tagger")), "x")
    with pytest.raises(NoCluster, match="has no workers"):
        cluster._workers(Client({}, workers=False), "x")


def test_what_is_the_user_s_own_goes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_model: Callable[..., Path]
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("TAGGER_HOME", str(home))
    settings, nothing = pack(Settings())
    assert (settings.model, nothing.files) == ("shipped", ())
    make_model(home / "models" / "mine", "mine")
    (home / "lexicon").mkdir()
    (home / "lexicon" / "industry.csv").write_text("医院,医疗卫生\n", encoding="utf-8")
    settings, luggage = pack(Settings(model="mine"))
    assert settings.model == "mine"
    assert {name.partition("/")[0] for name, _ in luggage.files} == {"lexicon", "models"}
    there = Path(cluster._unpacked(luggage))
    assert cluster._unpacked(luggage) == str(there)
    assert there != home
    for path in (path for path in home.rglob("*") if path.is_file()):
        assert (there / path.relative_to(home)).read_bytes() == path.read_bytes()


def test_a_worker_loads_once_for_one_luggage() -> None:
    def load(settings: Settings) -> Any:
        return SimpleNamespace(home=os.environ["TAGGER_HOME"])

    assert cluster._AtHome(load, "/a") == cluster._AtHome(load, "/a") != cluster._AtHome(load, "/b")


def test_files_go_along_with_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc")
    found = path.stat()
    entry = Entry(str(path), "a.txt", found.st_size, found.st_mtime_ns)
    assert cluster._with_content(File(entry), 10) == File(entry, b"abc")
    too_large = cluster._with_content(File(entry), 2)
    changed = cluster._with_content(File(entry._replace(size=2)), 10)
    path.unlink()
    gone = cluster._with_content(File(entry), 10)
    assert [failure.kind for failure in (too_large, changed, gone)] == ["too-large", "changed", "changed"]
    assert cluster._with_content(gone, 10) == gone
