"""A text as it was read becomes one that can be compared and cited, with a map back.

Characters: Unicode NFKC, so that half- and full-width digits, letters and per-cent signs are one;
Chinese punctuation keeps its full width (，：；！？（） stay, as the casebook and the laws print them),
… and ① stay, as they part sentences and count items. Traditional characters become simplified.
Control and zero-width characters, half surrogates, HTML tags and entities, Markdown's marks go away.
Lines: page furniture goes (noise.py), hard-wrapped lines are joined, blank lines close up.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tagger.notice import noise, script
from tagger.notice.headers import SENTENCE_OPENS, STARTS_ITEM, is_card_field, read_label
from tagger.notice.words import words


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`offsets[i]` is where character i of `text` stood in the text as it was read; None: nothing moved.

    Offsets never decrease. `headings` are the positions where lines begin that were marked as
    headings or stood wholly in bold.
    """

    text: str
    offsets: Sequence[int] | None
    headings: frozenset[int] = frozenset()


def clean(text: str) -> Cleaned:
    """The cleaned text and its map. 200 characters take some 50 µs; the time is linear in the length."""
    folded = _fold(_Mapped(text, None))
    if "\n" not in folded.text and not _NEEDS_LINES.search(folded.text):
        stripped = folded.cut(_spans(_SURROUNDING, folded.text))
        if len(stripped.text) > noise.LONGEST:  # one paragraph: there is nothing to join or to drop
            return Cleaned(stripped.text, stripped.offsets)
    return _join(folded)


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A text on its way and where each character came from (None: all stand where they stood)."""

    text: str
    offsets: Sequence[int] | None

    def replace(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> _Mapped:
        """Every match replaced; what a longer replacement adds points at the match's last character."""
        found = pattern.search(self.text)
        if found is None:
            return self
        text = self.text
        offsets = range(len(text)) if self.offsets is None else self.offsets
        parts: list[str] = []
        kept: list[int] = []
        done = 0
        for match in pattern.finditer(text, found.start()):
            start, end = match.span()
            piece = new(match)
            parts += (text[done:start], piece)
            kept += offsets[done:start]
            kept += _stretched(offsets[start:end], len(piece))
            done = end
        parts.append(text[done:])
        kept += offsets[done:]
        return _Mapped("".join(parts), kept)

    def cut(self, spans: Iterable[tuple[int, int]]) -> _Mapped:
        """Without these spans, which follow one another."""
        offsets = range(len(self.text)) if self.offsets is None else self.offsets
        parts: list[str] = []
        kept: list[int] = []
        done = 0
        for start, end in spans:
            parts.append(self.text[done:start])
            kept += offsets[done:start]
            done = end
        if not done:
            return self
        parts.append(self.text[done:])
        kept += offsets[done:]
        return _Mapped("".join(parts), kept)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in pattern.finditer(text))


def _stretched(offsets: Sequence[int], length: int) -> Sequence[int]:
    if length <= len(offsets):
        return offsets[:length]
    return [*offsets, *[offsets[-1]] * (length - len(offsets))]


# ---- characters ----------------------------------------------------------------------------------

# All but these are looked at one by one. They are NFKC already, or keep their width on purpose.
_USUAL = (
    "\n -~\u00a1-\u00a7\u00a9\u00ab\u00ac\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u017e\u0400-\u0482"
    "—–‘’“”•…→■▲◆○◎●★☆①-⑳、。〈-】〔〕ぁ-ゔァ-ヺー㐀-䶿一-鿿가-힣！（），：；？\U0001f300-\U0001faff"
)
_UNUSUAL = re.compile(rf"[^{_USUAL}][\u0300-\u036f\u3099\u309a\u1160-\u11ff]{{0,30}}")
_ACCENTED = re.compile(r"[A-Za-z][\u0300-\u036f]{1,30}")

