"""The articles of one citation: 第二十一条第(一)、(二)项、第五十九条第一款, read from where they begin.

    list      = article { separator [ chapter ] ( article | inserted | pinpoints ) }
    article   = [ "第" ] number [ "条" ] [ "之" number ] { pinpoints } [ "至" article ]
    inserted  = "之" number                  第二百八十七条之一、之二
    pinpoints = [ "第" ] number { separator number } ( "款" | "项" | "目" )

An article needs its 条 at least once in its run (第21、59条), a pinpoint, or a 规定 or the end of a
sentence behind it. Each part is matched by an expression of bounded length that does not backtrack
over numbers, so that a list takes time in proportion to its length.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from tagger.expressions import expression
from tagger.law.compact import Compact
from tagger.law.numerals import NUMERAL, read_numeral, write_numeral

LONGEST_RANGE = 20
"""第一条至第二十一条 is read as all its articles; of a longer range only the two ends are."""
_MOST_UNROLLED = 200
"""A list as long as this has its ranges left as they are: it is no notice's."""

_SUB = r"(?:[一二三四五六七八九十](?![一二三四五六七八九十百])|[0-9]{1,2}+(?![0-9]))"
_TO = r"(?:至|到|[-~—–－～]{1,2})"
_AND = rf"(?:[、,，和及与或]|以及|{_TO})"

ARTICLE_START = rf"第\(?{NUMERAL}\)?(?=条|之{_SUB}条|(?:(?:[、和及与]|{_TO})第?{NUMERAL}){{1,6}}条)"
"""A regular expression for the beginning of an article that says so itself: 第N条, 第N之一条, 第N、M条."""

_ARTICLE = expression(
    rf"(?P<ordinal>第)?(?P<open>\()?(?P<n>{NUMERAL})(?(open)\))"
    rf"(?:(?P<article>条)(?:(?P<aside>\()?之(?P<behind>{_SUB})(?(aside)\)))?|之(?P<inside>{_SUB})条?)?"
)
_INSERTED = expression(rf"条?之({_SUB})")
_SEPARATOR = expression(r"(?:[、,，;；和及与或兼]|以及|并且?){0,2}")
_CHAPTERS = expression(rf"(?:第{NUMERAL}[编章节]){{1,3}}(?=第)")
_RANGE = expression(_TO)
_PINS = expression(
    rf"第?\(?{NUMERAL}\)?(?:{_AND}第?\(?{NUMERAL}\)?|第?\({NUMERAL}\)){{0,20}}(?P<unit>[款项目])"
)
_ITEMS_IN_BRACKETS = expression(
    rf"[第之]?\({NUMERAL}\)(?:[、,，和及]?\({NUMERAL}\)){{0,20}}(?=[、,，。;；和及与之的等规)]|$)"
)
_PIN_LED = expression(rf"(?:[的之中]{{1,2}}|\()(?=第\(?{NUMERAL}\)?[款项目])")
_PIN_NUMBER = expression(rf"(?P<n>{NUMERAL})|(?P<to>{_TO})")

FOLLOWS = expression(
    r"$|[、,，。;；:：()\[\]》”\"’'!！?？/]|[的之等第和及与或至并对处以将应拟已判可被受而后时且但因由该其]|规定|所[规列述]|给予|"
    r"予以|[作做]出|责令|决定|进行|依法|条款|构成|追究|立案|警告|罚款|行政|明确|认定|没收|拘留|公安|警方|网警|当地|向\w"
    rf"|{NUMERAL}[款项]"
)
"""What may stand behind an article, but not behind 10条信息 or 第三条微博."""
_ENDS = expression(r"[等之的]{0,2}(?:有关|相关)?规定|[。;；)”\"》]|$")


