"""Names of bodies that no table has: the industry by their characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tagger.classify.features import Input, Reader
from tagger.classify.lexicon import Entry
from tagger.classify.naming import Naming, keep, kept, learn_naming, names_of_bodies, sum_of
from tagger.classify.training import Ground
from tagger.notice import Notice

NAMING = Naming(
    runs=("木", "木公", "店"),
    labels=("制造业", "生活服务", "金融"),
    weights=np.array([[4.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 5.0, 0.0]], np.float16),
    bias=np.array([0.0, 0.0, 0.5], np.float16),
)
WORDS = {
    "公司": (Entry("form.company", 3.0),),
    "企业": (Entry("form.company", 3.0),),
    "警方": (Entry("role.authority", 3.0),),
    "查明": (Entry("notice.enforcement", 3.0),),
    "店": (Entry("form.shop", 3.0),),
    "银行": (Entry("industry.body.金融", 3.0),),
    "木器店": (Entry("industry.body.生活服务", 3.0), Entry("industry.body.制造业", 3.0)),
}


READER = Reader(WORDS, NAMING)


def bodies(text: str, reader: Reader = READER) -> list[str]:
    """What is taken for a body, as it stands in the text and with its industry."""
    (reading,) = reader.read([Input(Notice(text=text))])
    return [
        f"{text[hit.start : hit.end]} {meaning.rpartition('.')[2]}"
        for hit in reading.hits
        for meaning, _ in hit.meanings
        if meaning.startswith("industry.body.")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("警方检查了某樟木公司的系统。", ["樟木公司 制造业"]),
        ("某樟木有限公司被罚款。", ["樟木有限公司 制造业"]),
        ("一家樟木公司被罚款。", ["樟木公司 制造业"]),
        ("青田樟木公司被罚款。", ["青田樟木公司 制造业"]),
        ("两家公司、三家企业、多家店。", []),
        ("木渎一公司被罚款。", []),  # where it lies, no name
        ("该公司被罚款。", []),
        ("樟木银行公司被罚款。", ["银行 金融"]),  # a table knows more
        ("樟木被罚款。", []),  # no body
        ("警方查明公司有樟木。", []),  # before it stands what is done
        ("警方查明樟木公司出售数据。", ["樟木公司 制造业"]),
        ("6家樟木公司，三十余家樟木公司。", ["樟木公司 制造业"] * 2),
        ("樟木子公司", ["樟木子公司 制造业"]),
        ("大木股份有限公司，子公司，空壳公司。", ["大木股份有限公司 制造业"]),
        ("是否违规？樟木公司！", ["樟木公司 制造业"]),
        ("樟木企业", []),  # an enterprise of whatever kind, seldom a name
        ("青田公司被罚款。", []),  # nothing is sure
    ],
)
def test_a_body_is_named_by_its_characters_where_no_table_does(text: str, found: list[str]) -> None:
    assert bodies(text) == found


def test_a_word_for_what_bodies_are_that_was_taken_away_names_none() -> None:
    without = {term: rows for term, rows in WORDS.items() if term != "公司"}
    assert bodies("樟木公司", Reader(without, NAMING)) == []


def test_a_text_is_read_alike_alone_and_among_others() -> None:
    texts = ["某樟木公司", "公司被罚款", "", "樟木", "公司"]
    together = READER.read([Input(Notice(text=text)) for text in texts])
    assert [reading.features for reading in together] == [
        READER.read([Input(Notice(text=text))])[0].features for text in texts
    ]


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return Ground.shipped().reader


@pytest.mark.parametrize(
    ("name", "industry"),
    [
        ("竹编工艺公司", "制造业"),
        ("电梯维保公司", "制造业"),
        ("丧葬公司", "生活服务"),
        ("月嫂派遣公司", "生活服务"),
        ("路段养护公司", "交通运输"),
        ("快运分拨公司", "交通运输"),
        ("口腔种植公司", "医疗卫生"),
        ("农村饮水公司", "水利"),
        ("生态研究公司", "科研"),
    ],
)
def test_names_that_no_table_has(shipped: Reader, name: str, industry: str) -> None:
    assert name not in shipped.lexicon
    assert bodies(f"某{name}被罚款一万元。", shipped) == [f"{name} {industry}"]


def test_only_plain_names_of_one_industry_teach() -> None:
    assert names_of_bodies(WORDS | {"站": (Entry("industry.body.能源", 1.0),)}) == {"银行": "金融"}


def test_of_hardly_any_names_nothing_is_learnt() -> None:
    assert learn_naming(WORDS) is None


def test_a_naming_is_kept_and_found_again(tmp_path: Path) -> None:
    keep(NAMING, "a sum", tmp_path / "naming")
    found = kept("a sum", tmp_path / "naming")
    assert found is not None
    assert (found.runs, found.labels) == (NAMING.runs, NAMING.labels)
    assert found.weights.tolist() == NAMING.weights.tolist()
    assert found.bias.tolist() == NAMING.bias.tolist()
    assert kept("another", tmp_path / "naming") is None
    (tmp_path / "naming" / "weights.npy").write_bytes(b"")
    assert kept("a sum", tmp_path / "naming") is None


def test_what_ships_is_what_the_tables_teach() -> None:
    """Where this fails, the tables or how they are learnt have changed: run train.py."""
    words = Ground.shipped().lexicon
    shipped, learnt = kept(sum_of(words)), learn_naming(words)
    assert shipped is not None and learnt is not None
    assert (shipped.runs, shipped.labels) == (learnt.runs, learnt.labels)
    # Another processor may sum in another order.
    assert float(np.abs(shipped.weights.astype(float) - learnt.weights).max()) < 0.02
