"""The learning curve and the ablation: what is learnt from is never what is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tagger import promotion
from tagger.casebook import read_cases
from tagger.classify.folds import Indices
from tagger.classify.training import Ground, Priors, priors_for
from tagger.evaluation import ablation, curve, pictures
from tagger.evaluation.ablation import GROUPS, Group, dropped
from tagger.evaluation.pool import ASKED, Pool, mean, spread
from tagger.promotion import ALL_THREE, Notices
from tagger.selection import MAIN


@pytest.fixture(scope="module")
def pool() -> Pool:
    """Sixteen cases and ten notices, without written examples, which take a minute to learn."""
    cases = read_cases()
    ground = replace(Ground.shipped(), examples=())
    return Pool.of(cases[:16], Notices(cases[40:50], {}), ground)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[int], set[int]]]:
    """What each model of a pool learnt from and was asked; every notice is right by a larger model."""
    told: list[tuple[set[int], set[int]]] = []

    def right(self: Pool, learnt: Indices, rows: Indices, priors: Priors, **_: Any) -> dict[str, Any]:
        told.append((set(learnt.tolist()), set(rows.tolist())))
        return {target: np.full(len(rows), float(len(learnt) > 10)) for target in (*MAIN, ALL_THREE)}

    monkeypatch.setattr(Pool, "right", right)
    return told


def test_no_point_is_judged_on_what_it_learnt(pool: Pool, asked: list[tuple[set[int], set[int]]]) -> None:
    points = curve.learning_curve(pool, parts=(4, 8, 90), repeats=2)
    assert all(not learnt & rows for learnt, rows in asked)
    assert [(point.learnt, point.cases) for point in points[:4]] == [
        ("the written examples alone", 0),
        ("4 cases of the casebook", 4),
        ("8 cases of the casebook", 8),
        ("the casebook", 16),
    ]
    assert points[4].cases == 24 and points[4].rows[0].notices == 10
    without, together = points[5:]
    assert without.cases < 16 and together.cases > without.cases
    assert {row.notices for row in together.rows} == {26}
    assert points[0].row(ALL_THREE).worse and not points[4].row(ALL_THREE).worse


def test_parts_lie_within_each_other(pool: Pool, asked: list[tuple[set[int], set[int]]]) -> None:
    curve.learning_curve(pool, parts=(4, 8), repeats=1)
    small, large = (learnt for learnt, _ in asked if len(learnt) in (4, 8))
    assert small < large


def test_the_curve_reads_as_markdown(pool: Pool, asked: list[tuple[set[int], set[int]]]) -> None:
    text = "\n".join(curve.lines(curve.learning_curve(pool, parts=(), repeats=1)))
    assert "### learning curve: development notices (10 notices, each unseen)" in text
    assert "| the casebook | 16 | 1.000 | 1.000 | 1.000 | 1.000 [1.000, 1.000] |  |" in text
    assert "| the written examples alone | 0 | 0.000 | 0.000 | 0.000 | 0.000 [0.000, 0.000] | -1.000" in text


def test_without_cases_the_prior_decides(pool: Pool) -> None:
    priors = priors_for(pool.ground, pool.data, ASKED)
    none = pool.casebook[:0]
    before = pool.right(none, pool.development, priors)
    assert set(before) == {*MAIN, "liability", ALL_THREE}
    # Only the rows asked matter, not which cases stand in for none.
    again = pool.right(none, pool.development[:3], priors)
    assert all(np.array_equal(before[t][:3], again[t], equal_nan=True) for t in before)


def test_spread_and_mean() -> None:
    rows = np.array([3, 5, 9])
    parts = [(np.array([5]), {"x": np.array([1.0])}), (np.array([3, 9]), {"x": np.array([0.0, 1.0])})]
    assert spread(parts, rows)["x"].tolist() == [0, 1, 1]
    assert mean([{"x": np.array([0.0, 1.0])}, {"x": np.array([1.0, 1.0])}])["x"].tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("group", "gone", "left"),
    [
        ("words of industries", "title|industry.body.金融", "any|act.leak"),
        ("roles", "org-doer|business", "org|act.leak"),
        ("roles", "any|role.gang", "gate|person"),
        ("acts, duties and harms", "org|act.leak", "any|role.gang"),
        ("who is punished and how", "org|act.leak", "any|act.leak"),
        ("who is punished and how", "sanction|person.fine", "person-does|act.leak"),
        ("who is punished and how", "gate|person", "punished-as|business"),
    ],
)
def test_groups_drop_their_own(group: str, gone: str, left: str) -> None:
    drops = next(one.drops for one in GROUPS if one.name == group)
    assert drops is not None
    assert drops(*gone.split("|")) and not drops(*left.split("|"))


def test_what_is_dropped_is_nowhere(pool: Pool) -> None:
    without = dropped(pool.data, next(group for group in GROUPS if group.name == "words of industries"))
    left = {
        pool.data.names[k]
        for k in np.unique(without.knowledge.tocoo().col[without.knowledge.tocoo().data != 0])
    }
    assert left and not any("|industry." in name for name in left)
    assert without.counts.nnz == pool.data.counts.nnz
    assert dropped(pool.data, Group("text", text=True)).counts.nnz == 0


@pytest.mark.slow
def test_an_ablation_and_its_picture(pool: Pool, tmp_path: Path) -> None:
    few = replace(pool, ground=replace(pool.ground, examples=read_cases()[60:80]))
    some = ("text terms", "words of industries", "written examples", "deciding together")
    found = ablation.ablation(few, [group for group in GROUPS if group.name in some], cores=1)
    assert [one.group for one in found] == list(some)
    row = found[1].row(ablation.CASEBOOK, "industry")
    assert row.notices == 16 and row.candidate.value < row.current.value
    assert len({one.row(ablation.DEVELOPMENT).current.value for one in found}) == 1
    text = "\n".join(ablation.lines(found))
    assert "| nothing | " in text and "| words of industries | " in text
    points = curve.learning_curve(few, parts=(8,), repeats=1)
    for name in ("a.png", "a.svg"):
        pictures.draw(points, found, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()[:2000]


def test_a_picture_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pictures.UnknownPicture, match=r"ends in \.png or \.svg"):
        pictures.draw((), (), tmp_path / "a.gif")


def test_targets_that_nobody_judged_have_no_row() -> None:
    right = {target: np.array([1.0, 0.5]) for target in (*MAIN, ALL_THREE)}
    rows = promotion.compared("x", ["a", "b"], right, right)
    assert [row.target for row in rows] == [*MAIN, ALL_THREE]
    assert rows[0].current.value == 0.75 and not rows[0].worse and not rows[0].better
