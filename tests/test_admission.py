"""Rows against the label sets, the law and the ids in use: every complaint, and the case if there is none."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tagger.admission import ANY, Admission, Rules, admit, read_date
from tagger.casebook import case_from_record, dump_cases, read_cases
from tagger.law.catalogue import load_catalogue
from tagger.rows import Labelled, read_labelled
from tagger.taxonomy import taxonomy

RULES = Rules(taxonomy(), load_catalogue(), {"2020-001": "a case of the shipped casebook"})
SOUND: dict[str, Any] = {
    "facts": "2021年3月，警方对某物业公司予以警告。",
    "industry": "生活服务",
    "subject": "政企机构",
    "nature": "建设运维管理疏失",
}


def admitted(tmp_path: Path, *records: dict[str, Any], rules: Rules = RULES) -> Admission:
    return admit(labelled(tmp_path, *records), rules)


def labelled(tmp_path: Path, *records: dict[str, Any]) -> Labelled:
    path = tmp_path / "new.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return read_labelled(path)


@pytest.mark.parametrize(
    ("change", "column", "wrong", "allowed", "nearest"),
    [
        ({"nature": "外部攻击"}, "nature", "'外部攻击' is no label", "外部入侵", "外部入侵"),
        ({"impact": "政府机构利益"}, "impact", "'政府机构利益' is no label", "公众利益", "政企机构利益"),
        ({"nature": "外部侵入"}, "nature", "'外部侵入' is no label", "外部入侵", "外部入侵"),
        ({"industry": "互联网、农业"}, "industry", "'农业' is no label", "水利", ""),
        ({"industry": ["金融业务部"]}, "industry", "'金融业务部' is no label", "金融", "金融"),
        ({"subject": ""}, "subject", "is empty", "政企机构、内部人员", ""),
        ({"subject": "、，"}, "subject", "is empty", "政企机构、内部人员", ""),
        ({"nature": []}, "nature", "is empty", "外部入侵", ""),
        ({"title": "题", "facts": "题\n "}, "facts", "is empty", "the text of the notice", ""),
        ({"facts": "  "}, "facts", "is empty", "the text of the notice", ""),
        ({"statutes": "网络安全法第99条"}, "statutes", "has no article 99", "1 to 81", ""),
        ({"statutes": "《无名法》第1条"}, "statutes", "no law '无名法'", "", ""),
        ({"date": "去年"}, "date", "'去年' is no date", "2019-07-02", ""),
        ({"date": "2019-02-30"}, "date", "'2019-02-30' is no date", "2019-07-02", ""),
        ({"id": "2020-001"}, "id", "in use: a case of the shipped casebook", "", ""),
        ({"title": "\ud800"}, "title", "lone surrogate", "", ""),
        ({"industry": ["\udfff"]}, "industry", "lone surrogate", "", ""),
    ],
)
def test_what_is_wrong_with_a_row(
    tmp_path: Path, change: dict[str, Any], column: str, wrong: str, allowed: str, nearest: str
) -> None:
    admission = admitted(tmp_path, SOUND, SOUND | change)
    (problem,) = admission.problems
    assert (problem.file, problem.row) == ("new.jsonl", 2)
    assert problem.column == column
    assert wrong in problem.wrong
    assert allowed in problem.allowed
    assert problem.nearest == nearest
    assert list(admission.cases) == [1]


def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    row = {"id": "2020-001", "industry": "农业、渔业", "subject": "", "date": "x", "statutes": "见附件"}
    admission = admitted(tmp_path, row)
    assert [problem.wrong.split(" ")[0] for problem in admission.problems].count("is") >= 3
    assert {problem.column for problem in admission.problems} == {
        "案情", "industry", "subject", "违法/犯罪性质", "date", "statutes", "id"
    }  # fmt: skip
    assert sum(problem.column == "industry" for problem in admission.problems) == 2
    assert not admission.cases


def test_a_formula_is_complained_of_once_and_the_rest_of_its_row_too(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("案情", "所属行业", "违法/犯罪主体", "违法/犯罪性质"))
        sheet.write_row(1, 0, ("警方对某物业公司予以警告。", "", "政企机够", "其他"))
        sheet.write_formula(1, 1, '=CONCATENATE("生活","服务")')
    problems = admit(read_labelled(path), RULES).problems
    assert [(problem.column, problem.wrong) for problem in problems] == [
        ("所属行业", "is a formula; put its value in its place"),
        ("违法/犯罪主体", "'政企机够' is no label"),
    ]


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("案情,行业,主体,性质\n文,金融,个人,其他\n文,金融,个人,其他,又一格\n", [2]),
        ("案情,行业,主体\n文,金融,个人\n", []),
        ("案情,行业,主体,性质,所属行业\n文,金融,个人,其他,金融\n", []),
    ],
)
def test_rows_of_bad_form_are_never_cases(tmp_path: Path, text: str, sound: list[int]) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text, encoding="utf-8")
    admission = admit(read_labelled(path), RULES)
    assert admission.problems
    assert list(admission.cases) == sound


def test_one_bad_row_among_ten_thousand_is_found(tmp_path: Path) -> None:
    rows = [SOUND | {"id": f"c{n}", "statutes": "网络安全法第21条"} for n in range(10_000)]
    rows[7_000]["nature"] = "外部侵入"
    admission = admitted(tmp_path, *rows)
    (problem,) = admission.problems
    assert (problem.row, problem.nearest) == (7_001, "外部入侵")
    assert len(admission.cases) == 9_999


def test_case_of_a_free_row(tmp_path: Path) -> None:
    row = SOUND | {
        "title": "某物业公司被罚",
        "facts": "某物业公司被罚\n警方对某物业公司予以警告。",
        "nature": "外部入侵 、建设运维管理疏失\u200b",
        "impact": "政企机构利益公众利益",
        "keywords": "物业，实名制、 物业",
        "statutes": "《网络安全法》第24条、第61条",
        "date": "2021年3月",
    }
    (case,) = admitted(tmp_path, row).cases.values()
    assert case.facts == "警方对某物业公司予以警告。"
    assert case.nature == ("外部入侵", "建设运维管理疏失")
    assert case.impact == ("政企机构利益", "公众利益")
    assert case.keywords == ("物业", "实名制")
    assert case.statutes == ("网络安全法第24条", "网络安全法第61条")
    assert case.date == "2021-03"
    assert case.event == case.id and case.source == "new.jsonl"


def test_casebook_rows_are_admitted_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(dump_cases(read_cases()), encoding="utf-8")
    admission = admit(read_labelled(path), Rules(taxonomy(), load_catalogue(), {}))
    assert not admission.problems
    for case in read_cases():
        record = case.to_record() | {"printed": {}}
        assert admission.cases[int(case.id[-3:])] == case_from_record(record)


def test_ids_are_made_of_the_text_where_there_are_none(tmp_path: Path) -> None:
    first, again, other = admitted(tmp_path, SOUND, SOUND, SOUND | {"facts": "另一案"}).cases.values()
    assert first.id.startswith("own-") and again.id == f"{first.id}-2" and other.id != first.id
    (repeated,) = admitted(tmp_path, SOUND).cases.values()
    assert repeated.id == first.id


def test_id_that_stands_twice_in_the_new_files(tmp_path: Path) -> None:
    taken: dict[str, str] = {}
    one = labelled(tmp_path, SOUND | {"id": "a"})
    admit(one, RULES, taken)
    (problem,) = admit(labelled(tmp_path, SOUND | {"id": "a"}), RULES, taken).problems
    assert "in use: row 1 of new.jsonl" in problem.wrong


@pytest.mark.parametrize("announced", [["农业", "无名法"], [ANY]])
def test_new_labels_and_laws_that_were_announced(tmp_path: Path, announced: list[str]) -> None:
    rules = Rules(taxonomy(), load_catalogue(), {}, announced)
    row = SOUND | {"industry": "农业、互联网", "statutes": "《无名法》第3条"}
    admission = admitted(tmp_path, row, rules=rules)
    assert not admission.problems
    assert admission.cases[1].industry == ("农业", "互联网")
    assert admission.cases[1].statutes == ("无名法第3条",)


def test_one_announced_label_lets_no_other_in(tmp_path: Path) -> None:
    rules = Rules(taxonomy(), load_catalogue(), {}, ["农业"])
    (problem,) = admitted(tmp_path, SOUND | {"industry": "农业、渔业"}, rules=rules).problems
    assert "渔业" in problem.wrong


def test_date_of_a_batch_output_is_that_of_the_publication(tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    head = "案情,所属行业,违法/犯罪主体,违法/犯罪性质,日期,行为时间,处理时间"
    path.write_text(
        f"{head}\n文一,金融,个人,其他,2021-05,2021-03,2021-04-01\n"
        "文二,金融,个人,其他,2021-05,2021-03,\n文三,金融,个人,其他,2021-05,,\n",
        encoding="utf-8",
    )
    cases = admit(read_labelled(path), RULES).cases
    assert [(case.date, case.published) for case in cases.values()] == [
        ("2021-04-01", "2021-05"),
        ("2021-03", "2021-05"),
        (None, "2021-05"),
    ]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2019", "2019"),
        ("2019年", "2019"),
        ("2019-7", "2019-07"),
        ("2019年7月", "2019-07"),
        ("2019 年 7 月 2 日", "2019-07-02"),
        ("2019/7/2", "2019-07-02"),
        ("2019.07.02", "2019-07-02"),
        ("2019-07-02 00:00:00", "2019-07-02"),
        ("2019-07-02T08:30", "2019-07-02"),
        ("2020-02-29", "2020-02-29"),
        ("2019-02-29", None),
        ("2019-13", None),
        ("2019-00", None),
        ("19-07-02", None),
        ("2019-07-02-03", None),
        ("43648", None),
        ("七月", None),
    ],
)
def test_read_date(written: str, date: str | None) -> None:
    assert read_date(written) == date


@given(
    st.dates(min_value=datetime.date(1900, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]),
)
def test_any_day_is_read(day: datetime.date, form: str) -> None:
    written = day.strftime(form)
    assert read_date(written) == (day.isoformat() if day.year < 2100 else None)


def test_a_new_label_is_a_short_line(tmp_path: Path) -> None:
    """What a terminal would act upon is no label, announced or not: no model could be loaded with it."""
    rules = Rules(taxonomy(), load_catalogue(), {}, (ANY,))
    for label in ("航\x1b[2J天", "航\u202e天", "航" * 61):
        path = tmp_path / "new.jsonl"
        path.write_text(json.dumps(SOUND | {"industry": label}), encoding="utf-8")
        (problem,) = admit(read_labelled(path), rules).problems
        assert "cannot be a label" in str(problem) and "\x1b" not in str(problem)
