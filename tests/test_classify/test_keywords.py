"""The card's keywords."""

from __future__ import annotations

from tagger.classify.features import Hit
from tagger.classify.keywords import MOST, keywords


def hit(text: str, word: str, *meanings: tuple[str, float]) -> Hit:
    start = text.index(word)
    return Hit(word.lower(), start, start + len(word), meanings)


def test_acts_and_duties_in_the_order_of_the_text() -> None:
    text = "网站被篡改，未落实等级保护，民警到场"
    hits = [
        hit(text, "未落实等级保护", ("duty.protection", 1.0)),
        hit(text, "篡改", ("act.tamper", 1.0)),
        hit(text, "民警", ("role.authority", 1.0)),
    ]
    assert keywords(text, hits, 0) == ("篡改", "未落实等级保护")


def test_one_word_a_meaning_and_none_inside_another() -> None:
    text = "出售个人信息，又出售信息，贩卖数据"
    hits = [
        hit(text, "出售个人信息", ("act.sell-data", 1.0)),
        hit(text, "贩卖数据", ("act.sell-data", 0.7)),
        hit(text, "个人信息", ("industry.data.互联网", 0.7)),
    ]
    assert keywords(text, hits, 0) == ("出售个人信息",)


def test_words_are_given_as_the_text_writes_them() -> None:
    text = "APP超范围采集"
    hits = [Hit("app", 0, 3, (("industry.product.互联网", 1.0),))]
    assert keywords(text, hits, 0) == ("APP",)


def test_never_more_than_the_most() -> None:
    text = "甲一乙二丙三丁四戊五己六"
    hits = [Hit(text[i : i + 2], i, i + 2, ((f"act.{i}", 1.0),)) for i in range(0, 12, 2)]
    assert len(keywords(text, hits, 0)) == MOST
