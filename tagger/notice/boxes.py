"""The boxes of a page that teach readers: statute boxes, 网警提醒, 律师说法, 典型意义. They are no part "
"of a case."""

from __future__ import annotations

from collections.abc import Sequence

from tagger.expressions import expression
from tagger.notice.headers import (
    SENTENCE_OPENS,
    is_card_field,
    is_law_name,
    is_statute,
    read_header,
    read_label,
)
from tagger.notice.narrative import tells_event

# A statute that is applied in the same paragraph is the case's ground and no box.
_APPLIED = expression(
    "该(?:公司|单位|平台|网站|医院|学校|企业|局|中心|行为|机构|男子|人)|涉案|当事人|其行为|本案|[\u4e00-\u9fff]某"
)
_CLAUSE = expression(
    r"[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十百零〇\d]{1,7}条|[“\"]?(?:前款|有前款|违反前)"
)


def find_boxes(lines: Sequence[str], first: int, end: int) -> list[tuple[int, int]]:
    """The boxes among lines[first:end], as (first line, behind the last line), in order.

    A labelled box goes on to the next section's label, to a field of the report's card, to a header
    of a style that stood before it, or to a paragraph that goes on with the story; printed articles
    without a label go on as long as articles and their items follow; under 处罚依据 they are no box.
    """
    boxes: list[tuple[int, int]] = []
    section = ""
    styles: set[str] = set()
    at = first
    while at < end:
        line = lines[at]
        label = read_label(line)
        if label and label.box:
            stop = _labelled(lines, at, end, styles)
        elif "依据" not in section and is_statute(line) and not _APPLIED.search(line):
            stop = _printed(lines, at, end)
            if at > first and is_law_name(lines[at - 1]) and not (boxes and boxes[-1][1] == at):
                at -= 1
        else:
            header = read_header(line, marked=False)
            if header:
                styles.add(header.style)
            section = label.text if label else section
            at += 1
            continue
        boxes.append((at, stop))
        at = stop
    return boxes


def _labelled(lines: Sequence[str], at: int, end: int, styles: set[str]) -> int:
    for number in range(at + 1, end):
        line = lines[number]
        label = read_label(line)
        if label:
            if not label.box:
                return number
            continue
        if is_card_field(line):
            return number
        header = read_header(line, marked=False)
        if header and header.style in styles:
            return number
        if SENTENCE_OPENS.match(line) and tells_event(line) and not is_statute(line):
            return number
    return end


def _printed(lines: Sequence[str], at: int, end: int) -> int:
    for number in range(at + 1, end):
        line = lines[number]
        if not (is_statute(line) or is_law_name(line) or _CLAUSE.match(line)) or _APPLIED.search(line):
            return number
    return end
