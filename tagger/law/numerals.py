"""Article numbers as drafters write them: 21, 二十一, 二一, 贰拾壹, 两百五十三, 廿一; and back.

Only whole numbers up to 9999, read strictly: what is no well-formed numeral is None, never a guess.
Amounts of money, with their fractions and 余, are read in money.py.
"""

from __future__ import annotations

from functools import lru_cache

from tagger.expressions import expression

_DIGITS = {c: i for row in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for i, c in enumerate(row)}
_DIGITS |= {"○": 0, "两": 2, "貳": 2, "參": 3, "陸": 6}
_TENS = {"廿": "二十", "卅": "三十"}
_UNITS = {"千": 1000, "仟": 1000, "百": 100, "佰": 100, "十": 10, "拾": 10}

CHINESE = "".join((*_DIGITS, *_TENS, *_UNITS))
"""The characters of a Chinese numeral, for use in a character class."""
NUMERAL = rf"(?:[0-9]{{1,4}}+(?![0-9])|[{CHINESE}]{{1,9}}+)"
"""A regular expression for what may be a number, without backtracking; `read_numeral` reads it."""

_GRADED = expression(
    r"(?:(?P<千>{d})[千仟])?(?:(?P<百>{d})[百佰])?{z}(?:(?P<十>{d}?)[十拾])?{z}(?P<一>{d})?".format(
        d="[一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳參陸]", z="[零〇○]?"
    )
)


@lru_cache(maxsize=1024)
def read_numeral(written: str) -> int | None:
    """The number that ASCII digits or a Chinese numeral write, 0 to 9999; else None.

    >>> read_numeral("253"), read_numeral("二百五十三"), read_numeral("二五三"), read_numeral("十之")
    (253, 253, 253, None)
    """
    if written.isascii():
        return int(written) if written.isdecimal() and len(written) <= 4 else None
    if len(written) > 9:
        return None
    for short, full in _TENS.items():
        written = written.replace(short, full)
    if all(c in _DIGITS for c in written):
        return int("".join(str(_DIGITS[c]) for c in written)) if 0 < len(written) <= 4 else None
    match = _GRADED.fullmatch(written)
    if match is None:
        return None
    # 十五 and 一百十五 leave the 一 before 十 unwritten.
    return sum(
        _DIGITS.get(match[unit], 1) * size
        for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("一", 1))
        if match[unit] is not None
    )


def write_numeral(number: int) -> str:
    """A number from 0 to 9999 as statutes print it: 二十一, 一百一十五, 二百零五.

    >>> write_numeral(10), write_numeral(115), write_numeral(1020)
    ('十', '一百一十五', '一千零二十')
    """
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    written = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            written += digits[digit] + unit
        elif written and not written.endswith("零"):
            written += "零"
    written = written.rstrip("零")
    return written.removeprefix("一") if number < 20 else written
