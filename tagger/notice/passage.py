"""One item of a series of headers, read as a case: its title and its lines."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from tagger.expressions import expression
from tagger.notice.boxes import find_boxes
from tagger.notice.headers import (
    LONGEST_TITLE,
    SENTENCE_OPENS,
    Header,
    is_card_field,
    is_explicit,
    read_label,
)
from tagger.notice.narrative import announces, closes, is_part, tells_case
from tagger.notice.page import Page, Span

_NEAR = 40  # lines of an item that say whether it tells a case
_TITLE_SENTENCE = expression(r"([^。，；]{3,57}案(?:件)?[”\"]?)[。：: ] ?")
_AROUND = "【】[]：:、.。|｜丨/ -—·●■◆▶★"


class Item(Struct, frozen=True):
    """One item of a series: its header, and its lines from the header's own to `end`."""

    header: Header
    line: int
    end: int


class Passage(Struct, frozen=True):
    """A case within a page: where its title stands in the text, and its lines as spans of the text."""

    title: Span
    lines: list[Span]


def is_box(page: Page, item: Item) -> bool:
    label = read_label(page.lines[item.line])
    return label is not None and label.box


def is_preamble(page: Page, item: Item) -> bool:
    """Whether an item is the page's own title and what it announces."""
    if item.line > 0 or item.header.number:
        return False
    title, *rest = page.lines[item.line : min(item.end, item.line + _NEAR)]
    return announces(title, "\n".join(rest))


def item_tells_case(page: Page, item: Item) -> bool:
    near = replace(item, end=min(item.end, item.line + _NEAR))
    passage = read_passage(page, near, last=False)
    if passage is None:
        return False
    title = page.text[slice(*passage.title)]
    body = "\n".join(page.text[start:end] for start, end in passage.lines)
    return len(body) >= 10 if is_explicit(item.header.style) else tells_case(title, body)


def read_passage(page: Page, item: Item, *, last: bool) -> Passage | None:
    """The case that an item tells; None where the item is a section, a measure or a box."""
    line = page.lines[item.line]
    label = read_label(line)
    if (label is not None and item.header.style != "title") or is_preamble(page, item):
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
    titled = title[0] < title[1]
    if not is_explicit(item.header.style) and is_part(page.text[slice(*(title if titled else lines[0]))]):
        body_text = "\n".join(page.text[start:stop] for start, stop in lines[:_NEAR])
        if titled or not tells_case("", body_text):
            return None
    return Passage(title, lines)


_Spans = list[Span]


def _title(page: Page, item: Item, rest: str, at: int) -> tuple[Span, _Spans, int]:
    """Title, what of the body stands in the title's line, and the line with which the body goes on."""
    here = [(at, at + len(rest))] if rest else []
    following = item.line + 1
    if not rest:
        candidate = page.lines[following] if following < item.end - 1 else ""
        if candidate and may_title(candidate) and not SENTENCE_OPENS.match(candidate):
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


def may_title(line: str) -> bool:
    return (
        4 <= len(line) < LONGEST_TITLE
        and line[-1] not in "。；：，、;:,"
        and read_label(line) is None
        and not is_card_field(line)
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    """A title without the brackets and marks that stand around it."""
    while start < end and text[start] in _AROUND:
        start += 1
    while start < end and text[end - 1] in "】：: 。|｜丨-—":
        end -= 1
    return start, end
