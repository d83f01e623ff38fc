"""Result lines as .csv, .xlsx and .parquet, as a spreadsheet and `tagger add` see them."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileSizeError

from tagger import outputs
from tagger.card import CaseCard, Check, Evidence, RankedLabel, RankedStatute, Review, Sanction
from tagger.errors import MissingExtra
from tagger.outputs import Counts, doubtful, write_csv, write_parquet, write_xlsx
from tagger.tables import CELL, CUT, HEADINGS, read_rows


def record(source: str = "a.txt", **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "source": source,
        "text": "标题\n某医院没有留存日志，被警告。",
        "title": "标题",
        "industry": (RankedLabel("医疗卫生", 0.9, True), RankedLabel("金融", 0.1, False)),
        "subject": (RankedLabel("政企机构", 0.5, True),),
        "nature": (RankedLabel("建设运维管理疏失", 0.8, True),),
        "statutes": (RankedStatute("网络安全法", "21", "2017-06-01", "cited", 1.0, True),),
        "sanctions": (Sanction("organisation", "warning"),),
        "group": "g1",
        "model": "m",
    } | changes
    return CaseCard(**fields).to_record(with_text=True)


ERROR = {"schema": 1, "source": "=b.pdf", "error": {"kind": "format", "message": "=b.pdf: a scan"}}
HOSTILE = record(
    "=cmd|'/c calc'!A1", title="@SUM(1)", text="@SUM(1)\n-1\x00\x0b不可见", keywords=("+86", "等保")
)


def test_csv_opens_rightly_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    write_csv([record(), ERROR, HOSTILE], path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert rows[0]["来源"] == "a.txt"
    assert rows[0]["案情"] == "某医院没有留存日志，被警告。"
    assert rows[1] | {"来源": "'=b.pdf", "错误": "format: =b.pdf: a scan"} == rows[1]
    cells = [cell for row in csv.reader(data.decode("utf-8-sig").splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@"))]
    assert rows[2]["来源"] == "'=cmd|'/c calc'!A1"


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_parquet])
def test_what_was_written_is_read_back(tmp_path: Path, write: Any) -> None:
    path = tmp_path / f"cards.{write.__name__.removeprefix('write_')}"
    write([record(), record("b.txt", date="2020-05", text="没有标题", title="")], path)
    first, second = read_rows(path)
    assert first["facts"] == "某医院没有留存日志，被警告。"
    assert first["industry"] == ("医疗卫生",)
    assert first["statutes"] == ("网络安全法第21条",)
    assert first["sanctions"] == ("单位警告",)
    assert (second["source"], second["date"], second["facts"]) == ("b.txt", "2020-05", "没有标题")
    assert "evidence" not in first


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_parquet])
def test_the_evidence_has_its_column_when_asked_for(tmp_path: Path, write: Any) -> None:
    path = tmp_path / f"cards.{write.__name__.removeprefix('write_')}"
    evidence = {"industry": (Evidence("医疗卫生", "医院", ((0, 2),), 0.8),)}
    write([record(evidence=evidence)], path, explained=True)
    (row,) = read_rows(path)
    assert row["evidence"] == "所属行业：医院"


def test_a_workbook_has_its_three_sheets(tmp_path: Path) -> None:
    path = tmp_path / "cards.xlsx"
    review = Review(True, ("违法/犯罪主体有两个候选",))
    write_xlsx([record(), ERROR, record("c.txt", review=review, group="g2"), HOSTILE], path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["案例", "错误", "统计"]
    cases, errors, counts = (book[name] for name in book.sheetnames)
    assert cases.freeze_panes == errors.freeze_panes == "A2"
    assert cases.auto_filter.ref == "A1:Y4"
    assert [cell.value for cell in cases[1]] == [
        heading for field, heading in HEADINGS.items() if field not in ("evidence", "precedents", "error")
    ]
    columns = {cell.value: cell.column - 1 for cell in cases[1]}
    assert {cell.data_type for row in cases.iter_rows(min_row=2) for cell in row} <= {"s", "n"}
    assert cases[4][columns["来源"]].value == "=cmd|'/c calc'!A1"
    assert [cell.value for cell in errors[2]] == ["=b.pdf", "format: =b.pdf: a scan"]
    coloured = {
        heading for heading, column in columns.items() if cases[3][column].fill.fgColor.rgb == "FFFFE699"
    }
    assert coloured == {"违法/犯罪主体", "需复核", "复核原因"}
    assert not any(cell.fill.fgColor.rgb == "FFFFE699" for cell in cases[2])
    table = [tuple(cell.value for cell in row[:2]) for row in counts.iter_rows()]
    assert table[:6] == [
        ("总计", "件数"),
        ("案例", 3),
        ("事件（转载只计一次）", 2),
        ("需复核", 1),
        ("非执法案例", 0),
        ("错误", 1),
    ]
    assert ("医疗卫生", 3) in table
    assert ("网络安全法第21条", 3) in table
    assert ("单位警告", 3) in table


def test_rows_beyond_a_sheet_go_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "_SHEET_ROWS", 2)
    path = tmp_path / "cards.xlsx"
    write_xlsx([record(f"{n}.txt") for n in range(5)], path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["案例", "错误", "统计", "案例2", "案例3"]
    assert [
        [row[0].value for row in book[name].iter_rows(min_row=2)] for name in ("案例", "案例2", "案例3")
    ] == [
        ["0.txt", "1.txt"],
        ["2.txt", "3.txt"],
        ["4.txt"],
    ]
    assert book["案例3"].auto_filter.ref == "A1:Y2"


def test_a_text_too_long_for_a_cell_is_cut_in_a_workbook_only(tmp_path: Path) -> None:
    long = record(text="文" * 40_000, title="")
    write_xlsx([long], tmp_path / "cards.xlsx")
    write_csv([long], tmp_path / "cards.csv")
    (cut,) = read_rows(tmp_path / "cards.xlsx")
    assert (len(cut["facts"]), cut["facts"][-len(CUT) :]) == (CELL, CUT)
    (whole,) = read_rows(tmp_path / "cards.csv")
    assert len(whole["facts"]) == 40_000


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"review": Review(False, ())}, set()),
        ({"review": Review(True, ("文本陌生",))}, {"review", "reasons", "subject"}),
        ({"review": Review(True, ("所属行业有两个候选",))}, {"review", "reasons", "subject", "industry"}),
        (
            {"review": Review(True, ("法条核对不符：罚款超出幅度",)), "subject": ()},
            {"review", "reasons", "statutes"},
        ),
        (
            {"review": Review(True, ("x",)), "checks": (Check("other-edition", "…"),), "subject": ()},
            {"review", "reasons"},
        ),
    ],
)
def test_what_a_person_should_look_at(changes: dict[str, Any], fields: set[str]) -> None:
    assert doubtful(record(**changes)) == fields


def test_texts_that_are_no_notices_are_counted_apart() -> None:
    counts = Counts()
    counts.add(record(notice=False, industry=(), group="g1"))
    counts.add(record(group="g2"))
    counts.add(record(group="g1"))
    assert counts.totals["非执法案例"] == 1
    assert counts.totals["案例"] == 3
    assert counts.labels["industry"] == {"医疗卫生": 2}


def test_parquet_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"notice-tagger\[parquet\]"):
        write_parquet([record()], tmp_path / "cards.parquet")
    with pytest.raises(MissingExtra, match=r"notice-tagger\[parquet\]"):
        list(read_rows(tmp_path / "cards.parquet"))


def test_a_workbook_that_cannot_be_closed_is_an_error_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Workbook.close

    def close(book: Workbook) -> None:
        closed(book)
        raise FileSizeError("too large")

    monkeypatch.setattr("xlsxwriter.Workbook.close", close)
    with pytest.raises(OSError, match=r"write \.csv or \.parquet"):
        write_xlsx([record()], tmp_path / "cards.xlsx")
    assert not (tmp_path / "cards.xlsx.sheets").exists()
