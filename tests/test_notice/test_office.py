"""Word and PDF: what python-docx and pypdf leave to us."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tagger.notice.errors import TooLarge, WrongFormat
from tagger.notice.office import _numeral, read_docx, read_pdf

FILES = Path(__file__).parent.parent / "data" / "files"


def word(fill: Any) -> str:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    (read,) = read_docx(buffer.getvalue(), "a.docx", 10**7)
    return read.text


def test_headings_and_bold_paragraphs_are_marked() -> None:
    def fill(document: Any) -> None:
        document.add_heading("通报", 0)
        document.add_heading("某公司案", 2)
        document.add_paragraph().add_run("某医院案").bold = True
        mixed = document.add_paragraph("某医院")
        mixed.add_run("被罚").bold = True
        document.add_paragraph().add_run("整段加粗的正文以句号结尾。").bold = True

    assert word(fill) == "## 通报\n## 某公司案\n**某医院案**\n某医院被罚\n整段加粗的正文以句号结尾。"


def test_what_stands_in_content_controls_and_insertions_is_read() -> None:
    def fill(document: Any) -> None:
        body = document.element.body
        run = "<w:r><w:t>{}</w:t></w:r>"
        insertion = f"<w:ins>{run.format('被罚')}</w:ins>"
        deletion = "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        control = f"<w:sdtContent><w:p>{run.format('正文。')}</w:p></w:sdtContent>"
        body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{run.format('某公司')}{insertion}</w:p>"))
        body.insert(1, parse_xml(f"<w:sdt {nsdecls('w')}>{control}</w:sdt>"))
        body.insert(2, parse_xml(f"<w:p {nsdecls('w')}>{run.format('保留')}{deletion}</w:p>"))

    assert word(fill) == "某公司被罚\n正文。\n保留"


def test_tables() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(2, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "处罚机关", "某市公安局"
        table.cell(1, 0).text = "事实"
        table.cell(1, 1).text = "第一段。"
        table.cell(1, 1).add_paragraph("第二段。")

    assert word(fill) == "处罚机关 某市公安局\n事实\n第一段。\n第二段。"


@pytest.mark.parametrize(
    ("count", "form", "printed"),
    [
        (1, "decimal", "1"),
        (3, "decimalZero", "03"),
        (1, "chineseCounting", "一"),
        (10, "chineseCountingThousand", "十"),
        (12, "japaneseCounting", "十二"),
        (20, "ideographDigital", "二十"),
        (35, "chineseCounting", "三十五"),
    ],
)
def test_numbers_that_word_counts(count: int, form: str, printed: str) -> None:
    assert _numeral(count, form) == printed


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"no archive", b""])
def test_no_word_file(data: bytes) -> None:
    with pytest.raises(WrongFormat):
        list(read_docx(data, "a.docx", 10**6))


def pages(*names: str) -> bytes:
    writer = pypdf.PdfWriter()
    for name in names:
        writer.append(io.BytesIO((FILES / name).read_bytes()))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_pages_without_a_text_layer_are_reported() -> None:
    (document,) = read_pdf(pages("two-pages.pdf", "scan.pdf"), "a.pdf", 10**6)
    assert document.doubtful == "1 of 3 pages have no text layer"


def test_a_scan_is_refused_by_name() -> None:
    with pytest.raises(WrongFormat, match=r"^a\.pdf: is a scan .*OCR"):
        list(read_pdf(pages("scan.pdf", "scan.pdf"), "a.pdf", 10**6))


def test_pdf_text_is_bounded() -> None:
    with pytest.raises(TooLarge):
        list(read_pdf(pages("two-pages.pdf"), "a.pdf", 20))
