"""Nothing that points to a person is written out, and every span stays where it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.card import CaseCard, Check, Evidence, Precedent, Review, Sanction
from tagger.redact import person_names, redact, redact_card


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("被告人张三因盗窃获刑，张三未上诉。", "被告人张*因盗窃获刑，张*未上诉。"),
        ("抓获犯罪嫌疑人李四、王小五和赵六等3人", "抓获犯罪嫌疑人李*、王**和赵*等3人"),
        ("法定代表人欧阳锋罚款一万元", "法定代表人欧阳*罚款一万元"),
        ("马腾（男，23岁，连云港人）", "马*（男，23岁，连云港人）"),
        ("对李明行政拘留五日", "对李*行政拘留五日"),
        ("徐某钦、付某甲、张某某、李某", "徐某*、付某*、张某某、李某"),
        ("身份证430102199001011234", "身份证******************"),
        ("号码：43010219900101123X。", "号码：******************。"),
        ("电话13812345678、138-1234-5678", "电话***********、*************"),
        ("手机+86 13812345678", "手机***************"),
        ("座机0731-88888888，热线400-123-4567", "座机*************，热线************"),
        ("银行卡6222 0212 3456 7890 123", "银行卡***********************"),
        ("邮箱abc.d+e@mail.example.cn，", "邮箱***********************，"),
        ("QQ：12345678，微信号wx_abc123。", "QQ：********，微信号*********。"),
        ("车牌湘A12345、湘AD12345、湘A·B1234", "车牌*******、********、********"),
    ],
)  # fmt: skip
def test_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "负责人表示，员工利用职务便利，嫌疑人陈述事实",
        "经理安装了软件，民警查获设备，市民张女士报警",
        "2019年7月2日罚款10000元，第二百五十三条之一，〔2023〕9号",
        "服务器183.131.100.100，获利1300余万元，110报警",
        "长沙市公安局岳麓分局对该公司罚款5万元",
    ],
)
def test_left_alone(text: str) -> None:
    assert redact(text) == text


def test_a_name_is_known_from_the_whole_text() -> None:
    assert person_names("杜天禹获刑。被告人杜天禹（男）上诉。") == ("杜天禹",)
    assert redact("杜天禹获刑。被告人杜天禹（男）上诉。") == "杜**获刑。被告人杜**（男）上诉。"


def test_card() -> None:
    text = "张三被罚\n被告人张三，电话13812345678，被罚款1万元。"
    card = CaseCard(
        source="a.txt",
        text=text,
        title="张三被罚",
        keywords=("张三", "弱口令"),
        sanctions=(Sanction("person", "fine", 10000, spans=((26, 31),)),),
        checks=(Check("person-outside-scope", "the notice fines 张三."),),
        evidence={"subject": (Evidence("个人", "被告人张三", ((5, 10),), 1.0),)},
        precedents=(Precedent("2020-001", "被告人李四获刑", 0.4),),
        review=Review(True, ("张三",)),
    )
    hidden = redact_card(card)
    assert hidden.text == "张*被罚\n被告人张*，电话***********，被罚款1万元。"
    assert hidden.title == "张*被罚"
    assert hidden.keywords == ("张*", "弱口令")
    assert hidden.checks[0].message == "the notice fines 张*."
    assert hidden.evidence is not None
    assert hidden.evidence["subject"][0].text == "被告人张*"
    assert hidden.precedents is not None
    assert hidden.precedents[0].title == "被告人李*获刑"
    assert hidden.review.reasons == ("张*",)
    assert hidden.sanctions == card.sanctions
    assert "张三" not in str(hidden.to_record(with_text=True))


@given(st.text(alphabet="被告人张三李四欧阳某、，（男）13812345678@a.京A-X ", max_size=80))
def test_length_stays(text: str) -> None:
    assert len(redact(text)) == len(text)
