"""One batch: order, errors, groups, formats, and what may not be written."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tagger.batch import run as running
from tagger.batch.plan import PIECE
from tagger.batch.results import NAMED, Progress, Summary
from tagger.batch.run import Files, NothingToTag, WrongOutput, run, spreading, to_stream
from tagger.batch.work import Load, Settings
from tagger.durable import Busy, locked


def batch(
    paths: Path | list[Path],
    out: Path,
    load: Load,
    settings: Settings | None = None,
    *,
    jobs: int = 1,
    resume: bool = False,
) -> Summary:
    settings = settings or Settings()
    given = [paths] if isinstance(paths, Path) else paths
    return run(given, out, settings, spreading(settings, jobs, load), model="stand-in", resume=resume)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def left_beside(out: Path) -> set[str]:
    return {path.name for path in out.parent.iterdir() if path.is_file()} - {out.name}


def test_cards_come_in_path_order_and_errors_between_them(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    summary = batch(news, out, stand_in)
    found = lines(out)
    assert [record["source"] for record in found] == sorted(
        path.relative_to(news).as_posix() for path in news.rglob("*.txt")
    )
    failed = [record for record in found if "error" in record]
    assert [(record["source"], record["error"]["kind"]) for record in failed] == [
        ("00/00007b.txt", "crashed"),
        ("00/empty.txt", "empty"),
    ]
    assert all(set(record) == {"schema", "source", "error"} and record["schema"] == 1 for record in failed)
    assert (summary.cards, summary.failed) == (60, 2)
    assert [failure.source for failure in summary.failures] == ["00/00007b.txt", "00/empty.txt"]
    assert summary.events == len({record["group"] for record in found if "group" in record}) < 60
    assert summary.review == sum(record["review"]["needed"] for record in found if "review" in record) > 0
    assert left_beside(out) == set()


def test_reposts_share_a_group(tmp_path: Path, stand_in: Load) -> None:
    news = tmp_path / "news"
    news.mkdir()
    text = (
        "某医院的网站没有落实等级保护制度，首页被人篡改，植入了大量赌博链接，网安支队给予警告，责令限期改正。"
    )
    other = "某快递公司员工王某把客户的姓名、电话和住址卖给他人，获利两万元，被警方刑事拘留。"
    for name, content in {"a": text, "b": other, "c": f"【转载】{text}来源：网警"}.items():
        (news / f"{name}.txt").write_text(content, encoding="utf-8")
    batch(news, tmp_path / "cards.jsonl", stand_in)
    assert [record["group"] for record in lines(tmp_path / "cards.jsonl")] == ["g1", "g2", "g1"]


def test_reposts_in_one_archive_share_a_group(tmp_path: Path, stand_in: Load) -> None:
    text = (
        "某医院的网站没有落实等级保护制度，首页被人篡改，植入了大量赌博链接，网安支队给予警告，责令限期改正。"
    )
    with ZipFile(tmp_path / "news.zip", "w") as archive:
        for name in ("a.txt", "b-empty.txt", "c.txt"):
            archive.writestr(name, "" if name == "b-empty.txt" else text)
    batch(tmp_path / "news.zip", tmp_path / "cards.jsonl", stand_in)
    found = lines(tmp_path / "cards.jsonl")
    assert [(record["source"], record.get("group")) for record in found] == [
        ("news.zip/a.txt", "g1"),
        ("news.zip/b-empty.txt", None),
        ("news.zip/c.txt", "g1"),
    ]


def test_all_cores_give_what_one_gives(tmp_path: Path, stand_in: Load, write: Callable[..., Path]) -> None:
    news = write(tmp_path / "news", 3 * PIECE)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    batch(news, one, stand_in, jobs=1)
    batch(news, two, stand_in, jobs=2)
    assert one.read_bytes() == two.read_bytes()
    assert len(lines(one)) == 3 * PIECE


def test_a_worker_that_dies_costs_one_input(
    tmp_path: Path, stand_in: Load, write: Callable[..., Path]
) -> None:
    news = write(tmp_path / "news", PIECE + 20)
    deadly = news / "00" / "00003.txt"
    deadly.write_text("某公司的通报使解释器崩溃，请注意。", encoding="utf-8")
    out = tmp_path / "cards.jsonl"
    summary = batch(news, out, stand_in, jobs=2)
    assert (summary.cards, summary.failed) == (PIECE + 19, 1)
    assert "the worker died" in summary.failures[0].message
    assert lines(out)[3]["error"]["kind"] == "crashed"
    assert [record["source"] for record in lines(out)] == sorted(
        path.relative_to(news).as_posix() for path in news.rglob("*.txt")
    )


def test_a_slow_piece_does_not_make_the_others_pile_up(
    tmp_path: Path, stand_in: Load, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.batch.plan.PIECE", 2)
    monkeypatch.setattr("tagger.batch.spread._AHEAD", 1)
    news = write(tmp_path / "news", 30)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    batch(news, one, stand_in, jobs=1)
    batch(news, two, stand_in, jobs=2)
    assert one.read_bytes() == two.read_bytes()


def test_several_paths_in_the_order_given(news: Path, tmp_path: Path, stand_in: Load) -> None:
    single = tmp_path / "single.txt"
    single.write_text("某公司因没有留存日志，被网安部门警告。", encoding="utf-8")
    out = tmp_path / "cards.jsonl"
    batch([single, news / "01"], out, stand_in)
    assert [record["source"] for record in lines(out)][:2] == ["single.txt", "00050.txt"]


def test_what_is_given_twice_is_tagged_once(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    hidden = news / ".kept" / "00099.txt"
    hidden.parent.mkdir()
    hidden.write_text("某公司因没有留存日志，被网安部门警告。", encoding="utf-8")
    batch(
        [news / "00" / "00003.txt", news / "01", news, news / "01" / ".." / "01", hidden.parent],
        out,
        stand_in,
    )
    found = [record["source"] for record in lines(out)]
    assert found[0] == "00003.txt"
    assert found[-1] == "00099.txt"
    assert sorted([*found[1:-1], "00/00003.txt"]) == sorted(
        path.relative_to(news).as_posix() for path in news.glob("0*/*.txt")
    )


def test_rows_of_a_table(tmp_path: Path, stand_in: Load) -> None:
    table = tmp_path / "notices.jsonl"
    rows = [
        {"id": f"n{n}", "text": f"某公司因第{n}号系统没有留存日志，被网安部门警告。"}
        for n in range(PIECE + 5)
    ]
    del rows[3]["id"]
    table.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "cards.jsonl"
    batch(table, out, stand_in)
    sources = [record["source"] for record in lines(out)]
    assert len(sources) == PIECE + 5
    assert sources[0] == "notices.jsonl#n0"
    assert sources[3] == "notices.jsonl#4"


def test_the_date_is_for_texts_that_tell_none(tmp_path: Path, stand_in: Load) -> None:
    table = tmp_path / "notices.jsonl"
    text = "某公司因没有留存日志，被网安部门警告。"
    rows = [{"text": text, "date": "2019-03-04"}, {"text": text}]
    table.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    out = tmp_path / "cards.jsonl"
    batch(table, out, stand_in, Settings(date="2021"))
    assert [record["date"] for record in lines(out)] == ["2019-03-04", "2021"]


def test_an_output_inside_the_folder_is_no_input(news: Path, stand_in: Load) -> None:
    out = news / "cards.jsonl"
    first = batch(news, out, stand_in)
    content = out.read_bytes()
    again = batch(news, out, stand_in)
    assert out.read_bytes() == content
    assert first == again
    assert left_beside(out) == set()


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
def test_what_a_former_batch_wrote_is_no_input_unless_named(
    news: Path, tmp_path: Path, stand_in: Load, ending: str
) -> None:
    former = news / f"former.{ending}"
    first = batch(news, former, stand_in, Settings(with_text=True))
    assert batch(news, news / "cards.jsonl", stand_in) == first
    assert batch(former, tmp_path / "again.jsonl", stand_in).cards >= first.cards
    for damaged in ("damaged.xlsx", "damaged.jsonl"):
        (news / damaged).write_bytes(b"PK\x03\x04")
    assert batch(news, tmp_path / "cards.jsonl", stand_in).failed == first.failed + 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_names_that_are_no_text(tmp_path: Path, stand_in: Load) -> None:
    news = tmp_path / "news"
    news.mkdir()
    text = "某公司因没有留存日志，被网安部门警告。".encode()
    for name in (b"a\nb.txt", b"c\xff.txt", '=d"，.txt'.encode()):
        Path(os.fsdecode(os.fsencode(news) + b"/" + name)).write_bytes(text)
    (news / "e\nf.txt").write_bytes(b"")
    for ending in ("jsonl", "csv", "xlsx"):
        summary = batch(news, tmp_path / f"cards.{ending}", stand_in, Settings(with_text=True))
        assert (summary.cards, summary.failed) == (3, 1)
        assert "\n" not in summary.failures[0].message
    sources = [record["source"] for record in lines(tmp_path / "cards.jsonl")]
    assert sources[:2] == ['=d"，.txt', "a\nb.txt"]
    assert sources[2].encode("utf-8").startswith(b"c")
    assert (tmp_path / "cards.csv").read_text("utf-8-sig").splitlines()[1].startswith('"\'=d""，.txt"')


def test_a_file_that_goes_away_or_changes_becomes_an_error(
    news: Path, tmp_path: Path, stand_in: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = running.Journal

    class Meddling(journal):  # type: ignore[misc, valid-type]
        def plan(self, entries: Any) -> None:
            super().plan(entries)
            (news / "00" / "00001.txt").unlink()
            (news / "00" / "00002.txt").write_text("别的内容，与原来不同。", encoding="utf-8")

    monkeypatch.setattr(running, "Journal", Meddling)
    out = tmp_path / "cards.jsonl"
    summary = batch(news, out, stand_in)
    errors = {record["source"]: record["error"] for record in lines(out) if "error" in record}
    assert {source: error["kind"] for source, error in errors.items()} == {
        "00/00001.txt": "changed",
        "00/00002.txt": "changed",
        "00/00007b.txt": "crashed",
        "00/empty.txt": "empty",
    }
    assert "gone" in errors["00/00001.txt"]["message"]
    assert (summary.cards, summary.failed) == (58, 4)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(news: Path, tmp_path: Path, stand_in: Load) -> None:
    (news / "00" / "00001.txt").chmod(0)
    batch(news, tmp_path / "cards.jsonl", stand_in)
    assert lines(tmp_path / "cards.jsonl")[1]["error"]["kind"] == "unreadable"


def test_a_file_beyond_the_largest_size_is_refused_by_name(
    news: Path, tmp_path: Path, stand_in: Load
) -> None:
    big = news / "00" / "00001.txt"
    with big.open("wb") as file:
        file.truncate(2 * 2**30)  # a hole: 2 GB that take no room
    batch(news, tmp_path / "cards.jsonl", stand_in)
    error = lines(tmp_path / "cards.jsonl")[1]["error"]
    assert error["kind"] == "too-large"
    assert "00001.txt" in error["message"]


def test_a_second_batch_on_one_output_is_refused(news: Path, tmp_path: Path, stand_in: Load) -> None:
    out = tmp_path / "cards.jsonl"
    with locked(Files.of(out).lock, "it"), pytest.raises(Busy, match=r"cards\.jsonl"):
        batch(news, out, stand_in)
    assert not out.exists()


def test_an_output_that_is_a_link_stays_one(news: Path, tmp_path: Path, stand_in: Load) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "cards.jsonl", tmp_path / "there" / "real.jsonl"
    target.write_text("earlier\n")
    link.symlink_to(target)
    batch(news, link, stand_in)
    assert link.is_symlink()
    assert len(lines(target)) == 62
    assert left_beside(target) == set()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cards.docx", "ends in .jsonl"),
        ("cards", "ends in .jsonl"),
        ("none/cards.jsonl", "there is no folder"),
        ("folder.csv", "is a folder"),
    ],
)
def test_outputs_that_cannot_be_written(
    news: Path, tmp_path: Path, stand_in: Load, name: str, says: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(WrongOutput, match=says):
        batch(news, tmp_path / name, stand_in)


def test_no_input_at_all(tmp_path: Path, stand_in: Load) -> None:
    (tmp_path / "news").mkdir()
    out = tmp_path / "cards.jsonl"
    out.write_text("earlier\n")
    with pytest.raises(NothingToTag, match="no file to tag"):
        batch(tmp_path / "news", out, stand_in)
    with pytest.raises(NothingToTag):
        to_stream([tmp_path / "news"], BytesIO(), Settings(), spreading(Settings(), 1, stand_in))
    assert out.read_text() == "earlier\n"
    assert left_beside(out) == set()


def test_a_stream_has_the_same_lines(news: Path, tmp_path: Path, stand_in: Load) -> None:
    batch(news, tmp_path / "cards.jsonl", stand_in)
    stream = BytesIO()
    summary = to_stream([news], stream, Settings(), spreading(Settings(), 1, stand_in))
    assert stream.getvalue() == (tmp_path / "cards.jsonl").read_bytes()
    assert summary.failed == 2


def test_progress_reaches_its_end(news: Path, tmp_path: Path, stand_in: Load) -> None:
    told: list[Progress] = []
    settings = Settings()
    run([news], tmp_path / "c.jsonl", settings, spreading(settings, 1, stand_in), tell=told.append)
    last = told[-1]
    assert (last.inputs, last.cards, last.size) == (last.of_inputs, 60, last.of_size)
    assert last.of_inputs == 62


def test_only_the_first_failures_are_named(tmp_path: Path, stand_in: Load) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for n in range(NAMED + 5):
        (news / f"{n}.txt").write_bytes(b"")
    summary = batch(news, tmp_path / "cards.jsonl", stand_in)
    assert (summary.failed, len(summary.failures)) == (NAMED + 5, NAMED)


def test_the_same_batch_gives_the_same_bytes_in_every_format(
    news: Path, tmp_path: Path, stand_in: Load
) -> None:
    for ending in ("jsonl", "csv", "xlsx"):
        first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
        for out in (first, second):
            batch(news, out, stand_in, Settings(with_text=True))
        assert first.read_bytes() == second.read_bytes()
    shutil.rmtree(news)
