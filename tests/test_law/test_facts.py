"""Who acted, where, when, under which number: facts as notices tell them."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import shipped
from tagger.law.authorities import find_authorities
from tagger.law.dates import find_dates
from tagger.law.facts import find_facts
from tagger.law.places import find_places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("长沙市公安局岳麓分局发现，岳麓分局依法对该公司罚款五万元。", "长沙市公安局岳麓分局"),
        ("某县公安局网安大队检查发现问题。县公安局对其处以警告。", "某县公安局"),
        ("株洲市公安局天元公安分局决定对该学校处以警告处罚。", "株洲市公安局天元公安分局"),
        ("人民银行毕节市分行公示：该行被警告并罚59.6万元。", "人民银行毕节市分行"),
        ("北京市网信办会同北京市公安局对该平台罚款5万元。", "北京市网信办"),
        ("省密码管理局责令该公司停止销售，没收违法所得。", "省密码管理局"),
        ("保密行政管理部门给予该企业警告。", "保密行政管理部门"),
        ("接公安部通报线索，绵阳网警对该公司予以警告。", "绵阳网警"),
        ("湖北荆州中院作出终审裁定，19人分别获刑10个月到3年不等。", "湖北荆州中院"),
        ("海淀区人民法院判处李某有期徒刑三年。", "海淀区人民法院"),
        ("当地公安局网安支队依据《网络安全法》第五十九条对其处以警告。", "当地公安局网安支队"),
        ("上海市通信管理局依法约谈该公司。", "上海市通信管理局"),
        ("该行被银保监会罚款30万元。", "银保监会"),
        ("根据《办法》（公安部33号令），网安大队对该单位予以警告。", "网安大队"),
        ("长沙市公安局岳麓分局、市通管局进驻公司。公司被责令停止运营。", "长沙市公安局岳麓分局"),
        ("网安大队依据网安法第二十一条，对企业给予警告。", "网安大队"),
        ("中国银行保险监督管理委员会长春监管分局决定罚款35万元。", "中国银行保险监督管理委员会长春监管分局"),
        ("李某盗用公安内网数字证书，获利5万元。", None),
    ],
)
def test_authority(text: str, expected: str | None) -> None:
    assert find_facts(text).authority == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("长沙市公安局对该公司警告。", "湖南省长沙市"),
        ("长沙网警对该公司警告。", "湖南省长沙市"),
        ("长沙市公安局岳麓分局对该公司警告。", "湖南省长沙市岳麓区"),
        ("四川公安通报：绵阳一家公司被警告。", "四川省绵阳市"),
        ("贵州天柱县公安局对该网站罚款。", "贵州省黔东南苗族侗族自治州天柱县"),
        ("布拖网警对公司罚款一万元。", "四川省凉山彝族自治州布拖县"),
        ("北京市公安局西城分局责令公司改正。", "北京市西城区"),
        ("昌平网安检查发现，对该公司警告。", "北京市昌平区"),
        ("浦东新区法院判处李某拘役四个月。", "上海市浦东新区"),
        ("吉林警方对该公司警告。", "吉林省"),
        ("吉林市公安局对该公司警告。", "吉林省吉林市"),
        ("鼓楼区法院判处李某拘役四个月。", None),
        ("福州市鼓楼区法院判处李某拘役四个月。", "福建省福州市鼓楼区"),
        ("某市公安局对该公司警告，湖南人黄某在逃。", None),
        ("南京路上的一家公司被警告。", None),
        ("大同小异的做法，公安机关予以警告。", None),
    ],
)
def test_region(text: str, expected: str | None) -> None:
    assert find_facts(text).region == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("长银罚决字〔2023〕9号：该行被罚款。", "长银罚决字〔2023〕9号"),
        ("行政处罚决定书（X公（网安）行罚决字〔2022〕0123号）", "X公（网安）行罚决字〔2022〕0123号"),
        ("作出长公(网)行罚决字[2019]第23号处罚决定", "长公(网)行罚决字[2019]第23号"),
        ("案号为(2019)粤0305刑初123号", "(2019)粤0305刑初123号"),
        ("《关于开展专项行动的通知》（工信部信管函〔2020〕164号）", None),
        ("公安部令第33号、国务院令第147号", None),
        ("89号决定书、一条链接", None),
    ],
)
def test_document(text: str, expected: str | None) -> None:
    assert find_facts(text).document == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("2019年7月2日、同年8月、次月、当月5日", None, ["2019-07-02", "2019-08", "2019-09", "2019-09-05"]),
        ("2018年12月24日，次日，次年1月", None, ["2018-12-24", "2018-12-25", "2019-01"]),
        ("二〇一九年七月十五日", None, ["2019-07-15"]),
        ("2019年6月，7月2日", None, ["2019-06", "2019-07-02"]),
        ("2021年5月，公司2018年成立，5月15日", None, ["2021-05", "2018", "2021-05-15"]),
        ("今年3月，去年11月，近日", "2020-05-06", ["2020-03", "2019-11", "2020-05"]),
        ("3月26日", "2020-05", ["2020-03-26"]),
        ("12月26日", "2020-05", ["2019-12-26"]),
        ("7月2日，今年，近日", None, []),
        ("2019-07-02 发布，2019.7.3 更新", None, ["2019-07-02", "2019-07-03"]),
        ("2019年2月30日、2019年13月", None, []),
        ("《网络安全法》（2016年11月7日通过，2017年6月1日起施行）", None, []),
        ("《某办法》（1997年12月16日公安部令第33号）第二十条，2019年7月", None, ["2019-07"]),
        ("《网络安全法（2025年10月28日修正）》", None, []),
        ("触犯刑法（2019年7月通报）", None, ["2019-07"]),
        ("6个月、2年6个月、每月、三年、十五日", None, []),
        ("9999年12月31日次日", None, []),
    ],
)
def test_dates(text: str, published: str | None, expected: list[str]) -> None:
    assert [mention.date for mention in find_dates(text, published)] == expected


@pytest.mark.parametrize(
    ("text", "published", "act", "decision"),
    [
        ("2019年2月，某网站被篡改。2019年4月，警方对该单位予以警告。", None, "2019-02", "2019-04"),
        ("2019年警方检查发现问题。同年7月，警方对其予以警告。", None, "2019", "2019-07"),
        ("2022年11月检查发现漏洞。县公安局11月6日对其罚款5000元。", None, "2022-11", "2022-11-06"),
        ("李某自2014年初起窃取信息，到2016年7月案发。2017年2月8日，法院判处李某有期徒刑一年。", None,
         "2016-07", "2017-02-08"),
        ("银保监会2021年3月19日公布对某银行的罚单，金额450万元。", None, None, "2021-03-19"),
        ("警方2020年12月15日披露一起案件，7人落网。", None, None, None),
        ("近日，网安大队对该公司予以警告。", "2021-03-02", None, "2021-03"),
        ("该公司被予以警告。处罚决定日期：2021年3月19日", None, None, "2021-03-19"),
        ("依据2026年1月1日施行的《网络安全法》，对该平台罚款十万元。", "2026-02", None, None),
        ("2026年4月，网警检查发现，某公司2025年10月至12月间未落实等级保护。网警对公司予以警告。", None,
         "2025-12", None),
        ("2026年3月接到线索，李某2025年10月至2026年2月间出售信息，3月20日被行政拘留。", None, "2026-02", "2026-03-20"),
        ("2020年6月责令公司整改；今年复查仍未整改。网警对公司罚款一万元。", "2021-07", "2021", None),
    ],
)  # fmt: skip
def test_times(text: str, published: str | None, act: str | None, decision: str | None) -> None:
    facts = find_facts(text, published)
    assert (facts.act_date, facts.decision_date) == (act, decision)


def test_the_fullest_name_spans_the_text_where_it_stands() -> None:
    text = "宿迁市公安局网安支队检查，市公安局通报。"
    mentions = find_authorities(text, find_places(text))
    assert [text[m.start : m.end] for m in mentions] == ["宿迁市公安局网安支队", "市公安局"]


def test_table_of_regions() -> None:
    with (shipped.DATA / "regions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["province"] for row in rows}) == 34
    assert len({row["prefecture"] for row in rows if row["prefecture"]}) == 333
    for row in rows:
        counties = row["counties"].split("|")
        assert len(counties) == len(set(counties)), row


def test_every_prefecture_is_found_by_name() -> None:
    with (shipped.DATA / "regions.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["prefecture"]]
    for row in rows:
        found = find_facts(f"{row['prefecture']}公安局对该公司警告。").region
        assert found == row["province"] + row["prefecture"]


@given(
    st.text(
        alphabet="年月日0123456789一二十同当次今近前，。公安局长沙市岳麓区分号〔〕[]对罚款警告", max_size=200
    )
)
def test_facts_of_anything(text: str) -> None:
    facts = find_facts(text, "2020-05-06")
    assert facts.authority is None or facts.authority
    assert facts.document is None or facts.document in text
