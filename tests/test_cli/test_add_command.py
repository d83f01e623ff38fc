"""`tagger add` and `tagger cases` as a person calls them: what is printed where, and the exit status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter

from tagger import cli, store
from tagger.casebook import read_cases
from tagger.tables import HEADINGS

TEXTS = (
    "2021年3月，某市网安支队检查发现某物业公司未落实用户真实身份信息登记，保安室电脑长期无人管理，依法予以警告并责令改正。",
    "2022年8月，某县一家民宿的前台把住客的身份证照片发到聊天群里售卖，被当地派出所查获，经营者被罚款五千元。",
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tagger", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, out, err

    return call


def row(facts: str, **changes: Any) -> dict[str, Any]:
    return {"facts": facts, "industry": "生活服务", "subject": "政企机构", "nature": "机构犯罪"} | changes


@pytest.fixture
def new(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: dict[str, Any], name: str = "new.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
        return path

    return write


def test_add_list_export_and_undo(run: Run, new: Callable[..., Path], home: Path) -> None:
    path = new(row(TEXTS[0], id="a"), row(TEXTS[1], id="b"))
    assert run("add", path) == (
        0,
        "added: 2 cases of new.jsonl; your casebook has 2. Take it back: tagger add --undo\n",
        "",
    )
    status, listing, total = run("cases", "list")
    assert status == 0 and "2 cases\tnew.jsonl (" in listing and "2 cases in your casebook" in total
    status, exported, _ = run("cases", "export")
    assert [json.loads(line)["id"] for line in exported.splitlines()] == ["a", "b"]
    status, out, _ = run("add", "--undo")
    assert status == 0 and out.startswith("taken back: 2 cases of new.jsonl")
    assert "(taken back)" in run("cases", "list")[1]
    status, _, err = run("add", "--undo")
    assert (status, err) == (2, "tagger: nothing to take back: your casebook has no addition left\n")


def test_export_is_a_file_that_add_reads(run: Run, new: Callable[..., Path], tmp_path: Path) -> None:
    run("add", new(row(TEXTS[0], id="a", statutes="《网络安全法》第24条、第61条")))
    before = store.user_cases(tmp_path / "home" / "cases.jsonl")
    backup = tmp_path / "backup.jsonl"
    assert run("cases", "export", "-o", backup)[0] == 0
    run("add", "--undo")
    assert run("add", backup)[0] == 0
    assert store.user_cases(tmp_path / "home" / "cases.jsonl") == before


def test_every_error_is_listed_and_nothing_added(run: Run, new: Callable[..., Path], home: Path) -> None:
    path = new(row(TEXTS[0], nature="外部侵入"), row(TEXTS[1]), row("", statutes="网络安全法第99条"))
    status, out, err = run("add", path, path.with_name("missing.csv"))
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "tagger: nothing was added:",
        "new.jsonl, row 1, nature: '外部侵入' is no label; did you mean 外部入侵? "
        "(allowed: 建设运维管理疏失、机构犯罪、外部入侵、其他)",
        "new.jsonl, row 3, facts: is empty (allowed: the text of the notice)",
        "new.jsonl, row 3, statutes: 网络安全法 has no article 99 (allowed: 1 to 81)",
        "missing.csv: No such file or directory",
    ]
    assert not home.exists() or not list(home.iterdir())


def test_partial_adds_the_sound_rows(run: Run, new: Callable[..., Path], home: Path) -> None:
    status, out, err = run("add", "--partial", new(row(TEXTS[0], nature="外部侵入"), row(TEXTS[1], id="b")))
    assert status == 1
    assert out.startswith("added: 1 case of new.jsonl")
    assert err.startswith("left out: new.jsonl, row 1")
    assert [case.id for case in store.user_cases(home / "cases.jsonl")] == ["b"]
    assert run("add", "--partial", new(row(TEXTS[0], nature="x")))[0] == 2


def test_dry_run_adds_nothing(run: Run, new: Callable[..., Path], home: Path) -> None:
    status, out, _ = run("add", "--dry-run", new(row(TEXTS[0])))
    assert (status, out) == (0, "1 case would be added (--dry-run)\n")
    assert run("add", "--dry-run", new(row(TEXTS[0], nature="x")))[0] == 2
    assert not (home / "cases.jsonl").exists()


@pytest.mark.parametrize("option", [["--new-label", "农业"], ["--new-label"]])
def test_new_labels(run: Run, new: Callable[..., Path], option: list[str]) -> None:
    path = new(row(TEXTS[0], industry="农业"))
    status, _, err = run("add", path)
    assert status == 2 and "'农业' is no label" in err
    assert err.endswith("what is meant to be new is let in by name: --new-label LABEL\n")
    assert run("add", path, *option)[0] == 0


def test_near_duplicates_are_shown_and_skipped(run: Run, new: Callable[..., Path]) -> None:
    facts = read_cases()[46].facts
    path = new(row(facts + "（转载）"))
    status, out, err = run("add", path)
    assert (status, out) == (0, "nothing was added: no new case\n")
    assert "skipped: new.jsonl, row 1: " in err and "like 2020-047" in err and "--keep-duplicates" in err
    assert run("add", path, "--keep-duplicates")[0] == 0


def test_corrected_batch_workbook(run: Run, tmp_path: Path, home: Path) -> None:
    path = tmp_path / "cards.xlsx"
    cells = {
        "source": "news/a.txt", "case": "1", "title": "某物业公司被罚", "date": "2021-04", "facts": TEXTS[0],
        "industry": "生活服务", "subject": "政企机构", "nature": "建设运维管理疏失", "impact": "公众利益",
        "liability": "不履行安全保护义务", "statutes": "网络安全法第24条、网络安全法第61条", "notice": "是",
        "act_date": "2021-03", "keywords": "物业、实名制",
    }  # fmt: skip
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, (name, heading) in enumerate(HEADINGS.items()):
            sheet.write_string(0, column, heading)
            sheet.write_string(1, column, cells.get(name, ""))
        sheet.write_string(2, 0, "news/b.txt")
        sheet.write_string(2, list(HEADINGS).index("error"), "empty: the file holds no text")
    status, _, err = run("add", path)
    assert (status, err) == (0, "passed over: 1 row without a case\n")
    (case,) = store.user_cases(home / "cases.jsonl")
    assert (case.title, case.facts, case.source) == ("某物业公司被罚", TEXTS[0], "news/a.txt")
    assert case.statutes == ("网络安全法第24条", "网络安全法第61条")
    assert (case.date, case.published, case.keywords) == ("2021-03", "2021-04", ("物业", "实名制"))


def test_torn_line_is_repaired_with_a_message(run: Run, new: Callable[..., Path], home: Path) -> None:
    run("add", new(row(TEXTS[0], id="a")))
    with (home / "cases.jsonl").open("ab") as log:
        log.write(b'{"id": "b", "fa')
    status, out, err = run("add", new(row(TEXTS[1], id="c")))
    assert status == 0 and out.startswith("added: 1 case")
    assert "cut short by a crash and is dropped (15 bytes)" in err
    assert [case.id for case in store.user_cases(home / "cases.jsonl")] == ["a", "c"]


def test_erase(run: Run, new: Callable[..., Path], home: Path) -> None:
    run("add", new(row(TEXTS[0], id="a"), row(TEXTS[1], id="b")))
    status, out, err = run("cases", "erase", "--containing", "民宿", "--yes")
    assert (status, out) == (0, "erased: b\n") and "tagger train" in err
    assert "民宿" not in (home / "cases.jsonl").read_text(encoding="utf-8")
    assert run("cases", "erase", "--containing", "民宿", "--yes")[0] == 2
    assert run("cases", "erase", "zz", "--yes")[0] == 2
    assert run("cases", "erase", "--yes")[0] == 2
    assert run("cases", "erase", "--containing", "", "--yes")[0] == 2


def test_erase_asks_first(run: Run, new: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", new(row(TEXTS[0], id="a")))
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert run("cases", "erase", "a") == (2, "", "Error: nothing was erased\n")
    assert '"a"' in run("cases", "export")[1]


@pytest.mark.parametrize(
    "arguments", [["add"], ["add", "--undo", "x.csv"], ["cases", "export", "-o", "/nonexistent/x.jsonl"]]
)
def test_wrong_calls(run: Run, arguments: list[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "") and err


@pytest.mark.slow
def test_process_killed_at_random_moments(tmp_path: Path, new: Callable[..., Path], home: Path) -> None:
    """The whole command, killed from outside: after each kill the casebook is as before or as after."""
    random = Random(0)
    log = home / "cases.jsonl"
    started = time.monotonic()
    serial, count = 0, 0
    while time.monotonic() - started < 25:
        serial += 1
        path = new(*(row(f"{TEXTS[0]}第{serial}案之{n}", id=f"c{serial}-{n}") for n in range(200)))
        command = [sys.executable, "-m", "tagger", "add", str(path), "--keep-duplicates"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0, 1.2))
        process.kill()
        killed = process.wait() == -signal.SIGKILL
        found = len(store.user_cases(log))
        assert found in ((count, count + 200) if killed else (count + 200,))
        count = found
        if count > 2_000:
            log.unlink()
            count = 0
    assert serial > 10
