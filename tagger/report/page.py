"""Writes the report as one self-contained page, or as Markdown."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from tagger.errors import MissingExtra
from tagger.report import charts, prose
from tagger.report.figures import Figures
from tagger.taxonomy import TARGETS, taxonomy

CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:"
)
"""What the page may do: nothing but its own style, script and font."""

_TEMPLATE = Path(__file__).with_name("page.html")


def html(figures: Figures, title: str) -> bytes:
    """One file that opens offline and prints well: charts inline, a table with filter and search."""
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtra("the HTML report", "report") from error
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    drawn = {
        name: Markup(_inline(svg.decode("utf-8"), charts.CHARTS[name].title))
        for name, svg in charts.draw(figures, "svg").items()
    }
    page = template.render(
        title=title,
        content_policy=CONTENT_POLICY,
        figures=figures,
        headline=prose.headline(figures),
        counted_by_first=prose.counted_by_first(figures),
        charts=drawn,
        paragraphs=[prose.paragraph(profile, len(figures.events)) for profile in figures.profiles],
        headings={target: label_set.heading for target, label_set in taxonomy().items()},
    )
    return page.replace("/* FONT */", _font_face(page), 1).encode("utf-8")


def _font_face(page: str) -> str:
    """Noto Sans SC cut down to the page's own characters, so that it reads where no Chinese font is."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path

    options = subset.Options(flavor="woff", layout_features=[], hinting=False, notdef_outline=True)
    with TTFont(sans_path(), lazy=True, recalcTimestamp=False) as font:
        cut = subset.Subsetter(options)
        cut.populate(text=page)
        cut.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return f'@font-face {{ font-family: "Report"; src: url(data:font/woff;base64,{data}) format("woff"); }}'


def _inline(svg: str, title: str) -> str:
    """An SVG file as an element of a page, with a name for those who do not see it."""
    body = svg[svg.index("<svg") :]
    return body.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)


def markdown(figures: Figures, title: str) -> bytes:
    """The report's figures and paragraphs as Markdown, without charts."""
    lines = [f"# {title}", ""]
    lines += [f"- {name}：{value}" for name, value in prose.headline(figures)]
    for target in TARGETS:
        shares = [(s.label, s.count, f"{s.share:.1%}") for s in figures.distributions[target]]
        lines += _table(taxonomy()[target].heading, ("标签", "事件", "占比"), shares)
    statutes = [(s.citation, s.edition or "未定", s.cited, s.predicted) for s in figures.statutes]
    lines += _table("触犯法条", ("法条", "版本", "原文引用", "推定"), statutes)
    causes = [(c.citation, c.gist, c.count) for c in figures.causes]
    lines += _table("主要原因", ("法条", "内容", "事件"), causes)
    lines += ["", "## 各行业"]
    if note := prose.counted_by_first(figures):
        lines += ["", note]
    for profile in figures.profiles:
        lines += ["", _cell(prose.paragraph(profile, len(figures.events)))]
    if figures.published:
        published = [
            (p.label, f"{p.published:.1%}", f"{p.counted}（{p.share:.1%}）", p.explanation)
            for p in figures.published
        ]
        lines += _table("与2020年报告公布的数字对照", ("项目", "公布", "按卡片", "说明"), published)
    return ("\n".join(lines) + "\n").encode("utf-8")


def _table(title: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    return [
        *("", f"## {title}", "", f"| {' | '.join(heading)} |", "|---" * len(heading) + "|"),
        *(f"| {' | '.join(_cell(str(cell)) for cell in row)} |" for row in rows),
    ]


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
