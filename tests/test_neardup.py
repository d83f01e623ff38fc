"""Grouping: what is one event and what is not, whatever the order, the pieces and the window."""

from __future__ import annotations

import itertools
import random
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from tagger import neardup
from tagger.casebook import read_cases
from tagger.neardup import Groups, Marks, Sketch, nearest, same_event, similarity, sketch, sketches

NOTICE = (
    "2020年5月，某市公安局网安支队在检查中发现，某职业学院的招生网站没有落实等级保护制度，首页被人篡改，"
    "植入了大量赌博链接。支队根据《网络安全法》第二十一条、第五十九条的规定，对该学院给予警告，责令十五日内改正。"
)
REPOST = f"【转载自某市网警】点击上方蓝字关注我们\n{NOTICE}\n来源：某市网警 编辑：小王 责编：小李"
ABRIDGED = (
    "某职业学院的招生网站没有落实等级保护制度，首页被人篡改，植入了大量赌博链接。"
    "网安支队根据《网络安全法》第21条、第59条，对该学院给予警告，责令十五日内改正。"
)
OTHER = (
    "2020年5月，某市公安局网安支队在检查中发现，某快递公司没有采取措施保护客户的个人信息，面单数据在内部平台上"
    "可以随意导出。支队根据《网络安全法》第四十二条、第六十四条的规定，对该公司处罚款五万元。"
)


@pytest.mark.parametrize(
    "again", [REPOST, ABRIDGED, NOTICE.replace("，", ","), NOTICE.upper(), f"　{NOTICE}　"]
)
def test_reposts_are_one_event(again: str) -> None:
    assert same_event(sketch(NOTICE), sketch(again))


def test_another_case_of_the_same_office_is_another_event() -> None:
    assert not same_event(sketch(NOTICE), sketch(OTHER))


def test_cases_of_the_report_stay_apart() -> None:
    cases = read_cases()
    found = Groups().assign([sketch(case.text) for case in cases])
    assert len(set(found)) == len(cases)


def test_shuffled_and_shortened_reports_are_found_again() -> None:
    chance = random.Random(7)
    cases = read_cases()
    retold = []
    for case in cases:
        clauses = [clause for clause in re.split(r"(?<=[，。；])", case.facts) if chance.random() < 0.8]
        chance.shuffle(clauses)
        retold.append("".join(clauses))
    groups = Groups()
    first = groups.assign([sketch(case.facts) for case in cases])
    again = groups.assign([sketch(text) for text in retold])
    assert sum(a == b for a, b in zip(first, again, strict=True)) >= 0.9 * len(cases)


REWORDED = (
    "长沙市公安局网安支队在工作中发现，辖区某科技公司开发的APP在用户不知情的情况下收集手机号码、位置等个人信息，"
    "且未公开收集使用规则。网安部门依法对该公司处以警告并罚款5万元。",
    "长沙网安查处一起APP违法收集个人信息案：某科技公司的APP未公开收集使用规则，在用户不知情的情况下收集手机号码和"
    "位置信息。长沙市公安局网安支队依法给予该公司警告、罚款5万元的行政处罚。",
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Marks(), Marks(), False),
        (Marks(month="2021-03", fine=50000), Marks(month="2021-03", fine=50000), True),
        (Marks(document="长网安罚〔2021〕7号"), Marks(document="长网安罚〔2021〕7号"), True),
        (Marks(month="2021-03"), Marks(month="2021-03"), False),
        (Marks(month="2021-03", fine=50000), Marks(month="2021-03", fine=10000), False),
    ],
)
def test_marks_decide_where_the_texts_leave_it_open(one: Marks, other: Marks, same: bool) -> None:
    first, second = sketch(REWORDED[0], one), sketch(REWORDED[1], other)
    assert neardup.POSSIBLE <= similarity(first, second) < neardup.CERTAIN
    assert same_event(first, second) is same
    assert (len(set(Groups().assign([first, second]))) == 1) is same


def test_another_fine_makes_another_event_of_the_same_words() -> None:
    one, other = (sketch(NOTICE, Marks(fine=fine)) for fine in (10000, 20000))
    assert Groups().assign([one, other]) == ["g1", "g2"]


