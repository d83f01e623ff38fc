"""What a report writes."""

from __future__ import annotations

import html
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tagger import shipped
from tagger.report import charts, page, sheets
from tagger.report.entries import Batch, read_batch
from tagger.report.figures import Figures, count


@pytest.fixture(scope="module")
def figures() -> Figures:
    return count(read_batch(shipped.DATA / "cases.jsonl"))


def test_the_page_stands_alone(figures: Figures) -> None:
    text = page.html(figures, "报告").decode("utf-8")
    assert text.count("<svg ") == len(charts.CHARTS)
    assert page.CONTENT_POLICY in html.unescape(text)
    assert not [word for word in ('src="http', 'href="http', "@import", "url(http") if word in text]


def test_paragraphs_that_count_otherwise_than_the_chart_say_so(figures: Figures) -> None:
    by_label = {share.label: share.count for share in figures.distributions["industry"]}
    assert [p.industry for p in figures.profiles if p.count != by_label[p.industry]]
    for text in (page.html(figures, "报告"), page.markdown(figures, "报告")):
        assert "按首个行业各计一次" in text.decode("utf-8")


def test_what_an_article_says_has_chinese_punctuation(figures: Figures) -> None:
    assert not [cause.gist for cause in figures.causes if set(",;:") & set(cause.gist)]


def test_a_hostile_title_is_text(tmp_path: Path) -> None:
    labels = {t: [{"label": "<b>x</b>", "probability": 1, "assigned": True}] for t in ("industry", "nature")}
    record = {"source": "a", "case": 1, "title": "<script>alert(1)</script>", **labels}
    path = tmp_path / "cards.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    figures = count(read_batch(path))
    text = page.html(figures, "</title><script>").decode("utf-8")
    assert "<script>alert" not in text
    assert "<b>x</b>" not in text
    assert "</title><script>" not in text
    assert "<script>" not in page.markdown(figures, "t").decode("utf-8")


def test_the_same_figures_give_the_same_picture(figures: Figures) -> None:
    assert charts.draw(figures, "svg") == charts.draw(figures, "svg")


def test_pictures_show_chinese_without_a_system_font(figures: Figures) -> None:
    # Letters are outlines: a reader's machine needs no font, so no <text> is left.
    assert all(b"<text" not in svg for svg in charts.draw(figures, "svg").values())
    assert charts.poster(figures, "png").startswith(b"\x89PNG")


def test_nothing_to_report_is_still_a_report() -> None:
    empty = count(Batch((), failed=2))
    assert page.html(empty, "t")
    assert page.markdown(empty, "t")
    assert sheets.workbook(empty)
    assert charts.poster(empty, "png")


def test_the_workbook_reads_back(figures: Figures) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook(figures)))
    assert book["案例"].max_row == len(figures.events) + 1
    assert [cell.value for cell in book["分布"][2]][:3] == ["所属行业", "互联网", 28]


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    from tagger.cli.report import UnknownReportFormat, command

    target = tmp_path / "r.pdf"
    done = CliRunner().invoke(command, [str(shipped.DATA / "cases.jsonl"), "-o", str(target)])
    assert isinstance(done.exception, UnknownReportFormat)
    assert not target.exists()
