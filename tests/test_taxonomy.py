from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.taxonomy import TARGETS, Target, UnknownLabel, split_entries, taxonomy


@pytest.mark.parametrize(
    ("target", "printed", "labels"),
    [
        ("industry", "互联网", ["互联网"]),
        ("industry", "医疗卫生、互联网", ["医疗卫生", "互联网"]),
        ("industry", " 医疗卫生 ，互联网、", ["医疗卫生", "互联网"]),
        ("impact", "政企机构利益公众利益", ["政企机构利益", "公众利益"]),
        ("impact", "政府机构利益、公众利益", ["政企机构利益", "公众利益"]),
        ("nature", "建设运维管理疏失外部攻击", ["建设运维管理疏失", "外部入侵"]),
        ("nature", "建设运营管理疏失", ["建设运维管理疏失"]),
        ("nature", "外部入侵\u200b\xa0", ["外部入侵"]),
        ("subject", "个人黑客", ["个人黑客"]),
        ("subject", "个人、个人黑客个人", ["个人", "个人黑客"]),
        ("liability", "不履行安全管理义务", ["未履行安全管理义务"]),
        ("liability", "不履行网络安全保护义务", ["不履行安全保护义务"]),
        ("liability", "", []),
    ],
)
def test_read(target: Target, printed: str, labels: list[str]) -> None:
    assert list(taxonomy()[target].read(printed)) == labels


@pytest.mark.parametrize(
    ("target", "printed", "nearest"),
    [
        ("nature", "外部侵入", "外部入侵"),
        ("nature", "建设运维疏失", "建设运维管理疏失"),
        ("industry", "医疗", "医疗卫生"),
        ("industry", "xyz", None),
    ],
)
def test_unknown_label_names_the_nearest(target: Target, printed: str, nearest: str | None) -> None:
    with pytest.raises(UnknownLabel) as caught:
        taxonomy()[target].read(printed)
    assert caught.value.nearest == nearest
    assert taxonomy()[target].heading in str(caught.value)
    assert printed in str(caught.value)


@given(st.data(), st.sampled_from(TARGETS), st.sampled_from(["、", ", ", "；", "|", "\n"]))
def test_labels_joined_by_any_mark_are_read_back(data: st.DataObject, target: Target, mark: str) -> None:
    labels = data.draw(st.lists(st.sampled_from(taxonomy()[target].labels), unique=True))
    assert list(taxonomy()[target].read(mark.join(labels))) == labels


@given(st.text())
def test_entries_are_never_empty_nor_padded(printed: str) -> None:
    assert all(entry and entry == entry.strip() for entry in split_entries(printed))


def test_every_spelling_leads_to_a_label() -> None:
    for target, labels in taxonomy().items():
        assert labels.target == target
        assert set(labels.spellings.values()) <= set(labels.labels)
        assert not set(labels.spellings) & set(labels.labels)


def test_new_labels_stand_behind_the_shipped_ones_once() -> None:
    industry = taxonomy()["industry"].with_labels(("航空航天", "互联网", "航空航天"))
    assert industry.labels == (*taxonomy()["industry"].labels, "航空航天")
    assert industry.read("航空航天、互联网") == ("航空航天", "互联网")
