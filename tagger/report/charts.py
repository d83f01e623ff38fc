"""The report's charts, drawn with matplotlib into SVG or PNG.

Letters are drawn as outlines from Noto Sans SC, so that a picture shows Chinese on a machine that
has no Chinese font. The same figures give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from tagger.errors import MissingExtra
from tagger.report.figures import Figures
from tagger.taxonomy import Target, taxonomy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Kind = Literal["svg", "png"]

SHOWN_STATUTES = 15
INK, BAR, SOFT, WARM = "#1f2a37", "#2563a8", "#9db8d6", "#c2562d"


def prepare() -> None:
    """Makes matplotlib draw with Noto Sans SC. Raises MissingExtra where the extra is not installed."""
    try:
        import matplotlib
        from matplotlib import font_manager
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError as error:
        raise MissingExtra("drawing charts", "report") from error
    path = str(sans_path())
    name = font_manager.FontProperties(fname=path).get_name()
    if name not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(path)
    matplotlib.rcParams |= {
        "font.family": [name],
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.hashsalt": "tagger",
    }


def save(figure: Figure, kind: Kind) -> bytes:
    """The picture's bytes."""
    out = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    figure.savefig(out, format=kind, dpi=160, metadata=metadata)
    return out.getvalue()


def _title(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=12)


def _distribution(axes: Axes, figures: Figures, target: Target) -> None:
    """How often each label of a target is assigned, as the 2020 report draws it: a bar a label."""
    shown = list(reversed(figures.distributions[target]))
    _title(axes, taxonomy()[target].heading)
    axes.barh([s.label for s in shown], [s.count for s in shown], color=BAR, height=0.62)
    for place, share in enumerate(shown):
        axes.text(share.count, place, f" {share.count}（{share.share:.1%}）", va="center", fontsize=9)
    axes.margins(x=0.2)
    _bare(axes)


def _bare(axes: Axes) -> None:
    """The numbers stand at the bars: no axis is needed for them."""
    axes.tick_params(length=0, labelsize=9)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _industry_by_nature(axes: Axes, figures: Figures) -> None:
    """Industry against nature: the number of events in each cell."""
    industries = [profile.industry for profile in figures.profiles]
    seen = {nature for _, nature in figures.industry_by_nature}
    natures = [str(n) for n in taxonomy()["nature"].labels if n in seen]
    natures += sorted(seen - set(natures))
    _title(axes, "行业与性质")
    axes.spines[:].set_visible(False)
    if not industries:
        return
    table = [[figures.industry_by_nature.get((i, n), 0) for n in natures] for i in industries]
    top = max(n for row in table for n in row)
    axes.imshow(table, cmap="Blues", aspect="auto", vmin=0, vmax=top * 1.2)
    for y, row in enumerate(table):
        for x, n in enumerate(row):
            color = "white" if n > top * 0.7 else INK
            axes.text(x, y, str(n or "·"), ha="center", va="center", color=color, fontsize=9)
    axes.set_xticks(range(len(natures)), natures, fontsize=9)
    axes.set_yticks(range(len(industries)), industries, fontsize=9)
    axes.tick_params(length=0)


def _fines(axes: Axes, figures: Figures) -> None:
    """Fines on organisations by industry, a dot a fine, on a logarithmic scale of yuan."""
    fined = [profile for profile in reversed(figures.profiles) if profile.fines]
    _title(axes, "对单位的罚款（对数坐标，竖线为中位数）")
    for place, profile in enumerate(fined):
        axes.plot(profile.fines, [place] * len(profile.fines), "o", color=WARM, alpha=0.55, markersize=6)
        middle = profile.median_fine or 0
        axes.plot([middle, middle], [place - 0.25, place + 0.25], color=INK, linewidth=1.6)
    axes.set_yticks(range(len(fined)), [p.industry for p in fined], fontsize=9)
    if fined:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(
            lambda yuan, _: f"{yuan / 10_000:g}万" if yuan >= 10_000 else f"{yuan:g}"
        )
        axes.xaxis.set_minor_formatter(lambda *_: "")
        axes.grid(axis="x", color="#e3e8ee", linewidth=0.8)
        axes.set_axisbelow(True)
    axes.set_ylim(-0.6, max(len(fined) - 0.4, 0.6))


