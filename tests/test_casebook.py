"""The shipped casebook against the report's own figures, and reading and writing casebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tagger.casebook import (
    FIELD_NOTICES,
    SHIPPED_CASES,
    BrokenCasebook,
    Case,
    case_from_record,
    dump_cases,
    label_sets,
    read_cases,
)
from tagger.taxonomy import TARGETS, taxonomy

CASES = read_cases()


def _has(target: str, *labels: str) -> Callable[[Case], bool]:
    return lambda case: any(label in getattr(case, target) for label in labels)


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        pytest.param(26.7, lambda c: 62 <= int(c.id[-3:]) <= 88, id="互联网: the cases of chapter 8"),
        pytest.param(12.9, _has("industry", "政府及事业单位"), id="政府及事业单位"),
        pytest.param(10.9, _has("industry", "教育培训"), id="教育培训"),
        pytest.param(77.2, _has("subject", "政企机构"), id="政企机构"),
        pytest.param(12.9, _has("subject", "内部人员"), id="内部人员"),
        pytest.param(10.9, _has("subject", "个人黑客", "个人"), id="个人黑客 and 个人"),
        pytest.param(62.4, _has("nature", "建设运维管理疏失"), id="建设运维管理疏失"),
        pytest.param(19.8, _has("nature", "机构犯罪"), id="机构犯罪"),
        pytest.param(15.8, lambda c: "外部入侵" in c.printed["nature"], id="外部入侵, printed so"),
        pytest.param(86.1, _has("impact", "公众利益"), id="公众利益"),
    ],
)
def test_figures_of_the_report(figure: float, counts: Callable[[Case], bool]) -> None:
    assert round(100 * sum(map(counts, CASES)) / 101, 1) == figure


def test_figures_that_the_cards_do_not_give() -> None:
    # The report says 72.3 % (73 cases) for 政企机构利益; its cards give 72, 政府机构利益 included.
    assert sum(map(_has("impact", "政企机构利益"), CASES)) == 72
    # 外部攻击 is 外部入侵 in other words on two more cards, 互联网 the second industry of one more.
    assert sum(map(_has("nature", "外部入侵"), CASES)) == 18
    assert sum(map(_has("industry", "互联网"), CASES)) == 28


def test_casebook_is_101_cases_in_the_order_of_the_report() -> None:
    assert [case.id for case in CASES] == [f"2020-{number:03}" for number in range(1, 102)]


def test_every_case_is_whole() -> None:
    for case in CASES:
        assert case.title and case.facts and case.law_text and case.statutes and case.source
        assert not re.search(r"\s", case.title + case.facts + case.law_text), case.id
        assert set(case.printed) == {*TARGETS, "keywords", "statutes"}
        for target in TARGETS:
            assert set(case.labels(target)) <= set(taxonomy()[target].labels) and case.labels(target)
        assert all(re.fullmatch(r"[^第]+第\d+条(之[一二])?", statute) for statute in case.statutes)
        assert case.date is None or re.fullmatch(r"20(18|19|20)(-\d\d){0,2}", case.date)
        assert case.as_of is not None


def test_copies_of_one_event_share_its_id() -> None:
    twice = [case.id for case in CASES if case.event != case.id]
    assert twice == ["2020-030"]
    assert CASES[29].event == "2020-029"


@pytest.mark.parametrize(
    ("number", "statutes"),
    [
        (1, ("网络安全法第64条", "刑法第253条之一")),
        (24, ("网络安全法第46条", "刑法第175条之一")),
        (49, ("网络安全法第21条", "网络安全法第25条")),
        (91, ("网络安全法第21条", "网络安全法第59条")),
        (93, ("网络安全法第74条", "治安管理处罚法第29条")),
    ],
)
def test_statutes(number: int, statutes: tuple[str, ...]) -> None:
    assert CASES[number - 1].statutes == statutes


def test_dump_gives_the_file_back() -> None:
    assert dump_cases(CASES) == SHIPPED_CASES.read_text(encoding="utf-8")


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_LABELS = st.lists(_TEXT, max_size=3).map(tuple)


@given(
    st.builds(
        Case,
        id=_TEXT.filter(bool), title=_TEXT, facts=_TEXT, industry=_LABELS, subject=_LABELS, nature=_LABELS,
        impact=_LABELS, liability=_LABELS, keywords=_LABELS, statutes=_LABELS, law_text=_TEXT,
        date=st.none() | _TEXT.filter(bool), published=st.none() | _TEXT.filter(bool), source=_TEXT,
        event=_TEXT.filter(bool), printed=st.dictionaries(_TEXT, _TEXT, max_size=2),
    )
)  # fmt: skip
def test_any_case_survives_writing_and_reading(case: Case) -> None:
    line = dump_cases([case])
    assert line.endswith("\n") and line.count("\n") == 1
    assert case_from_record(json.loads(line)) == case


def test_what_a_user_may_leave_out() -> None:
    case = case_from_record(
        {"id": "a", "facts": "某公司被罚。", "industry": "互联网、金融、", "subject": None}
    )
    assert case.industry == ("互联网", "金融")
    assert (case.subject, case.keywords, case.printed, case.event) == ((), (), {}, "a")
    assert (case.text, replace(case, title="题").text) == ("某公司被罚。", "题\n某公司被罚。")


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "1",
        '{"id": "a"}',
        '{"facts": "x"}',
        '{"id": 7, "facts": "x"}',
        '{"id": "a", "facts": "x", "industry": 3}',
        '{"id": "a", "facts": "x", "industry": [3]}',
        '{"id": "a", "facts": "x", "printed": "y"}',
        '{"id": "a", "facts": "x", "printed": {"impact": 1}}',
        "",
    ],
)
def test_broken_casebook_names_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"id": "a", "facts": "x"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BrokenCasebook, match=r"mine\.jsonl, line 2"):
        read_cases(path)


def test_label_sets_take_in_the_labels_of_the_users_cases() -> None:
    own = replace(CASES[0], industry=("航空航天",), subject=("政企机构",))
    sets = label_sets([own])
    assert sets["industry"].labels == (*taxonomy()["industry"].labels, "航空航天")
    assert sets["subject"].labels == taxonomy()["subject"].labels


def test_field_notices_are_labelled_in_the_taxonomy() -> None:
    records = [json.loads(line) for line in FIELD_NOTICES.read_text(encoding="utf-8").splitlines()]
    assert len(records) == 63
    for record in records:
        for target in TARGETS:
            assert set(record[target]) <= set(taxonomy()[target].labels), record["id"]