class Listed(Struct):
    """One article of a list and where it stands in the compact text.

    `pins` are its paragraphs and items without the number: `.1`, `(2)`, `.1(2)`.
    """

    number: int
    inserted: int | None
    start: int
    end: int
    certain: bool = True
    """It has its 条 or a pinpoint; otherwise what stands around it decides."""
    ordinal: bool = True
    """It has its 第."""
    pins: list[str] = field(default_factory=list)

    @property
    def article(self) -> str:
        """`21`, `253之一`."""
        return str(self.number) + (f"之{write_numeral(self.inserted)}" if self.inserted else "")

    @property
    def pinpoints(self) -> tuple[str, ...]:
        """`59.1`, `21(2)`, `21.1(2)`."""
        article = self.article
        return tuple([article + pin for pin in dict.fromkeys(self.pins)])


def read_articles(text: Compact, start: int, *, bare: bool) -> list[Listed]:
    """The articles of the list that begins at `start`, in their order; none where there is no list.

    `bare`: a law stands right before, so that the first may lack its 第 (网络安全法21条).
    """
    return _Reader(text).articles(start, bare)


def read_pinpoints(text: Compact, start: int) -> tuple[list[str], int]:
    """The pinpoints that stand at `start` (第一款第二项 -> `.1(2)`), and where they end."""
    none = Listed(0, None, start, start)
    _Reader(text).pinpoints(none)
    return none.pins, none.end


