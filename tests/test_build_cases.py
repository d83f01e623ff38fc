"""The parser of the report, on a few of its pages: every irregularity of the print is on one of them."""

from __future__ import annotations

import doctest
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import shipped
from tagger.casebook import Case, read_cases

PAGES = (Path(__file__).parent / "data" / "report" / "pages.txt").read_text(encoding="utf-8")


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_cases", shipped.DATA / "build_cases.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


build = _load()
CASE_PAGES = list(build.case_pages(PAGES))
PRINTED = [build.parse_page(page) for page in CASE_PAGES]
SHIPPED = {case.title: case for case in read_cases()}


def test_chapter_pages_hold_no_case() -> None:
    assert [case.title for case in PRINTED] == [
        "公职人员泄露公民信息非法获利案",
        "某医院遭恶意重复挂号影响正常使用案",  # the narrative stands above the title
        "某医疗美容医院网站挂招嫖信息被处罚案",  # the card stands above the narrative
        "某猎头类网站非法提供公民个人信息被罚",  # two paragraphs
        "某电商平台被黑客攻击损失140余万",  # 法律链接 first, the title last, two paragraphs
        "某公司网站遭受恶意攻击出现招嫖信息被查",  # 第五十九 without 条
        "某公司网页遭黑客攻击篡改被查",  # two labels with no mark between them, one spelt otherwise
        "火锅店大屏投放淫秽视频，涉案者被刑事拘留",
    ]


@pytest.mark.parametrize("printed", PRINTED, ids=lambda printed: printed.title)
def test_shipped_record_is_what_the_page_says(printed: object) -> None:
    shipped_case = SHIPPED[printed.title]  # type: ignore[attr-defined]
    corrections = [c for c in build.read_corrections() if c.case == shipped_case.id]
    rebuilt = build.normalise(shipped_case.id, printed, corrections, build.read_law_names())
    assert isinstance(rebuilt, Case)
    assert rebuilt == shipped_case


@pytest.mark.parametrize("page", CASE_PAGES, ids=lambda page: page[:12].strip())
def test_nothing_on_a_page_is_lost_or_invented(page: str) -> None:
    printed = build.parse_page(page)
    parts = [printed.title, printed.facts, printed.law_text, *printed.fields.values(), *build.HEADINGS]
    squeezed = re.sub(r"\s", "", page)
    assert sorted("".join(re.sub(r"\s", "", part) for part in parts)) == sorted(squeezed)
    for part in (printed.facts, printed.law_text, printed.title):
        assert re.sub(r"\s", "", part) in squeezed


def test_field_that_runs_over_two_lines() -> None:
    assert PRINTED[2].fields["liability"] == "不履行网络安全保护义务"
    assert PRINTED[2].fields["keywords"] == "医疗美容、黑客、门户网站、暴力破解、涉黄"


def test_page_without_a_field_is_refused() -> None:
    page = CASE_PAGES[0].replace("机构责任 公开资料未明确", "")
    with pytest.raises(build.UnreadableReport, match="no liability"):
        build.parse_page(page)


def test_page_with_a_part_twice_is_refused() -> None:
    page = CASE_PAGES[0]
    with pytest.raises(build.UnreadableReport, match="two parts"):
        build.parse_page(page + "\n\n机构责任 机构犯罪")


LAWS = {"网络安全法": "网络安全法", "中华人民共和国刑法": "刑法", "刑法": "刑法"}


@pytest.mark.parametrize(
    ("printed", "statutes"),
    [
        ("《网络安全法》第21条、第59条", ("网络安全法第21条", "网络安全法第59条")),
        ("《网络安全法》第二十一条第二项、第二十五条", ("网络安全法第21条", "网络安全法第25条")),
        (
            "《网络安全法》第64条《中华人民共和国刑法》第二百五十三条之一",
            ("网络安全法第64条", "刑法第253条之一"),
        ),
        ("《网络安全法》第46条、《刑法》第175条之一", ("网络安全法第46条", "刑法第175条之一")),
        (
            "《网络安全法》第24条、第27条、第63条、",
            ("网络安全法第24条", "网络安全法第27条", "网络安全法第63条"),
        ),
        ("《网络安全法》第21条、第21条", ("网络安全法第21条",)),
    ],
)
def test_read_statutes(printed: str, statutes: tuple[str, ...]) -> None:
    assert build.read_statutes(printed, LAWS) == statutes


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "第21条",
        "《网络安全法》第五十九",
        "《网络安全法》五十九条",
        "《网络安全法》第64条规定",
        "《无名法》第1条",
    ],
)
def test_statutes_are_read_strictly(printed: str) -> None:
    with pytest.raises(build.UnreadableReport):
        build.read_statutes(printed, LAWS)


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


@given(st.integers(1, 999))
def test_numeral_reads_both_scripts(number: int) -> None:
    assert build.numeral(_chinese(number)) == build.numeral(str(number)) == number


@pytest.mark.parametrize(
    ("facts", "date"),
    [
        ("2019年，某地查处一案。经查，2017年4月以来，张某谋取利益", "2019"),
        ("2019年警方在侦办中发现。2019年7月，当地警方予以警告", "2019-07"),
        ("2019年4月，研判出两个团伙。7月15日，抓获107名", "2019-07-15"),
        ("2019年4月至6月，查询信息330余条", "2019-06"),
        ("2018年9月14日公开审理，判处有期徒刑1年10个月，拘留3日", "2018-09-14"),
        ("5月的一天，某公司报警", None),
        ("警方在检查中发现漏洞", None),
    ],
)
def test_latest_date(facts: str, date: str | None) -> None:
    assert build.latest_date(facts) == date


@pytest.mark.parametrize(
    ("printed", "joined"),
    [
        ("网络\n安全", "网络安全"),
        ("平台和 “分布式”平台， 将", "平台和“分布式”平台，将"),
        ("DDOS attack\n遭", "DDOS attack遭"),
    ],
)
def test_join_lines(printed: str, joined: str) -> None:
    assert build.join_lines(printed) == joined


def test_correction_that_finds_nothing_is_refused() -> None:
    correction = build.Correction("2020-001", "impact", "政府机构利益", "政企机构利益", "another spelling")
    with pytest.raises(build.UnreadableReport, match="has no '政府机构利益'"):
        build.normalise("2020-001", PRINTED[0], [correction], build.read_law_names())


def test_correction_of_a_case_that_the_report_lacks_is_refused() -> None:
    correction = build.Correction("2020-999", "impact", "x", "y", "")
    page = CASE_PAGES[0]
    fixes = [c for c in build.read_corrections() if c.case == "2020-001"]
    with pytest.raises(build.UnreadableReport, match="2020-999"):
        build.build(page, [*fixes, correction], build.read_law_names())


def test_spelling_without_a_row_of_corrections_is_refused() -> None:
    with pytest.raises(build.UnreadableReport, match=r"corrections\.csv"):
        build.labels("nature", "外部攻击")


def test_every_correction_gives_its_reason() -> None:
    rows = build.read_corrections()
    assert rows
    assert all(row.reason and row.printed != row.corrected for row in rows)


def test_examples_in_the_docstrings() -> None:
    outcome = doctest.testmod(build)
    assert outcome.attempted >= 3 and outcome.failed == 0
