"""Articles by a few keystrokes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.law.catalogue import load_catalogue
from tagger.law.suggest import MOST, suggest

CATALOGUE = load_catalogue()


def citations(typed: str, date: str | None = "2019-07") -> list[str]:
    return [found.to_record()["citation"] for found in suggest(CATALOGUE, typed, date)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("网安 21", "网络安全法第21条"),
        ("网安21", "网络安全法第21条"),
        ("网络安全法第二十一条", "网络安全法第21条"),
        ("《网络安全法》第59条第一款", "网络安全法第59条"),
        ("wlaqf 21", "网络安全法第21条"),
        ("csl 21", "网络安全法第21条"),
        ("xf 285", "刑法第285条"),
        ("刑法 253之一", "刑法第253条之一"),
        ("刑法 253之", "刑法第253条"),
        ("治安 29", "治安管理处罚法第29条"),
        ("33号令 5", "计算机信息网络国际联网安全保护管理办法第5条"),
    ],
)
def test_what_is_meant_comes_first(typed: str, first: str) -> None:
    assert citations(typed)[0] == first


def test_articles_that_begin_with_the_number_follow() -> None:
    found = citations("网络安全法 2")
    assert found[0] == "网络安全法第2条"
    assert found.index("网络安全法第21条") < found.index("网络安全法第22条")


def test_law_alone_gives_its_described_articles() -> None:
    assert all(citation.startswith("个人信息保护法第") for citation in citations("个保", "2022"))
    assert len(citations("个保", "2022")) == MOST


@pytest.mark.parametrize(("date", "gist"), [("2019-07", "等级保护"), (None, "")])
def test_gist_is_that_of_the_edition(date: str | None, gist: str) -> None:
    first = suggest(CATALOGUE, "网络安全法 21", date)[0].to_record()
    assert gist in first["gist"]
    assert first["edition"] == ("2017-06-01" if date else "2026-01-01")


def test_laws_in_force_come_first() -> None:
    assert citations("网 5", "2018")[0] == "网络安全法第5条"
    in_force = [s.law.editions_at("2018") for s in suggest(CATALOGUE, "网 5", "2018")]
    assert in_force == sorted(in_force, key=lambda editions: not editions)


@pytest.mark.parametrize("typed", ["", " ", "21", "第", "((((", "网安 999", "没有这部法 3", "\ud83d"])
def test_what_is_nothing_gives_no_such_article(typed: str) -> None:
    assert "网络安全法第999条" not in citations(typed)
    if "999" not in typed:
        assert citations(typed) == []


@given(st.text(max_size=60), st.sampled_from([None, "2019", "2026-01-01", "x"]))
def test_whatever_is_typed_is_answered(typed: str, date: str | None) -> None:
    assert len(suggest(CATALOGUE, typed, date)) <= MOST
