"""A document becomes its notices: one, or one for each case of a round-up.

A round-up is told by a series of headers (headers.py) whose items each tell a case of their own
(narrative.py): numbered findings, sections (基本案情, 处罚结果), measures and articles of a law also
stand in series, and stay one notice. What precedes the first header is the preamble and no case.
Boxes (boxes.py) are left out of a notice's text. Where nothing else remains, or a whole document is
one box, the text is kept and `quoted` covers it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tagger.notice import Document, Notice, noise
from tagger.notice.boxes import find_boxes
from tagger.notice.clean import Cleaned, clean
from tagger.notice.errors import EmptyInput
from tagger.notice.headers import (
    LONGEST_TITLE,
    SENTENCE_OPENS,
    Header,
    is_card_field,
    is_explicit,
    read_header,
    read_label,
)
from tagger.notice.narrative import announces, closes, is_part, names_case, tells_case

_DEEPEST = 3
"""Cases under headers under headers; what is nested deeper stays together."""

_CASE_SHARE = 0.6
"""So many of a series' items must tell a case, else it is no series of cases."""


def notices(document: Document, *, split: bool = True) -> list[Notice]:
    """The notices of a document, cleaned, in order; at least one.

    Raises the document's own failure, and EmptyInput where nothing is left of its text.
    """
    if document.failure is not None:
        raise document.failure
    cleaned = clean(document.text)
    if not cleaned.text:
        raise EmptyInput(document.source, "there is no text in it")
    page = _Page(cleaned)
    date = document.date or noise.published(document.text)
    title = " ".join(clean(document.title).text.split("\n")) if document.title else ""
    whole = Notice("", date=date, source=document.source, doubtful=document.doubtful)
    passages = list(_cases(page, 0, len(page.lines), 0)) if split else []
    if len(passages) < 2:
        return [_one(page, title, whole)]
    return [
        replace(page.notice(whole, passage.title, passage.lines), case=number, cases_in_source=len(passages))
        for number, passage in enumerate(passages, 1)
    ]


@dataclass(frozen=True, slots=True)
class _Passage:
    """A case within a page: where its title stands in the text, and its lines as spans of the text."""

    title: tuple[int, int]
    lines: list[tuple[int, int]]


class _Page:
    """A cleaned text and its lines."""

    def __init__(self, cleaned: Cleaned) -> None:
        self.text = cleaned.text
        self.offsets = cleaned.offsets
        self.lines = cleaned.text.split("\n")
        self.starts = [0]
        for line in self.lines[:-1]:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.marked = {bisect_right(self.starts, at) - 1 for at in cleaned.headings}

    def span(self, number: int) -> tuple[int, int]:
        """Where a line stands in the text."""
        return self.starts[number], self.starts[number] + len(self.lines[number])

    def title_lines(self, title: str) -> int:
        """How many lines at the top are the page's title: 1 or 0."""
        first = self.lines[0]
        if title and (_same(first, title) or (len(first) < LONGEST_TITLE and _bare(first) in _bare(title))):
            return 1
        return 0 if title else int(is_title(self.lines))

    def notice(self, whole: Notice, title: tuple[int, int], lines: list[tuple[int, int]]) -> Notice:
        """The notice whose title and lines are these spans of the text."""
        spans = [title, *lines] if title[0] < title[1] else lines
        text = "\n".join(self.text[start:end] for start, end in spans)
        if text == self.text:
            return replace(whole, text=text, title=self.text[slice(*title)], offsets=self.offsets)
        offsets: list[int] = []
        source: Sequence[int] = range(len(self.text)) if self.offsets is None else self.offsets
        for start, end in spans:
            if offsets:
                offsets.append(max(offsets[-1], source[start - 1] if start else 0))
            offsets += source[start:end]
        return replace(whole, text=text, title=self.text[slice(*title)], offsets=offsets)


def is_title(lines: Sequence[str]) -> bool:
    """Whether the first line is a title: short, no sentence, no label, and text follows it."""
    first = lines[0]
    if len(lines) < 2 or len(first) >= LONGEST_TITLE or first[-1] in "。.：:":
        return False
    label = read_label(first)
    return label is None or not label.alone


def _one(page: _Page, title: str, whole: Notice) -> Notice:
    """The whole page as one notice, without its boxes."""
    top = page.title_lines(title)
    boxes = find_boxes(page.lines, top, len(page.lines))
    boxed = {number for start, end in boxes for number in range(start, end)}
    kept = [page.span(number) for number in range(top, len(page.lines)) if number not in boxed]
    quoted = not kept
    if quoted:
        kept = [page.span(number) for number in range(top, len(page.lines))]
    notice = page.notice(whole, page.span(0) if top else (0, 0), kept)
    if title and not top:
        notice = _with_foreign_title(notice, title)
    if quoted:
        notice = replace(notice, quoted=((notice.body_start, len(notice.text)),))
    return notice