# Full-width forms that fold to one ASCII character each, and what is a space or a line break.
_ONE_TO_ONE = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "！（），：；？"
}
_ONE_TO_ONE |= dict.fromkeys(b"\t\xa0", " ") | dict.fromkeys([0x3000, *range(0x2000, 0x200B)], " ")
_ONE_TO_ONE |= dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n") | {
    0x20E3: "."
}  # 1️⃣ is an item's number
_ONE_TO_ONE |= dict.fromkeys(
    [0xF06C, 0xF06E, 0xF075, 0xF0A7, 0xF0B7, 0xF0D8, 0xF0E0, 0xF0FC], "•"
)  # Word's bullets

_UNPRINTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]+|\r(?=\n)"
)
_TAG = re.compile(
    r"<!--[^<>]{0,2000}-->|</?(?P<name>a|abbr|article|b|big|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figure|figcaption"
    r"|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|o:p|ol|option|p|pre|s|section"
    r"|select|small|span|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|u|ul|video|wbr)(?:[\s/][^<>]{0,2000})?>",
    re.IGNORECASE,
)
_BREAKING = frozenset(words("tags_breaking"))
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

_SPACES = re.compile(
    r" {2,}|(?<=[\u2e80-\uffef]) (?=[!-~\u00b7-\u02ff\u2010-\u303f\uff00-\uffef])"
    r"|(?<=[!-~\u00b7-\u02ff\u2010-\u303f\uff00-\uffef]) (?=[\u2e80-\uffef])"
)
_LETTER_SPACED = re.compile(r"(?<![^\s])[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}+(?![^\s，。：])")
_WIDE = re.compile(r"[\u2010-\u2027\u2e80-\uffef]")
_CLOSE = frozenset("，。；：、！？（）《》")  # marks that bring their own space
_ITEM_NUMBER = re.compile(
    r"(?:^|\n)[^\w\n]{0,3}(?:[\u4e00-\u9fff]{0,4}(?:案例|案件|案|事件) ?|[A-Za-z]{2,4}[. ]{0,2})?\d{1,2}$"
)

_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,300})\*\*(?!\*)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}\)")
_CODE = re.compile(r"`{1,3}")
_ESCAPE = re.compile(r"\\(?=[][!#()*+.>_`{}~-])")


def _fold(mapped: _Mapped) -> _Mapped:
    """One spelling for each character; what is no character of the text goes."""
    text = mapped.text
    if "<" in text:
        mapped = mapped.replace(_TAG, _untag)
    if "&" in text:
        mapped = mapped.replace(_ENTITY, lambda found: html.unescape(found[0]))
    if _UNUSUAL.search(mapped.text):
        mapped = mapped.cut(_spans(_UNPRINTED, mapped.text))
        mapped = _Mapped(mapped.text.translate(_ONE_TO_ONE), mapped.offsets)
        mapped = mapped.replace(_ACCENTED, lambda found: unicodedata.normalize("NFKC", found[0]))
        mapped = mapped.replace(_UNUSUAL, lambda found: _fold_character(found[0]))
    if script.is_traditional(mapped.text):
        mapped = _simplify(mapped)
    text = mapped.text
    if "](" in text:
        mapped = mapped.cut(_around_links(text))
    if "`" in text:
        mapped = mapped.cut(_spans(_CODE, mapped.text))
    if "\\" in text:
        mapped = mapped.cut(_spans(_ESCAPE, mapped.text))
    if "(" in text or "（" in text or "[" in text or "【" in text or "返回搜狐" in text:
        mapped = mapped.cut(_spans(noise.INLINE, mapped.text))
    if " " in text:
        mapped = mapped.replace(_SPACES, _narrow)
        mapped = mapped.replace(_LETTER_SPACED, lambda found: found[0].replace(" ", ""))
    return mapped


def _around_links(text: str) -> Iterator[tuple[int, int]]:
    for found in _LINK.finditer(text):
        if found[0][0] == "!":
            yield found.span()
        else:
            yield found.start(), found.start(1)
            yield found.end(1), found.end()


