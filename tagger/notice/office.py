"""Word and PDF files: .docx by python-docx, .pdf by pypdf. A scan has no text to read and is refused by "
"name."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from tagger.expressions import expression
from tagger.notice import Document
from tagger.notice.archive import check_office
from tagger.notice.decode import looks_garbled
from tagger.notice.errors import MissingReader, TooLarge, Unreadable, WrongFormat

_MOST_PAGES = 2000
_LEAST_TEXT = 10  # characters of a page that has a text layer
_LONGEST_HEADING = 80
_HEADING_STYLE = expression(r"(?:heading|title|标题)\b|标题 ?\d", re.IGNORECASE)


def read_docx(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """The paragraphs and tables of a Word file; headings and wholly bold paragraphs are marked as in "
    "Markdown."""
    try:
        import docx
    except ImportError:
        raise MissingReader(source, "reading .docx", "docs") from None
    check_office(data, source, max_size)
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, SyntaxError) as error:
        raise WrongFormat(source, f"is no Word file, or a damaged one ({error})") from error
    styles = {style.style_id: style.name or "" for style in document.styles}
    numbers = _Numbering(document)
    yield Document(source, "\n".join(_paragraphs(document.element.body, styles, numbers)))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _paragraphs(body: Any, styles: dict[str, str], numbers: _Numbering) -> Iterator[str]:
    """Walks the body itself: python-docx leaves out content controls and accepted insertions."""
    printed: set[Any] = set()
    for element in body.iter(f"{_W}p", f"{_W}tr"):
        if next(element.iterancestors(_FALLBACK), None) is not None:
            continue  # a text box stands twice, for old and new Word
        if element.tag == f"{_W}tr":
            cells = [[*cell.iter(f"{_W}p")] for cell in element.iterchildren(f"{_W}tc")]
            if all(len(cell) == 1 for cell in cells):
                yield " ".join(filter(None, (_runs(cell[0]).strip() for cell in cells)))
                printed.update(cell[0] for cell in cells)
        elif element not in printed:
            yield _marked(element, styles, numbers)


def _marked(paragraph: Any, styles: dict[str, str], numbers: _Numbering) -> str:
    text = numbers.of(paragraph) + _runs(paragraph).strip()
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if not text or len(text) > _LONGEST_HEADING or text[-1] == "。":
        return text
    if style is not None and _HEADING_STYLE.match(styles.get(style.get(f"{_W}val"), "")):
        return f"## {text}"
    runs = [
        run for run in paragraph.iter(f"{_W}r") if "".join(t.text or "" for t in run.iter(f"{_W}t")).strip()
    ]
    bold = [run.find(f"{_W}rPr/{_W}b") for run in runs]
    if runs and all(b is not None and b.get(f"{_W}val") not in ("0", "false") for b in bold):
        return f"**{text}**"
    return text


def _runs(paragraph: Any) -> str:
    parts: list[str] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag == f"{_W}tab" and node.getparent().tag == f"{_W}r":
            parts.append("\t")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return "".join(parts)


class _Numbering:
    """The numbers that Word counts itself (一、 二、 …) and that stand in no run."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[str, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {
            item.get(f"{_W}abstractNumId"): {
                level.get(f"{_W}ilvl"): (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(_value(level, "start", "1")),
                )
                for level in item.iterchildren(f"{_W}lvl")
            }
            for item in root.iterchildren(f"{_W}abstractNum")
        }
        for number in root.iterchildren(f"{_W}num"):
            self._levels[number.get(f"{_W}numId")] = abstract.get(_value(number, "abstractNumId", ""), {})

    def of(self, paragraph: Any) -> str:
        """The paragraph's number as printed, e.g. `一、`; empty where it has none or is a bullet."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            return ""
        number, level = _value(properties, "numId", ""), _value(properties, "ilvl", "0")
        form, pattern, start = self._levels.get(number, {}).get(level, ("none", "", 1))
        count = self._counts.get((number, level), start - 1) + 1
        self._counts[number, level] = count
        for key in self._counts:
            if key[0] == number and key[1] > level:
                self._counts[key] = 0
        own = f"%{int(level) + 1}" if level.isdecimal() else ""
        if form in ("bullet", "none") or pattern.count("%") != 1 or own not in pattern:
            return ""
        return pattern.replace(own, _numeral(count, form))


def _value(element: Any, name: str, default: str) -> str:
    child = element.find(f"{_W}{name}")
    value = child.get(f"{_W}val") if child is not None else None
    return default if value is None else str(value)


def _numeral(count: int, form: str) -> str:
    if "hinese" not in form and "japanese" not in form and "ideograph" not in form:
        return f"{count:02}" if form == "decimalZero" else str(count)
    digits = "〇一二三四五六七八九"
    if count < 10:
        return digits[count]
    tens, ones = divmod(count, 10)
    return ("" if tens == 1 else digits[tens % 10]) + "十" + (digits[ones] if ones else "")


def read_pdf(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """The text layer of a PDF file, page after page."""
    try:
        import pypdf
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError:
        raise MissingReader(source, "reading .pdf", "docs") from None
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(source, "is locked with a password; save it without one")
        if len(reader.pages) > _MOST_PAGES:
            raise TooLarge(source, f"has {len(reader.pages):,} pages; the bound is {_MOST_PAGES:,}")
        pages: list[str] = []
        for page in reader.pages:
            pages.append(page.extract_text())
            if sum(map(len, pages)) > max_size:
                raise TooLarge(source, f"holds more than {max_size:,} characters (see --max-size)")
    except DependencyError as error:
        raise Unreadable(
            source, "is encrypted; save it without encryption, or pip install cryptography"
        ) from error
    except (PyPdfError, NotImplementedError) as error:
        raise WrongFormat(source, f"is no PDF file, or a damaged one ({error})") from error
    blank = [number for number, text in enumerate(pages, 1) if len(text.strip()) < _LEAST_TEXT]
    if len(blank) == len(pages):
        raise WrongFormat(source, "is a scan without a text layer; run text recognition (OCR) on it first")
    text = "\n".join(pages)
    doubtful = None
    if blank:
        doubtful = f"{len(blank)} of {len(pages)} pages have no text layer"
    elif looks_garbled(text):
        doubtful = "PDF的文字层像是乱码"
    yield Document(source, text, doubtful=doubtful)
