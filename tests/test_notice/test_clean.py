"""Cleaning: what a character becomes, which lines belong to the article, which lines are one; and the "
"map back."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.notice.clean import clean

CHARACTERS = [
    ("第２１条、罚款５００００元，占１２％", "第21条、罚款50000元，占12%"),
    ("ＡＰＰ（某款）！？；：，。、《》“”", "APP（某款）！？；：，。、《》“”"),
    ("⑴未备案⒉未测评㈢未整改①未留存……", "(1)未备案2.未测评(三)未整改①未留存……"),
    ("1️⃣未备案", "1.未备案"),
    ("e\u0301tude, o\ufb03ce, K", "étude, office, K"),
    ("公\u200b司\ufeff被\u00ad罚\u2060", "公司被罚"),
    ("公\x00司\x07被\x1b罚\x7f", "公司被罚"),
    ("公\ud800司\udfff被罚", "公司被罚"),
    ("某公司\u3000被罚", "某公司 被罚"),
    ("依据 《网络安全法》 第 21 条 ，罚款 5 万元", "依据《网络安全法》第21条，罚款5万元"),
    ("某 APP 收集 IP 地址", "某APP收集IP地址"),
    ("fined  10,000   yuan", "fined 10,000 yuan"),
    ("关 于 处 罚 的 通 报", "关于处罚的通报"),
    ("张三 李四", "张三 李四"),
    ("网站首页成了“菠菜网” 公司被罚", "网站首页成了“菠菜网” 公司被罚"),
    ("A&amp;B&nbsp;公司&lt;甲&gt;&#26576;", "A&B公司<甲>某"),
    ("<p>某公司</p><p>被<b>罚</b></p>", "某公司\n被罚"),
    ("甲<br/>乙<!-- 注 -->", "甲\n乙"),
    ("a<b且b>c，1<2", "a<b且b>c，1<2"),
    ("**某公司**被罚", "某公司被罚"),
    ("张**、李**被罚", "张**、李**被罚"),
    ("电话138****1234", "电话138****1234"),
    ("`SQL`注入，见[通报](https://example.org/a)![图](b.png)", "SQL注入，见通报"),
    ("第59条\\(一\\)", "第59条(一)"),
    ("中国平安（601318.SH）[微博]被罚（责任编辑：某某）", "中国平安被罚"),
    ("某公司（91330000MA27000000）被罚", "某公司（91330000MA27000000）被罚"),
]


@pytest.mark.parametrize(("text", "cleaned"), CHARACTERS)
def test_characters(text: str, cleaned: str) -> None:
    assert clean(text).text == cleaned


TRADITIONAL = [
    ("違反《網絡安全法》第二十一條，處以罰款", "违反《网络安全法》第二十一条，处以罚款"),
    ("網路安全與資訊保護，駭客入侵伺服器", "网络安全与信息保护，黑客入侵服务器"),
    ("以隨身碟竊取資訊，洩露法律文件", "以U盘窃取信息，泄露法律文件"),
    ("乾县於某、宫商角徵羽", "乾县於某、宫商角徵羽"),
]


@pytest.mark.parametrize(("text", "cleaned"), TRADITIONAL)
def test_traditional_characters_become_simplified(text: str, cleaned: str) -> None:
    assert clean(text).text == cleaned


LINES = [
    # hard-wrapped lines are one, paragraphs stay
    (
        "某公司被处罚\n　　2019年5月，"
        "某市公安局网安支队依据《网络安\n全法》第二十一条、第五十九\n条之规定，对该公司处以罚款。"
        "\n　　目前已整改。",
        "某公司被处罚\n2019年5月，某市公安局网安支队依据《网络安全法》第二十一条、第五十九条之规定，对该公司处以罚款。\n目前已整改。",
    ),
    (
        "通报\n\n作为网络安全执法部门，公安机关每年会查处和通报大量\n网络安全信息事故。通过整理、分析和研究网络安全行政执\n法案例可以查找问题。",
        "通报\n作为网络安全执法部门，公安机关每年会查处和通报大量网络安全信息事故。通过整理、分析和研究网络安全行政执法案例可以查找问题。",
    ),
    ("《中华人民共和国刑法》\n\n第二百五十三条", "《中华人民共和国刑法》第二百五十三条"),
    ("《网络安全法》第21\n条、第59条", "《网络安全法》第21条、第59条"),
    (
        "The hospital failed to keep the logs of its\nnetwork for six months and was fined by the\npolice.",
        "The hospital failed to keep the logs of its network for six months and was fined by the police.",
    ),
    # what begins something of its own stays apart
    ("某公司未履行义务案\n2019年5月，某公司被罚。", "某公司未履行义务案\n2019年5月，某公司被罚。"),
    ("一、未备案；\n二、未测评；", "一、未备案；\n二、未测评；"),
    ("某市公安局网络安全保卫支队\n2023年5月6日", "某市公安局网络安全保卫支队\n2023年5月6日"),
    (
        "当事人：某科技有限公司某分公司\n地址：某市某区某某路一百二十号",
        "当事人：某科技有限公司某分公司\n地址：某市某区某某路一百二十号",
    ),
    (
        "某大型银行某经理盗取系统账号密码放贷被抓\n法律链接：\n条文。",
        "某大型银行某经理盗取系统账号密码放贷被抓\n法律链接：\n条文。",
    ),
    ("甲。\r\n\r\n\r\n乙。\r丙。\u2028丁。", "甲。\n乙。\n丙。\n丁。"),
    # furniture goes
    (
        "首页 > 新闻中心 > 正文\n某公司被罚\n发布时间：2023-05-06 来源：某网 浏览次数：12\n正文。",
        "某公司被罚\n正文。",
    ),
    ("某公司被罚\n2023-05-06 10:22 来源：某网\n【字号：大 中 小】\n正文。", "某公司被罚\n正文。"),
    ("正文。\n分享到：微信 微博 QQ空间\n扫一扫在手机打开当前页\n【打印】【关闭窗口】", "正文。"),
    ("正文。\n责任编辑：张三\n上一篇：某某会议召开\n下一篇：没有了\n某ICP备12345678号-1", "正文。"),
    ("点击上方蓝字关注我们\n正文。\n- 3 -\n第 3 页 共 10 页\n后文。\nEND", "正文。\n后文。"),
    ("正文。\n相关阅读\n某公司被罚五万元\n警方通报一起案件", "正文。"),
    ("正文。\n某市公安局\n2023年5月6日", "正文。\n某市公安局\n2023年5月6日"),
    ("来源不明的数据被出售，公司被罚。", "来源不明的数据被出售，公司被罚。"),
    ("2023年5月6日，某公司被罚。", "2023年5月6日，某公司被罚。"),
    ("评论区出现招嫖信息，某论坛被罚。", "评论区出现招嫖信息，某论坛被罚。"),
    ("扫一扫就能看谁删了你？警方发现，账号由此被接管。", "扫一扫就能看谁删了你？警方发现，账号由此被接管。"),
    ("—— —— ——\n正文。\n＊＊＊", "正文。"),
]


@pytest.mark.parametrize(("text", "cleaned"), LINES)
def test_lines(text: str, cleaned: str) -> None:
    assert clean(text).text == cleaned


def test_headings_are_told() -> None:
    cleaned = clean("# 通报\n\n**一、某公司案**\n正文有**重点**。\n## 某医院案\n> 引文")
    assert cleaned.text == "通报\n一、某公司案\n正文有**重点**。\n某医院案\n引文"
    assert {cleaned.text[at:].split("\n")[0] for at in cleaned.headings} == {
        "通报",
        "一、某公司案",
        "某医院案",
    }


def test_a_text_that_is_clean_is_left_alone() -> None:
    text = "某公司被罚\n2023年5月，某市公安局依据《网络安全法》第21条对某公司罚款一万元。"
    cleaned = clean(text)
    assert cleaned.text == text
    assert cleaned.offsets is None


MAPPED = [
    ("依据《网络\u200b安全法》第２１条", "第21条", "第２１条"),
    ("公\u200b司\u200b被罚", "被罚", "被罚"),
    ("以隨身碟竊取資訊，處罰款。", "罚款", "罰款"),
    ("&lt;甲&gt;乙", "乙", "乙"),
    ("《网络安\r\n全法》第21条", "第21条", "第21条"),
    ("首页 > 正文\n正文在此。", "正文在此", "正文在此"),
    ("**甲**乙", "乙", "乙"),
]


@pytest.mark.parametrize(("text", "found", "original"), MAPPED)
def test_offsets_lead_back(text: str, found: str, original: str) -> None:
    cleaned = clean(text)
    assert cleaned.offsets is not None
    at = cleaned.text.index(found)
    assert text[cleaned.offsets[at] : cleaned.offsets[at + len(found) - 1] + 1] == original


WORDS = [
    "网络",
    "安全法",
    "第21条",
    "２１",
    "分享到：",
    "来源：某网",
    "2023-05-06",
    "(600000.SH)",
    "網路",
    "隨身碟",
]
HEADERS = ["1.", "一、", "- ", "a", "Z", "é", "ﬁ", "㈠", "①"]
OTHERS = ["\r\n", "\n\n", "**", "# ", "> ", "[甲](乙)", "<p>", "</b>", "&nbsp;", "&#x41;"]
INVISIBLE = "\u200b\ud800\x00\ufe0f\u0301"
PIECES = st.sampled_from([*WORDS, *HEADERS, *"（）《》“。，、：` \u3000\n", *OTHERS, *INVISIBLE])


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_any_text_maps_back(text: str) -> None:
    cleaned = clean(text)
    offsets = range(len(cleaned.text)) if cleaned.offsets is None else cleaned.offsets
    assert len(offsets) == len(cleaned.text)
    assert all(a <= b for a, b in zip(offsets, list(offsets)[1:], strict=False))
    assert all(0 <= at < len(text) for at in offsets)
    assert all(0 <= at < len(cleaned.text) for at in cleaned.headings)
    assert not any(unicodedata.category(c) in ("Cs", "Cc") and c != "\n" for c in cleaned.text)
    assert cleaned.text == cleaned.text.strip()
    assert "\n\n" not in cleaned.text


HOSTILE = {
    "one character": "网" * 1_000_000,
    "line breaks": "网\n" * 300_000,
    "bold marks": "**" * 500_000,
    "brackets": "[a](" * 250_000,
    "tags": "<p" * 500_000,
    "combining marks": "a" + "\u0301\u0316" * 500_000,
    "expanding": "ﷺ" * 300_000,
    "zero width": "\u200b" * 1_000_000,
    "half surrogates": "\ud800" * 1_000_000,
    "open brackets": "《\n" * 300_000,
    "traditional": "隨身碟，" * 200_000,
    "spaces": "网 " * 500_000,
    "escapes": "&amp;" * 200_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear(text: str) -> None:
    def seconds(part: str) -> float:
        start = time.process_time()
        clean(part)
        return time.process_time() - start

    # Side by side, because a shared machine is fast and slow by turns; a quadratic one takes 64 times as long.
    assert min(seconds(text) / max(seconds(text[: len(text) // 8]), 0.01) for _ in range(2)) < 24
