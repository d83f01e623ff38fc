"""Figures from judged notices, and the recipe measured on cases that it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from tagger.casebook import read_cases
from tagger.evaluation import measure, tables
from tagger.evaluation.figures import Judged
from tagger.promotion import Notices


def judged(*pairs: tuple[str, str]) -> list[Judged]:
    return [Judged(((gold,),), (given,)) for gold, given in pairs]


def test_all_three_are_right_together() -> None:
    found = measure.measured(
        "x",
        {
            "industry": judged(("金融", "金融"), ("金融", "金融")),
            "subject": judged(("个人", "个人"), ("个人", "团伙")),
            "nature": judged(("其他", "其他"), ("其他", "其他")),
        },
    )
    assert found.all_three.value == 0.5
    assert found.targets["subject"].accuracy.value == 0.5


def test_what_nobody_labelled_is_not_judged() -> None:
    three = {target: judged(("a", "a"), ("a", "a")) for target in ("industry", "subject", "nature")}
    statutes = [Judged(((),), ("网络安全法 21",)), *judged(("网络安全法 21", "网络安全法 21"))]
    assert measure.measured("x", {**three, "statutes": statutes}).targets["statutes"].notices == 1


def test_the_table_names_systems_targets_and_intervals() -> None:
    three = {target: judged(("a", "a"), ("a", "b")) for target in ("industry", "subject", "nature")}
    text = "\n".join(tables.table("notices", 2, [measure.measured("ours", three)]))
    assert "### notices (2 notices)" in text
    assert "| ours | 所属行业 | 0.500 [0.000, 1.000] |" in text


@pytest.mark.slow
def test_a_case_is_judged_by_what_others_teach() -> None:
    cases = read_cases()[:24]
    shop = measure.Workshop.of(cases)
    # What is learnt from the first half is asked of the second, whose labels it never saw.
    notices = Notices(cases[12:], {})
    found = measure.on_notices(shop, np.arange(12), notices)
    assert found.targets["industry"].notices == 12
    assert 0 <= found.all_three.value <= 1
    baselines = measure.baselines_on_notices(cases[:12], notices)
    assert [one.system for one in baselines] == list(measure.BASELINES)
    assert found.targets["industry"].accuracy.value > baselines[0].targets["industry"].accuracy.value
