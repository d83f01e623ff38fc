"""A text as the grammar reads it: without spaces, line breaks and bold marks, and the way back.

第 42 条, 第253 条之一, **第二十一条** and a citation broken over two lines are all one string here.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from tagger.card import Span
from tagger.expressions import expression

# Written twice because `re` jumps to a single character of a class, but tries a repeated one everywhere.
# It looks for the characters of `\s` in less time when they are spelt out.
_SPACES = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PASSED = rf"[{_SPACES}*\u200b-\u200f\u2060\ufeff\xad]"
_PASSED_OVER = expression(f"{_PASSED}{_PASSED}*")
_FORMS = "０１２３４５６７８９（）［］〔〕【】〈〉＜＞<>"
_ONE_FORM = str.maketrans(_FORMS, "0123456789()[][][]《》《》《》")
_OTHER_FORM = expression(rf"[{re.escape(_FORMS)}]")


class Compact(Struct, frozen=True):
    """`breaks` are the positions in `text` before which a line break was taken out."""

    text: str
    breaks: frozenset[int]
    _cuts: tuple[int, ...]
    _shifts: tuple[int, ...]

    def original(self, start: int, end: int) -> Span:
        """A span of `text` as a span of the text that it was made from."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, index: int) -> int:
        at = bisect_right(self._cuts, index)
        return index + (self._shifts[at - 1] if at else 0)


def compact(text: str) -> Compact:
    """The compact form of a text; brackets and digits come in one form each."""
    kept: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    breaks: set[int] = set()
    last = length = 0
    for match in _PASSED_OVER.finditer(text):
        kept.append(text[last : match.start()])
        length += match.start() - last
        last = match.end()
        cuts.append(length)
        shifts.append(last - length)
        if "\n" in match[0]:
            breaks.add(length)
    kept.append(text[last:])
    pressed = "".join(kept)
    if _OTHER_FORM.search(pressed):
        pressed = pressed.translate(_ONE_FORM)
    return Compact(pressed, frozenset(breaks), tuple(cuts), tuple(shifts))
