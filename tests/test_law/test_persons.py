"""Anonymous names, and what is none."""

from __future__ import annotations

import csv
import re

import pytest

from tagger import shipped
from tagger.law.persons import NAME


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("被告人李某、张某某和付某甲", ["李某", "张某某", "付某甲"]),
        ("徐某钦因提供工具被判", ["徐某钦"]),
        ("林某任某银行客户经理", ["林某"]),
        ("西安某公司的江某被浙江某医院辞退", ["江某"]),
        ("上海林某和西安陆某", ["林某", "陆某"]),
        ("便利店店员小谭转发，小谭被罚", ["小谭"]),
        ("青年小岳，", ["小岳"]),
        ("小程序、小米手机和小黄伞，小明在最小范围收集，一小段被泄露", []),
        ("其中卫某和江某、李某和田某", ["卫某", "江某", "李某", "田某"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert re.findall(NAME, text) == names


def test_no_city_ends_in_a_name() -> None:
    """Every province and city of the table, but those that stand behind 其, 和 and the like."""
    rows = csv.DictReader((shipped.DATA / "regions.csv").read_text("utf-8").splitlines())
    cities = {
        name[:-1]
        for row in rows
        for name in (row["province"], row["prefecture"], *row["counties"].split("|"))
        if name.endswith(("省", "市"))
    } - {"中卫", "同江", "和田", "和龙", "东宁", "兴宁", "安宁", "宁安", "南安", "海安", "海林", "安陆"}
    assert len(cities) > 600
    assert [city for city in cities if re.search(NAME, f"{city}某公司")] == []
