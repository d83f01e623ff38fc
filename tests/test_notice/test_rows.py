"""Tables: headings in two languages, delimiters, ids, dates, and rows that are broken."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tagger.notice import Document
from tagger.notice.errors import EmptyInput, ReadError, WrongFormat
from tagger.notice.rows import read_csv, read_jsonl, read_xlsx


def csv(text: str, encoding: str = "utf-8") -> list[Document]:
    return list(read_csv(text.encode(encoding), "a.csv", 10**6))


def jsonl(*records: Any) -> list[Document]:
    lines = (
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    )
    return list(read_jsonl("\n".join(lines).encode(), "a.jsonl", 10**6))


def kind(document: Document) -> str | None:
    return document.failure.kind if isinstance(document.failure, ReadError) else None


HEADINGS = [
    "id,title,text,date",
    "ID,Title,Text,Date",
    "编号,标题,正文,日期",
    "序号,案例名称,案情简介,公布时间",
    " 编 号 ,标题（必填）,正文 (全文),发布_日期",
    "No.,Headline,Full Text,published_at",
    "\ufeff编号,题目,内容,时间",
]


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings(headings: str) -> None:
    (document,) = csv(f"{headings}\n7,某公司被罚,某公司被罚款。,2023-05-06\n")
    assert document == Document("a.csv#7", "某公司被罚款。", title="某公司被罚", date="2023-05-06")


@pytest.mark.parametrize("delimiter", ",;\t|")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    text = f'标题{delimiter}正文\n某公司被罚{delimiter}"某公司，罚款{delimiter}\n整改。"\n'
    (document,) = csv(text, encoding)
    assert document.text == f"某公司，罚款{delimiter}\n整改。"


def test_a_preface_above_the_headings_is_skipped() -> None:
    (document,) = csv("某市网络安全执法案例汇总,,\n,,\n序号,标题,正文\n1,甲,某公司被罚。\n")
    assert (document.source, document.text) == ("a.csv#1", "某公司被罚。")


def test_the_text_column_is_the_best_that_there_is() -> None:
    (document,) = csv("description,正文\n摘要,某公司被罚。\n")
    assert document.text == "某公司被罚。"


DATES = [
    ("2023-05-06", "2023-05-06"),
    ("2023/5/6", "2023-05-06"),
    ("2023年5月6日", "2023-05-06"),
    ("2023.05.06 10:22", "2023-05-06"),
    ("２０２３年５月", "2023-05"),
    ("20230506", "2023-05-06"),
    ("2023", "2023"),
    ("2023-15-06", "2023"),
    ("2023-02-31", "2023-02"),
    ("去年", None),
    ("", None),
]


@pytest.mark.parametrize(("printed", "date"), DATES)
def test_dates(printed: str, date: str | None) -> None:
    (document,) = csv(f"text,date\n某公司被罚。,{printed}\n")
    assert document.date == date


def test_ids_and_row_numbers() -> None:
    documents = csv("id,text\nx,甲被罚。\n,乙被罚。\nx,丙被罚。\n\n,丁被罚。\n")
    assert [document.source for document in documents] == ["a.csv#x", "a.csv#2", "a.csv#x@3", "a.csv#4"]


def test_a_row_without_text_fails_alone() -> None:
    documents = csv("id,text\n1,甲被罚。\n2,\n3,丙被罚。\n")
    assert [kind(document) for document in documents] == [None, "empty", None]


def test_a_broken_quotation_is_no_wrong_text() -> None:
    documents = csv('id,text\n1,甲被罚。\n2,"乙被罚。\n3,丙被罚。\n')
    assert [document.text for document in documents] == ["甲被罚。", ""]
    assert kind(documents[1]) == "format"


@pytest.mark.parametrize("text", ["编号,单位\n1,某公司\n", "甲\n乙\n", "a,b,c\n" * 20])
def test_a_table_without_a_text_column(text: str) -> None:
    with pytest.raises(WrongFormat, match="正文"):
        csv(text)


@pytest.mark.parametrize("text", ["text\n", "标题,正文\n", ",,\n,,\n"])
def test_a_table_without_rows(text: str) -> None:
    with pytest.raises(EmptyInput):
        csv(text)


def test_lines_of_json() -> None:
    documents = jsonl(
        {"id": 3, "标题": "某公司被罚", "正文": "甲被罚。", "日期": "2023-05"},
        "",
        "{broken",
        [1],
        {"facts": "乙被罚。"},
        "[" * 100_000,
    )
    assert [kind(document) for document in documents] == [None, "format", "format", None, "format"]
    assert documents[0] == Document("a.jsonl#3", "甲被罚。", title="某公司被罚", date="2023-05")
    assert documents[3].source == "a.jsonl#4"


def test_lines_of_json_without_text() -> None:
    with pytest.raises(WrongFormat):
        jsonl({"name": "甲"}, {"name": "乙"})


def test_line_separators_within_a_json_string_part_no_rows() -> None:
    (document,) = jsonl('{"text": "甲\u2028被罚。"}')
    assert document.text == "甲\u2028被罚。"


def test_a_large_cell() -> None:
    (document,) = csv("text\n" + "某公司被罚。" * 50_000)
    assert len(document.text) == 300_000


def workbook(fill: Any) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook() -> None:
    import datetime

    def fill(book: Any) -> None:
        book.active.append(["编号", "标题", "正文", "日期"])
        book.active.append([1.0, "某公司被罚", "甲被罚。", datetime.datetime(2023, 5, 6, 10, 0)])
        book.active.append([2, None, 12345, None])
        book.active.append([3, "空", "  ", None])

    documents = list(read_xlsx(workbook(fill), "a.xlsx", 10**6))
    assert documents[0] == Document("a.xlsx#1", "甲被罚。", title="某公司被罚", date="2023-05-06")
    assert documents[1].text == "12345"
    assert kind(documents[2]) == "empty"


@pytest.mark.parametrize("cells", [[["甲", "乙"]], []])
def test_a_workbook_without_a_text_column(cells: list[list[str]]) -> None:
    def fill(book: Any) -> None:
        for row in cells:
            book.active.append(row)

    with pytest.raises((WrongFormat, EmptyInput)):
        list(read_xlsx(workbook(fill), "a.xlsx", 10**6))
