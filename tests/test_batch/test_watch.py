"""A folder that grows: what newly appears is tagged, each input once, also across restarts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tagger.batch.journal import OtherBatch
from tagger.batch.run import Files, Interrupted, WrongOutput, run, spreading
from tagger.batch.watch import watch
from tagger.batch.work import Load, Settings

TEXT = "某公司因第{}号系统没有留存日志，被网安部门警告。"


class Clock:
    """Lets something happen at each look at the folder, and ends the watch behind the last."""

    def __init__(self, *happenings: Callable[[], object]) -> None:
        self.coming = list(happenings)
        self.stopped = False

    def __call__(self, seconds: float) -> bool:
        if seconds:
            if self.coming:
                self.coming.pop(0)()
            else:
                self.stopped = True
        return self.stopped


def nothing() -> None:
    pass


def sources(out: Path) -> list[str]:
    return [json.loads(line)["source"] for line in out.read_text("utf-8").splitlines()]


def add(folder: Path, name: str, text: str = TEXT) -> Callable[[], object]:
    return lambda: (folder / name).write_text(text.replace("{}", name), encoding="utf-8")


def watching(folder: Path, out: Path, load: Load, clock: Clock, settings: Settings | None = None) -> None:
    settings = settings or Settings()
    watch([folder], out, settings, spreading(settings, 1, load), clock, sync_seconds=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "news"
    found.mkdir()
    add(found, "b.txt")()
    return found


def test_what_is_there_and_what_comes_is_tagged_once(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    watching(folder, out, stand_in, Clock(nothing, add(folder, "a.txt"), nothing, nothing, nothing))
    assert sources(out) == ["b.txt", "a.txt"]
    watching(folder, out, stand_in, Clock(nothing, add(folder, "c.txt"), nothing, nothing))
    assert sources(out) == ["b.txt", "a.txt", "c.txt"]
    assert not Files.of(out).lock.exists()


def test_what_came_while_nobody_watched_is_tagged(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    watching(folder, out, stand_in, Clock(nothing, nothing))
    add(folder, "a.txt")()
    watching(folder, out, stand_in, Clock(nothing, nothing))
    assert sources(out) == ["b.txt", "a.txt"]


def test_a_file_that_grows_is_tagged_when_it_is_still(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    growing = [add(folder, "a.txt", TEXT * n) for n in range(1, 4)]
    watching(folder, out, stand_in, Clock(*growing, nothing, nothing), Settings(with_text=True))
    assert sources(out) == ["b.txt", "a.txt"]
    assert json.loads(out.read_text("utf-8").splitlines()[1])["text"].count("没有留存日志") == 3


def test_what_fails_is_tried_once(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    (folder / "e.txt").write_bytes(b"")
    for _ in range(2):
        watching(folder, out, stand_in, Clock(nothing, nothing, nothing))
    assert sources(out) == ["b.txt", "e.txt"]
    assert "error" in json.loads(out.read_text("utf-8").splitlines()[1])


def test_reposts_are_recognised_across_restarts(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    watching(folder, out, stand_in, Clock(nothing, nothing))
    (folder / "c.txt").write_text((folder / "b.txt").read_text("utf-8"), encoding="utf-8")
    watching(folder, out, stand_in, Clock(nothing, nothing))
    groups = [json.loads(line)["group"] for line in out.read_text("utf-8").splitlines()]
    assert groups == ["g1", "g1"]


def test_the_output_may_lie_in_the_folder(folder: Path, stand_in: Load) -> None:
    out = folder / "cards.jsonl"
    watching(folder, out, stand_in, Clock(*[nothing] * 4))
    assert sources(out) == ["b.txt"]


def test_torn_lines_are_cut_off(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    watching(folder, out, stand_in, Clock(nothing, nothing))
    for path in (out, Files.of(out).journal):
        with path.open("ab") as file:
            file.write(b'{"end": [9, 0], "length": ')
    add(folder, "c.txt")()
    watching(folder, out, stand_in, Clock(nothing, nothing))
    assert sources(out) == ["b.txt", "c.txt"]


def test_what_was_planned_and_not_done_is_taken_as_it_is_now(
    folder: Path, tmp_path: Path, stand_in: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "cards.jsonl"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("tagger.batch.results._sync", full)
        with pytest.raises(Interrupted, match=r"No space left.*watch again"):
            watching(folder, out, stand_in, Clock(nothing, nothing))
    add(folder, "b.txt", TEXT + TEXT)()
    watching(folder, out, stand_in, Clock(nothing))
    assert sources(out) == ["b.txt"]
    assert "error" not in json.loads(out.read_text("utf-8"))


def test_an_output_of_something_else_is_not_added_to(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    out.write_text("{}\n")
    with pytest.raises(WrongOutput, match="was not written by --watch"):
        watching(folder, out, stand_in, Clock())
    assert out.read_text() == "{}\n"


def test_a_batch_does_not_replace_what_is_watched(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    watching(folder, out, stand_in, Clock(nothing, nothing))
    settings = Settings()
    with pytest.raises(WrongOutput, match="is written by --watch"):
        run([folder], out, settings, spreading(settings, 1, stand_in))
    assert sources(out) == ["b.txt"]


def test_other_settings_and_lost_lines_are_refused(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    watching(folder, out, stand_in, Clock(nothing, nothing))
    with pytest.raises(OtherBatch, match="split was True and is False"):
        watching(folder, out, stand_in, Clock(), Settings(split=False))
    out.write_text("")
    with pytest.raises(WrongOutput, match="has lost lines"):
        watching(folder, out, stand_in, Clock())


def test_only_lines_can_be_added_to(folder: Path, tmp_path: Path, stand_in: Load) -> None:
    with pytest.raises(WrongOutput, match=r"--watch writes \.jsonl"):
        watching(folder, tmp_path / "cards.csv", stand_in, Clock())
