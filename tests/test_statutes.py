"""Statutes typed into a cell: every way to write them, and every way to be wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.casebook import read_cases
from tagger.law.catalogue import load_catalogue
from tagger.statutes import read_statutes

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("cell", "statutes"),
    [
        ("", []),
        ("《网络安全法》第21条、第59条", ["网络安全法第21条", "网络安全法第59条"]),
        ("《网络安全法》第二十一条、五十九条", ["网络安全法第21条", "网络安全法第59条"]),
        ("网络安全法第21条、网络安全法第59条", ["网络安全法第21条", "网络安全法第59条"]),
        ("网安法第21条，刑法第253条之一", ["网络安全法第21条", "刑法第253条之一"]),
        (
            "《刑法》第二百五十三条之一；《网络安全法》第27条",
            ["刑法第253条之一", "网络安全法第27条"],
        ),
        (
            "《网络安全法》第二十一条第（二）项、第五十九条第一款规定",
            ["网络安全法第21条", "网络安全法第59条"],
        ),
        ("网络安全法(2026-01-01)第23条", ["网络安全法(2026-01-01)第23条"]),
        ("网络安全法（2026-01-01）第61条", ["网络安全法(2026-01-01)第61条"]),
        ("网络安全法第21条\n网络安全法第21条", ["网络安全法第21条"]),
    ],
)
def test_read(cell: str, statutes: list[str]) -> None:
    assert read_statutes(cell, CATALOGUE) == (tuple(statutes), ())


@pytest.mark.parametrize(
    ("cell", "says", "allowed"),
    [
        ("网络安全法第99条", "网络安全法 has no article 99", "1 to 81"),
        ("《网络安全法》第21条、第199条", "网络安全法 has no article 199", "1 to 81"),
        ("网络安全法(2017-06-01)第80条", "网络安全法 has no article 80", "1 to 79"),
        ("网络安全法(2019-01-01)第21条", "网络安全法 has no edition of 2019-01-01", "2017-06-01、2026-01-01"),
        ("网络安全法第0条", "网络安全法 has no article 0", "1 to 81"),
        ("见附件", "'见附件' is no statute", "《网络安全法》第21条"),
        ("《网络安全法》第21条，见附件", "'见附件' is no statute", "《网络安全法》第21条"),
        ("网路安全法第21条", "no law '网路安全法'", ""),
    ],
)
def test_what_is_wrong_is_said(cell: str, says: str, allowed: str) -> None:
    (problem,) = read_statutes(cell, CATALOGUE)[1]
    assert says in problem.wrong
    assert allowed in problem.allowed


def test_law_that_the_catalogue_lacks_is_kept_and_named() -> None:
    statutes, (problem,) = read_statutes("《某市网络安全管理办法》第3条", CATALOGUE)
    assert statutes == ("某市网络安全管理办法第3条",)
    assert problem.law == "某市网络安全管理办法"


def test_statutes_of_the_casebook_are_read_back() -> None:
    for case in read_cases():
        assert read_statutes("、".join(case.statutes), CATALOGUE) == (case.statutes, ())


def test_fields_as_the_report_prints_them_are_read() -> None:
    # What corrections.csv mends are slips of the print, not of the grammar.
    mended = {"2020-001", "2020-014", "2020-015", "2020-019", "2020-020", "2020-023", "2020-024"}
    for case in read_cases():
        if case.id not in mended:
            assert read_statutes(case.printed["statutes"], CATALOGUE) == (case.statutes, ()), case.id


@given(st.text("网络安全刑法《》第条款项之一二十五259、，；（） 的x", max_size=40))
def test_any_cell_is_read_or_complained_of(cell: str) -> None:
    statutes, unread = read_statutes(cell, CATALOGUE)
    assert all(re.fullmatch(r".+第\d+条(之.{1,3})?", statute) for statute in statutes)
    assert unread or "x" not in cell


@given(st.text(max_size=60))
def test_any_text_is_survived(cell: str) -> None:
    for problem in read_statutes(cell, CATALOGUE)[1]:
        assert problem.wrong
