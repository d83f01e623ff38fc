"""Tables in every encoding and shape that people send, and what is refused about them."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import sheets
from tagger.problems import Problem
from tagger.sheets import Sheet, headings, read_csv, read_xlsx, records

ROWS = (("标题", "案情"), ("某公司被罚", "某公司未落实网络安全等级保护制度"), ("某医院", "患者信息，泄露"))
TEXT = "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in ROWS)


def workbook(*rows: tuple[object, ...], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if merge:
        book.worksheets[0].merge_cells(merge)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def wrong(sheet: Sheet) -> list[tuple[int | None, str | None, str]]:
    return [(problem.row, problem.column, problem.wrong) for problem in sheet.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "gbk"])
def test_csv_in_any_encoding(encoding: str) -> None:
    sheet = read_csv(TEXT.encode(encoding), "a.csv")
    assert not sheet.problems
    assert (headings(sheet), *(cells for _, cells in records(sheet))) == ROWS


def test_gb18030_that_is_utf8_by_chance_is_gb18030() -> None:
    cell = "某医院某医院".encode("gb18030")
    assert cell.decode("utf-8") == "ĳҽԺĳҽԺ"
    sheet = read_csv(cell + b",b\n" + "患者,泄露\n".encode("gb18030"), "a.csv")
    assert headings(sheet)[0] == "某医院某医院"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_the_delimiter_of_another_country(delimiter: str) -> None:
    text = f"标题{delimiter}案情\n题{delimiter}文\n"
    assert list(records(read_csv(text.encode(), "a.csv"))) == [(2, ("题", "文"))]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    text = '标题,案情\n题,"两行\n的文"\n,\n\n题,文\n'
    assert [number for number, _ in records(read_csv(text.encode(), "a.csv"))] == [2, 5]


def test_row_in_another_encoding_is_named() -> None:
    lines = ["标题,案情", "某公司被罚,某公司未落实等级保护", "某医院,患者信息泄露", "某学校,网页被篡改"]
    data = b"\n".join(line.encode("gbk" if number == 2 else "utf-8") for number, line in enumerate(lines))
    sheet = read_csv(data, "a.csv")
    assert not sheet.rows
    assert [(problem.row, problem.column) for problem in sheet.problems] == [(3, "column 2")]
    assert all("UTF-8" in problem.wrong for problem in sheet.problems)


def test_a_whole_row_in_another_encoding_is_one_line() -> None:
    rows = [
        "标题,案情,日期,行业",
        "某公司被罚,某公司未落实等级保护,昨天,互联网",
        "县人民医院,患者信息泄露,2021,医疗卫生",
    ]
    data = b"\n".join(row.encode("gbk" if number == 2 else "utf-8") for number, row in enumerate(rows))
    problems = read_csv(data, "a.csv").problems
    assert [(problem.row, problem.column) for problem in problems] == [(3, "column 1-2, 4")]


def test_utf8_rows_among_gb18030_rows_are_named() -> None:
    lines = [
        "标题,案情",
        "某公司被罚,某公司未落实等级保护",
        "某医院被罚,患者信息泄露",
        "某学校被罚,网页被篡改",
    ]
    data = b"\n".join(line.encode("utf-8" if number == 2 else "gbk") for number, line in enumerate(lines))
    assert {problem.row for problem in read_csv(data, "a.csv").problems} == {3}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04 and so on", ".xlsx"),
        (b'a,b\n"never closed,1\n', "quotes"),
        (b'a,b\n"x"y,1\n', "quotes"),
        (b"a,b\n\xff\xff\x80,1\n", "neither in UTF-8 nor in GB18030"),
        ("标题\ud800".encode("utf-16-le", "surrogatepass"), "neither"),
        (b"\xff\xfe\x00\xd8\x41\x00", "UTF-16"),
        (b'a,"' + b"x" * 200_000 + b'"\n', "field limit"),
    ],
)
def test_csv_that_is_none(data: bytes, says: str) -> None:
    (problem,) = read_csv(data, "a.csv").problems
    assert says in problem.wrong and problem.file == "a.csv"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_problem(data: bytes) -> None:
    for read in (read_csv, read_xlsx):
        sheet = read(data, "a")
        assert isinstance(sheet, Sheet)
        assert all(isinstance(problem, Problem) for problem in sheet.problems)


def test_xlsx() -> None:
    data = workbook(
        ("标题", "日期", "数"), (), ("某公司", datetime.date(2019, 7, 2), 3.0), ("另一公司", "2019-07", 1.5)
    )
    assert list(records(read_xlsx(data, "a.xlsx"))) == [
        (3, ("某公司", "2019-07-02", "3")),
        (4, ("另一公司", "2019-07", "1.5")),
    ]


def test_formulas_errors_and_merged_cells_are_all_named() -> None:
    data = workbook(("标题", "案情"), ("=A1&B1", "文"), ("题", "#N/A"), ("题", "文"), merge="A4:A6")
    assert wrong(read_xlsx(data, "a.xlsx")) == [
        *((row, None, "A4:A6 are merged cells; unmerge and fill each") for row in (4, 5, 6)),
        (2, "标题", "is a formula; put its value in its place"),
        (3, "案情", "holds the error #N/A"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (TEXT.encode(), "ending .csv"),
        (b"", "no Excel workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"old", "old or encrypted"),
        (b"PK\x03\x04 cut short", "damaged"),
        (workbook(("a",))[:-200], "damaged"),
    ],
)
def test_xlsx_that_is_none(data: bytes, says: str) -> None:
    (problem,) = read_xlsx(data, "a.xlsx").problems
    assert says in problem.wrong


def test_workbook_that_unpacks_to_too_much_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2_000_000)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 2**20)
    (problem,) = read_xlsx(data.getvalue(), "a.xlsx").problems
    assert "unpacks to more than 1 MiB" in problem.wrong


def test_stray_cell_in_the_far_corner_is_refused_at_once() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].cell(1_048_576, 16_384, "x")
    data = io.BytesIO()
    book.save(data)
    (problem,) = read_xlsx(data.getvalue(), "a.xlsx").problems
    assert "1048576 rows by 16384 columns" in problem.wrong
