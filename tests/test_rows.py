from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.card import CaseCard, Facts, RankedLabel
from tagger.outputs import write_csv, write_xlsx
from tagger.rows import Labelled, Row, read_labelled, read_records


def table(tmp_path: Path, text: str) -> Labelled:
    path = tmp_path / "new.csv"
    path.write_text(text, encoding="utf-8")
    return read_labelled(path)


HEAD = "案情,所属行业,违法/犯罪主体,违法/犯罪性质"


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "案情 ,* 所属行业,违法/犯罪 主体：,违法/犯罪 性质",
        "facts,industry,subject,nature",
        "Text,Industry,SUBJECT,nature",
    ],
)
def test_headings_in_their_spellings(tmp_path: Path, head: str) -> None:
    labelled = table(tmp_path, f"{head}\n文,互联网,个人,其他\n")
    assert not labelled.problems
    assert labelled.rows == [
        Row(2, {"facts": "文", "industry": "互联网", "subject": "个人", "nature": "其他"})
    ]
    assert len(labelled.sha256) == 64


def test_missing_columns_are_all_named_with_what_was_meant(tmp_path: Path) -> None:
    labelled = table(tmp_path, "案情,所属的行业,备注\n文,互联网,x\n")
    assert [str(problem) for problem in labelled.problems] == [
        "new.csv, row 1, 所属行业: no column has this heading; is it the one headed 所属的行业?",
        "new.csv, row 1, 违法/犯罪主体: no column has this heading",
        "new.csv, row 1, 违法/犯罪性质: no column has this heading",
    ]
    assert labelled.missing == {"industry", "subject", "nature"}


def test_two_columns_for_one_field(tmp_path: Path) -> None:
    (problem,) = table(tmp_path, f"{HEAD},行业\n文,互联网,个人,其他,金融\n").problems
    assert problem.column == "行业" and "所属行业" in problem.wrong


def test_row_with_more_cells_than_headings(tmp_path: Path) -> None:
    labelled = table(tmp_path, f"{HEAD}\n文,互联网,个人,其他\n一,二,三,四,五\n")
    (problem,) = labelled.problems
    assert (problem.row, problem.wrong) == (3, "has more cells than there are headings (4)")


def test_rows_of_a_batch_without_a_case_are_passed_over(tmp_path: Path) -> None:
    labelled = table(
        tmp_path,
        f"来源,{HEAD},处理时间,执法案例,错误\n"
        "a.txt,文,互联网,个人,其他,,是,\n"
        "b.txt,天气预报,,,,,否,\n"
        "c.txt,,,,,,,empty: no text\n"
        "d.txt,文,金融,个人,其他,,否,\n",  # a person labelled what the tagger took for no notice
    )
    assert [row.number for row in labelled.rows] == [2, 5]
    assert labelled.passed_over == 2
    assert labelled.is_batch
    assert not labelled.problems


def test_sign_against_formulas_is_taken_off(tmp_path: Path) -> None:
    (row,) = table(tmp_path, f"{HEAD}\n'=某文,互联网,个人,其他\n").rows
    assert row.values["facts"] == "=某文"


def jsonl(tmp_path: Path, *lines: str | bytes) -> Labelled:
    path = tmp_path / "new.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return read_labelled(path)


