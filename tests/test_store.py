"""The user's casebook: added to, taken back, erased, and whole after a crash at any point."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tagger import durable, store
from tagger.casebook import BrokenCasebook, Case, read_cases
from tagger.store import Change, Entry, Source

SHIPPED = read_cases()
SOURCE = Source("new.xlsx", "0" * 64)


def entries(*names: str) -> list[Entry]:
    return [Entry(replace(SHIPPED[n % 101], id=name, event=name), SOURCE) for n, name in enumerate(names)]


def ids(path: Path) -> list[str]:
    return [case.id for case in store.user_cases(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cases.jsonl"


def test_what_is_added_is_there(path: Path) -> None:
    assert ids(path) == []
    first = store.add_cases(path, entries("a", "b"))
    second = store.add_cases(path, entries("c"))
    assert (first.number, second.number) == (1, 2)
    assert ids(path) == ["a", "b", "c"]
    log = store.read_log(path)
    assert log.changes[0].sources == (SOURCE,)
    assert log.changes[0].entries == tuple(entries("a", "b"))
    assert log.torn == 0


def test_log_without_undoing_is_a_casebook(path: Path) -> None:
    store.add_cases(path, entries("a", "b"))
    assert read_cases(path) == store.user_cases(path)


def test_log_says_when_each_change_was_made_in_utc(path: Path) -> None:
    made = [store.add_cases(path, entries("a")).at]
    store.undo(path)
    log = store.read_log(path)
    assert [change.at for change in log.changes[:1]] == made
    for change in log.changes:
        assert datetime.fromisoformat(change.at).utcoffset() == timedelta(0)


def test_log_can_be_read_by_a_person(path: Path) -> None:
    store.add_cases(path, entries("a"))
    assert SHIPPED[0].facts in path.read_text(encoding="utf-8")


def test_undo_takes_the_last_addition_back_and_then_the_one_before(path: Path) -> None:
    store.add_cases(path, entries("a"))
    store.add_cases(path, entries("b"))
    assert store.undo(path).number == 2
    assert ids(path) == ["a"]
    store.add_cases(path, entries("b"))
    assert ids(path) == ["a", "b"]
    store.undo(path)
    store.undo(path)
    assert ids(path) == []
    with pytest.raises(store.NothingToUndo, match="no addition left"):
        store.undo(path)


def test_undo_only_adds_to_the_file(path: Path) -> None:
    store.add_cases(path, entries("a"))
    before = path.read_bytes()
    store.undo(path)
    assert path.read_bytes().startswith(before)


def test_id_in_use_is_refused_and_nothing_is_written(path: Path) -> None:
    store.add_cases(path, entries("a"))
    before = path.read_bytes()
    with pytest.raises(store.IdTaken, match="a"):
        store.add_cases(path, entries("b", "a"))
    assert path.read_bytes() == before


def test_addition_that_replaces_another_gives_way_to_it_when_taken_back(path: Path) -> None:
    store.add_cases(path, entries("a"))
    store.add_cases(path, entries("b"))
    corrected = [Entry(replace(SHIPPED[5], id="a", event="a"), SOURCE)]
    assert store.add_cases(path, corrected, replacing=1).number == 3
    again = [Entry(replace(SHIPPED[6], id="a", event="a"), SOURCE)]
    assert store.add_cases(path, again, replacing=3).number == 4
    facts = {number: SHIPPED[number].facts for number in (0, 5, 6)}
    for stands in (facts[6], facts[5]):
        assert ids(path) == ["b", "a"]
        assert store.user_cases(path)[1].facts == stands
        store.undo(path)
    assert ids(path) == ["a", "b"]
    assert store.user_cases(path)[0].facts == facts[0]
    with pytest.raises(store.AlreadyReplaced, match="change 3"):
        store.add_cases(path, corrected, replacing=3)


def test_replacing_keeps_the_ids_of_others_and_its_own(path: Path) -> None:
    store.add_cases(path, entries("a"))
    store.add_cases(path, entries("b"))
    with pytest.raises(store.IdTaken, match="b"):
        store.add_cases(path, entries("a", "b"), replacing=1)
    with pytest.raises(ValueError, match="other cases: a"):
        store.add_cases(path, entries("c"), replacing=1)
    store.add_cases(path, entries("a", "c"), replacing=1)
    assert ids(path) == ["b", "a", "c"]
    store.erase(path, ["a"])
    assert ids(path) == ["b", "c"]


def test_undo_of_one_addition_leaves_the_later_ones(path: Path) -> None:
    store.add_cases(path, entries("a"))
    store.add_cases(path, entries("b"))
    assert store.undo(path, 1).number == 1
    assert ids(path) == ["b"]
    with pytest.raises(store.NothingToUndo, match="change 1 is gone"):
        store.undo(path, 1)


def test_erase_leaves_no_trace(path: Path) -> None:
    store.add_cases(path, entries("a", "b", "c"))
    (path.parent / ".cases.jsonl.0123abcd.new").write_text(SHIPPED[1].facts, encoding="utf-8")  # a crash's
    taken_back = Entry(replace(SHIPPED[9], id="d"), Source("张某案.xlsx", "1" * 64))
    store.add_cases(path, [taken_back])
    store.undo(path)
    assert [case.id for case in store.erase(path, ["b", "d"])] == ["b", "d"]
    assert ids(path) == ["a", "c"]
    text = "".join(file.read_text(encoding="utf-8") for file in path.parent.iterdir())
    for trace in (SHIPPED[1].facts, SHIPPED[9].facts, "张某案.xlsx"):
        assert trace not in text
    assert [change.number for change in store.read_log(path).changes] == [1]
    store.add_cases(path, [taken_back])
    assert ids(path) == ["a", "c", "d"]


def test_erase_leaves_taken_back_what_was_taken_back(path: Path) -> None:
    store.add_cases(path, entries("a", "b"))
    store.add_cases(path, entries("c", "d"))
    store.undo(path)
    store.erase(path, ["a", "c"])
    assert ids(path) == ["b"]


def test_erase_of_an_unknown_case_erases_nothing(path: Path) -> None:
    store.add_cases(path, entries("a"))
    with pytest.raises(store.UnknownCase, match="zz"):
        store.erase(path, ["a", "zz"])
    assert ids(path) == ["a"]


def test_find_ids_looks_into_every_field_and_what_was_taken_back(path: Path) -> None:
    store.add_cases(path, [Entry(replace(SHIPPED[0], id="p", keywords=("张三丰",)), SOURCE)])
    store.add_cases(path, entries("q"))
    store.undo(path)
    assert store.find_ids(path, "张三丰") == ("p",)
    assert store.find_ids(path, "new.xlsx") == ("p", "q")


@given(cut=st.integers(0, 10**6))
def test_torn_end_is_dropped_and_nothing_before_it(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("home") / "cases.jsonl"
    store.add_cases(path, entries("a", "b"))
    whole = path.read_bytes()
    store.add_cases(path, entries("c", "d", "e"))
    added = path.read_bytes()[len(whole) :]
    torn = added[: cut % (len(added) - 1)]  # without its line break alone, the addition is whole
    path.write_bytes(whole + torn)
    assert ids(path) == ["a", "b"]
    message = store.repair(path)
    if torn:
        assert message and f"{len(torn)} bytes" in message and "before it (2 cases)" in message
    assert path.read_bytes() == whole
    assert store.repair(path) is None
    store.add_cases(path, entries("c"))
    assert ids(path) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("action", "stand"),
    [
        pytest.param(lambda path: store.add_cases(path, entries("c")), ["a", "b", "c"], id="add"),
        pytest.param(store.undo, ["a"], id="undo"),
        pytest.param(lambda path: store.erase(path, ["a"]), ["b"], id="erase"),
    ],
)
def test_change_after_a_torn_end_drops_it_first(
    path: Path, action: Callable[[Path], object], stand: list[str]
) -> None:
    store.add_cases(path, entries("a"))
    store.add_cases(path, entries("b"))
    whole = path.read_bytes()
    store.add_cases(path, entries("c", "d"))
    path.write_bytes(path.read_bytes()[: len(whole) + 100])
    action(path)
    assert ids(path) == stand


def test_zeros_that_a_power_cut_leaves_are_torn(path: Path) -> None:
    store.add_cases(path, entries("a"))
    with path.open("ab") as file:
        file.write(b"\0" * 512)
    assert ids(path) == ["a"]
    assert store.repair(path)
    assert ids(path) == ["a"]


def test_lost_last_line_break_is_put_back(path: Path) -> None:
    store.add_cases(path, entries("a"))
    path.write_bytes(path.read_bytes()[:-1])
    assert ids(path) == ["a"]
    store.add_cases(path, entries("b"))
    assert ids(path) == ["a", "b"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(lambda lines: [lines[0], b"{oops}\n", *lines[1:]], "line 2: ", id="a foreign line"),
        pytest.param(
            lambda lines: [lines[0], *lines[2:]],
            "line 2: .*change 2 misses a line",
            id="a line of a change is missing",
        ),
        pytest.param(
            lambda lines: [*lines[:2], lines[2][:-30] + b"\n"], "line 3: ", id="a last line cut by hand"
        ),
        pytest.param(
            lambda lines: [b'{"id": "a", "facts": "x"}\n', *lines], "line 1: ", id="a row without its change"
        ),
        pytest.param(
            lambda lines: [lines[0].replace(b'"a"', b"7", 1), *lines[1:]], "line 1: ", id="a number for an id"
        ),
    ],
)
def test_what_no_crash_explains_is_refused_and_not_touched(
    path: Path, damage: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    store.add_cases(path, entries("a"))
    store.add_cases(path, entries("b", "c"))
    broken = b"".join(damage(path.read_bytes().splitlines(keepends=True)))
    path.write_bytes(broken)
    for action in (
        lambda: store.user_cases(path),
        lambda: store.repair(path),
        lambda: store.add_cases(path, entries("z")),
        lambda: store.undo(path),
        lambda: store.erase(path, ["a"]),
    ):
        with pytest.raises(BrokenCasebook, match=said):
            action()
    assert path.read_bytes() == broken


def test_casebook_that_cannot_be_read_is_one_line(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(BrokenCasebook, match="your casebook cannot be read: "):
        store.user_cases(path)


def test_log_of_a_later_version_is_refused(path: Path) -> None:
    store.add_cases(path, entries("a"))
    path.write_text(path.read_text(encoding="utf-8").replace('"schema": 1', '"schema": 2'), encoding="utf-8")
    with pytest.raises(store.NewerCasebook, match="upgrade"):
        store.user_cases(path)


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(lambda path: store.add_cases(path, entries("b")), id="add"),
        pytest.param(store.undo, id="undo"),
        pytest.param(lambda path: store.erase(path, ["a"]), id="erase"),
    ],
)
def test_second_writer_is_told_to_wait(
    path: Path, action: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_cases(path, entries("a"))
    monkeypatch.setattr(store, "locked", partial(durable.locked, wait=0.05))
    with (
        durable.locked(path.with_suffix(".lock"), "your casebook"),
        pytest.raises(durable.Busy, match=r"your casebook is in use .* try again"),
    ):
        action(path)
    assert ids(path) == ["a"]


def test_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(durable.Unwritable, match="your casebook cannot be written"):
        store.add_cases(tmp_path / "file" / "cases.jsonl", entries("a"))


def test_full_disk_leaves_the_log_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add_cases(path, entries("a"))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(durable.Unwritable, match="No space left"):
        store.add_cases(path, entries("b"))
    monkeypatch.undo()
    assert path.read_bytes() == before


def test_full_disk_that_refuses_even_to_shorten_the_log_is_said_as_such(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_cases(path, entries("a"))

    def refused(*_: object) -> None:
        raise OSError(5, "Input/output error")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "truncate", refused)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(durable.Unwritable, match="No space left"):
        store.add_cases(path, entries("b"))


# ---- killed at random points ---------------------------------------------------------------------


def _killed_at(step: int, share: float, action: Callable[[], object]) -> bool:
    """Run `action` in a child that is killed at its `step`-th call to the disk, a write being cut to a
    `share` of its bytes first. Returns whether the child was killed, and not done before."""
    child = os.fork()
    if child == 0:
        try:
            _kill_at(step, share)
            action()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _kill_at(step: int, share: float) -> None:
    """Replace what touches the disk by functions that count, and kill the process at one of them."""
    left = [step]

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **keywords: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **keywords)

        return call

    real_open = Path.open

    def opened(self: Path, mode: str = "r", *arguments: object, **keywords: object) -> object:
        if mode != "ab":
            return real_open(self, mode, *arguments, **keywords)  # type: ignore[call-overload]
        return _Appending(self, counting, left, share)

    Path.open = opened  # type: ignore[method-assign, assignment]
    for name in ("fsync", "truncate", "replace", "open"):
        setattr(os, name, counting(getattr(os, name)))


class _Appending:
    """A file opened for appending whose write may be cut short by the kill."""

    def __init__(
        self,
        path: Path,
        counting: Callable[[Callable[..., object]], Callable[..., object]],
        left: list[int],
        share: float,
    ) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._counting, self._left, self._share = counting, left, share

    def __enter__(self) -> _Appending:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def write(self, data: bytes) -> None:
        if self._left[0] == 1:
            data = data[: int(len(data) * self._share)]
        os.write(self._handle, data)
        self._counting(lambda: None)()

    def flush(self) -> None:
        pass

    def fileno(self) -> int:
        return self._handle


def _one_crash(random: Random, home: Path, serial: int) -> bool:
    """Kill one change of a casebook at a random point; the casebook must be as before or as after it."""
    path = home / "cases.jsonl"
    before = ids(path)
    names = [f"c{serial}-{n}" for n in range(random.randint(1, 5))]
    kind = random.choice(["add", "add", "add", "replace", "undo", "erase"]) if before else "add"
    if kind == "add":
        after = before + names
        action: Callable[[], object] = lambda: store.add_cases(path, entries(*names))  # noqa: E731
    elif kind == "replace":
        last = store.read_log(path).live[-1]
        names = [entry.case.id for entry in last.entries] + names
        after = before[: len(before) - len(last.entries)] + names
        action = lambda: store.add_cases(path, entries(*names), replacing=last.number)  # noqa: E731
    elif kind == "undo":
        log = store.read_log(path)
        number = log.live[-1].number
        after = [case.id for case in replace(log, changes=(*log.changes, Change(0, "", undoes=number))).cases]
        action = lambda: store.undo(path)  # noqa: E731
    else:
        gone = random.choice(before)
        after = [name for name in before if name != gone]
        action = lambda: store.erase(path, [gone])  # noqa: E731
    killed = _killed_at(random.randint(1, 9), random.random(), action)
    found = ids(path)
    assert found in (before, after), (serial, kind)
    assert killed or found == after, (serial, kind)
    texts = {case.id: case for case in store.user_cases(path)}
    assert all(isinstance(texts[name], Case) and texts[name].facts for name in found)
    return killed


@pytest.mark.parametrize("points", [60, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_random_points_the_casebook_is_whole(tmp_path: Path, points: int) -> None:
    random = Random(points)
    killed = 0
    serial = 0
    while killed < points:
        serial += 1
        killed += _one_crash(random, tmp_path, serial)
        if serial % 40 == 0:  # a small casebook keeps the test fast
            (tmp_path / "cases.jsonl").unlink(missing_ok=True)
    assert killed == points
    store.repair(tmp_path / "cases.jsonl")
    for line in (tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        json.loads(line)