def _untag(found: re.Match[str]) -> str:
    return "\n" if (found["name"] or "").lower() in _BREAKING else ""


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """NFKC of one character and its marks, unless it unfolds into a sentence of its own (ﷺ)."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) <= 4 else character


def _narrow(found: re.Match[str]) -> str:
    """Space between Chinese and other writing is typography, except behind an item's number."""
    text, start, end = found.string, found.start(), found.end()
    if start == 0 or text[start - 1] == "\n" or end == len(text) or text[end] == "\n":
        return found[0]  # an indent is looked at later
    before, after = text[start - 1], text[end]
    if before in "#>":
        return " "  # Markdown's marks
    if before.isdigit() and _ITEM_NUMBER.search(text, max(0, start - 14), start):
        return " "
    wide = bool(_WIDE.match(before)) + bool(_WIDE.match(after))
    if wide == 1 or (wide == 2 and (before in _CLOSE or after in _CLOSE)):
        return ""
    return " "


def _simplify(mapped: _Mapped) -> _Mapped:
    offsets = range(len(mapped.text)) if mapped.offsets is None else mapped.offsets
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for piece, length in script.simplify(mapped.text):
        parts.append(piece)
        kept += _stretched(offsets[done : done + length], len(piece))
        done += length
    return _Mapped("".join(parts), kept)


# ---- lines ---------------------------------------------------------------------------------------

_NEEDS_LINES = re.compile(r"\*\*|^\s*#{1,6}")
_SURROUNDING = re.compile(r"\A\s+|\s+\Z")
_LINE = re.compile(r"\S[^\n]*")
_HEADING = re.compile(r"#{2,6} *(?=[^\s#])|# +(?=[^\s#])|>[ >]*(?=[^\s>])")
_WHOLLY_BOLD = re.compile(r"(?:[^\w\n*]{0,4}|\d{1,2}[.、] ?)\*\*[^*\n]+\*\*[:：]?$")
_LONE_DATE = re.compile(r"(?:(?:19|20)\d\d|[二〇○零一九]{4}) ?[年./-][^。，；]{2,12}$")
_TERMINAL = frozenset("。！？；：…!?;:")
_CLOSERS = {"《": "》", "（": "）", "“": "”", "【": "】", "(": ")"}
_OPEN = re.compile(r"[《（“【(][^《（“【(》）”】)\n]{0,40}$")
_GOES_ON = frozenset("，。、；：）》”】,;:!！?？%％")
_BROKEN = re.compile(r"[，、] *\n(?=\S)|\n *[，。、；：）》”！？]|《[^》\n]{1,30}\n[^》\n]{0,30}》")
_ARTICLE_FOLLOWS = re.compile(r"第[〇零百一二三四五六七八九十\d]{1,7}条")
_ARTICLE_BREAKS = re.compile(r"第[〇零百一二三四五六七八九十\d]{0,6}$")
_ARTICLE_ENDS = re.compile(r"[〇零百一二三四五六七八九十\d]{0,6} ?[条款项]")
_HEAD_LINES = 8
_NARROWEST, _WIDEST = 20, 160  # cells of a line that was broken by its width


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    gap: bool
    indent: int
    marked: bool
    width: float


def _lines(mapped: _Mapped) -> Iterator[_Line]:
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


def _join(mapped: _Mapped) -> Cleaned:
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
    joined = _Mapped("".join(parts), kept)
    if "**" not in joined.text:
        return Cleaned(joined.text, _unless_same(kept), frozenset(headings))
    return _without_bold(joined, headings)


def _unless_same(offsets: list[int]) -> Sequence[int] | None:
    return None if offsets == list(range(len(offsets))) else offsets


def _without_bold(joined: _Mapped, headings: list[int]) -> Cleaned:
    # The positions of headings move with the marks that stood before them.
    bold = list(_spans(_BOLD, joined.text))
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
