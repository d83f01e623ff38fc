"""Writes the report's figures as a workbook: a sheet for the distributions, statutes, industries, cases."""

from __future__ import annotations

import io
from collections.abc import Sequence

from tagger.report import prose
from tagger.report.figures import Figures
from tagger.taxonomy import TARGETS, taxonomy

Cell = str | int | float


def workbook(figures: Figures) -> bytes:
    """An .xlsx of all figures. Cells are written as text or numbers, never as formulas."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})

    def sheet(name: str, heading: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        page = book.add_worksheet(name)
        page.write_row(0, 0, heading, bold)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, row)
        page.freeze_panes(1, 0)
        page.set_column(0, len(heading) - 1, 22)

    sheet("概况", ("项目", "数值"), prose.headline(figures))
    sheet(
        "分布",
        ("项目", "标签", "事件", "占比"),
        [
            (taxonomy()[target].heading, s.label, s.count, s.share)
            for target in TARGETS
            for s in figures.distributions[target]
        ],
    )
    sheet(
        "触犯法条",
        ("法条", "版本", "原文引用", "推定"),
        [(s.citation, s.edition or "未定", s.cited, s.predicted) for s in figures.statutes],
    )
    sheet("主要原因", ("法条", "内容", "事件"), [(c.citation, c.gist, c.count) for c in figures.causes])
    sheet(
        "各行业",
        ("行业", "事件", "说明"),
        [(p.industry, p.count, prose.paragraph(p, len(figures.events))) for p in figures.profiles],
    )
    if figures.published:
        sheet(
            "与公布数字对照",
            ("项目", "标签", "公布", "按卡片", "占比", "说明"),
            [
                (taxonomy()[p.target].heading, p.label, p.published, p.counted, p.share, p.explanation)
                for p in figures.published
            ],
        )
    sheet(
        "案例",
        ("标题", "日期", *(taxonomy()[t].heading for t in TARGETS), "触犯法条", "关键词"),
        [
            (
                e.title,
                e.date or "",
                *("、".join(e.labels[t]) for t in TARGETS),
                "、".join(dict.fromkeys(a.citation for a in e.articles)),
                "、".join(e.keywords),
            )
            for e in figures.events
        ],
    )
    book.close()
    return out.getvalue()
