"""The letters that pick labels and name laws."""

from __future__ import annotations

import pytest

from tagger.initials import initial, initials
from tagger.taxonomy import taxonomy

KEYS = {
    "industry": "z政府及事业单位 g公检法 j金融 j交通运输 y运营商 y医疗卫生 j教育培训 h互联网 s生活服务 z制造业 n能源 s水利 k科研 w文化传媒",
    "subject": "z政企机构 n内部人员 g个人黑客 t团伙 g个人",
    "nature": "j建设运维管理疏失 j机构犯罪 w外部入侵 q其他",
    "impact": "g公众利益 z政企机构利益",
}  # fmt: skip


@pytest.mark.parametrize("target", KEYS)
def test_every_label_has_the_letter_of_its_pinyin(target: str) -> None:
    labels = taxonomy()[target].labels  # type: ignore[index]
    found = [initial(label) + label for label in labels]
    known = KEYS[target].split()
    assert found == known


@pytest.mark.parametrize(
    ("text", "letters"),
    [("网络安全法", "wlaqf"), ("刑法", "xf"), ("ABC", "abc"), ("33号令", "33hl"), ("鑫", "鑫"), ("", ""), ("😀", "😀"), ("\ud83d", "\ud83d")],
)  # fmt: skip
def test_letters_of_a_text(text: str, letters: str) -> None:
    assert initials(text) == letters
