"""What a text quotes for its readers, and what it says of the case."""

import pytest

from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations


def grounds(text: str) -> list[str]:
    return [one.article for one in find_citations(text, load_catalogue()) if one.ground]


@pytest.mark.parametrize(
    "text",
    [
        # statute text
        "《网络安全法》第二十一条规定：国家实行网络安全等级保护制度。",
        "《网络安全法》第二十一条明确规定，网络运营者应当按照要求履行义务。",
        "我国《刑法》第二百八十五条规定，违反国家规定，侵入国家事务系统的，处三年以下有期徒刑。",
        "网络运营者不履行《网络安全法》的，由主管部门依本法第五十九条责令改正，处一万元以上十万元以下罚款。",
        # lessons
        "网警提醒：根据《网络安全法》第二十一条，网络运营者应当落实等级保护。",
        "警方提示，依据《网络安全法》第四十四条，任何个人和组织不得出售个人信息。",
        "【普法时间】《数据安全法》第二十七条。",
        "文末普法栏援引《网络安全法》第二十七条和第六十一条第一款。",
        "法条链接：《网络安全法》第五十九条。",
        "律师表示，该公司违反《网络安全法》第四十二条。",
        "文章最后列出《个人信息保护法》第五十一条、第六十六条。",
        "网警提醒广大网民：违反《网络安全法》第四十六条的，将受到处罚。",
    ],
)
def test_quoted(text: str) -> None:
    assert grounds(text) == []


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("根据《网络安全法》第二十一条规定，公安机关给予警告。", ["21"]),
        ("经民警提醒，该公司仍未整改，依据《网络安全法》第五十九条罚款。", ["59"]),
        ("网警多次提示后拒不改正，违反《网络安全法》第二十一条。", ["21"]),
        ("民警介绍，该公司违反《网络安全法》第二十一条。", ["21"]),
        ("检方认为其行为触犯《刑法》第二百八十五条第二款的规定，应当追究刑事责任。", ["285"]),
        ("违反《网络安全法》第二十一条，依据本法第五十九条，决定予以警告。", ["21", "59"]),
        ("依照《刑法》第六十四条，《刑事诉讼法》第十五条之规定，判决如下。", ["64", "15"]),
        ("处罚依据：《网络安全法》第五十九条规定，给予警告。", ["59"]),
        (
            "《网络安全法》第四十一条规定，收集个人信息应当合法。据此，适用《网络安全法》第六十四条罚款。",
            ["64"],
        ),
        ("法律链接：《网络安全法》第二十一条。触犯法条：《网络安全法》第五十九条", ["59"]),
    ],
)
def test_of_the_case(text: str, articles: list[str]) -> None:
    assert grounds(text) == articles
