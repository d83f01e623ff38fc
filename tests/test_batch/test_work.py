"""What a worker does with a piece, and how pieces are cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tagger.batch import plan, work
from tagger.batch.plan import Entry, Failure, File, Piece, Position, entry, pieces
from tagger.batch.work import Load, Settings, in_group, needs_review
from tagger.notice import Document
from tagger.notice.errors import EmptyInput, Unreadable
from tagger.notice.read import MAX_SIZE

TEXT = "某公司因没有留存日志，被网安部门警告。"


def found(path: Path) -> Entry:
    made = entry(path, path.name)
    assert isinstance(made, Entry)
    return made


def records(task: plan.Task, load: Load, **settings: Any) -> list[dict[str, Any]]:
    (lines,) = work.work([task], Settings(**settings), load)
    return [json.loads(line.json) for line in lines]


def errors(task: plan.Task, load: Load) -> list[tuple[str, str]]:
    return [(record["source"], record["error"]["kind"]) for record in records(task, load)]


def test_bytes_that_came_along_are_read_in_place_of_the_file(tmp_path: Path, stand_in: Load) -> None:
    file = File(Entry("/elsewhere/a.md", "web/a.md", 9, 9), TEXT.encode())
    (record,) = records(file, stand_in, with_text=True)
    assert (record["source"], record["text"]) == ("web/a.md", TEXT)


def test_halves_of_characters_do_not_stop_a_card(stand_in: Load) -> None:
    document = Document("t.jsonl#1", f"\ud83d{TEXT}")
    (record,) = records(document, stand_in, with_text=True)
    assert record["text"].endswith(TEXT)
    assert "\ud83d" not in record["text"]


def test_names_are_masked_when_asked_for(stand_in: Load) -> None:
    text = "犯罪嫌疑人张三（男，25岁，电话13812345678）因出售公民个人信息被警方刑事拘留。"
    (record,) = records(Document("a", text), stand_in, with_text=True, redact=True)
    assert "13812345678" not in record["text"]
    assert len(record["text"]) == len(text)


def test_what_a_reader_raises_is_an_error_of_its_input(
    tmp_path: Path, stand_in: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")

    def read(path: Path, source: str, max_size: int) -> Iterator[Document]:
        yield Document(f"{source}/1", TEXT)
        yield Document(f"{source}/2", "", failure=EmptyInput(f"{source}/2", "is empty"))
        raise MemoryError

    monkeypatch.setattr(work, "read_path", read)
    lines = records(File(found(path)), stand_in)
    assert [record["source"] for record in lines] == ["a.txt/1", "a.txt/2", "a.txt"]
    assert [record["error"]["kind"] for record in lines[1:]] == ["empty", "crashed"]


def test_a_file_that_went_away_or_cannot_be_reached(tmp_path: Path, stand_in: Load) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    file = File(found(path))
    path.unlink()
    assert errors(file, stand_in) == [("a.txt", "changed")]
    assert errors(File(file.entry._replace(path=str(path / "b" / "\0"))), stand_in)[0][1] == "crashed"
    assert isinstance(entry(path, "a.txt"), Failure)
    (tmp_path / "file").write_bytes(b"")
    beneath = file.entry._replace(path=str(tmp_path / "file" / "a.txt"))
    with pytest.raises(Unreadable, match="cannot be read"):
        beneath.verify()


def test_group_and_review_are_read_from_the_line_itself(stand_in: Load) -> None:
    hostile = '某公司"group":null,"review":{"needed":true没有留存日志，被网安部门警告'
    for text in (hostile, hostile + "。", hostile + "。" * 2):
        (lines,) = work.work([Document('"group":null', text)], Settings(with_text=True), stand_in)
        record = json.loads(in_group(lines[0].json, "g12"))
        assert record["group"] == "g12"
        assert record["source"] == '"group":null'
        assert needs_review(lines[0].json) is record["review"]["needed"]


def test_of_a_round_up_only_the_case_that_fails_is_lost(stand_in: Load) -> None:
    header = "典型案例{}：某单位被处罚"
    cases = [f"{header.format(n)}\n{TEXT}" for n in "一二三四"]
    cases[2] = f"{header.format('三')}\n某公司的通报使标注失败，被网安部门警告。"
    found = records(Document("a.txt", "\n".join(cases)), stand_in)
    assert [record.get("case") or record["error"]["kind"] for record in found] == [1, 2, "crashed", 4]


# ---- pieces ----------------------------------------------------------------------------------------


START = Position()


def cut(entries: list[Entry | Failure], start: Position = START) -> list[Piece]:
    return list(pieces(iter(entries[start.entry :]), start, MAX_SIZE))


@pytest.fixture
def inputs(tmp_path: Path) -> list[Entry | Failure]:
    """Files, a failure, and tables: of many rows, of one, with a broken row, empty, and one that is none."""
    rows = [json.dumps({"id": n, "text": TEXT}, ensure_ascii=False) for n in range(20)]
    contents = {
        "a.txt": TEXT,
        "b.jsonl": "\n".join(rows),
        "c.txt": TEXT * 40,
        "d.jsonl": rows[0],
        "e.jsonl": "\n".join([rows[0], "no JSON", rows[2]]),
        "f.csv": "",
        "g.xlsx": "no workbook",
        "h.txt": TEXT,
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    listed: list[Entry | Failure] = [found(tmp_path / name) for name in contents]
    return [*listed[:3], Failure("x", "unreadable", "x: no"), *listed[3:]]


@pytest.fixture(params=[1, 3, 7, 128])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(plan, "PIECE", request.param)
    return request.param


def sources(found: list[Piece]) -> list[str]:
    return [
        task.entry.source if isinstance(task, File) else task.source
        for piece in found
        for task in piece.tasks
    ]


def test_every_input_is_in_one_piece(inputs: list[Entry | Failure], size: int) -> None:
    assert sources(cut(inputs)) == [
        "a.txt",
        *(f"b.jsonl#{n}" for n in range(20)),
        "c.txt",
        "x",
        "d.jsonl#0",
        "e.jsonl#0",
        "e.jsonl#2",
        "e.jsonl#2",
        "f.csv",
        "g.xlsx",
        "h.txt",
    ]
    assert all(len(piece.tasks) <= size for piece in cut(inputs))
    assert cut(inputs)[-1].end == Position(len(inputs))


def test_from_any_end_the_same_pieces_follow(inputs: list[Entry | Failure], size: int) -> None:
    every = cut(inputs)
    for number, piece in enumerate(every, 1):
        assert cut(inputs, piece.end) == every[number:]


def test_a_piece_is_full_by_weight_too(
    inputs: list[Entry | Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "PIECE_BYTES", 1000)
    every = cut(inputs)
    assert len(every) == 3
    assert all(piece.size < 1000 + 40 * len(TEXT.encode()) for piece in every)


def test_no_inputs_are_no_pieces() -> None:
    assert cut([]) == []


def test_a_table_that_changed_before_it_was_read(inputs: list[Entry | Failure]) -> None:
    table = inputs[1]
    assert isinstance(table, Entry)
    (piece,) = cut([table._replace(size=1)])
    assert [task.kind for task in piece.tasks if isinstance(task, Failure)] == ["changed"]


def test_a_table_whose_reader_gives_up(
    inputs: list[Entry | Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, source: str, max_size: int) -> Iterator[Document]:
        yield Document(f"{source}#1", TEXT)
        raise RecursionError

    monkeypatch.setattr(plan, "read_path", read)
    (piece,) = cut([inputs[1]])
    assert isinstance(piece.tasks[0], Document)
    assert isinstance(piece.tasks[1], Failure)
    assert piece.tasks[1].kind == "crashed"


def test_a_table_without_rows_is_said_to_be_empty(
    inputs: list[Entry | Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "read_path", lambda *_: iter(()))
    (piece,) = cut([inputs[1]])
    assert [task.kind for task in piece.tasks if isinstance(task, Failure)] == ["empty"]