def _with_foreign_title(notice: Notice, title: str) -> Notice:
    # The title did not stand in the text: -1 says so, and text[-1:0] is as empty as it should be.
    offsets = range(len(notice.text)) if notice.offsets is None else notice.offsets
    return replace(
        notice, text=f"{title}\n{notice.text}", title=title, offsets=[*[-1] * (len(title) + 1), *offsets]
    )


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _same(first: str, second: str) -> bool:
    return len(first) <= 2 * LONGEST_TITLE and _bare(first) == _bare(second)


_NEAR = 40  # lines of an item that say whether it tells a case
_MOST_HEADERS = 5000  # a page with more is no round-up
_MOST_RUNS = 200
_TITLE_SENTENCE = re.compile(r"([^。，；]{3,57}案(?:件)?[”\"]?)[。：: ] ?")
_AROUND = "【】[]：:、.。|｜丨/ -—·●■◆▶★"

# ---- series of headers ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a series: its header, and its lines from the header's own to `end`."""

    header: Header
    line: int
    end: int


def _cases(page: _Page, first: int, end: int, depth: int) -> Iterator[_Passage]:
    """The cases among some lines, each again looked through for cases within it."""
    if end - first < 2 or depth == _DEEPEST:
        return
    series = _best_series(page, first, end)
    for item in series:
        inner = list(_cases(page, item.line + 1, item.end, depth + 1)) if item.end - item.line > 4 else []
        if len(inner) > 1:
            yield from inner
        else:
            passage = _passage(page, item, last=item is series[-1])
            if passage:
                yield passage


def _best_series(page: _Page, first: int, end: int) -> list[_Item]:
    """The series of cases that begins first; empty where there is none."""
    headers = [
        (number, header)
        for number in range(first, end)
        if (header := read_header(page.lines[number], marked=number in page.marked))
    ]
    if len(headers) > _MOST_HEADERS:
        return []
    best: list[_Item] = []
    for run in islice(_runs(headers), _MOST_RUNS):
        items = _items(run, headers, end)
        if not _are_cases(page, items):
            continue
        if not best or _rank(items) < _rank(best):
            best = items
        elif items[0].header.style == best[0].header.style and items[0].line > best[-1].line:
            best = _joined(page, best, items)
    if not best:
        for items in (_titled(page, first, end), _labelled(page, first, end)):
            if _are_cases(page, items):
                return items
    return best


def _rank(items: list[_Item]) -> tuple[bool, int]:
    return not is_explicit(items[0].header.style), items[0].line


def _joined(page: _Page, earlier: list[_Item], later: list[_Item]) -> list[_Item]:
    """Two series of one style: a table of contents and what it announces, or two chapters."""
    if all(item.end - item.line < 2 and page.lines[item.line][-1] not in "。；;" for item in earlier[:-1]):
        return later
    last = earlier[-1]
    return [*earlier[:-1], _Item(last.header, last.line, min(last.end, later[0].line)), *later]


def _runs(headers: list[tuple[int, Header]]) -> Iterator[list[tuple[int, Header]]]:
    """The series: numbers that go up by one (or two, where a header was lost) from one or two."""
    open_runs: dict[str, list[list[tuple[int, Header]]]] = {}
    done: list[list[tuple[int, Header]]] = []
    for entry in headers:
        header = entry[1]
        runs = open_runs.setdefault(header.style, [])
        if header.number == 0:
            if not runs:
                runs.append([])
                done.append(runs[0])
            runs[0].append(entry)
            continue
        while runs and header.number - runs[-1][-1][1].number not in (1, 2):
            if header.number <= 2 and len(runs) < 10:
                break
            runs.pop()
        if runs and header.number - runs[-1][-1][1].number in (1, 2):
            runs[-1].append(entry)
        elif header.number <= 2:
            runs.append([entry])
            done.append(runs[-1])
    return (run for run in done if len(run) > 1)


def _items(run: list[tuple[int, Header]], headers: list[tuple[int, Header]], end: int) -> list[_Item]:
    """The items of a series; the last ends where a header goes on that stood above the series."""
    first, last = run[0][0], run[-1][0]
    above = {header.style for number, header in headers if number < first} - {run[0][1].style}
    stop = next((number for number, header in headers if number > last and header.style in above), end)
    ends = [number for number, _ in run[1:]] + [stop]
    return [_Item(header, number, stop) for (number, header), stop in zip(run, ends, strict=True)]


def _titled(page: _Page, first: int, end: int) -> list[_Item]:
    """Items under titles that have neither number nor mark: a short line ending in 案 above a story."""
    starts = [
        number
        for number in range(first, end - 1)
        if 6 <= len(page.lines[number]) < LONGEST_TITLE
        and page.lines[number][-1] not in "。；：，、;:,"
        and names_case(page.lines[number])
        and _tells(page.lines[number + 1])
        and read_label(page.lines[number]) is None
    ]
    return _between(starts, end)


def _tells(line: str) -> bool:
    label = read_label(line)
    return (
        label is not None
        or SENTENCE_OPENS.match(line) is not None
        or (len(line) >= 40 and line[-1] in "。；")
    )


