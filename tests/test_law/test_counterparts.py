"""What is implied by what is cited, never against what the notice says."""

import pytest

from tagger.law.catalogue import load_catalogue
from tagger.law.statutes import read_statutes

CATALOGUE = load_catalogue()


def implied(text: str, published: str = "2023-05") -> dict[str, bool]:
    reading = read_statutes(text, CATALOGUE, published=published)
    return {s.citation: s.assigned for s in reading.statutes if s.basis == "implied"}


@pytest.mark.parametrize(
    ("text", "published", "found"),
    [
        # the law itself names the one counterpart
        ("违反《数据安全法》第二十七条", "2023", {"数据安全法第45条": True}),
        ("违反《网络安全法》第二十一条", "2020", {"网络安全法第59条": True}),
        ("违反《网络安全法》第二十三条", "2026-03", {"网络安全法第61条": True}),
        ("依据《网络安全法》第六十三条", "2020", {"网络安全法第27条": True}),
        ("依据《网络安全法》第六十四条第二款", "2020", {"网络安全法第44条": True}),
        ("违反《网络安全法》第二十一条、第二十四条", "2020",
         {"网络安全法第59条": True, "网络安全法第61条": True}),
        ("违反《计算机信息网络国际联网安全保护管理办法》第十二条", "2020",
         {"计算机信息网络国际联网安全保护管理办法第23条": True}),
        # the paragraph decides
        ("违反《网络安全法》第二十二条第三款", "2020", {"网络安全法第64条": True}),
        # derived by the catalogue, or chosen by the facts: to look at
        ("违反《征信业管理条例》第十八条第一款", "2020", {"征信业管理条例第40条": False}),
        ("APP隐私政策未明示规则，依据《网络安全法》第六十四条第一款", "2020", {"网络安全法第41条": False}),
        # several and nothing to choose by
        ("依据《网络安全法》第六十四条第一款处罚", "2020", {}),
        ("违反《网络安全法》第四十八条", "2020", {}),
        # the notice says which
        ("违反《网络安全法》第二十一条，依据第五十九条", "2020", {}),
        ("违反《网络安全法》第二十四条、第二十一条，依据第五十九条第一款", "2020", {}),
        ("违反《数据安全法》第二十七条，依据《网络安全法》第五十九条", "2023", {}),
        ("违反《网络安全法》第二十七条，触犯《刑法》第二百八十五条", "2020", {}),
        # what was applied is a law that the tables do not describe: its article may be the penalty
        ("违反《网络安全法》第二十一条，依据《某省条例》第三十条处罚", "2020", {"网络安全法第59条": False}),
        ("违反《网络安全法》第二十一条、《某省条例》第三条", "2020", {"网络安全法第59条": True}),
        ("违反《网络安全法》第二十一条，依据《某行政处罚程序规定》第三条送达", "2020",
         {"网络安全法第59条": True}),
        ("违反《网络安全法》第二十一条，依据《行政处罚法》第三十二条从轻", "2020",
         {"网络安全法第59条": True}),
        # an article with conduct and penalty in one
        ("依据《治安管理处罚法》第二十九条", "2020", {}),
        # not a ground
        ("网警提醒：《数据安全法》第二十七条", "2023", {}),
        ("依据《某市条例》第三条", "2023", {}),
    ],
)  # fmt: skip
def test_duties_and_penalties(text: str, published: str, found: dict[str, bool]) -> None:
    assert implied(text, published) == found


@pytest.mark.parametrize(
    ("text", "published", "found"),
    [
        ("以侵犯公民个人信息罪判处有期徒刑", "2020", {"刑法第253条之一": True}),
        ("以侵犯公民个人信息罪，依照《刑法》第二百五十三条之一判处", "2020", {}),
        ("涉嫌催收非法债务罪被拘", "2022", {"刑法第293条之一": True}),
        ("涉嫌催收非法债务罪被拘", "2019", {}),
        ("尚不构成犯罪", "2020", {}),
    ],
)
def test_charges_bring_their_articles(text: str, published: str, found: dict[str, bool]) -> None:
    assert implied(text, published) == found


def test_an_open_edition_implies_nothing() -> None:
    assert implied("违反《网络安全法》第二十七条", published="") == {}