def test_cases_of_one_round_up_are_different_events() -> None:
    copies = [sketch(NOTICE)] * 3
    assert Groups().assign(copies, ["a.txt", "a.txt", "b.txt"]) == ["g1", "g2", "g1"]


def test_a_long_round_up_s_cases_are_different_events_too() -> None:
    groups = Groups().assign([sketch(NOTICE)] * 300, ["a.txt"] * 300)
    assert len(set(groups)) == 300


@pytest.mark.parametrize("text", ["", "罚", "罚款", "，。！？", "\ud800"])
def test_too_little_to_compare_opens_a_group_each_time(text: str) -> None:
    assert sketch(text) == Sketch(b"")
    assert Groups().assign([sketch(text), sketch(text)]) == ["g1", "g2"]


def _corpus(size: int, seed: int = 3) -> list[Sketch]:
    """Notices recombined from the report's, one in five a shortened repost of an earlier one."""
    chance = random.Random(seed)
    clauses = [clause for case in read_cases() for clause in re.split(r"(?<=[，。；])", case.facts)]
    texts: list[str] = []
    for _ in range(size):
        if texts and chance.random() < 0.2:
            texts.append("".join(c for c in chance.choice(texts) if chance.random() < 0.97))
        else:
            texts.append("".join(chance.sample(clauses, 8)))
    return sketches(texts, [Marks()] * size)


def test_groups_do_not_depend_on_the_size_of_the_pieces() -> None:
    corpus = _corpus(1500)
    whole = Groups().assign(corpus)
    piecemeal = Groups()
    pieces = [
        group for start in range(0, 1500, 128) for group in piecemeal.assign(corpus[start : start + 128])
    ]
    assert whole == pieces
    assert 0.7 * 1500 < len(set(whole)) < 0.9 * 1500


def test_tables_that_grow_forget_nothing() -> None:
    corpus = _corpus(3000)
    groups = Groups()
    first = groups.assign(corpus)
    assert groups.assign(corpus) == first


def test_memory_is_bounded_by_the_window() -> None:
    corpus = _corpus(400)
    groups = Groups(window=64)
    groups.assign(corpus)
    held = [value for value in asdict(groups).values() if isinstance(value, np.ndarray)]
    assert max(len(array) for array in held if array.ndim == 1 or array.shape[1] != 128) == 64
    last = groups.opened
    assert groups.assign(corpus[-1:]) != [f"g{last + 1}"]
    assert groups.assign(corpus[:1]) == [f"g{last + 1}"]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_many_at_once_are_as_one_by_one(texts: list[str]) -> None:
    assert sketches(texts, [Marks()] * len(texts)) == [sketch(text) for text in texts]


@given(st.text(alphabet="网络安全公司罚款警告，。1a", max_size=120), st.text(max_size=5))
@settings(max_examples=100, deadline=None)
def test_packed_sketches_come_back(text: str, document: str) -> None:
    made = sketch(text, Marks(document=document))
    assert Sketch.from_bytes(made.to_bytes()) == made


@given(st.text(max_size=60), st.lists(st.text(max_size=60), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_the_nearest_is_the_first_of_the_most_similar(text: str, others: list[str]) -> None:
    one, drawn = sketch(text), [sketch(other) for other in others]
    likeness = [similarity(one, other) for other in drawn]
    place, found = nearest(one, drawn)
    assert found == max(likeness)
    assert place == likeness.index(found)


def test_a_torn_packed_sketch_is_refused() -> None:
    with pytest.raises(ValueError, match="268 bytes, not 5"):
        Sketch.from_bytes(b"12345")


def test_the_estimate_is_near_the_truth() -> None:
    def runs(text: str) -> set[str]:
        signs = re.sub(r"[^\w]|_", "", neardup._CITATIONS.sub("", text))
        return {signs[i : i + 3] for i in range(len(signs) - 2)}

    texts = [case.facts for case in read_cases()[:12]]
    texts += ["".join(pair) for pair in itertools.pairwise(texts)]
    for one, other in itertools.combinations(texts, 2):
        a, b = runs(one), runs(other)
        assert abs(similarity(sketch(one), sketch(other)) - len(a & b) / len(a | b)) < 0.16