def test_json_lines_with_lists_and_texts(tmp_path: Path) -> None:
    record = {"id": "a", "facts": "文", "industry": ["互联网", "金融"], "subject": "个人、团伙", "date": None}
    labelled = jsonl(
        tmp_path, b"\xef\xbb\xbf" + json.dumps(record | {"printed": {}, "other": 3}).encode(), ""
    )
    (row,) = labelled.rows
    assert row == Row(1, {"id": "a", "facts": "文", "industry": ("互联网", "金融"), "subject": "个人、团伙"})
    assert not labelled.problems and not labelled.is_batch


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"\xc4\xb3\xcd\xf8", "is not in UTF-8"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"facts": 3}', "is not a text"),
        ('{"facts": ["a"]}', "is not a text"),
        ('{"industry": [3]}', "is not a text or a list of texts"),
        ('{"industry": {"label": "金融"}}', "is not a text or a list of texts"),
        ('{"schema": 1, "source": "a.txt", "case": 1}', "is a broken result line"),
    ],
)
def test_line_that_is_none(tmp_path: Path, line: str | bytes, says: str) -> None:
    labelled = jsonl(tmp_path, '{"facts": "文"}', line)
    (problem,) = labelled.problems
    assert problem.row == 2 and says in problem.wrong


def result_line(**changes: object) -> str:
    card = CaseCard(
        source="a.txt",
        text="题\n正文",
        title="题",
        date="2019-07",
        industry=(RankedLabel("金融", 0.9, True), RankedLabel("互联网", 0.1, False)),
        facts=Facts(decision_date="2019-06"),
    )
    return json.dumps(card.to_record(with_text=True) | changes)


def test_result_lines_of_a_batch(tmp_path: Path) -> None:
    failed = {"schema": 1, "source": "b.txt", "error": {"kind": "empty", "message": "no text"}}
    labelled = jsonl(tmp_path, result_line(), json.dumps(failed), result_line(notice=False, industry=[]))
    (row,) = labelled.rows
    assert row.values["facts"] == "正文"
    assert row.values["industry"] == "金融"
    assert row.values["decision_date"] == "2019-06"
    assert labelled.is_batch and labelled.passed_over == 2


@pytest.mark.parametrize(("ending", "write"), [(".csv", write_csv), (".xlsx", write_xlsx)])
@pytest.mark.parametrize("facts", ["正文", "=某公司", "两行\n的，“正文”", "+1-2"])
def test_tables_of_a_batch_are_read_back(
    tmp_path: Path, ending: str, write: Callable[..., None], facts: str
) -> None:
    path = tmp_path / f"cards{ending}"
    failed = {"schema": 1, "source": "b.txt", "error": {"kind": "empty", "message": "no text"}}
    write([json.loads(result_line(text=f"题\n{facts}")), failed], path)
    labelled = read_labelled(path)
    assert not labelled.problems and labelled.is_batch
    (row,) = labelled.rows
    assert (row.number, row.values["title"], row.values["facts"]) == (2, "题", facts)
    assert (row.values["industry"], row.values["decision_date"]) == ("金融", "2019-06")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("new.txt", "x", "no .jsonl, .csv or .xlsx"),
        ("new.csv", "", "holds no case"),
        ("new.csv", HEAD, "holds no case"),
        ("new.jsonl", "\n\n", "holds no case"),
        ("new.xlsx", "a,b", "ending .csv"),
    ],
)
def test_file_that_holds_nothing(tmp_path: Path, name: str, content: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    (problem,) = read_labelled(path).problems
    assert says in problem.wrong


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "No such file" in read_labelled(tmp_path / "no.csv").problems[0].wrong
    assert "directory" in read_labelled(tmp_path).problems[0].wrong


@given(st.binary(max_size=300), st.sampled_from([".jsonl", ".csv", ".xlsx"]))
def test_any_bytes_are_rows_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"new{ending}"
    path.write_bytes(data)
    labelled = read_labelled(path)
    assert labelled.rows or labelled.problems or labelled.passed_over


def test_records_in_memory_are_read_as_their_lines_would_be(tmp_path: Path) -> None:
    records = [{"案情": "文", "industry": ["互联网", "金融"], "keywords": None, "x": 1}, {"facts": 7}]
    path = tmp_path / "new.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    from_file, from_memory = read_labelled(path), read_records(records, "new.jsonl")
    assert from_memory.rows == from_file.rows
    assert from_memory.problems == from_file.problems
    assert len(from_memory.problems) == 1
