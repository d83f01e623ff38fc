"""A cleaned text as lines, and the cutting of notices out of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from tagger.notice import Notice
from tagger.notice.clean import Cleaned
from tagger.notice.headers import LONGEST_TITLE, find_inline_box, find_inline_cases, read_label

Span = tuple[int, int]


class Page:
    """A cleaned text and its lines; a case or a box that begins in the middle of a line begins a line."""

    def __init__(self, cleaned: Cleaned) -> None:
        self.text = cleaned.text
        self.offsets = cleaned.offsets
        self.lines: list[str] = []
        self.starts: list[int] = []
        start = 0
        for line in cleaned.text.split("\n"):
            cases = find_inline_cases(line)
            for first, behind in pairwise([0, *cases, len(line)]):
                box = find_inline_box(line[first:behind])
                for at in (first, first + box) if box else (first,):
                    self.starts.append(start + at)
                    self.lines.append(line[at : first + box if box and at == first else behind])
            start += len(line) + 1
        self.marked = {bisect_right(self.starts, at) - 1 for at in cleaned.headings}

    def span(self, number: int) -> Span:
        """Where a line stands in the text."""
        return self.starts[number], self.starts[number] + len(self.lines[number])

    def title_lines(self, title: str) -> int:
        """How many lines at the top are the page's title: 1 or 0."""
        first = self.lines[0]
        if title and (_same(first, title) or (len(first) < LONGEST_TITLE and _bare(first) in _bare(title))):
            return 1
        return 0 if title else int(is_title(self.lines))

    def notice(self, whole: Notice, title: Span, lines: list[Span]) -> Notice:
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


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _same(first: str, second: str) -> bool:
    return len(first) <= 2 * LONGEST_TITLE and _bare(first) == _bare(second)
