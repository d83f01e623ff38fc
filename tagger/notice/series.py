"""Which headers of a page part it into cases.

A series of headers is one of cases where its items each tell a case of their own (narrative.py);
numbered findings, sections, measures and articles of a law stand in series too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tagger.notice.headers import (
    LONGEST_TITLE,
    SENTENCE_OPENS,
    Header,
    is_explicit,
    read_header,
    read_label,
)
from tagger.notice.narrative import names_case, tells_one_event
from tagger.notice.page import Page
from tagger.notice.passage import Item, is_box, is_preamble, item_tells_case, may_title

_CASE_SHARE = 0.6
"""So many of a series' items must tell a case, else it is no series of cases."""

_MOST_HEADERS = 5000  # a page with more is no round-up
_MOST_RUNS = 200
_NEAR = 40  # lines above a series that say what it is a series of


def case_series(page: Page, first: int, end: int) -> list[Item]:
    """The series of cases that begins first; empty where there is none."""
    headers = [
        (number, header)
        for number in range(first, end)
        if (header := read_header(page.lines[number], marked=number in page.marked))
    ]
    if len(headers) > _MOST_HEADERS:
        return []
    best: list[Item] = []
    for run in islice(_runs(headers), _MOST_RUNS):
        items = _items(run, headers, end)
        preamble = "\n".join(page.lines[first : items[0].line][-_NEAR:])
        if not is_explicit(items[0].header.style) and tells_one_event(preamble):
            continue
        if not _count_cases(page, items):
            continue
        if not best or _rank(items) < _rank(best):
            best = items
        elif items[0].header.style == best[0].header.style and items[0].line > best[-1].line:
            best = _joined(page, best, items)
    if not best:
        unnumbered = (_labelled(page, first, end), _titled(page, first, end))
        best = max(unnumbered, key=lambda items: _count_cases(page, items))
        best = best if _count_cases(page, best) else []
    return best


def _rank(items: list[Item]) -> tuple[bool, int]:
    return not is_explicit(items[0].header.style), items[0].line


def _joined(page: Page, earlier: list[Item], later: list[Item]) -> list[Item]:
    """Two series of one style: a table of contents and what it announces, or two chapters."""
    if all(item.end - item.line < 2 and page.lines[item.line][-1] not in "。；;" for item in earlier[:-1]):
        return later
    last = earlier[-1]
    return [*earlier[:-1], Item(last.header, last.line, min(last.end, later[0].line)), *later]


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


def _items(run: list[tuple[int, Header]], headers: list[tuple[int, Header]], end: int) -> list[Item]:
    """The items of a series; the last ends where a header goes on that stood above the series."""
    first, last = run[0][0], run[-1][0]
    above = {header.style for number, header in headers if number < first} - {run[0][1].style}
    stop = next((number for number, header in headers if number > last and header.style in above), end)
    ends = [number for number, _ in run[1:]] + [stop]
    return [Item(header, number, stop) for (number, header), stop in zip(run, ends, strict=True)]


def _titled(page: Page, first: int, end: int) -> list[Item]:
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


def _labelled(page: Page, first: int, end: int) -> list[Item]:
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
                if may_title(page.lines[above]) and read_label(page.lines[above + 1])
            ),
            number,
        )
        starts.append(start)
        floor = number + 1
    return _between(starts, end)


def _between(starts: list[int], end: int) -> list[Item]:
    ends = [*starts, end][1:]
    return [Item(Header("title", 0, 0), start, stop) for start, stop in zip(starts, ends, strict=True)]


def _count_cases(page: Page, items: list[Item]) -> int:
    """How many items of a series tell a case; 0 where too few do for a series of cases.

    Headers that say 案例 need only something below them.
    """
    told = [
        item_tells_case(page, item) for item in items if not (is_box(page, item) or is_preamble(page, item))
    ]
    return sum(told) if sum(told) >= 2 and sum(told) >= _CASE_SHARE * len(told) else 0
