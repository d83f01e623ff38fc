from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from tagger import durable


def test_new_contents_take_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "cards.jsonl"
    for data in (b"old", b"new"):
        durable.replace_file(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cards.jsonl"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(durable.Unwritable, match=r"cards\.jsonl: No space left on device"):
        durable.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_file_can_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    durable.replace_file(tmp_path / "ours", b"")
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


def test_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    durable.replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    durable.replace_file(pipe, b"data")
    reader.join(5)
    assert got == [b"data"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(durable.Unwritable, match="choose another place"):
        durable.write_whole(tmp_path, b"data")


def test_lock_keeps_a_second_out_and_names_what_it_guards(tmp_path: Path) -> None:
    lock = tmp_path / "home" / "x.lock"
    with (
        durable.locked(lock, "your casebook"),
        pytest.raises(durable.Busy, match="your casebook is in use"),
        durable.locked(lock, "your casebook", wait=0.01),
    ):
        raise AssertionError("two hold the lock")
    with durable.locked(lock, "your casebook", wait=0):
        pass
