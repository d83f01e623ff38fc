"""A document becomes its notices: one, or one for each case of a round-up.

A round-up is told by a series of headers (headers.py) whose items each tell a case of their own
(narrative.py): numbered findings, sections (基本案情, 处罚结果), measures and articles of a law also
stand in series, and stay one notice. What precedes the first header is the preamble and no case.
Boxes (boxes.py) are left out of a notice's text. Where nothing else remains, or a whole document is
one box, the text is kept and `quoted` covers it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from tagger.notice import Document, Notice, noise
from tagger.notice.boxes import find_boxes
from tagger.notice.clean import clean
from tagger.notice.errors import EmptyInput
from tagger.notice.page import Page
from tagger.notice.passage import Passage, read_passage
from tagger.notice.series import case_series

_DEEPEST = 3
"""Cases under headers under headers; what is nested deeper stays together."""

_MOST_LINES = 20_000
"""A text with more is no page: neither cases nor boxes are looked for."""


def notices(document: Document, *, split: bool = True) -> list[Notice]:
    """The notices of a document, cleaned, in order; at least one.

    Raises the document's own failure, and EmptyInput where nothing is left of its text.
    """
    if document.failure is not None:
        raise document.failure
    cleaned = clean(document.text)
    if not cleaned.text:
        raise EmptyInput(document.source, "there is no text in it")
    page = Page(cleaned)
    date = document.date or noise.published(document.text)
    title = " ".join(clean(document.title).text.split("\n")) if document.title else ""
    whole = Notice("", date=date, source=document.source, doubtful=document.doubtful)
    split = split and len(page.lines) <= _MOST_LINES
    passages = list(_cases(page, 0, len(page.lines), 0)) if split else []
    if len(passages) < 2:
        return [_one(page, title, whole)]
    return [
        replace(page.notice(whole, passage.title, passage.lines), case=number, cases_in_source=len(passages))
        for number, passage in enumerate(passages, 1)
    ]


def _cases(page: Page, first: int, end: int, depth: int) -> Iterator[Passage]:
    """The cases among some lines, each again looked through for cases within it."""
    if end - first < 2 or depth == _DEEPEST:
        return
    series = case_series(page, first, end)
    for item in series:
        inner = list(_cases(page, item.line + 1, item.end, depth + 1)) if item.end - item.line > 4 else []
        if len(inner) > 1:
            yield from inner
        else:
            passage = read_passage(page, item, last=item is series[-1])
            if passage:
                yield passage


def _one(page: Page, title: str, whole: Notice) -> Notice:
    """The whole page as one notice, without its boxes."""
    top = page.title_lines(title)
    boxes = find_boxes(page.lines, top, len(page.lines)) if len(page.lines) <= _MOST_LINES else []
    boxed = {number for start, end in boxes for number in range(start, end)}
    kept = [page.span(number) for number in range(top, len(page.lines)) if number not in boxed]
    quoted = not kept
    if quoted:
        kept = [page.span(number) for number in range(top, len(page.lines))]
    notice = page.notice(whole, page.span(0) if top else (0, 0), kept)
    if title and not top:
        notice = _with_foreign_title(notice, title)
    if quoted and notice.body_start < len(notice.text):
        notice = replace(notice, quoted=((notice.body_start, len(notice.text)),))
    return notice


def _with_foreign_title(notice: Notice, title: str) -> Notice:
    # The title did not stand in the text: -1 says so, and text[-1:0] is as empty as it should be.
    offsets = range(len(notice.text)) if notice.offsets is None else notice.offsets
    return replace(
        notice, text=f"{title}\n{notice.text}", title=title, offsets=[*[-1] * (len(title) + 1), *offsets]
    )
