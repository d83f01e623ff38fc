"""Each question that is asked of all places at once answers what its regular expression would."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.classify.automaton import Automaton
from tagger.classify.cues import Cues
from tagger.classify.sheet import Marks, Numbers, Sheet

PARTS = (
    "有限|股份|责任|连锁|集团|科技|技术|服务|管理|运营|经营|信息|网络|软件|发展|实业|商贸|文化|咨询|品牌|类|行业|领域|代理|经纪|销售|经销|贸易|批发|零售"
    "|电商|工程|建设|设计|安装|维修|制造|加工|生产|设备|器材|制品|用品|材料|配件|零部件|开发|租赁|中介|顾问|控股|投资"
)
BUYER = r"(?:给|向|(?<![名称成作因认])为(?!由|名|了)|替|帮|与|面向|针对|承建|承接)[^，。；,;\n的]{0,6}$"
BEFORE: dict[str, tuple[int, str, Callable[[Cues, Numbers], Marks]]] = {
    "negated": (6, r"(?:未(?!经)|没有|不存在|并非|不是|无)[^，。；、,;\n]{0,3}$", Cues.negated),
    "bought": (10, BUYER, lambda cues, at: cues.bought(at, 10)),
    "listed": (8, r"、[^，。；、,;\n]{0,6}$", Cues.listed_before),
    "attacked": (
        10,
        r"(?:入侵|攻击|侵入|破解|控制|窃取|盗取|获取|爬取|登录|潜入|进入|针对|瞄准)了?[^，。；,;\n]{0,6}$",
        Cues.attacked,
    ),
    "appears": (
        12,
        r"(?:出现|弹出|跳出|显示|跳转|链接|指向|挂有|挂着|含有)[^，。；,;\n]{0,8}\Z",
        Cues.appears,
    ),
}
BEHIND: dict[str, tuple[str, Callable[[Cues, Numbers], Marks]]] = {
    "listed": (r"[^，。；,;\n]{0,4}、", Cues.listed_behind),
    "anothers": (r"[^，。；,;\n]{0,16}的[^，。；,;\n的]{0,8}(?:公司|企业|工作室)", Cues.anothers),
    "suffers": (r"[^，。；,;\n]{0,8}?(?:被|遭|受到|遭受|报案|报警|损失|发现)", Cues.suffers),
    "judges": (
        r"[^，。；,;\n]{0,4}?(?:判|审|宣|认定|认为|指控|起诉|公诉|批|通报|披露|公布|查|对|将|依法|决定|以|召开|立案)",
        Cues.judges,
    ),
    "heads": (
        rf"(?:{PARTS}){{0,4}}"
        r"(?:公司|企业|集团|平台|网站|app|小程序|厂商?|店|机构|单位|中心|系统|软件)",
        Cues.heads,
    ),
}
PIECES = st.sampled_from(
    [*"未经无的，。、；\n！某为名了由向给被遭以查类店厂", "没有", "不存在", "针对", "入侵", "攻击", "受到", "报案", "认定", "弹出",
     "公司", "集团", "企业", "代理", "销售", "工作室", "科技", "有限", "系统", "app", "甲乙丙丁", "子丑寅卯辰巳", "𠀀"]
)  # fmt: skip
TEXTS = st.lists(st.lists(PIECES, max_size=14).map("".join), min_size=1, max_size=3)


def places(texts: list[str]) -> tuple[Cues, list[tuple[str, int]], Numbers]:
    """Every place of every text, its end included."""
    sheet = Sheet(texts)
    known = [(text, place) for text in texts for place in range(len(text) + 1)]
    at = [
        start + place
        for text, start in zip(texts, sheet.starts, strict=True)
        for place in range(len(text) + 1)
    ]
    return Cues(sheet), known, np.array(at, np.int32)


@pytest.mark.parametrize("question", BEFORE)
@given(TEXTS)
def test_what_stands_before(question: str, texts: list[str]) -> None:
    window, expression, ask = BEFORE[question]
    cues, known, at = places(texts)
    expected = [
        re.search(expression, text[max(0, place - window) : place]) is not None for text, place in known
    ]
    assert ask(cues, at).tolist() == expected


@pytest.mark.parametrize("question", BEHIND)
@given(TEXTS)
def test_what_stands_behind(question: str, texts: list[str]) -> None:
    expression, ask = BEHIND[question]
    cues, known, at = places(texts)
    assert ask(cues, at).tolist() == [
        re.compile(expression).match(text, place) is not None for text, place in known
    ]


@given(TEXTS)
def test_where_the_name_of_a_body_ends(texts: list[str]) -> None:
    cues, known, at = places(texts)
    name = re.compile(rf"(?:{PARTS}){{0,4}}(?:公司|企业|集团|机构)")
    found = cues.name_ends(at, "company")
    for (text, place), start, end in zip(known, at.tolist(), found.tolist(), strict=True):
        ends = [m.end() for stop in range(place, len(text) + 1) if (m := name.fullmatch(text, place, stop))]
        assert (end - start + place if end else None) == max(ends, default=None)


@given(TEXTS, st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_terms_are_found_wherever_they_stand(texts: list[str], written: str) -> None:
    terms = sorted({written[i:j] for i in range(len(written)) for j in range(i + 1, len(written) + 1)})
    automaton = Automaton(terms)
    for text in [*texts, written * 2]:
        expected = [
            (number, start, start + len(term))
            for number, term in enumerate(terms)
            for start in range(len(text))
            if text.startswith(term, start)
        ]
        assert automaton.hits(text) == sorted(expected, key=lambda hit: (hit[1], -hit[2]))
