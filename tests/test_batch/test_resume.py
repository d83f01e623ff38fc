"""Batches that are interrupted at any point and gone on with: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tagger.batch import journal as journals
from tagger.batch.journal import Journal, OtherBatch
from tagger.batch.plan import Entry, Failure, Position
from tagger.batch.run import Files, Interrupted, run, spreading, was_interrupted
from tagger.batch.work import Load, Settings

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the interruption is made in a fork")
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

EARLIER = b"what an earlier batch wrote\n"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagger.batch.plan.PIECE", 5)


def batch(news: Path, out: Path, load: Load, *, resume: bool = False, **given: Any) -> None:
    settings = Settings(with_text=out.suffix != ".jsonl", **given)
    run([news], out, settings, spreading(settings, 1, load), resume=resume, sync_seconds=0)


def in_fork(action: Callable[[], None]) -> int:
    """Does something in a process of its own; gives the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException:
            os._exit(9)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def killed_at(moment: int, action: Callable[[], None]) -> Callable[[], None]:
    """The action, killed (-9) when it makes its n-th call of a function, Python's or the system's."""

    def act() -> None:
        left = moment

        def count(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        action()

    return act


def calls(action: Callable[[], None]) -> int:
    """How many calls the action makes."""
    reading, writing = os.pipe()

    def act() -> None:
        made = 0

        def count(*_: object) -> None:
            nonlocal made
            made += 1

        sys.setprofile(count)
        action()
        sys.setprofile(None)
        os.write(writing, str(made).encode())

    assert in_fork(act) == 0
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


def table(folder: Path) -> Path:
    """A table among the files, so that interruptions fall between its rows too."""
    path = folder / "00" / "00030-table.jsonl"
    rows = [{"id": n, "text": f"某公司因第{n}号系统没有留存日志，被网安部门警告。"} for n in range(12)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def few(news: Path) -> Path:
    """Fewer inputs than `news`: each is read some hundred times."""
    for path in [
        *(news / "00").glob("0001[0-9].txt"),
        *(news / "00").glob("000[2-4]*.txt"),
        *(news / "01").iterdir(),
    ]:
        path.unlink()
    return news


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize(("ending", "moments"), [("jsonl", 120), ("csv", 50), ("xlsx", 30)])
def test_a_batch_killed_anywhere_is_gone_on_with(
    few: Path,
    tmp_path: Path,
    stand_in: Load,
    ending: str,
    moments: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # the system outlives the process: only time is saved
    table(few)
    whole = tmp_path / f"whole.{ending}"
    batch(few, whole, stand_in)
    out = tmp_path / f"cards.{ending}"
    every = calls(lambda: batch(few, out, stand_in))
    begun = resumed = 0
    for n in range(1, moments + 1):
        out.write_bytes(EARLIER)
        killed = in_fork(killed_at(every * n // (moments + 1), lambda: batch(few, out, stand_in)))
        assert killed == signal.SIGKILL
        assert out.read_bytes() in (EARLIER, whole.read_bytes())
        journal = Files.of(out).journal
        begun += journal.exists() and b'"end"' in journal.read_bytes()
        batch(few, out, stand_in, resume=True)
        assert out.read_bytes() == whole.read_bytes()
        resumed += 1
        assert {path.name for path in tmp_path.iterdir()} == {whole.name, out.name, few.name}
    assert resumed == moments
    assert begun > moments // 2  # most interruptions come when something was done


@needs_fork
def test_a_batch_killed_again_and_again_gets_done(news: Path, tmp_path: Path, stand_in: Load) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "cards.jsonl"
    batch(news, whole, stand_in)
    every = calls(lambda: batch(news, out, stand_in))
    out.unlink()
    for _ in range(30):
        if in_fork(killed_at(every // 2, lambda: batch(news, out, stand_in, resume=True))) == 0:
            break
    assert out.read_bytes() == whole.read_bytes()


SCRIPT = """
    import os, sys
    sys.path.insert(0, os.path.dirname(sys.argv[0]))
    from pathlib import Path
    from conftest import load
    from tagger.batch.run import run, spreading
    from tagger.batch.work import Settings

    if __name__ == "__main__":
        settings = Settings()
        spread = spreading(settings, 2, load)
        tell = lambda now: print(now.inputs, flush=True)
        run([Path(sys.argv[1])], Path(sys.argv[2]), settings, spread, resume=True, tell=tell, sync_seconds=0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_batch_on_two_cores_killed_and_gone_on_with(
    tmp_path: Path, stand_in: Load, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.batch.plan.PIECE", 128)
    news = write(tmp_path / "news", 1500)
    whole, out = tmp_path / "whole.jsonl", tmp_path / "cards.jsonl"
    batch(news, whole, stand_in)
    script = Path(__file__).with_name("conftest.py").with_name("killed_batch.py")
    source = tmp_path / "killed_batch.py"
    source.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        script.with_name("conftest.py").read_text("utf-8"), encoding="utf-8"
    )
    command = [sys.executable, str(source), str(news), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) < 1500
        workers = _children(process.pid)
        process.kill()
    assert not out.exists()
    assert was_interrupted(out)
    deadline = time.monotonic() + 15
    while any(_runs(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_runs(worker) for worker in workers)  # they end with their parent
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)
    assert out.read_bytes() == whole.read_bytes()


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if int(status[1]) == parent and b"popen_loky" in command:
            found.append(int(entry.name))
    return found


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@needs_fork
def test_a_full_disk_leaves_the_earlier_output_whole(news: Path, tmp_path: Path, stand_in: Load) -> None:
    import resource

    for ending in ("jsonl", "csv", "xlsx"):
        out = tmp_path / f"cards.{ending}"
        out.write_bytes(EARLIER)
        said = tmp_path / "said"

        def on_a_full_disk(out: Path = out, said: Path = said) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (15_000, 15_000))
            try:
                batch(news, out, stand_in)
            except Interrupted as error:
                said.write_text(str(error))

        assert in_fork(on_a_full_disk) == 0
        message = said.read_text()
        assert "cannot be written" in message
        assert "the earlier one is as it was" in message
        assert "--resume" in message
        assert out.read_bytes() == EARLIER
        whole = tmp_path / f"whole.{ending}"
        batch(news, whole, stand_in)
        batch(news, out, stand_in, resume=True)
        assert out.read_bytes() == whole.read_bytes()


def test_ctrl_c_keeps_what_is_done(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out, whole = tmp_path / "cards.jsonl", tmp_path / "whole.jsonl"
    batch(news, whole, stand_in)
    settings = Settings()

    def pressed(now: Any) -> None:
        if now.inputs > 20:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="--resume"):
        run([news], out, settings, spreading(settings, 1, stand_in), tell=pressed)
    with Journal.reopen(Files.of(out).journal, _decided()) as journal:  # type: ignore[union-attr]
        assert journal.end.entry > 20
    batch(news, out, stand_in, resume=True)
    assert out.read_bytes() == whole.read_bytes()


def _decided() -> dict[str, Any]:
    from msgspec.structs import asdict

    return asdict(Settings()) | {"model": None, "table": ".jsonl"}


def interrupted(news: Path, out: Path, load: Load, **given: Any) -> None:
    def pressed(now: Any) -> None:
        if now.inputs > 20:
            raise KeyboardInterrupt

    settings = Settings(**given)
    with pytest.raises(Interrupted):
        run([news], out, settings, spreading(settings, 1, load), tell=pressed)


def test_other_settings_are_refused(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    interrupted(news, out, stand_in)
    with pytest.raises(OtherBatch, match=r"coverage was 0.9 and is 0.8"):
        batch(news, out, stand_in, resume=True, coverage=0.8)


def test_without_resume_the_batch_begins_anew(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out, whole = tmp_path / "cards.jsonl", tmp_path / "whole.jsonl"
    batch(news, whole, stand_in)
    interrupted(news, out, stand_in, coverage=0.8)
    batch(news, out, stand_in)
    assert out.read_bytes() == whole.read_bytes()
    assert not was_interrupted(out)


def test_resume_of_what_never_began_is_a_batch(news: Path, tmp_path: Path, stand_in: Load) -> None:
    batch(news, tmp_path / "whole.jsonl", stand_in)
    batch(news, tmp_path / "cards.jsonl", stand_in, resume=True)
    assert (tmp_path / "cards.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_part_file_that_was_lost_is_made_anew(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out, whole = tmp_path / "cards.jsonl", tmp_path / "whole.jsonl"
    batch(news, whole, stand_in)
    interrupted(news, out, stand_in)
    Files.of(out).part.unlink()
    batch(news, out, stand_in, resume=True)
    assert out.read_bytes() == whole.read_bytes()


def test_files_that_come_after_the_start_are_left_to_the_next_batch(
    news: Path, tmp_path: Path, stand_in: Load
) -> None:
    out, whole = tmp_path / "cards.jsonl", tmp_path / "whole.jsonl"
    batch(news, whole, stand_in)
    interrupted(news, out, stand_in)
    (news / "00" / "00000a.txt").write_text("某公司因没有留存日志，被网安部门警告。", encoding="utf-8")
    batch(news, out, stand_in, resume=True)
    assert out.read_bytes() == whole.read_bytes()


def test_a_table_that_shrank_since_is_an_error(news: Path, tmp_path: Path, stand_in: Load) -> None:
    rows = table(news)
    out = tmp_path / "cards.jsonl"

    def pressed(now: Any) -> None:
        if b"00030-table.jsonl#6" in Files.of(out).part.read_bytes():
            raise KeyboardInterrupt

    settings = Settings()
    with pytest.raises(Interrupted):
        run([news], out, settings, spreading(settings, 1, stand_in), tell=pressed, sync_seconds=0)
    rows.write_text(rows.read_text("utf-8")[:300], encoding="utf-8")
    batch(news, out, stand_in, resume=True)
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    of_table = [record for record in found if record["source"].startswith("00/00030-table")]
    assert [record["source"].rpartition("#")[2] for record in of_table[:-1]] == [
        str(n) for n in range(len(of_table) - 1)
    ]
    assert of_table[-1]["error"]["kind"] == "changed"
    assert len(found) == 62 + len(of_table)


# ---- the journal by itself ---------------------------------------------------------------------------

STEP = journals.Step(
    end=Position(1),
    length=10,
    size=5,
    review=1,
    failures=(Failure("b", "empty", "b: no"),),
    sketches=((b"x",), ()),
)


def _journal(path: Path) -> Journal:
    journal = Journal.begin(path, {"a": 1})
    journal.plan([Entry("/n/a\udcff.txt", "a", 5, 7), Failure("b", "empty", "b: no")])
    journal.add([STEP])
    return journal


def test_a_journal_says_what_was_written(tmp_path: Path) -> None:
    _journal(tmp_path / "j").close()
    journal = Journal.reopen(tmp_path / "j", {"a": 1})
    assert journal is not None
    with journal:
        assert list(journal.steps()) == [STEP]
        assert list(journal.entries()) == [
            Entry("/n/a\udcff.txt", "a", 5, 7),
            Failure("b", "empty", "b: no"),
        ]
        assert list(journal.entries(1)) == [Failure("b", "empty", "b: no")]
        assert (journal.planned, journal.weight, journal.length, journal.size) == (2, 5, 10, 5)
        assert not journal.complete


def test_a_journal_torn_at_any_byte_is_sound(tmp_path: Path) -> None:
    _journal(tmp_path / "j").close()
    content = (tmp_path / "j").read_bytes()
    states = set()
    for length in range(len(content) + 1):
        (tmp_path / "torn").write_bytes(content[:length])
        journal = Journal.reopen(tmp_path / "torn", {"a": 1})
        if journal is None:
            states.add("nothing")
            continue
        with journal:
            states.add(f"{journal.end.entry} of {journal.planned}")
            assert list(journal.steps()) == [STEP] * journal.end.entry
            journal.add([STEP])
        again = Journal.reopen(tmp_path / "torn", {"a": 1})
        assert again is not None
        with again:
            assert again.length == 10
    assert states == {"nothing", "0 of 2", "1 of 2"}


def test_a_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "j").write_text('{"journal": 99, "settings": {}}\n')
    with pytest.raises(OtherBatch, match="another version"):
        Journal.reopen(tmp_path / "j", {})


@pytest.mark.parametrize("content", [b"", b"\x00\x01\n", b"[]\n", b'"x"\n', b"{}\n"])
def test_what_is_no_journal_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j").write_bytes(content)
    assert Journal.reopen(tmp_path / "j", {}) is None