def _months(axes: Axes, figures: Figures) -> None:
    """Events by month of the decision (of the act or the publication where no decision is dated)."""
    from matplotlib.ticker import MaxNLocator

    _title(axes, "按月")
    span = _month_span(list(figures.months))
    axes.bar(span, [figures.months.get(month, 0) for month in span], color=BAR, width=0.72)
    step = max(1, len(span) // 6)
    axes.set_xticks(range(0, len(span), step), span[::step], fontsize=8)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(length=0)


def _month_span(found: list[str]) -> list[str]:
    """Every month from the first to the last; at most forty years, so that a wrong date draws no desert."""
    if not found:
        return []
    (year, month), last = (tuple(map(int, m.split("-"))) for m in (found[0], found[-1]))
    span: list[str] = []
    while (year, month) <= last and len(span) < 480:
        span.append(f"{year:04}-{month:02}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return span


def _statutes(axes: Axes, figures: Figures) -> None:
    """The commonest articles: cited ones dark, likely ones light, with the edition's year."""
    shown = list(reversed(figures.statutes[:SHOWN_STATUTES]))
    names = [f"{s.citation}（{s.edition[:4] if s.edition else '版本未定'}）" for s in shown]
    _title(axes, "触犯法条（深：引用，浅：推定）")
    axes.barh(names, [s.cited for s in shown], color=BAR, height=0.62)
    axes.barh(names, [s.predicted for s in shown], left=[s.cited for s in shown], color=SOFT, height=0.62)
    for place, s in enumerate(shown):
        axes.text(s.cited + s.predicted, place, f" {s.cited}+{s.predicted}", va="center", fontsize=9)
    axes.margins(x=0.12)
    _bare(axes)


class Chart(Struct, frozen=True):
    """One chart: what it is called, what draws it, and how many rows it needs."""

    title: str
    draw: Callable[[Axes, Figures], None]
    rows: Callable[[Figures], int]


def _of_target(target: Target) -> Chart:
    return Chart(
        f"{taxonomy()[target].heading}分布",
        lambda axes, figures: _distribution(axes, figures, target),
        lambda figures: len(figures.distributions[target]),
    )


CHARTS: dict[str, Chart] = {
    "industry": _of_target("industry"),
    "industry-by-nature": Chart("行业与性质", _industry_by_nature, lambda f: len(f.profiles) + 1),
    "subject": _of_target("subject"),
    "nature": _of_target("nature"),
    "impact": _of_target("impact"),
    "months": Chart("按月", _months, lambda f: 5),
    "statutes": Chart("触犯法条", _statutes, lambda f: min(len(f.statutes), SHOWN_STATUTES)),
    "fines": Chart("对单位的罚款", _fines, lambda f: sum(bool(p.fines) for p in f.profiles) + 1),
}


def draw(figures: Figures, kind: Kind) -> dict[str, bytes]:
    """Every chart of the report, by name."""
    prepare()
    from matplotlib.figure import Figure

    drawn = {}
    for name, chart in CHARTS.items():
        figure = Figure(figsize=(6.4, 0.8 + 0.33 * max(chart.rows(figures), 2)), layout="constrained")
        chart.draw(figure.subplots(), figures)
        drawn[name] = save(figure, kind)
    return drawn


def poster(figures: Figures, kind: Kind) -> bytes:
    """All charts as one picture."""
    prepare()
    from matplotlib.figure import Figure

    charts = list(CHARTS.values())
    pairs = list(zip(charts[::2], charts[1::2], strict=True))
    heights = [0.8 + 0.33 * max(*(chart.rows(figures) for chart in pair), 2) for pair in pairs]
    figure = Figure(figsize=(13, sum(heights) + 0.6), layout="constrained")
    figure.suptitle(f"网络安全行政执法案例：{len(figures.events)}起事件", fontsize=16, x=0.01, ha="left")
    grid = figure.subplots(len(pairs), 2, height_ratios=heights)
    for places, pair in zip(grid, pairs, strict=True):
        for axes, chart in zip(places, pair, strict=True):
            chart.draw(axes, figures)
    return save(figure, kind)
