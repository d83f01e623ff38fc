"""The learning curve and the ablation as one picture, with the report's letters and colours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.durable import write_whole
from tagger.errors import TaggerError
from tagger.evaluation import ablation, curve
from tagger.evaluation.ablation import Ablated
from tagger.evaluation.curve import Point
from tagger.promotion import ALL_THREE, Row
from tagger.report.charts import BAR, INK, SOFT, WARM, Kind, prepare, save
from tagger.selection import MAIN
from tagger.taxonomy import taxonomy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS: dict[str, Kind] = {".png": "png", ".svg": "svg"}
_ALL_THREE = "三项全对"
_COLOURS = dict(zip(MAIN, ("#7a8794", "#2f8f6b", "#b58a2a"), strict=True))
_NAMES = {
    "text terms": "文本词项",
    "words of industries": "行业词",
    "roles": "角色词",
    "acts, duties and harms": "行为、义务、危害词",
    "who is punished and how": "受罚者与处罚",
    "written examples": "编写的例文",
    "deciding together": "联合判定",
}


class UnknownPicture(TaggerError):
    """The file's ending names no kind of picture."""


def kind_of(path: Path) -> Kind:
    """The kind of picture that a file's ending names. Raises UnknownPicture."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise UnknownPicture(f"{path}: a picture ends in .png or .svg")
    return kind


def draw(points: Sequence[Point], ablated: Sequence[Ablated], path: Path) -> None:
    """Write the picture. Raises UnknownPicture, Unwritable, and MissingExtra without matplotlib."""
    kind = kind_of(path)
    prepare()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.1, 1))
    _curve(left, points)
    _ablation(right, ablated)
    write_whole(path, save(figure, kind))


def _curve(axes: Axes, points: Sequence[Point]) -> None:
    """On the development notices a line a target; on both together two dots with their intervals."""
    of_notices = [point for point in points if point.rows[0].measured == curve.DEVELOPMENT]
    of_both = [point for point in points if point.rows[0].measured == curve.BOTH]
    notices, both = of_notices[0].rows[0].notices, of_both[0].rows[0].notices
    axes.set_title("学习曲线：未见过的通报判对的比例", loc="left", fontsize=12)
    places = [point.cases for point in of_notices]
    for target in MAIN:
        values = [point.row(target).candidate.value for point in of_notices]
        axes.plot(
            places, values, "o-", color=_COLOURS[target], linewidth=1, markersize=3,
            label=f"{taxonomy()[target].heading}，开发通报",
        )  # fmt: skip
    whole = [point.row(ALL_THREE).candidate for point in of_notices]
    axes.fill_between(places, [f.low for f in whole], [f.high for f in whole], color=SOFT, alpha=0.35, lw=0)
    axes.plot(
        places,
        [f.value for f in whole],
        "o-",
        color=BAR,
        linewidth=2,
        label=f"{_ALL_THREE}，{notices}条开发通报",
    )
    figures = [point.row(ALL_THREE).candidate for point in of_both]
    axes.errorbar(
        [point.cases for point in of_both], [f.value for f in figures],
        [[f.value - f.low for f in figures], [f.high - f.value for f in figures]],
        fmt="s--", color=WARM, linewidth=1.2, capsize=3,
        label=f"{_ALL_THREE}，案例库与开发通报{both}条，交叉验证",
    )  # fmt: skip
    axes.set_xlabel("学过的案例数（0：只有编写的例文；超过101：加上其余开发通报）", fontsize=9)
    axes.set_xlim(-4, max(places) * 1.04)
    axes.set_ylim(0.5, 1.0)
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.grid(axis="y", color="#e3e8ee", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9)
    _legend(axes)


def _ablation(axes: Axes, ablated: Sequence[Ablated]) -> None:
    """What is lost without each group, in points, with the interval of the difference."""
    axes.set_title("消融：去掉一组后三项全对的变化（百分点，95%区间）", loc="left", fontsize=12)
    shown = list(reversed(ablated))
    for shift, measured, colour in ((0.18, ablation.CASEBOOK, BAR), (-0.18, ablation.DEVELOPMENT, WARM)):
        rows = [one.row(measured) for one in shown]
        values = [100 * row.difference.value for row in rows]
        places = [place + shift for place in range(len(rows))]
        axes.barh(places, values, height=0.34, color=colour, alpha=0.85, label=_named(measured, rows[0]))
        for place, row in zip(places, rows, strict=True):
            ends = [100 * row.difference.low, 100 * row.difference.high]
            axes.plot(ends, [place, place], color=INK, linewidth=1)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(shown)), [_NAMES.get(one.group, one.group) for one in shown], fontsize=9)
    axes.grid(axis="x", color="#e3e8ee", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9)
    _legend(axes)


def _legend(axes: Axes) -> None:
    """Below the axes, where it covers nothing."""
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, fontsize=9, frameon=False, alignment="left"
    )


def _named(measured: str, row: Row) -> str:
    name = "案例库，交叉验证" if measured == ablation.CASEBOOK else "开发通报"
    return f"{name}（{row.notices}条，全部时{row.current.value:.0%}）"
