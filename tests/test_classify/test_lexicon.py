"""A user's words over the shipped ones: what they may say, and what is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagger.classify.lexicon import BrokenLexicon, Entry, overlaid

SHIPPED = {
    "医院": (Entry("industry.body.医疗卫生", 3.0),),
    "入侵": (Entry("act.intrude", 3.0),),
    "物流": (Entry("trade.交通运输", 3.0),),
}


def words(folder: Path, *rows: str) -> Path:
    (folder / "own.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_a_row_adds_replaces_and_takes_away(tmp_path: Path) -> None:
    rows = ("泡泡灵舍\tindustry.body.生活服务\t3", "医院\tindustry.body.医疗卫生\t1", "入侵\tact.intrude\t0")
    assert overlaid(SHIPPED, words(tmp_path, *rows)) == {
        "医院": (Entry("industry.body.医疗卫生", 1.0),),
        "物流": (Entry("trade.交通运输", 3.0),),
        "泡泡灵舍": (Entry("industry.body.生活服务", 3.0),),
    }


def test_a_row_without_a_strength_is_a_weak_hint(tmp_path: Path) -> None:
    assert overlaid(SHIPPED, words(tmp_path, "诊所\tindustry.body.医疗卫生"))["诊所"] == (
        Entry("industry.body.医疗卫生", 1.0),
    )


@pytest.mark.parametrize(
    "meaning", ["industry.body.宠物服务", "industry.body.医疗", "trade.水上交通运输", "trade.宠物服务"]
)
def test_an_industry_of_ones_own_is_let_in(tmp_path: Path, meaning: str) -> None:
    assert overlaid(SHIPPED, words(tmp_path, f"猫舍\t{meaning}\t3"))["猫舍"] == (Entry(meaning, 3.0),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("猫舍\tindustry.bdy.生活服务\t3", "did you mean industry.body"),
        ("猫舍\tindustry.body.医疗卫牛\t3", "did you mean industry.body.医疗卫生"),
        ("猫舍\ttrade.交通运数\t3", "did you mean trade.交通运输"),
        ("猫舍\tact.intrud\t3", "did you mean act.intrude"),
        ("猫舍\tindustry.body.生活服务 3\tx", "a strength of 0 to 10"),
        ("猫舍", "a row is a term"),
        ("猫舍\tact.intrude\t11", "a strength of 0 to 10"),
    ],
)
def test_a_row_that_would_do_nothing_is_refused(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(BrokenLexicon, match=told):
        overlaid(SHIPPED, words(tmp_path, row))


def test_a_folder_without_tables_changes_nothing(tmp_path: Path) -> None:
    assert overlaid(SHIPPED, tmp_path) is SHIPPED
    assert overlaid(SHIPPED, tmp_path / "none") is SHIPPED
