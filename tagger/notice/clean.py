"""A text as it was read becomes one that can be compared and cited, with a map back.

Characters get one spelling (characters.py). Of the lines, page furniture goes (noise.py),
hard-wrapped ones are joined, blank ones close up, and bold and heading marks are noted and go.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from msgspec import Struct

from tagger.expressions import expression
from tagger.notice import noise
from tagger.notice.characters import Mapped, fold, spans
from tagger.notice.headers import SENTENCE_OPENS, STARTS_ITEM, is_card_field, read_label


class Cleaned(Struct, frozen=True):
    """`offsets[i]` is where character i of `text` stood in the text as it was read; None: nothing moved.

    Offsets never decrease. `headings` are the positions where lines begin that were marked as
    headings or stood wholly in bold.
    """

    text: str
    offsets: Sequence[int] | None
    headings: frozenset[int] = frozenset()


def clean(text: str) -> Cleaned:
    """The cleaned text and its map. 200 characters take 20 to 70 µs; the time is linear in the length."""
    folded = fold(Mapped(text, None))
    if not _needs_lines(folded.text):
        stripped = folded.cut(_surrounding(folded.text))
        if len(stripped.text) > noise.LONGEST:  # one paragraph: there is nothing to join or to drop
            return Cleaned(stripped.text, stripped.offsets)
    return _join(folded)


def _needs_lines(text: str) -> bool:
    return "\n" in text or "**" in text or text.lstrip().startswith("#")


def _surrounding(text: str) -> Iterator[tuple[int, int]]:
    """The white space at both ends."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start:
        yield 0, start
    if start < end < len(text):
        yield end, len(text)


_LINE = expression(r"\S[^\n]*")
_HEADING = expression(r"#{2,6} *(?=[^\s#])|# +(?=[^\s#])|>[ >]*(?=[^\s>])")
# Pairs only: 张**、李** are masked names.
_BOLD = expression(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,300})\*\*(?!\*)")
_WHOLLY_BOLD = expression(r"(?:[^\w\n*]{0,4}|\d{1,2}[.、] ?)\*\*[^*\n]+\*\*[:：]?$")
_LONE_DATE = expression(r"(?:(?:19|20)\d\d|[二〇○零一九]{4}) ?[年./-][^。，；]{2,12}$")
_TERMINAL = frozenset("。！？；：…!?;:")
_CLOSERS = {"《": "》", "（": "）", "“": "”", "【": "】", "(": ")"}
_OPEN = expression(r"[《（“【(][^《（“【(》）”】)\n]{0,40}$")
_GOES_ON = frozenset("，。、；：）》”】,;:!！?？%％")
_BROKEN = expression(r"[，、] *\n(?=\S)|\n *[，。、；：）》”！？]|《[^》\n]{1,30}\n[^》\n]{0,30}》")
_ARTICLE_FOLLOWS = expression(r"第[〇零百一二三四五六七八九十\d]{1,7}条")
_ARTICLE_BREAKS = expression(r"第[〇零百一二三四五六七八九十\d]{0,6}$")
_ARTICLE_ENDS = expression(r"[〇零百一二三四五六七八九十\d]{0,6} ?[条款项]")
_HEAD_LINES = 8
_NARROWEST, _WIDEST = 20, 160  # cells of a line that was broken by its width


class _Line(Struct):
    start: int
    end: int
    text: str
    gap: bool
    indent: int
    marked: bool
    width: float


def _lines(mapped: Mapped) -> Iterator[_Line]:
    """The lines that belong to the article."""
    text = mapped.text
    previous = 0
    number = 0
    listing = False
    for found in _LINE.finditer(text):
        start, end = found.span()
        before = text[previous:start]
        gap = before.count("\n") > 1
        indent = len(before) - before.rfind("\n") - 1
        previous = end
        if text[end - 1].isspace():
            end -= len(found[0]) - len(found[0].rstrip())
        line = text[start:end]
        number += 1
        if listing and len(line) < 60 and line[-1] not in _TERMINAL:
            continue
        listing = noise.heads_other_articles(line)
        if listing or noise.is_furniture(
            line, head=number <= _HEAD_LINES and bool(_LINE.search(text, previous))
        ):
            continue
        marked = False
        if line[0] in "#>":
            mark = _HEADING.match(line)
            if mark:
                marked = line[0] == "#"
                start += mark.end()
                line = line[mark.end() :]
        if "**" in line:
            marked = marked or _WHOLLY_BOLD.match(line) is not None
        if line:
            yield _Line(start, end, line, gap, indent, marked, (len(line) + len(line.encode())) / 2)


