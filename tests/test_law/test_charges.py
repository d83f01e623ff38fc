"""Charges that a text names, and what is none of this case."""

import pytest

from tagger.law.catalogue import load_catalogue
from tagger.law.charges import find_charges

CATALOGUE = load_catalogue()


def articles(text: str) -> list[str]:
    return [named.charge.article for named in find_charges(text, CATALOGUE)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("以侵犯公民个人信息罪判处王某有期徒刑一年", ["253之一"]),
        ("因涉嫌非法获取计算机信息系统数据罪被刑事拘留", ["285"]),
        ("犯非法控制计算机信息系统罪", ["285"]),
        ("以破坏计算机信息系统罪起诉", ["286"]),
        ("拒不履行信息网络安全管理义务罪", ["286之一"]),
        ("涉嫌非法利用信息网络罪", ["287之一"]),
        ("涉嫌帮信罪被抓", ["287之二"]),
        ("构成开设赌场罪", ["303"]),
        ("犯制作、复制、出版、贩卖、传播淫秽物品牟利罪", ["363"]),
        ("犯传播淫秽物品牟利罪", ["363"]),
        ("侦破一起提供侵入、非法控制计算机信息系统程序、工具案", ["285"]),
        ("破获侵犯公民个人信息的案件", ["253之一"]),
        ("以盗窃罪、传授犯罪方法罪起诉", ["264", "295"]),
        ("因敲诈勒索、寻衅滋事等罪被判刑", ["274", "293"]),
        ("涉嫌侵犯公民个人信息被刑拘", ["253之一"]),
        ("以侵犯公民\n个人信息罪判刑", ["253之一"]),
        ("侦破一起传播淫秽物品案，以涉嫌传播淫秽物品牟利罪逮捕谢某", ["363"]),
    ],
)
def test_charges(text: str, found: list[str]) -> None:
    assert articles(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "尚不构成侵犯公民个人信息罪，依法予以行政处罚",
        "不构成破坏计算机信息系统罪",
        "曾因盗窃罪被判刑",
        "警方在侦办一起侵犯公民个人信息案时发现该公司未履行义务",
        "民警在办理袁某等人涉嫌非法侵入计算机信息系统案中发现，某机构未核验身份",
        "该公司网站被敲诈勒索，数据丢失",
        "对侵犯公民个人信息的行为予以警告",
        "网警提醒：出售信息涉嫌侵犯公民个人信息罪",
        "公安机关加大打击整治侵犯公民个人信息犯罪力度，责令整改27款",
        "构成侵犯公民个人信息罪的，依法追究刑事责任",
        "",
    ],
)
def test_no_charge_of_this_case(text: str) -> None:
    assert articles(text) == []


def test_where_it_is_named() -> None:
    text = "涉嫌帮信罪被拘。法院以帮助信息网络犯罪活动罪判刑"
    (named,) = find_charges(text, CATALOGUE)
    assert [text[start:end] for start, end in named.spans] == ["帮信罪", "帮助信息网络犯罪活动罪"]


def test_a_box_for_readers_names_none() -> None:
    text = "公司被警告。说明：侵犯公民个人信息罪"
    assert find_charges(text, CATALOGUE, ((text.index("说明"), len(text)),)) == ()
