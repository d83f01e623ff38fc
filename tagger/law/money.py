"""Amounts of money as notices write them: 一万元, 1万元, 10,000元, 2.5万余元, 壹万伍仟元, 三万五."""

from __future__ import annotations

import re

_DIGITS = {c: i for row in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for i, c in enumerate(row)}
_DIGITS |= {"○": 0, "两": 2, "俩": 2, "貳": 2, "弍": 2, "陸": 6}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

_CHINESE = "".join(_DIGITS) + "".join(_SMALL) + "".join(_LARGE)
_ABOUT = "余多来"
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}(?!\d)|[\d{_CHINESE}])[\d.{_CHINESE}{_ABOUT}]{{0,23}}"

AMOUNT = rf"{_NUMBER}(?:\s?(?:元|圆|块钱|块)|(?<=[万萬亿億千仟百{_ABOUT}])|(?<=[万萬][一二三四五六七八九]))"
"""A regular expression for one amount: with 元 behind it, or ending in 百, 千, 万, 亿.

What may stand around it (人民币, 共计, 以上) is the reader's business.
"""

_TOKEN = re.compile(rf"\d[\d,]{{0,19}}(?:\.\d{{1,6}})?|[{_CHINESE}]")


def read_number(words: str) -> float | None:
    """The number that `words` writes, in Arabic, Chinese or formal (壹贰叁) numerals or a mixture.

    余, 多 and everything else that is no numeral is passed over; None where no numeral is left.

    >>> read_number("2.5万余"), read_number("壹万伍仟"), read_number("一百八十二万"), read_number("三万五")
    (25000.0, 15000.0, 1820000.0, 35000.0)
    """
    done = section = 0.0
    pending: float | None = None
    last_unit, positional, seen = 0, False, False
    for token in _TOKEN.findall(words):
        seen = True
        if token[0].isdecimal():
            pending, positional, last_unit = float(token.replace(",", "")), False, 0
        elif token in _DIGITS:
            digit = _DIGITS[token]
            if positional and pending is not None:
                pending, last_unit = pending * 10 + digit, 0
            else:
                pending = float(digit)
            positional = True
            if digit == 0:
                last_unit = 0
        elif token in _SMALL:
            unit = _SMALL[token]
            section += (1.0 if pending is None else pending) * unit
            pending, positional, last_unit = None, False, unit
        else:
            unit = _LARGE[token]
            section += pending or 0.0
            if unit > 10_000:
                done, section = (done + section or 1.0) * unit, 0.0
            else:
                done, section = done + (section or 1.0) * unit, 0.0
            pending, positional, last_unit = None, False, unit
    if not seen:
        return None
    if pending is not None:
        # 三万五 is 35,000: a bare digit behind a unit counts tenths of it, unless 零 stands between.
        tenths = last_unit >= 100 and pending < 10
        section += pending * last_unit / 10 if tenths else pending
    return done + section


def read_amount(words: str) -> float | None:
    """The yuan of an amount that AMOUNT has matched; None for a number too long to be one."""
    number = read_number(words)
    return round(number, 2) if number is not None and number < 1e15 else None
