"""Cards as table rows with Chinese headings, and rows read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import wording
from tagger.card import (
    CaseCard,
    Check,
    Evidence,
    Facts,
    Precedent,
    RankedLabel,
    RankedStatute,
    Review,
    Sanction,
)
from tagger.tables import (
    CELL,
    CUT,
    HEADINGS,
    UnreadableTable,
    columns,
    defused,
    entries,
    field_of,
    fitting,
    read_rows,
    read_sanction,
    row,
    undefused,
)

CARD = CaseCard(
    source="2021/notice.txt",
    text="某医院被罚\n某医院泄露患者信息，被警告。",
    title="某医院被罚",
    case=2,
    cases_in_source=3,
    date="2021-03-04",
    industry=(
        RankedLabel("医疗卫生", 0.9, True),
        RankedLabel("科研", 0.5, True),
        RankedLabel("金融", 0.1, False),
    ),
    subject=(RankedLabel("政企机构", 0.8, True),),
    nature=(RankedLabel("建设运维管理疏失", 0.7, True),),
    statutes=(
        RankedStatute("网络安全法", "21", "2017-06-01", "cited", 1.0, True),
        RankedStatute("刑法", "253之一", None, "predicted", 0.6, True),
        RankedStatute("网络安全法", "42", None, "predicted", 0.2, False),
    ),
    keywords=("患者信息", "泄露"),
    sanctions=(
        Sanction("organisation", "fine", amount_yuan=50000),
        Sanction("organisation", "fine", amount_yuan=50000),
        Sanction("person", "administrative-detention", days=3),
    ),
    facts=Facts(authority="某市公安局", act_date="2021-02"),
    checks=(Check("fine-out-of-range", "The fine is too high."),),
    evidence={"industry": (Evidence("医疗卫生", "医院", ((0, 2),), 0.8),), "subject": ()},
    precedents=(Precedent("2020-043", "某医院数据泄露", 0.41),),
    review=Review(True, ("所属行业有两个候选", "法条存疑")),
    group="g7",
    model="default-1",
)


def test_a_card_as_a_row() -> None:
    assert row(CARD.to_record(with_text=True)) == {
        "source": "2021/notice.txt",
        "case": "2",
        "group": "g7",
        "title": "某医院被罚",
        "date": "2021-03-04",
        "facts": "某医院泄露患者信息，被警告。",
        "industry": "医疗卫生、科研",
        "subject": "政企机构",
        "nature": "建设运维管理疏失",
        "impact": "",
        "liability": "",
        "statutes": "网络安全法第21条、刑法第253条之一",
        "grounds": "网络安全法第21条：原文引用，2017-06-01版；刑法第253条之一：模型推断 60%",
        "keywords": "患者信息、泄露",
        "sanctions": "单位罚款5万元、个人行政拘留3日",
        "authority": "某市公安局",
        "region": "",
        "document": "",
        "act_date": "2021-02",
        "decision_date": "",
        "notice": "是",
        "review": "是",
        "reasons": "所属行业有两个候选；法条存疑",
        "checks": "The fine is too high.",
        "evidence": "所属行业：医院",
        "precedents": "2020-043 某医院数据泄露（41%）",
        "model": "default-1",
    }


def test_every_field_has_its_column() -> None:
    cells = row(CARD.to_record(with_text=True))
    assert {*cells, "error"} == set(columns(explained=True, errors=True)) == set(HEADINGS)
    assert "evidence" not in columns(explained=False, errors=True)
    assert "error" not in columns(explained=True, errors=False)


def test_an_error_as_a_row() -> None:
    record = {"schema": 1, "source": "a.pdf", "error": {"kind": "format", "message": "a scan"}}
    assert row(record) == {"source": "a.pdf", "error": "format: a scan"}


def test_a_title_that_is_not_in_the_text_takes_nothing_from_it() -> None:
    record = CARD.to_record(with_text=True) | {"title": "别的"}
    assert row(record)["facts"] == CARD.text


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86 1", "-5", "@here", "\tx", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
)
def test_formulas_are_defused_and_come_back(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert undefused(defused(cell)) == cell


@given(st.text(max_size=20) | st.text(alphabet="'=x", max_size=5))
def test_no_cell_is_changed_by_the_way_out_and_back(cell: str) -> None:
    assert undefused(defused(cell)) == cell


def test_a_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    assert fitting("文" * CELL) == "文" * CELL
    cut = fitting("文" * (CELL + 1))
    assert len(cut) == CELL
    assert cut.endswith(CUT)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("标题", "title"),
        ("\ufeff标题", None),
        ("违法/犯罪 主体", "subject"),
        ("违法犯罪主体", "subject"),
        ("案情简介", "facts"),
        ("TEXT", "facts"),
        ("industry", "industry"),
        ("法律链接", "law_text"),
        ("编号", "id"),
        ("备注", None),
        ("", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    assert field_of(heading) == field


def test_every_heading_means_its_field() -> None:
    assert {field: field_of(heading) for field, heading in HEADINGS.items()} == {f: f for f in HEADINGS}


def test_entries_of_a_cell() -> None:
    assert entries("industry", " 医疗卫生、 科研、、") == ("医疗卫生", "科研")
    assert entries("reasons", "甲、乙；丙") == ("甲、乙", "丙")


amounts = st.one_of(st.integers(1, 10**9), st.integers(1, 10**9).map(lambda cents: cents / 100))


@given(st.sampled_from(["organisation", "person"]), st.sampled_from(sorted(wording.KIND)), amounts)
def test_amounts_are_read_as_printed(on: Any, kind: Any, amount: float) -> None:
    given_sanction = Sanction(on, kind, amount_yuan=float(amount))
    assert read_sanction(wording.sanction(given_sanction)) == given_sanction


@given(st.sampled_from(sorted(wording.KIND)), st.integers(1, 30) | st.none(), st.integers(1, 300) | st.none())
def test_durations_are_read_as_printed(kind: Any, days: int | None, months: int | None) -> None:
    given_sanction = Sanction("person", kind, days=days, months=months)
    assert read_sanction(wording.sanction(given_sanction)) == given_sanction


@pytest.mark.parametrize("printed", ["", "罚款5万元", "单位罚款五万元", "单位吊销执照", "单位罚款5万元左右"])
def test_what_no_table_prints_is_no_sanction(printed: str) -> None:
    assert read_sanction(printed) is None


def _csv(folder: Path, content: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "cards.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str) -> None:
    path = _csv(tmp_path, '标题,案情,所属行业,备注\r\n甲,"一,\n二",医疗卫生、科研,x\r\n', encoding)
    assert list(read_rows(path)) == [{"title": "甲", "facts": "一,\n二", "industry": ("医疗卫生", "科研")}]


def test_defused_cells_are_read_as_they_were(tmp_path: Path) -> None:
    assert list(read_rows(_csv(tmp_path, "标题,关键词\n'=1+1,'@a、b\n"))) == [
        {"title": "=1+1", "keywords": ("@a", "b")}
    ]


def test_the_first_of_two_columns_with_one_meaning_counts(tmp_path: Path) -> None:
    assert list(read_rows(_csv(tmp_path, "正文,案情\n甲,乙\n"))) == [{"facts": "甲"}]


def _not_parquet(folder: Path) -> Path:
    path = folder / "cards.parquet"
    path.write_bytes(b"PAR1 or so")
    return path


def _renamed(folder: Path) -> Path:
    return _csv(folder, "标题\n").rename(folder / "cards.xlsx")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda folder: folder / "none.csv", "No such file"),
        (lambda folder: _csv(folder, "颜色,大小\n红,大\n"), "none of the card's headings"),
        (_renamed, "no Excel workbook"),
        (_not_parquet, "no Parquet file"),
    ],
)
def test_unreadable_tables(tmp_path: Path, made: Callable[[Path], Path], says: str) -> None:
    with pytest.raises(UnreadableTable, match=says):
        list(read_rows(made(tmp_path)))
