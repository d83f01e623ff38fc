"""`tagger batch` as it is called: options, exit status, what it says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tagger.batch import work
from tagger.batch.run import Files
from tagger.batch.work import Load, Settings
from tagger.cli.batch import command
from tagger.durable import locked
from tagger.errors import TaggerError


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, stand_in: Load) -> Iterator[object]:
    """Calls the command with a stand-in for the Tagger."""
    monkeypatch.setattr("tagger.tagger.Tagger.load", lambda *_, **__: stand_in(Settings()))
    monkeypatch.setattr(work, "_loaded", None)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(command, [str(argument) for argument in arguments])

    yield run


def test_a_batch(news: Path, tmp_path: Path, call) -> None:
    out = tmp_path / "cards.jsonl"
    result = call(news, "-o", out, "--jobs", 1)
    assert result.exit_code == 1
    assert result.stdout == ""
    said = result.stderr.splitlines()
    assert said[0].startswith("00/00007b.txt: the reader or tagger gave up")
    assert said[1].startswith("00/empty.txt: ")
    assert said[2].startswith("60 cards of ")
    assert said[2].endswith(f"2 inputs failed: {out}")
    assert len(said) == 3
    assert len(out.read_text("utf-8").splitlines()) == 62


def test_standard_output(news: Path, tmp_path: Path, call) -> None:
    result = call(news / "01", "-o", "-")
    assert result.exit_code == 0
    assert [json.loads(line)["case"] for line in result.stdout.splitlines()] == [1] * 10
    assert "text" not in json.loads(result.stdout.splitlines()[0])
    assert "10 cards" in result.stderr


def test_options_reach_the_cards(news: Path, tmp_path: Path, call) -> None:
    result = call(news / "01", "-o", "-", "--with-text", "--date", "2020-05-06")
    first = json.loads(result.stdout.splitlines()[0])
    assert first["date"] == "2020-05-06"
    assert first["text"]


def test_tables_have_the_text(news: Path, tmp_path: Path, call) -> None:
    out = tmp_path / "cards.csv"
    assert call(news / "01", "-o", out).exit_code == 0
    assert (news / "01" / "00050.txt").read_text("utf-8")[:20] in out.read_text("utf-8-sig")


def test_the_largest_size(news: Path, tmp_path: Path, call) -> None:
    result = call(news / "01", "-o", tmp_path / "c.jsonl", "--max-size", "0.0001")
    assert result.exit_code == 1
    assert "--max-size" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing argument"),
        (("news",), "Missing option"),
        (("nowhere", "-o", "c.jsonl"), "does not exist"),
        (("news", "-o", "-", "--resume"), "need a file"),
        (("news", "-o", "-", "--watch"), "need a file"),
        (("news", "-o", "c.jsonl", "--backend", "dask"), "go together"),
        (("news", "-o", "c.jsonl", "--scheduler", "tcp://localhost:1"), "go together"),
        (("news", "-o", "c.jsonl", "--jobs", "0"), "--jobs"),
        (("news", "-o", "c.jsonl", "--date", "2020-13"), "is no date"),
    ],
)
def test_wrong_calls(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_an_output_of_an_unknown_kind(news: Path, tmp_path: Path, call) -> None:
    result = call(news, "-o", tmp_path / "cards.doc")
    assert isinstance(result.exception, TaggerError)
    assert "ends in .jsonl, .csv, .xlsx, .parquet" in str(result.exception)


def test_beginning_anew_is_said(news: Path, tmp_path: Path, call) -> None:
    out = tmp_path / "cards.jsonl"
    Files.of(out).journal.write_text('{"journal":1,"settings":{"coverage":0.9}}\n')
    with locked(Files.of(out).lock, "it"):  # another one is at work on it: it was not interrupted
        refused = call(news / "01", "-o", out)
    assert "in use" in str(refused.exception)
    assert "begun anew" not in refused.stderr
    assert "begun anew; --resume" in call(news / "01", "-o", out).stderr
    assert "begun anew" not in call(news / "01", "-o", out, "--resume").stderr


def test_a_terminal_shows_how_far_it_is(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tagger.batch.results import Progress
    from tagger.cli.batch import _progress

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    with _progress() as tell:
        tell(Progress(1_000, 2_000, 10, 20, 1_234))
    drawn = capsys.readouterr().err
    assert "50%" in drawn
    assert "1,000 of 2,000 inputs, 1,234 cards" in drawn


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to a process of one's own")
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_stops_when_asked(tmp_path: Path, asked: signal.Signals) -> None:
    script = tmp_path / "watch.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from conftest import StandIn\n"
        "from tagger.tagger import Tagger; Tagger.load = lambda *_, **__: StandIn()\n"
        "from tagger.cli.batch import command\n"
        "command()\n",
        encoding="utf-8",
    )
    news, out = tmp_path / "news", tmp_path / "cards.jsonl"
    news.mkdir()
    (news / "a.txt").write_text("某公司因没有留存日志，被网安部门警告。", encoding="utf-8")
    arguments = [sys.executable, script, Path(__file__).parent, news, "-o", out, "--watch"]
    with subprocess.Popen(list(map(str, arguments)), stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (out.exists() and out.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(asked)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said.startswith("1 cards of 1 events")
    assert json.loads(out.read_text("utf-8"))["source"] == "a.txt"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to a process of one's own")
def test_the_wait_of_a_watch_ends_when_asked() -> None:
    from tagger.cli.batch import _until_stopped

    before = signal.getsignal(signal.SIGTERM)
    with _until_stopped() as wait:
        assert not wait(0)
        os.kill(os.getpid(), signal.SIGTERM)
        assert wait(10)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_cluster_is_used_when_named(
    news: Path, tmp_path: Path, call, stand_in: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    from tagger.batch.run import spreading

    asked = []

    @contextmanager
    def spreading_on(address: str, settings: Settings) -> Iterator[object]:
        asked.append(address)
        yield spreading(settings, 1)

    monkeypatch.setattr("tagger.batch.cluster.spreading_on", spreading_on)
    out = tmp_path / "cards.jsonl"
    result = call(news / "01", "-o", out, "--backend", "dask", "--scheduler", "tcp://there:8786")
    assert result.exit_code == 0
    assert asked == ["tcp://there:8786"]


def test_of_many_failures_the_first_are_named(tmp_path: Path, call) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for n in range(25):
        (news / f"{n:02}.txt").write_bytes(b"")
    result = call(news, "-o", tmp_path / "cards.jsonl")
    assert result.exit_code == 1
    assert "… and 5 more" in result.stderr
    assert len(result.stderr.splitlines()) == 22


def test_a_watch_is_told_of_at_its_end(tmp_path: Path, call, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    @contextmanager
    def at_once() -> Iterator[object]:
        yield lambda _: True

    monkeypatch.setattr("tagger.cli.batch._until_stopped", at_once)
    result = call(tmp_path, "-o", tmp_path / "cards.jsonl", "--watch")
    assert result.exit_code == 0
    assert result.stderr.startswith("0 cards")
