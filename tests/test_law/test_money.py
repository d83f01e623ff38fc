"""Amounts and lengths of time in the numerals that decisions use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.law.money import AMOUNT, read_amount, read_number
from tagger.law.numerals import write_numeral
from tagger.law.terms import TERM, Term, read_term

_AMOUNT = re.compile(AMOUNT)
_TERM = re.compile(TERM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("罚款一万元", [10_000]),
        ("1万元、10000元、10,000元", [10_000, 10_000, 10_000]),
        ("五千元和2.5万余元", [5_000, 25_000]),
        ("壹万伍仟元整", [15_000]),
        ("人民币一百八十二万元", [1_820_000]),
        ("59.6万元", [596_000]),
        ("罚金30万；罚金10万", [300_000, 100_000]),
        ("1.2亿元", [120_000_000]),
        ("3000余万元、十余万元、百万元", [30_000_000, 100_000, 1_000_000]),
        ("三万五、三千五", [35_000, 3_500]),
        ("1.5千万元、2千万元、千万元", [15_000_000, 20_000_000, 10_000_000]),
        ("1亿2000万元", [120_000_000]),
        ("一万零五百元", [10_500]),
        ("1千2百元", [1_200]),
        ("10万,5万元", [100_000, 50_000]),
        ("1,280,000.50元", [1_280_000.5]),
        ("两千三百元", [2_300]),
        ("¥50,000.00、￥30000元", [50_000, 30_000]),
        ("10，000元", [10_000]),
        ("0.01元/条", [0.01]),
        ("罚款三次、第三条、5条", []),
        ("2019年7月", []),
    ],
)
def test_amounts(text: str, expected: list[float]) -> None:
    assert [read_amount(match.group()) for match in _AMOUNT.finditer(text)] == expected


@given(st.integers(1, 99_999_999))
def test_chinese_amounts_are_read_back(yuan: int) -> None:
    high, low = divmod(yuan, 10_000)
    written = (write_numeral(high) + "万" if high else "") + (
        ("零" if high and low < 1000 else "") + write_numeral(low) if low or not high else ""
    )
    match = _AMOUNT.fullmatch(f"{written}元")
    assert match is not None
    assert read_amount(match.group()) == yuan


@given(st.integers(1, 10**11), st.sampled_from(["{}元", "{:,}元", "{}余元"]))
def test_arabic_amounts_are_read_back(yuan: int, form: str) -> None:
    match = _AMOUNT.fullmatch(form.format(yuan))
    assert match is not None
    assert read_amount(match.group()) == yuan


def test_no_number() -> None:
    assert read_number("余") is None
    assert read_amount("9" * 20 + "元") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("十五日", Term(days=15)),
        ("3日", Term(days=3)),
        ("一年六个月", Term(months=18)),
        ("五年六个月", Term(months=66)),
        ("6个月", Term(months=6)),
        ("1年10个月", Term(months=22)),
        ("三年零三个月", Term(months=39)),
        ("三年又二个月", Term(months=38)),
        ("一年半", Term(months=18)),
        ("半年", Term(months=6)),
        ("半个月", Term(days=15)),
        ("一个半月", Term(months=1, days=15)),
        ("二个月十五日", Term(months=2, days=15)),
        ("两周", Term(days=14)),
        ("48小时", Term(days=2)),
        ("七年", Term(months=84)),
    ],
)
def test_terms(written: str, expected: Term) -> None:
    match = _TERM.fullmatch(written)
    assert match is not None
    assert read_term(match.group()) == expected


@pytest.mark.parametrize("text", ["2019年", "12月5日", "7月", "三天前", "5年前", "2019年7月"])
def test_dates_are_no_terms(text: str) -> None:
    assert _TERM.match(text) is None


@given(st.text(alphabet="一二三十百千万亿零两半年月个日天周小时元余0123456789.,前", max_size=60))
def test_anything(text: str) -> None:
    for match in _AMOUNT.finditer(text):
        amount = read_amount(match.group())
        assert amount is None or amount >= 0
    for match in _TERM.finditer(text):
        term = read_term(match.group())
        assert term is None or (term.months or 0) + (term.days or 0) > 0