def _join(mapped: Mapped) -> Cleaned:
    """Paragraphs of one line each, without bold marks."""
    text, offsets = mapped.text, mapped.offsets
    if offsets is None:
        offsets = range(len(text))
    broken = _BROKEN.search(text) is not None
    parts: list[str] = []
    kept: list[int] = []
    headings: list[int] = []
    length = 0
    before: _Line | None = None
    two_before = 0.0
    for line in _lines(mapped):
        if before is not None:
            if not _continues(before, line, two_before, first=length == len(before.text), broken=broken):
                glue = "\n"
            else:
                glue = " " if _needs_space(before.text[-1], line.text[0]) else ""
            if glue:
                parts.append(glue)
                kept.append(offsets[before.end])
                length += 1
            two_before = 0.0 if line.gap else before.width
        if line.marked:
            headings.append(length)
        parts.append(line.text)
        kept += offsets[line.start : line.end]
        length += line.end - line.start
        before = line
    joined = Mapped("".join(parts), kept)
    if "**" not in joined.text:
        return Cleaned(joined.text, _unless_same(kept), frozenset(headings))
    return _without_bold(joined, headings)


def _unless_same(offsets: list[int]) -> Sequence[int] | None:
    return None if offsets == list(range(len(offsets))) else offsets


def _without_bold(joined: Mapped, headings: list[int]) -> Cleaned:
    # The positions of headings move with the marks that stood before them.
    bold = list(spans(_BOLD, joined.text))
    marks = [at for start, end in bold for at in (start, end - 2)]
    moved = frozenset(heading - 2 * bisect_left(marks, heading) for heading in headings)
    plain = joined.cut((at, at + 2) for at in marks)
    return Cleaned(plain.text, plain.offsets, moved)


def _continues(line: _Line, following: _Line, width_before: float, *, first: bool, broken: bool) -> bool:
    """Whether a line was broken by its width alone and the following one is the rest of it."""
    text, rest = line.text, following.text
    if line.marked or following.marked:
        return False
    last = text[-1]
    if last not in _TERMINAL:
        opened = _OPEN.search(text, max(0, len(text) - 42))
        if opened and _CLOSERS[opened[0][0]] in rest[:40]:
            return True
        if last == "》" and _ARTICLE_FOLLOWS.match(rest):
            return True
        if _ARTICLE_BREAKS.search(text, max(0, len(text) - 10)) and _ARTICLE_ENDS.match(rest):
            return True
    if following.gap or last in _TERMINAL or STARTS_ITEM.match(rest):
        return False
    if last == "”" and text[-2:-1] in _TERMINAL:
        return False
    if (
        rest[0] in _GOES_ON
        or last in "，、,"
        or ("a" <= rest[0] <= "z" and last.isascii() and last.isalnum())
    ):
        return True
    if following.indent >= 2 and following.indent > line.indent:
        return False
    if not _NARROWEST <= line.width <= _WIDEST or following.width > _WIDEST or _LONE_DATE.match(rest):
        return False
    if line.width < 0.8 * max(following.width, width_before if width_before <= _WIDEST else 0):
        return False
    if first and not ("，" in text and SENTENCE_OPENS.match(text)) and "。" not in text:
        return False  # the title
    if (
        last == "案"
        or (rest[-1] == "案" and "，" not in rest)
        or (SENTENCE_OPENS.match(rest) and "，" not in text)
    ):
        return False  # a header above its case
    if is_card_field(text) or (len(rest) < 30 and read_label(rest) is not None):
        return False
    if broken or abs(line.width - following.width) <= 4:
        return True
    return following.width <= line.width and rest[-1] in "。！？；.!?"


def _needs_space(last: str, first: str) -> bool:
    if not (last.isascii() and first.isascii()):
        return False
    return (
        not (last.isdigit() and first.isdigit())
        and last not in "-/("
        and (first.isalnum() or first in "(\"'")
    )