def _labelled(page: _Page, first: int, end: int) -> list[_Item]:
    """Items that each begin with one label (案件回顾), under a title or under none.

    The 2020 report prints its cards so, and once its statute box above the story.
    """
    labels = [(number, label) for number in range(first, end) if (label := read_label(page.lines[number]))]
    opening = next((label.text for _, label in labels if not label.box), None)
    starts: list[int] = []
    floor = first
    for number, label in labels:
        if label.text != opening:
            continue
        start = next(
            (
                above
                for above in range(number - 1, max(floor, number - 8) - 1, -1)
                if _may_title(page.lines[above]) and read_label(page.lines[above + 1])
            ),
            number,
        )
        starts.append(start)
        floor = number + 1
    return _between(starts, end)


def _may_title(line: str) -> bool:
    return (
        4 <= len(line) < LONGEST_TITLE
        and line[-1] not in "。；：，、;:,"
        and read_label(line) is None
        and not is_card_field(line)
    )


def _between(starts: list[int], end: int) -> list[_Item]:
    ends = [*starts, end][1:]
    return [_Item(Header("title", 0, 0), start, stop) for start, stop in zip(starts, ends, strict=True)]


def _are_cases(page: _Page, items: list[_Item]) -> bool:
    """Whether enough of a series' items tell cases; headers that say 案例 need only something below them."""
    if len(items) < 2:
        return False
    told = [
        _tells_case(page, item) for item in items if not (_is_box(page, item) or _is_preamble(page, item))
    ]
    return sum(told) >= 2 and sum(told) >= _CASE_SHARE * len(told)


def _is_box(page: _Page, item: _Item) -> bool:
    label = read_label(page.lines[item.line])
    return label is not None and label.box


def _is_preamble(page: _Page, item: _Item) -> bool:
    """Whether an item is the page's own title and what it announces."""
    if item.line > 0 or item.header.number:
        return False
    title, *rest = page.lines[item.line : min(item.end, item.line + _NEAR)]
    return announces(title, "\n".join(rest))


def _tells_case(page: _Page, item: _Item) -> bool:
    near = replace(item, end=min(item.end, item.line + _NEAR))
    passage = _passage(page, near, last=False)
    if passage is None:
        return False
    title = page.text[slice(*passage.title)]
    body = "\n".join(page.text[start:end] for start, end in passage.lines)
    return len(body) >= 10 if is_explicit(item.header.style) else tells_case(title, body)


# ---- one item ------------------------------------------------------------------------------------


def _passage(page: _Page, item: _Item, *, last: bool) -> _Passage | None:
    """The case that an item tells; None where the item is a section, a measure or a box."""
    line = page.lines[item.line]
    label = read_label(line)
    if (label is not None and item.header.style != "title") or _is_preamble(page, item):
        return None
    at = page.starts[item.line] + item.header.title_at
    title, opening, following = _title(page, item, page.text[at : page.span(item.line)[1]], at)
    boxes = find_boxes(page.lines, following, item.end)
    boxed = {number for start, stop in boxes for number in range(start, stop)}
    body = [number for number in range(following, item.end) if number not in boxed]
    while last and len(body) > 1 and closes(page.lines[body[-1]]):
        body.pop()
    lines = [*opening, *(page.span(number) for number in body)]
    if not lines:
        title, lines = (0, 0), [title] if title[0] < title[1] else []
    if not lines:
        return None
    if not is_explicit(item.header.style) and is_part(page.text[slice(*(title if title[1] else lines[0]))]):
        return None
    return _Passage(title, lines)


_Spans = list[tuple[int, int]]


def _title(page: _Page, item: _Item, rest: str, at: int) -> tuple[tuple[int, int], _Spans, int]:
    """Title, what of the body stands in the title's line, and the line with which the body goes on."""
    here = [(at, at + len(rest))] if rest else []
    following = item.line + 1
    if not rest:
        candidate = page.lines[following] if following < item.end - 1 else ""
        if candidate and _may_title(candidate) and not SENTENCE_OPENS.match(candidate):
            start, end = page.span(following)
            return _trimmed(page.text, start, end), [], following + 1
        return (0, 0), [], following
    if read_label(rest) is not None:
        return (0, 0), here, following
    sentence = _TITLE_SENTENCE.match(rest)
    if sentence:
        body_at = at + sentence.end()
        body = [(body_at, at + len(rest))] if body_at < at + len(rest) else []
        return _trimmed(page.text, at, at + sentence.end(1)), body, following
    full_stop = rest.find("。")
    is_sentence = full_stop >= 0 and (full_stop < len(rest) - 1 or SENTENCE_OPENS.match(rest) is not None)
    if len(rest) < LONGEST_TITLE and not is_sentence and following < item.end and rest[-1] not in "；;":
        return _trimmed(page.text, at, at + len(rest)), [], following
    return (0, 0), here, following


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A title without the brackets and marks that stand around it."""
    while start < end and text[start] in _AROUND:
        start += 1
    while start < end and text[end - 1] in "】：: 。|｜丨-—":
        end -= 1
    return start, end