class _Reader:
    def __init__(self, text: Compact) -> None:
        self.text, self.s = text, text.text

    def articles(self, start: int, bare: bool) -> list[Listed]:
        found: list[Listed] = []
        here = start
        while here >= 0:
            one = self._inserted(here, found) or self._article(here, found)
            if one is None or not (found or one.ordinal or bare):
                break
            found.append(one)
            self.pinpoints(one)
            self._range(found)
            here = self._next(found[-1])
        # The last numbers of a list may belong to what follows: 第五十九条、3家单位.
        while found and not found[-1].certain and not self._ends_well(found[-1], start):
            found.pop()
        return found

    def _article(self, here: int, before: list[Listed]) -> Listed | None:
        match = _ARTICLE.match(self.s, here)
        if match is None or (match["open"] and not match["article"]):
            return None
        number = read_numeral(match["n"])
        if not number:
            return None
        sub = match["behind"] or match["inside"]
        certain, ordinal = bool(match["article"] or match["inside"]), bool(match["ordinal"])
        if not ordinal:
            if certain and not FOLLOWS.match(self.s, match.end()):
                return None  # 10条信息
            if before and not certain and self.s[here - 1] in ",，;；":
                return None  # 第五十九条，3家单位
        return Listed(number, read_numeral(sub) if sub else None, here, match.end(), certain, ordinal)

    def _inserted(self, here: int, before: list[Listed]) -> Listed | None:
        match = _INSERTED.match(self.s, here) if before and here > before[-1].end else None
        return Listed(before[-1].number, read_numeral(match[1]), here, match.end()) if match else None

    def _next(self, last: Listed) -> int:
        """Where the list goes on; -1 where it does not."""
        separator = _SEPARATOR.match(self.s, last.end)
        here = separator.end() if separator else last.end
        if here == last.end and (here in self.text.breaks or not self.s.startswith("第", here)):
            return -1
        chapters = _CHAPTERS.match(self.s, here)  # 第四章第四十一条、第六章第六十四条
        return chapters.end() if chapters else here

    def _range(self, found: list[Listed]) -> None:
        first = found[-1]
        to = _RANGE.match(self.s, first.end)
        if to is None:
            return
        inserted = _INSERTED.match(self.s, to.end())
        if inserted is not None and first.inserted:
            last = read_numeral(inserted[1]) or 0
            found += [
                Listed(first.number, n, first.start, inserted.end())
                for n in range(first.inserted + 1, last + 1)
            ]
            return
        end = self._article(to.end(), [])
        if end is None:
            return
        first.certain = end.certain = first.certain or end.certain
        near = end.number <= first.number + LONGEST_RANGE and len(found) < _MOST_UNROLLED
        if near and not first.inserted and not end.inserted:
            found += [
                Listed(n, None, first.start, end.end, end.certain)
                for n in range(first.number + 1, end.number)
            ]
        found.append(end)
        self.pinpoints(end)

    def _ends_well(self, last: Listed, start: int) -> bool:
        """Whether a number without 条 at the end of a list is an article by what stands behind it."""
        ends = _ENDS.match(self.s, last.end)
        if ends is not None and (last.ordinal or ends[0].endswith("规定")):
            return True
        behind = self.s[last.end : last.end + 1]
        if last.ordinal:
            return behind in (",", "，", "、") and self.s[last.start - 1] not in ",，;；"
        return (
            last.start == start  # 网安法27。
            and start not in self.text.breaks
            and self.s[start].isascii()
            and not 1900 <= last.number <= 2100
            and behind in ("", *"。;；,，)")
        )

    def pinpoints(self, listed: Listed) -> None:
        """Reads 第一款第(二)、(三)项 behind an article: `.1(2)`, `.1(3)`."""
        paragraph, open_paragraph = "", False
        here = self._behind(listed.end)
        while (match := self._pin(here, listed)) is not None:
            numbers, end, unit = self._pin_numbers(match)
            if unit == "款":
                if open_paragraph:
                    listed.pins.append(paragraph)
                listed.pins += [f".{n}" for n in numbers[:-1]]
                paragraph, open_paragraph = f".{numbers[-1]}", True
            elif unit == "项":
                listed.pins += [f"{paragraph}({n})" for n in numbers]
                open_paragraph = False
            if self.s[match.start() - 1] == "(" and self.s.startswith(")", end):
                end += 1  # 第五十九条（第一款）
            listed.end, listed.certain = end, True
            separator = _SEPARATOR.match(self.s, end)
            here = self._behind(separator.end() if separator else end)
        if open_paragraph:
            listed.pins.append(paragraph)

    def _behind(self, here: int) -> int:
        """Over what leads from an article to its pinpoints: 第五十九条[的]第一款, 第五十九条[（]第一款）."""
        led = _PIN_LED.match(self.s, here)
        return led.end() if led else here

    def _pin(self, here: int, listed: Listed) -> re.Match[str] | None:
        match = _PINS.match(self.s, here)
        if match is None and here not in self.text.breaks:  # not the items of a printed statute, line by line
            match = _ITEMS_IN_BRACKETS.match(self.s, here)
        if match is None:
            return None
        numbered, joined = match[0].startswith(("第", "(")), here == listed.end
        if not joined and not numbered and not listed.pins:
            return None  # 第四十一条，一款APP
        return match if (numbered and joined) or FOLLOWS.match(self.s, match.end()) else None

    def _pin_numbers(self, match: re.Match[str]) -> tuple[list[int], int, str]:
        unit, numbers, end = match.groupdict().get("unit") or "项", _numbers(match[0]), match.end()
        to = _RANGE.match(self.s, end)
        until = _PINS.match(self.s, to.end()) if to else None
        if until is not None and until["unit"] == unit and numbers:
            last = _numbers(until[0])
            numbers += [*_between(numbers, last), *last]
            end = until.end()
        return numbers or [0], end, unit


def _numbers(written: str) -> list[int]:
    """The numbers of `第(一)、(三)至(五)`: [1, 3, 4, 5]."""
    found: list[int] = []
    through = False
    for token in _PIN_NUMBER.finditer(written):
        number = read_numeral(token["n"]) if token["n"] else None
        if number:
            found += [*(_between(found, [number]) if through else ()), number]
        through = bool(token["to"])
    return found


def _between(before: list[int], after: list[int]) -> range:
    if not before or not after or after[0] - before[-1] > LONGEST_RANGE:
        return range(0)
    return range(before[-1] + 1, after[0])
