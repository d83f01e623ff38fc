"""When to ask: sets that cover, reasons that name what is wrong, silence where nothing is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tagger.card import CaseCard, Check, RankedLabel, Sanction
from tagger.classify.calibration import OPEN, Calibrator
from tagger.classify.doubt import NO_DOUBT, Doubt, contradictions, learn, punished_others, review
from tagger.classify.genre import Genre
from tagger.classify.linear import softmax
from tagger.classify.tallies import tells
from tagger.tagger import Tagger

SURE = Genre(enforcement=4.0, network=4.0)
KNOWN = 3
SCORES = np.linspace(0.0, 0.98, 99)


TARGETS = ("industry", "subject", "nature")
DOUBT = Doubt(dict.fromkeys(TARGETS, Calibrator("softmax")), dict.fromkeys(TARGETS, SCORES))


def ranking(*labels: tuple[str, float]) -> tuple[RankedLabel, ...]:
    return tuple(RankedLabel(label, p, rank == 0) for rank, (label, p) in enumerate(labels))


CARD = CaseCard(
    source="x",
    text="…",
    industry=ranking(("医疗卫生", 0.97), ("教育培训", 0.02)),
    subject=ranking(("政企机构", 0.98), ("内部人员", 0.01)),
    nature=ranking(("建设运维管理疏失", 0.97), ("机构犯罪", 0.02)),
    liability=ranking(("不履行安全保护义务", 0.9), ("机构犯罪", 0.1)),
    sanctions=(Sanction("organisation", "fine", 50000),),
)


def reasons(card: CaseCard, genre: Genre = SURE, known: int = KNOWN, **options: object) -> list[str]:
    found = review(card, genre, known, DOUBT, **options)  # type: ignore[arg-type]
    assert found.needed == bool(found.reasons)
    return list(found.reasons)


def test_a_sure_card_goes_out_unseen() -> None:
    assert reasons(CARD) == []


def test_labels_that_cannot_be_ruled_out_are_named() -> None:
    torn = replace(CARD, industry=ranking(("医疗卫生", 0.5), ("教育培训", 0.4), ("金融", 0.02)))
    assert reasons(torn) == ["所属行业不确定：医疗卫生或教育培训"]
    many = ranking(("医疗卫生", 0.3), ("教育培训", 0.25), ("金融", 0.23), ("科研", 0.22))
    assert reasons(replace(CARD, industry=many)) == ["所属行业不确定：医疗卫生、教育培训、金融等4种"]


def test_a_card_whose_labels_together_are_not_sure_is_reviewed() -> None:
    weak = replace(CARD, industry=ranking(("医疗卫生", 0.75), ("教育培训", 0.04)))
    (reason,) = reasons(weak)
    assert "所属行业" in reason
    assert "医疗卫生" in reason
    assert reasons(weak, coverage=0.8) == []


def test_a_second_candidate_alone_does_not_stop_a_sure_card() -> None:
    sure = replace(CARD, industry=ranking(("医疗卫生", 0.87), ("教育培训", 0.12)))
    found = review(sure, SURE, KNOWN, DOUBT)
    assert not found.needed
    assert found.candidates["industry"] == ("医疗卫生", "教育培训")
    assert reasons(sure, coverage=0.95) == ["所属行业不确定：医疗卫生或教育培训"]


@pytest.mark.parametrize(
    ("subject", "nature", "liability", "on", "named"),
    [
        ("政企机构", "建设运维管理疏失", "不履行安全保护义务", "person", "处罚对象"),
        ("个人黑客", "外部入侵", "公开资料未明确", "organisation", "处罚对象"),
        ("内部人员", "机构犯罪", "机构犯罪", "person", "违法/犯罪性质不相配"),
        ("政企机构", "外部入侵", "不履行安全保护义务", "organisation", "违法/犯罪性质不相配"),
        ("政企机构", "机构犯罪", "公开资料未明确", "organisation", "机构责任不相配"),
        ("政企机构", "建设运维管理疏失", "机构犯罪", "organisation", "机构责任不相配"),
    ],
)
def test_what_the_rules_exclude_is_a_reason(
    subject: str, nature: str, liability: str, on: str, named: str
) -> None:
    card = replace(
        CARD,
        subject=ranking((subject, 0.99)),
        nature=ranking((nature, 0.99)),
        liability=ranking((liability, 0.99)),
        sanctions=(Sanction(on, "fine"),),  # type: ignore[arg-type]
    )
    assert [reason for reason in reasons(card) if named in reason]


def test_body_and_person_punished_together_contradict_nobody() -> None:
    both = (Sanction("organisation", "fine"), Sanction("person", "administrative-detention"))
    assert reasons(replace(CARD, sanctions=both)) == []
    insider = replace(CARD, subject=ranking(("内部人员", 0.99)), sanctions=both)
    assert reasons(insider) == []


def test_a_body_may_offend_by_people_who_alone_are_punished() -> None:
    card = replace(
        CARD,
        nature=ranking(("机构犯罪", 0.99)),
        liability=ranking(("机构犯罪", 0.99)),
        sanctions=(Sanction("person", "criminal-detention"),),
    )
    assert reasons(card) == []
    # Readers differ over such a case, so that it is nothing to measure by.
    assert list(punished_others(("政企机构",), card.sanctions))


def test_a_label_that_a_user_added_contradicts_nothing() -> None:
    assert list(contradictions(("外国机构",), ("其他",), ("公开资料未明确",), ())) == []
    assert list(contradictions((), (), (), ())) == []
    assert len(list(contradictions(("个人",), ("机构犯罪",), ("公开资料未明确",), ()))) == 2


def test_a_failed_check_is_a_reason_a_remark_is_none() -> None:
    failed = replace(CARD, checks=(Check("fine-out-of-range", "…"), Check("law-repealed", "…")))
    assert reasons(failed) == ["法条核对不符：罚款超出幅度、所引法律已废止"]
    assert reasons(replace(CARD, checks=(Check("duty-without-penalty", "…"),))) == []


def test_a_text_with_few_known_words_is_unfamiliar() -> None:
    (reason,) = reasons(CARD, known=2)
    assert reason.startswith("文本陌生")


def test_words_of_the_genre_are_not_known_words() -> None:
    assert not tells([("notice.enforcement", 1.0)])
    assert tells([("notice.enforcement", 1.0), ("duty.no-log", 1.0)])


def test_a_text_that_may_be_no_notice_is_reviewed() -> None:
    (reason,) = reasons(CARD, genre=Genre(0.5, 4.0))
    assert "可能不是" in reason


@pytest.mark.parametrize(
    ("genre", "count"), [(Genre(-1.0, 3.0), 1), (Genre(3.0, -1.0), 1), (Genre(-1.0, -1.0), 2)]
)
def test_of_no_notice_only_that_is_said(genre: Genre, count: int) -> None:
    torn = replace(CARD, industry=ranking(("医疗卫生", 0.5), ("教育培训", 0.4)))
    found = reasons(torn, genre=genre)
    assert len(found) == count
    assert all(reason.startswith("不是") for reason in found)


def test_doubtful_decoding_is_a_reason() -> None:
    assert reasons(CARD, unsure_of_text="GB18030?") == ["原文读取有疑：GB18030?"]
    assert reasons(CARD, genre=Genre(-1.0, 3.0), unsure_of_text="乱码")[0] == "原文读取有疑：乱码"


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=8), st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_a_higher_coverage_never_drops_a_candidate(weights: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    weights = sorted((weight / sum(weights) for weight in weights), reverse=True)
    labels = ranking(*((f"{k}", weight) for k, weight in enumerate(weights)))
    narrow = DOUBT.candidates("industry", labels, low)
    wide = DOUBT.candidates("industry", labels, high)
    assert narrow
    assert wide[: len(narrow)] == narrow


def test_sets_cover_new_cases_as_often_as_promised() -> None:
    random = np.random.default_rng(3)
    logits = random.normal(0, 2, (4300, 5))
    honest = softmax(logits)
    drawn = (random.random((4300, 1)) > honest.cumsum(axis=1)).sum(axis=1).clip(max=4)
    gold = np.eye(5)[drawn]
    learnt = learn({"industry": honest[:300]}, {"industry": gold[:300]}, {"industry": "softmax"})
    calibrated = learnt.calibrated("industry", honest[300:])
    names = np.array(list("甲乙丙丁戊"))
    covered = []
    for row, right in zip(calibrated, drawn[300:], strict=True):
        order = np.argsort(-row)
        labels = ranking(*((str(names[k]), float(row[k])) for k in order))
        covered.append(str(names[right]) in learnt.candidates("industry", labels, 0.9))
    # A set may lack one printed label in seven more than promised: there the likeliest is the other answer.
    assert np.mean(covered) == pytest.approx((0.9 - OPEN) / (1 - OPEN), abs=0.04)


def test_a_level_beyond_the_cases_keeps_every_label() -> None:
    few = Doubt({"industry": Calibrator("softmax")}, {"industry": np.array([0.1, 0.2])})
    labels = ranking(("甲", 0.9), ("乙", 0.1), ("丙", 0.0))
    assert few.candidates("industry", labels, 0.9) == ("甲", "乙", "丙")


def test_a_model_without_doubt_keeps_the_first_label() -> None:
    assert NO_DOUBT.candidates("industry", ranking(("甲", 0.6), ("乙", 0.4))) == ("甲",)
    assert NO_DOUBT.calibrated("industry", np.array([0.6, 0.4])).tolist() == [0.6, 0.4]


def test_coverage_is_chosen_when_the_tagger_is_loaded() -> None:
    text = "某网站被黑客入侵，用户信息泄露，网警依法对该单位负责人进行约谈。"
    asked = [
        len(Tagger.load("shipped", coverage=coverage).tag(text).review.reasons) for coverage in (0.5, 0.99)
    ]
    assert asked[0] <= asked[1]
    assert asked[1] > 0


def test_doubt_is_stored_with_the_model(tmp_path: Path) -> None:
    from tagger.classify import storing

    model = Tagger.load("shipped").model
    assert set(model.doubt.calibrators) == {head.target for head in model.heads}
    name = storing.save(model, tmp_path, manifest={}, out_of_fold=storing.OutOfFold(()))
    again = storing.load(tmp_path / name).doubt
    assert again.calibrators == model.doubt.calibrators
    assert all(np.array_equal(again.scores[t], model.doubt.scores[t]) for t in model.doubt.scores)


def test_of_several_impacts_those_are_assigned_that_are_likelier_than_not() -> None:
    texts = (
        "某公司泄露客户个人信息三万条，被网安部门罚款五万元。",
        "张某入侵某公司服务器并删除数据库，致其业务中断两天，被判处有期徒刑一年。",
        "某网站被黑客入侵，网警依法对该单位予以警告。",
    )
    tagger = Tagger.load("shipped")
    for text in texts:
        impact = tagger.tag(text).impact
        assert [one.assigned for one in impact] == [
            rank == 0 or one.probability >= 0.5 for rank, one in enumerate(impact)
        ]
